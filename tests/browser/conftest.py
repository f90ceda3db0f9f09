"""The site in a real browser: a server over the built sample, and pages that may neither complain nor ask elsewhere."""

import shutil
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

PATIENCE = 60
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def chromium():
    """Debian's browser; nothing is downloaded for tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def site(chromium, request):  # noqa: ARG001 - without a browser no server is needed
    """The address of a server over the built sample."""
    return request.getfixturevalue("server")


@pytest.fixture(scope="module")  # while Playwright runs, other modules could run no event loop of their own
def browser(chromium):
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser, site):
    """Open a page at a path of the site, in a context of its own.

    At the end it must be true of each that nothing was logged as an error, that no script failed, and that the server
    alone was asked.
    """
    opened = []

    def of(path="/", **context):
        made = browser.new_context(base_url=site, **context)
        page = made.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        seen = SimpleNamespace(context=made, complaints=[], elsewhere=[])
        opened.append(seen)
        page.on("console", lambda said: _note_complaint(seen.complaints, said, f"{site}{path}"))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("request", lambda asked: _note(seen.elsewhere, asked.url, site))
        page.goto(path)
        return page

    yield of
    for seen in opened:
        seen.context.close()
    assert [seen.complaints for seen in opened if seen.complaints] == []
    assert [seen.elsewhere for seen in opened if seen.elsewhere] == []


def _note_complaint(complaints, said, address):
    """Note an error, but not that a page was answered with 404, which is said of the page's own address."""
    if said.type in {"error", "warning"} and said.location["url"] != address:
        complaints.append(said.text)


def _note(elsewhere, url, site):
    if urlsplit(url).scheme != "data" and not url.startswith(f"{site}/"):
        elsewhere.append(url)


@pytest.fixture(scope="session")
def protocol():
    """A synopsis too long for an address, which is sent in a body."""
    return (
        "Adults with primary immune thrombocytopenia who relapsed after corticosteroids are given rituximab at a low "
        "dose once a week for four weeks, with or without iguratimod by mouth. "
    ) + "The platelet count is taken every week; a response is a count above thirty, twice, without bleeding. " * 25


@pytest.fixture
def hit_ids():
    """The NCT ids of a list on a page, in order, once there is one and the page is whole."""

    def of(page, selector="#hits"):
        ids = page.locator(f"{selector} > li .facts-line .id")
        ids.first.wait_for()
        page.wait_for_load_state()
        return ids.all_inner_texts()

    return of
