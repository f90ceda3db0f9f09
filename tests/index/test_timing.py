import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from trialkin.index.timing import stage, timed_stages


def test_stages_are_timed_and_added_up_by_name():
    with timed_stages() as stages:
        for _ in range(2):
            with stage("rank"):
                time.sleep(0.01)
        with stage("explain"):
            pass
    assert list(stages) == ["rank", "explain"]
    assert stages["rank"] >= 0.02
    assert 0 <= stages["explain"] < 0.01


def test_nothing_is_kept_where_nobody_collects():
    with stage("rank"):
        pass
    with timed_stages() as stages:
        pass
    with stage("rank"):
        pass
    assert stages == {}


def test_a_stage_that_fails_is_timed_and_its_error_passes():
    with timed_stages() as stages, pytest.raises(ValueError, match="no"), stage("rank"):
        raise ValueError("no")
    assert "rank" in stages


def test_a_decorated_function_keeps_its_answer_and_is_timed_every_time():
    @stage("rank")
    def double(number):
        return 2 * number

    assert double(1) == 2
    with timed_stages() as stages:
        assert [double(number) for number in range(3)] == [0, 2, 4]
    assert "rank" in stages


def test_collections_in_threads_do_not_mix():
    def collect(name):
        with timed_stages() as stages:
            for _ in range(100):
                with stage(name):
                    time.sleep(0)
        return list(stages)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(collect, "abcd")) == [["a"], ["b"], ["c"], ["d"]]


def test_a_thread_that_copies_the_context_adds_to_the_same():
    def work():
        with stage("rank"):
            pass

    with timed_stages() as stages, ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, work).result()
    assert list(stages) == ["rank"]
