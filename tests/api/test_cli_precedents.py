"""`trialkin precedents` over the bundled sample."""

import orjson
import pytest

from trialkin.index.precedents import precedents

NCT_ID = "NCT07057778"


def test_json_sums_up_the_closest_trials(built, call, index):
    done = call(built.home, "precedents", "nct 7057778", "--top", 12, "--json")
    assert done.returncode == 0, done.stderr
    answer = orjson.loads(done.stdout)
    assert [answer.pop(name) for name in ("indexVersion", "dataDate", "nctId")] == ["0001", "2026-02-11", NCT_ID]
    hits = index.related(NCT_ID, 12)
    assert answer == precedents([index.trial(hit.nct_id) for hit in hits]).model_dump(by_alias=True, mode="json")


def test_people_see_figures_codes_endpoints_and_early_ends(built, call):
    done = call(built.home, "precedents", NCT_ID)
    assert done.returncode == 0, done.stderr
    for words in (
        "The 50 trials most like NCT07057778",
        "Enrolment, actual",
        "Median",
        "Masking",
        "Primary outcome",
        "Stopped early",
    ):
        assert words in done.stdout


def test_filters_choose_the_trials(built, call):
    done = call(built.home, "precedents", NCT_ID, "--phase", "PHASE3", "--json")
    assert [one["value"] for one in orjson.loads(done.stdout)["phases"]["counts"]][:1] == ["PHASE3"]


@pytest.mark.parametrize("top", [0, 201])
def test_a_number_of_trials_out_of_reach_is_refused(built, call, top):
    done = call(built.home, "precedents", NCT_ID, "--top", top)
    assert done.returncode == 2
    assert "1 to 200" in done.stderr
