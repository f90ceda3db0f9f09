"""The text of a query: what is taken, and its vector."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..embed import ChunkPolicy, Encoder, embed_query, embed_section
from ..errors import UsageError
from .manifest import Manifest, check_model
from .other_names import names_read_meanwhile
from .timing import stage

MOST_CHARACTERS = 50_000
"""The longest query text: a whole protocol synopsis fits, a book does not."""

_LONG = 200
"""Words of a long text, a patient's story or a synopsis."""
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200c\u200d\u2060\ufeff"))
"""Characters that pages and PDFs put into words, where they may be parted or must not, and nobody sees."""
EDGES = " \n,;:.?!"
"""What may stand around a text and says nothing: *COPD?* means what COPD does."""


def check_text(text: str) -> str:
    """The text as it is looked for.

    Raises:
        UsageError: it is empty or longer than `MOST_CHARACTERS`.
    """
    text = text.encode(errors="replace").decode()  # half of a surrogate pair is no text
    text = text.translate(_UNSEEN)
    if not text.strip():
        raise UsageError("The query is empty.", "Give some words, such as steroid-resistant ITP, anti-CD20.")
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"The query has {len(text):,} characters; {MOST_CHARACTERS:,} is the most.",
            "Give its title, summary or criteria.",
        )
    return text


class QueryEmbedder:
    """Embeds texts with the model of a version, which is loaded for the first one."""

    def __init__(self, manifest: Manifest, load: Callable[[Manifest], Encoder]) -> None:
        """Take what the version was built with, and what loads an encoder for it."""
        self._manifest = manifest
        chunks = manifest.chunks
        self._policy = ChunkPolicy(chunks.tokens, chunks.overlap, chunks.limit)
        self._load = load
        self._encoder: Encoder | None = None

    def warm_up(self) -> None:
        """Load the encoder, and make it ready for short and for long texts."""
        for words in (1, _LONG):
            self.query("word " * words)

    @stage("embed")
    def query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a text that is looked for: float32, shape (dim,).

        Raises:
            ModelError: the version was built with another model than is loaded.
        """
        encoder = self._loaded()
        with names_read_meanwhile():  # the model is compiled for its first text, which leaves a processor to others
            return embed_query(text.strip(EDGES) or text, encoder, self._policy)

    @stage("embed")
    def section(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a section of a trial, as those of the version: float32, shape (dim,).

        Raises:
            ModelError: the version was built with another model than is loaded.
        """
        return embed_section(text, self._loaded(), self._policy)

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            encoder = self._load(self._manifest)
            check_model(self._manifest, encoder.model)
            self._encoder = encoder
        return self._encoder
