"""`trialkin compare` over the bundled sample."""

import orjson
import pytest

from trialkin.index.comparing import compare

FIRST, SECOND = "NCT07057778", "NCT06790888"


def test_json_is_the_comparison_with_its_source(built, call, index):
    done = call(built.home, "compare", FIRST, SECOND, "--json")
    assert done.returncode == 0, done.stderr
    answer = orjson.loads(done.stdout)
    assert (answer.pop("indexVersion"), answer.pop("dataDate")) == ("0001", "2026-02-11")
    assert answer == compare(index.trial(FIRST), index.trial(SECOND)).model_dump(by_alias=True, mode="json")


def test_people_see_tables_of_every_section_with_both_ids(built, call):
    done = call(built.home, "compare", FIRST, SECOND)
    assert done.returncode == 0, done.stderr
    for words in ("Status", "Conditions", "Interventions", "Arms", "Primary outcomes", "Eligibility", "= same"):
        assert words in done.stdout
    assert "Only NCT07057778 gives low-dose rituximab" in done.stdout
    assert "data of 2026-02-11" in done.stdout


def test_every_criterion_of_both_is_shown(built, call, index):
    comparison = compare(index.trial(FIRST), index.trial(SECOND))
    shown = call(built.home, "compare", FIRST, SECOND).stdout
    section = comparison.eligibility
    for one in (*(pair.first for pair in section.pairs), *section.first_only, *section.second_only):
        assert one.text.split()[0] in shown


@pytest.mark.parametrize(
    ("ids", "code", "words"),
    [
        ((FIRST, "nct7057778"), 2, "is given twice"),
        ((FIRST, "foo"), 2, "'foo'"),
        ((FIRST, "NCT99999999"), 1, "NCT99999999 is not among"),
    ],
)
def test_what_cannot_be_compared_is_refused(built, call, ids, code, words):
    done = call(built.home, "compare", *ids)
    assert done.returncode == code
    assert words in done.stderr
