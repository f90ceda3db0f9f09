"""Vectors and words to ranked trials: build, publish, open, search."""

from .aspects import PRESETS, Aspect, Weights, choose_weights, parse_preset, parse_weights
from .build import BuildReport, Progress, build
from .filters import Filters
from .hits import Evidence, Hit, Reason, ReasonCode
from .index import Index
from .manifest import Manifest
from .near import Near, parse_near
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
    "Near",
    "Progress",
    "Reason",
    "ReasonCode",
    "Versions",
    "Weights",
    "build",
    "choose_weights",
    "open_index",
    "parse_near",
    "parse_preset",
    "parse_weights",
]
