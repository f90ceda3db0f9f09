"""trialkin: given a clinical trial, which other trials are its kin?

from trialkin import open_index
for hit in open_index().related("NCT07057778"):
    print(hit.nct_id, hit.title)
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Hit", "Index", "Settings", "Trial", "TrialkinError", "open_index"]

if TYPE_CHECKING:
    from .data import Trial
    from .errors import TrialkinError
    from .index import Hit, Index, open_index
    from .settings import Settings

_HOMES = {
    "Hit": ".index",
    "Index": ".index",
    "Settings": ".settings",
    "Trial": ".data",
    "TrialkinError": ".errors",
    "open_index": ".index",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol of PEP 562
    """Load a public name on first use (PEP 562), so that ``trialkin --help`` imports no FAISS."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __name__), name)
