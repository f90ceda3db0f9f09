"""Vectors and words to ranked trials: build, publish, open, search."""

from .aspects import Aspect, Weights, parse_weights
from .build import BuildReport, Progress, build
from .filters import Filters
from .hits import Hit, Likeness
from .index import Index, open_index
from .manifest import Manifest
from .versions import Versions

__all__ = [
    "Aspect",
    "BuildReport",
    "Filters",
    "Hit",
    "Index",
    "Likeness",
    "Manifest",
    "Progress",
    "Versions",
    "Weights",
    "build",
    "open_index",
    "parse_weights",
]
