"""Text to vectors: sections, encoders, the vector cache."""

from .cache import VectorCache
from .chunks import ChunkPolicy
from .embedder import cache_path, embed_query, embed_section, embed_texts, text_key
from .encoder import Encoder, load_encoder, policy_of
from .sections import Section, section_texts

__all__ = [
    "ChunkPolicy",
    "Encoder",
    "Section",
    "VectorCache",
    "cache_path",
    "embed_query",
    "embed_section",
    "embed_texts",
    "load_encoder",
    "policy_of",
    "section_texts",
    "text_key",
]
