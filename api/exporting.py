"""The related lists of many trials as JSON lines, worked out by several processes at once."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from .. import __version__
from ..embed import Encoder
from ..errors import IndexDamaged, ModelError, TrialkinError
from ..index import Hit, Index, Manifest
from ..index.batching import in_batches
from ..index.watching import check_comparable

_AT_ONCE = 32
"""Trials that a process is given at a time."""
_AHEAD = 3
"""Such parts a process that wait for it or for the writer, so that memory stays bounded."""


@dataclass(frozen=True)
class ListExport:
    """What is written of each trial. It is sent to other processes, which open the versions for themselves.

    Attributes:
        folder: of the version whose lists are written.
        top: trials of a list at most.
        evidence: whether reasons quote both records.
        since: folder of an earlier version; only lists that changed since are written. A list changed where its trials,
            their order or their titles did, or where it is new.
    """

    folder: Path
    top: int
    evidence: bool = True
    since: Path | None = None

    def open(self, *, checksums: bool) -> tuple[Index, Index | None]:
        """The version, and the earlier one.

        Raises:
            IndexDamaged: a file is missing, cut short or altered.
            TrialkinError: the versions cannot be compared.
        """
        index = Index(self.folder, _no_encoder, checksums=checksums)
        if self.since is None:
            return index, None
        try:
            before = Index(self.since, _no_encoder, checksums=checksums)
        except IndexDamaged as error:
            raise IndexDamaged(
                f"Version {self.since.name} cannot be compared with. {error.what}",
                "Export every list, without --since, or since another version.",
            ) from error
        check_comparable(before, index)
        return index, before


def first_line(export: ListExport, index: Index, before: Index | None) -> bytes:
    """What the lines after it come from."""
    snapshot = index.manifest.snapshot
    about: dict[str, Any] = {
        "indexVersion": index.version,
        "dataDate": snapshot.data_date,
        "dataSource": "ClinicalTrials.gov",
        "trialkin": __version__,
        "trials": len(index),
        "top": export.top,
    }
    if before is not None:
        about |= {"sinceVersion": before.version, "sinceDataDate": before.manifest.snapshot.data_date}
    return _line(about)


def removed_lines(index: Index, before: Index) -> list[bytes]:
    """A line for each trial that the earlier version holds and the later does not."""
    gone = sorted(set(before.nct_ids()) - set(index.nct_ids()))
    return [_line({"nctId": one, "removed": True}) for one in gone]


def list_lines(export: ListExport, nct_ids: Sequence[str], processes: int) -> Iterator[tuple[int, list[bytes]]]:
    """The lists of trials, in their order: how many trials were looked at, and their lines.

    Args:
        export: what is written of each.
        nct_ids: canonical, held by the version.
        processes: that work at the same time; with 1 it is this one.

    Raises:
        TrialkinError: a process was killed.
    """
    parts = in_batches(nct_ids, _AT_ONCE)
    if processes == 1:
        opened = export.open(checksums=False)
        yield from ((len(part), _lists(export, opened, part)) for part in parts)
        return
    context = multiprocessing.get_context("spawn")  # the index is mapped, so that processes share its memory
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(export,)) as pool:
        waiting: deque[tuple[int, Future[list[bytes]]]] = deque()
        try:
            for part in parts:
                waiting.append((len(part), pool.submit(_work, part)))
                if len(waiting) >= processes * _AHEAD:
                    size, done = waiting.popleft()
                    yield size, done.result()
            while waiting:
                size, done = waiting.popleft()
                yield size, done.result()
        except BrokenProcessPool as error:
            raise TrialkinError(
                "A process of the export ended before its work was done, probably for want of memory.",
                "Run it again with fewer --processes.",
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_opened: tuple[ListExport, tuple[Index, Index | None]] | None = None
"""In a process of the pool: what it works on."""


def _begin(export: ListExport) -> None:
    global _opened  # noqa: PLW0603 - the pool keeps nothing else from one call to the next
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _opened = export, export.open(checksums=False)


def _end_with_parent() -> None:
    """Leave no process behind where the command itself was killed."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(nct_ids: list[str]) -> list[bytes]:
    assert _opened is not None  # noqa: S101 - set by the pool before any work comes
    return _lists(*_opened, nct_ids)


def _lists(export: ListExport, opened: tuple[Index, Index | None], nct_ids: list[str]) -> list[bytes]:
    index, before = opened
    lines = []
    for one in nct_ids:
        if before is not None and not _changed(before, index, one, export.top):
            continue
        hits = [_shown(hit, evidence=export.evidence) for hit in index.related(one, export.top)]
        lines.append(_line({"nctId": one, "hits": hits}))
    return lines


def _changed(before: Index, after: Index, nct_id: str, top: int) -> bool:
    if nct_id not in before:
        return True
    first, second = (
        [(hit.nct_id, hit.title) for hit in index.related(nct_id, top, explain=False)] for index in (before, after)
    )
    return first != second


def _shown(hit: Hit, *, evidence: bool) -> dict[str, Any]:
    fields = {"rank", "nct_id", "title", "score", "why", "reasons"}
    shown = hit.model_dump(by_alias=True, mode="json", include=fields)
    if not evidence:
        shown["reasons"] = [{"code": reason.code, "share": reason.share} for reason in hit.reasons]
    return shown


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _no_encoder(manifest: Manifest) -> Encoder:
    raise ModelError(f"Lists of trials need no model, but {manifest.model.name} was asked for.")
