"""Pictures of the site's pages, for the documentation.

    TRIALKIN_HOME=HOME python bench/screens.py [NAME ...]

HOME holds the index of the bundled sample. Serves it, opens each page of `SHOTS` (or those named) in Debian's chromium
and writes what a reader sees first into docs/images, one PNG a page.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright
from served import served

_IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
_LARGEST = 300_000
"""Bytes of a picture; a page that needs more is not for a README."""
_PATIENCE = 120_000
"""Milliseconds in which a page is whole, on a busy machine."""


@dataclass(frozen=True)
class Shot:
    """A page, and the screen on which it is seen; width and height are in CSS pixels."""

    path: str
    width: int = 1280
    height: int = 900
    colours: Literal["light", "dark"] = "light"


SHOTS = {
    "home": Shot("/", height=640),
    "results": Shot("/?q=steroid-resistant+ITP,+anti-CD20"),
    "trial": Shot("/trials/NCT07057778", width=1120, height=760),
    "trial-dark": Shot("/trials/NCT07057778", width=1120, height=760, colours="dark"),
    "trial-narrow": Shot("/trials/NCT07057778", width=375, height=812),
    "compare": Shot("/compare/NCT07057778/NCT05302024"),
    "map": Shot("/map?nctId=NCT07057778"),
    "about": Shot("/about"),
}


def main() -> None:
    names = sys.argv[1:] or list(SHOTS)
    if unknown := [name for name in names if name not in SHOTS]:
        sys.exit(f"No page is called {', '.join(unknown)}; there are {', '.join(SHOTS)}.")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no chromium on this machine: apt-get install chromium")
    _IMAGES.mkdir(exist_ok=True)
    with served() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in names:
            picture = _picture(browser, server.url, SHOTS[name])
            (_IMAGES / f"{name}.png").write_bytes(picture)
            print(f"{name}.png  {len(picture):,} bytes", flush=True)
            if len(picture) > _LARGEST:
                sys.exit(f"{name}.png is larger than {_LARGEST:,} bytes.")
        browser.close()


def _picture(browser: Browser, url: str, shot: Shot) -> bytes:
    """What the screen shows once the page and its scripts are still."""
    with browser.new_context(
        base_url=url, viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.colours
    ) as context:
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        answer = page.goto(shot.path, wait_until="networkidle")
        if answer is None or not answer.ok:
            sys.exit(f"{shot.path} was answered with {answer and answer.status}.")
        return page.screenshot(animations="disabled")


if __name__ == "__main__":
    main()
