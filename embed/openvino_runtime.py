"""OpenVINO, imported so that it stays silent.

On import OpenVINO reports to its maker over the network unless its reporting package is absent, in which case it
falls back on its own silent stand-in. Nothing leaves the machine here, so the package is made to look absent.
"""

import sys
from functools import cache
from typing import Any


def openvino() -> Any:  # noqa: ANN401 - a module without type stubs
    """The ``openvino`` module, which must be imported nowhere else."""
    sys.modules.setdefault("openvino_telemetry", None)  # pyright: ignore[reportArgumentType] - means "absent"
    import openvino as module

    return module


@cache
def openvino_core() -> Any:  # noqa: ANN401 - of that module
    """The one ``Core`` of this process, as OpenVINO advises: each has plugins of its own."""
    return openvino().Core()
