"""What an index needs of one trial alone, whatever the others say; kept, so that only new records are worked out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import zstandard

from ..data import Trial
from ..data.blobs import BlobCache
from ..embed import Section, section_texts, text_key
from .concepts import Words
from .design import Design, design
from .dictionary import Kind
from .lexical import TermCounts
from .phrases import Tokens
from .terms import weighted_terms
from .traits import traits

_MADE_BY = (
    *("index/derived.py", "index/terms.py", "index/traits.py", "index/design.py", "index/phrases.py"),
    *("index/concepts.py", "embed/sections.py", "embed/embedder.py"),
)
"""The files that say what is derived; when one of them changes, all is derived anew."""
_KEPT_TOO_LONG = 2
"""Times as many records as there are trials: then those of former records are dropped."""


@dataclass(frozen=True)
class Derived:
    """What one record says.

    Attributes:
        terms: of the lexical channel.
        words: that concepts are recognised in.
        traits: as `traits` gives them.
        design: as `design` gives it.
        sections: the key of each section's text.
    """

    terms: TermCounts
    words: Words
    traits: tuple[int, int, int]
    design: Design
    sections: Mapping[Section, bytes]

    @classmethod
    def of(cls, trial: Trial) -> "Derived":
        """Work it out."""
        return cls(
            TermCounts.of(weighted_terms(trial)),
            Words.of(trial),
            traits(trial),
            design(trial),
            {section: text_key(text) for section, text in section_texts(trial).items()},
        )

    def to_json(self) -> bytes:
        """As the cache keeps it, packed."""
        value = {
            "terms": [" ".join(self.terms.terms), self.terms.counts, self.terms.headline],
            "texts": [[*_flat(tokens), weight] for tokens, weight in self.words.texts],
            "names": {str(kind): [_flat(tokens) for tokens in names] for kind, names in self.words.names.items()},
            "traits": self.traits,
            "design": self.design,
            "sections": {str(section): key.hex() for section, key in self.sections.items()},
        }
        return orjson.dumps(value)

    @classmethod
    def from_json(cls, data: bytes) -> "Derived":
        """What `to_json` wrote."""
        value: dict[str, Any] = orjson.loads(data)
        terms, counts, headline = value["terms"]
        return cls(
            TermCounts(_split(terms), counts, headline),
            Words(
                [(Tokens(_split(words), capitals), weight) for words, capitals, weight in value["texts"]],
                {
                    Kind(kind): [Tokens(_split(words), capitals) for words, capitals in names]
                    for kind, names in value["names"].items()
                },
            ),
            tuple(value["traits"]),
            tuple(value["design"]),
            {Section(section): bytes.fromhex(key) for section, key in value["sections"].items()},
        )


class DerivedCache:
    """What was derived, by the digest of the record."""

    def __init__(self, folder: Path) -> None:
        """Open the cache in a folder, which is made if there is none.

        Raises:
            StorageError: the disk refuses, or the file is damaged.
        """
        self._blobs = BlobCache(folder / f"derived-{_fingerprint()}.sqlite")
        self._used: set[bytes] = set()
        self._folder = folder
        self._pack = zstandard.ZstdCompressor(level=1).compress
        self._unpack = zstandard.ZstdDecompressor().decompress

    def __enter__(self) -> "DerivedCache":
        self._blobs.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:  # noqa: ANN401
        self._blobs.__exit__(*error)

    def get(self, digests: Sequence[bytes]) -> dict[bytes, Derived]:
        """What is there, by digest."""
        self._used.update(digests)
        return {key: Derived.from_json(self._unpack(blob)) for key, blob in self._blobs.blobs(digests)}

    def put(self, found: Iterable[tuple[bytes, Derived]]) -> None:
        """Keep what was derived, and commit it."""
        self._blobs.put_blobs((key, self._pack(one.to_json())) for key, one in found)

    def clear(self) -> None:
        """Drop what other code derived, and what is of former records, once that is most of all."""
        for path in self._folder.glob("derived-*.sqlite*"):
            if not path.name.startswith(f"derived-{_fingerprint()}."):
                path.unlink(missing_ok=True)
        if len(self._blobs) > _KEPT_TOO_LONG * len(self._used):
            self._blobs.keep_only(self._used)


def _flat(tokens: Tokens) -> list[Any]:
    return [" ".join(tokens.words), list(tokens.capitals)]


def _split(words: str) -> list[str]:
    return words.split(" ") if words else []


def _fingerprint() -> str:
    package = Path(__file__).parents[1]
    return hashlib.sha256(b"".join((package / name).read_bytes() for name in _MADE_BY)).hexdigest()[:12]
