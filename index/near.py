"""Trials with a site near a place: where all sites lie, and distances on the globe."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..data import Trial
from ..data.schema import TRIAL_SCHEMA
from ..errors import UsageError
from .arrow_file import read_table, write_table

SITES = "sites.arrow"
SITE_SCHEMA = pa.schema([("row", pa.int32()), ("lat", pa.float32()), ("lon", pa.float32())])
"""A place where a trial has sites: the trial's row, degrees north and east; rows ascend."""
_RADIUS = 6371.0088
"""Mean radius of the earth, in km."""
_MILE = 1.609344
"""A mile in km."""
_DEGREE = _RADIUS * np.pi / 180
"""A degree of latitude in km."""
_FARTHEST = 20_016.0
"""Half a way around the globe, in km."""
_NUMBER = r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*"
_PLACE = re.compile(rf"(?:distance\s*\()?{_NUMBER},{_NUMBER},{_NUMBER}(km|mi)\s*\)?", re.IGNORECASE)
_EXAMPLE = "Write latitude, longitude and distance in km or mi, such as 39.9,116.4,50mi."


@dataclass(frozen=True)
class Near:
    """A circle on the globe.

    Attributes:
        lat, lon: its centre, degrees north and east.
        km: its radius, up to half a way around.
    """

    lat: float
    lon: float
    km: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and -90 <= self.lat <= 90):
            raise UsageError(f"The latitude {self.lat:g} is out of range.", "Give degrees north, from -90 to 90.")
        if not (isfinite(self.lon) and -180 <= self.lon <= 180):
            raise UsageError(f"The longitude {self.lon:g} is out of range.", "Give degrees east, from -180 to 180.")
        if not 0 < self.km <= _FARTHEST:
            raise UsageError(
                f"The distance of {self.km:g} km is out of range.", f"Give more than 0 and at most {_FARTHEST:,.0f} km."
            )


def parse_near(text: str) -> Near:
    """``39.9,116.4,50mi`` or, as the registry writes it, ``distance(39.9,116.4,50mi)``; in km or miles.

    Raises:
        UsageError: it is malformed, or a number is out of its range.
    """
    match = _PLACE.fullmatch(text.strip())
    if match is None or ("(" in text) != (")" in text):
        raise UsageError(f"{text[:80]!r} is no place and distance.", _EXAMPLE)
    lat, lon, distance, unit = match.groups()
    return Near(float(lat), float(lon), float(distance) * (_MILE if unit.lower() == "mi" else 1.0))


def site_table(records: pa.RecordBatch) -> pa.Table:
    """`SITE_SCHEMA` of some rows of a snapshot, each place of a trial once; rows count from 0."""
    locations = records["locations"]
    flat = pc.list_flatten(locations)
    lat, lon = (pc.cast(pc.struct_field(flat, name), pa.float32()) for name in ("lat", "lon"))
    table = pa.table([pc.cast(pc.list_parent_indices(locations), pa.int32()), lat, lon], schema=SITE_SCHEMA)
    known = pc.and_(pc.less_equal(pc.abs(lat), 90), pc.less_equal(pc.abs(lon), 180))
    places = table.filter(pc.fill_null(known, False)).group_by(SITE_SCHEMA.names).aggregate([])
    return places.select(SITE_SCHEMA.names).cast(SITE_SCHEMA)


def write_sites(folder: Path, sites: Sequence[pa.Table], sizes: Sequence[int], order: NDArray[np.int64]) -> None:
    """Write the sites of a version.

    Args:
        folder: exists.
        sites: tables of `site_table`, together in the snapshot's order.
        sizes: of how many trials each is.
        order: int64, shape (trials,): positions in the snapshot, in the index's order.
    """
    starts = np.cumsum([0, *sizes])[:-1]
    rows = [one["row"].to_numpy() + start for one, start in zip(sites, starts, strict=True)]
    row_of = np.empty(len(order), np.int32)
    row_of[order] = np.arange(len(order), dtype=np.int32)
    table = pa.concat_tables([SITE_SCHEMA.empty_table(), *sites])
    table = table.set_column(0, "row", pa.array(row_of[np.concatenate([np.empty(0, np.int64), *rows])], pa.int32()))
    write_table(folder / SITES, table.sort_by([(name, "ascending") for name in SITE_SCHEMA.names]).combine_chunks())


class SiteTable:
    """Where the trials of an index have sites."""

    def __init__(self, table: pa.Table, trials: int) -> None:
        """Take a table of `SITE_SCHEMA` and the number of trials."""
        self._rows: NDArray[np.int32] = table["row"].to_numpy()
        self._lat: NDArray[np.float32] = table["lat"].to_numpy()
        self._lon: NDArray[np.float32] = table["lon"].to_numpy()
        self._trials = trials

    @classmethod
    def open(cls, folder: Path, trials: int) -> "SiteTable":
        """Open a version's."""
        return cls(read_table(folder / SITES), trials)

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> "SiteTable":
        """Of trials of which each is a row."""
        rows = [one.model_dump(by_alias=True) for one in trials]
        return cls(site_table(pa.RecordBatch.from_pylist(rows, TRIAL_SCHEMA)), len(trials))

    def within(self, near: Near) -> NDArray[np.bool_]:
        """The trials with a site within the circle, its rim included: bool, shape (trials,).

        A trial whose record tells no coordinates is not among them.
        """
        # Half a metre more than asked for, since coordinates are kept in 32 bits.
        reach = near.km + 0.0005
        band = np.flatnonzero(np.abs(self._lat - np.float32(near.lat)) * _DEGREE <= reach + 0.01)
        inside = band[_distances(self._lat[band], self._lon[band], near) <= reach]
        out = np.zeros(self._trials, np.bool_)
        out[self._rows[inside]] = True
        return out


def _distances(lat: NDArray[np.float32], lon: NDArray[np.float32], near: Near) -> NDArray[np.float64]:
    """Great-circle distances in km, by the haversine formula."""
    north, east = np.radians(lat.astype(np.float64)), np.radians(lon.astype(np.float64))
    centre = np.radians(near.lat)
    half = np.sin((north - centre) / 2) ** 2
    half += np.cos(north) * np.cos(centre) * np.sin((east - np.radians(near.lon)) / 2) ** 2
    return 2 * _RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
