"""Long commands give way to a server that answers on the same machine."""

import os

_NICENESS = 10


def give_way() -> None:
    """Run at low priority from now on, where the system knows such a thing.

    Alone on a machine a command is as fast as before; beside a server its arithmetic waits, and not the requests.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
