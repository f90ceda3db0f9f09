"""Vectors and words to ranked trials: build, publish, open, search."""

from .aspects import Aspect, Weights, parse_weights
from .build import BuildReport, Progress, build
from .filters import Filters
from .hits import Hit, Likeness
from .index import Index
from .manifest import Manifest
from .opening import open_index
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
