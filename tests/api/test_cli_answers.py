import json
from types import SimpleNamespace

import pytest

from trialkin.api.cli_answers import Wanted, choose_format, write_answers
from trialkin.api.formats import Format
from trialkin.errors import UsageError
from trialkin.index import Filters

NARROW = Filters(status=("RECRUITING",))


class FewTrials:
    """As much of an index as is named below a table."""

    version = "0001"
    manifest = SimpleNamespace(snapshot=SimpleNamespace(data_date=None))

    def __len__(self):
        return 3


def shown(capsys, hits, top, filters=None):
    write_answers(FewTrials(), [("q", hits)], "Related to {}".format, Wanted(Format.TABLE, False, top, filters))
    return capsys.readouterr().out


@pytest.mark.parametrize("form", [Format.TABLE, Format.JSON])
def test_json_has_a_short_name(form):
    assert choose_format(form, True) is Format.JSON
    assert choose_format(form, False) is form


@pytest.mark.parametrize("form", [Format.CSV, Format.NDJSON, Format.RIS, Format.TREC])
def test_two_formats_at_once_are_refused(form):
    assert choose_format(form, False) is form
    with pytest.raises(UsageError, match=f"--json and --format {form}"):
        choose_format(form, True)


def test_a_list_as_long_as_asked_for_says_no_more(capsys, index):
    hits = index.related("NCT07057778", 2)
    assert "close" not in shown(capsys, hits, 2, Filters())


@pytest.mark.parametrize(
    ("filters", "found", "said"),
    [
        (Filters(), 2, "Nothing else is close."),
        (NARROW, 2, "Nothing else is close and meets the filters."),
        (Filters(), 0, "Nothing is close."),
        (NARROW, 0, "No close trial meets the filters."),
    ],
)
def test_a_shorter_list_says_why(capsys, index, filters, found, said):
    hits = index.related("NCT07057778", 2)[:found]
    lines = shown(capsys, hits, 3, filters).splitlines()
    assert said in lines
    assert lines[0].strip() == "Related to q"
    assert lines[-1].startswith("Index 0001, 3 trials, data of unknown date. Score: 0 to 1")


def written(capsys, form, answers):
    write_answers(FewTrials(), answers, "Related to {}".format, Wanted(form, False, 2, Filters()))
    return capsys.readouterr().out


def test_references_of_all_answers_follow_one_another_and_name_the_index(capsys, index):
    first, second = index.related("NCT07057778", 2)
    text = written(capsys, Format.RIS, [("a", [first]), ("b", [second])])
    assert text.count("TY  - DATA") == 2
    assert text.index(first.nct_id) < text.index(second.nct_id)
    assert text.count("N1  - trialkin, index 0001, data of unknown date.") == 2


def test_a_line_a_hit_names_its_query_and_the_index(capsys, index):
    hits = index.related("NCT07057778", 2)
    lines = [json.loads(line) for line in written(capsys, Format.NDJSON, [("q", hits)]).splitlines()]
    assert [(one["query"], one["nctId"], one["indexVersion"]) for one in lines] == [
        ("q", hit.nct_id, "0001") for hit in hits
    ]
