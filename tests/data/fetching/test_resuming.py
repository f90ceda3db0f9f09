import os
import time

import pytest

from support import fake_registry as fake
from support.fetching import ident, journals, pages
from trialkin.data import upsert
from trialkin.data.fetching import FetchRequest
from trialkin.data.files import home_lock
from trialkin.errors import Busy, ReadError, SnapshotError, StorageError


@pytest.mark.parametrize("page", [1, 2, 3])
def test_after_a_failure_only_the_pages_that_are_missing_are_asked_for(server, get, page):
    server.faults.extend([None] * page + [fake.fails(503)] * 2)  # the version and the pages before
    with pytest.raises(ReadError, match="answered 503"):
        get()
    asked = pages(server)[: page - 1]
    server.requests.clear()
    assert get().counts.kept == 10
    assert len(pages(server)) == 3 - len(asked)
    assert not set(pages(server)) & set(asked)


def test_answers_to_one_request_are_no_answers_to_another(server, get):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    server.requests.clear()
    get(FetchRequest(condition="asthma"))
    assert len(pages(server)) == 3


def test_an_import_that_fails_at_the_end_asks_for_nothing_again(server, get, home):
    with home_lock(home), pytest.raises(Busy, match="Another import or build is running"):
        get()
    server.requests.clear()
    assert get().counts.kept == 10
    assert server.requests == []
    assert journals(home) == []


def test_two_fetches_of_one_home_keep_apart(server, get, home):
    with home_lock(home / "snapshot" / ".fetch"), pytest.raises(Busy, match="Another fetch is running"):
        get()
    assert server.requests == []


def test_a_damaged_answer_is_named(server, get, home):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    (journal,) = journals(home)
    (answer,) = journal.iterdir()
    answer.write_bytes(answer.read_bytes()[:40])
    with pytest.raises(StorageError, match="is damaged"):
        get()


def test_answers_that_nobody_came_back_to_are_dropped(server, get, home):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    (journal,) = journals(home)
    get(FetchRequest(ids=("NCT1",)))
    assert journals(home) == [journal]
    month = time.time() - 31 * 24 * 3600
    os.utime(journal, (month, month))
    get(FetchRequest(ids=("NCT1",)))
    assert journals(home) == []


def test_a_damaged_snapshot_is_named_and_nothing_is_lost(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    (file,) = (home / "snapshot").glob("*.parquet")
    content = file.read_bytes()
    file.write_bytes(content[:60] + bytes(20) + content[80:])
    with pytest.raises(SnapshotError, match="is damaged"):
        get()
    file.write_bytes(content)
    server.requests.clear()
    assert get().absent == (ident(77),)
    assert server.requests == []
