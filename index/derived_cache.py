"""What was derived of records, kept by their digests, so that a build works out only what is new."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..data import Trial
from ..data.files import sha256, write_atomically, writing_to
from .arrow_file import read_table
from .derived import DERIVED_SCHEMA, derived_table

_MADE_BY = (
    *("index/derived.py", "index/record_terms.py", "index/terms.py", "index/word_parts.py", "index/words.py"),
    *("index/designators.py", "index/numerals.py", "index/spelling.py", "index/other_names.py", "data/names/drugs.tsv"),
    "data/names/word_forms.tsv",
    *("index/spoken.py", "index/phrases.py"),
    *("index/stated.py", "index/traits.py", "index/design.py", "index/card.py", "index/links.py"),
    *("embed/sections.py", "embed/embedder.py"),
)
"""The files that say what is derived; when one of them changes, or the schema, all is derived anew."""
_KEPT_TOO_LONG = 2
"""Times as many rows as there are records: then those of former records are dropped."""
_MOST_FILES = 16
"""So many files are brought together in one."""


class DerivedCache:
    """Arrow files of `DERIVED_SCHEMA`, each written in one step and named by its content.

    One that was damaged on disk is dropped, and what it held is derived anew.
    """

    def __init__(self, folder: Path) -> None:
        """Open the cache in a folder, which is made if there is none; what other code derived is removed.

        Raises:
            StorageError: the disk refuses.
        """
        self._folder, self._made_by = folder, _fingerprint()
        self._paths: list[Path] = []
        with writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("derived-*")):
                if path.name == self._name(sha256(path)):
                    self._paths.append(path)
                else:
                    path.unlink()
        self._rows = pa.concat_tables([DERIVED_SCHEMA.empty_table(), *map(read_table, self._paths)])

    def lacking(self, digests: pa.Array) -> NDArray[np.bool_]:
        """Which of some digests (`KEY`) are not there: bool, shape (digests,)."""
        return pc.is_null(self._places(digests)).to_numpy(zero_copy_only=False)

    def derive(self, records: Iterable[tuple[bytes, Trial]]) -> None:
        """Derive some records, given with their digests, and keep what was derived."""
        self._add(derived_table(records))

    def table(self, digests: pa.Array) -> pa.Table:
        """What was derived of records that are there, in the order of their digests, in one chunk."""
        return self._rows.combine_chunks().take(self._places(digests)).combine_chunks()

    def tidy(self, digests: pa.Array) -> None:
        """Bring many files together in one, and drop what is of former records once that is most of all."""
        if len(self._paths) > _MOST_FILES or len(self._rows) > _KEPT_TOO_LONG * len(digests):
            former, rows = self._paths, self.table(digests)
            self._rows, self._paths = DERIVED_SCHEMA.empty_table(), []
            self._add(rows)
            with writing_to(self._folder):
                for path in set(former) - set(self._paths):
                    path.unlink()

    def _add(self, rows: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows)
        content = sink.getvalue()
        path = self._folder / self._name(hashlib.sha256(content).hexdigest())
        write_atomically(path, content)
        self._paths.append(path)
        self._rows = pa.concat_tables([self._rows, read_table(path)])

    def _name(self, digest: str) -> str:
        return f"derived-{self._made_by}-{digest[:16]}.arrow"

    def _places(self, digests: pa.Array) -> pa.Array:
        return pc.index_in(digests, value_set=self._rows["digest"])


def _fingerprint() -> str:
    package = Path(__file__).parents[1]
    code = b"".join((package / name).read_bytes() for name in _MADE_BY)
    return hashlib.sha256(code + DERIVED_SCHEMA.to_string().encode()).hexdigest()[:12]
