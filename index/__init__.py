"""Vectors and words to ranked trials: build, publish, open, search."""

from .aspects import PRESETS, Aspect, Weights, choose_weights, parse_preset, parse_weights
from .build import BuildReport, Progress, build
from .filters import Filters
from .hits import Evidence, Hit, Reason, ReasonCode
from .index import Index
from .manifest import Manifest
from .opening import open_index
from .versions import Versions

__all__ = [
    "PRESETS",
    "Aspect",
    "BuildReport",
    "Evidence",
    "Filters",
    "Hit",
    "Index",
    "Manifest",
    "Progress",
    "Reason",
    "ReasonCode",
    "Versions",
    "Weights",
    "build",
    "choose_weights",
    "open_index",
    "parse_preset",
    "parse_weights",
]
