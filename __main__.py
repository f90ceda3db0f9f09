"""``trialkin`` and ``python -m trialkin``."""

import sys

_STOPPED = 130


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback also while its modules are still being loaded."""
    try:
        from .api.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("trialkin: Stopped.\n")
        sys.exit(_STOPPED)


if __name__ == "__main__":
    main()
