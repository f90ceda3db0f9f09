import pytest

from support.aact import FIRST, TABLES, read, some, trials, with_commas
from trialkin.data.aact import is_table


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_one(table):
    assert is_table(TABLES[table].encode())
    assert is_table(b"\xef\xbb\xbf" + with_commas(TABLES[table]).encode())


@pytest.mark.parametrize(
    "head",
    [b"", b"\n", b"nct_id", b"NCT Number|Title", b'{"nct_id": 1, "a": 2}', b"<nct_id>", b"\xff\xfe", b'"nct_id|a'],
)
def test_what_names_no_column_nct_id_is_no_table(head):
    assert not is_table(head)


SAME_COLUMNS = [
    ("conditions", "keywords"),
    ("brief_summaries", "detailed_descriptions"),
    ("browse_conditions", "browse_interventions"),
]


@pytest.mark.parametrize(("one", "other"), SAME_COLUMNS)
def test_the_name_of_the_file_decides_only_where_columns_cannot(one, other):
    (right,) = [record for record in read({f"AACT {one}.csv": TABLES[one]}) if record.trial.nct_id == "NCT00000001"]
    assert any(getattr(right.trial, field) == getattr(FIRST, field) != () for field in right.fields - {"nct_id"})
    (rejection,) = read({"table.csv": TABLES[one]})
    assert (rejection.file, rejection.position) == ("table.csv", "whole file")
    assert f"{one}.txt" in rejection.reason
    assert f"{other}.txt" in rejection.reason


NOT_READ = {"reported_events", "responsible_parties"}


@pytest.mark.parametrize("table", sorted(set(TABLES) - NOT_READ - {name for pair in SAME_COLUMNS for name in pair}))
def test_other_tables_are_told_by_their_columns_whatever_their_name(table):
    rest = {name: text for name, text in TABLES.items() if name != table}
    assert trials(read(rest | {"a/conditions.txt": TABLES[table]})) == trials(read(TABLES))


def test_a_table_that_holds_nothing_of_a_trial_is_passed_over_and_said_so_if_alone():
    assert read(some("studies", "reported_events")) == read(some("studies"))
    (rejection,) = read(some("reported_events"))
    assert rejection.reason == "it holds nothing that is kept of a trial"


def test_a_table_that_is_none_of_aact_is_set_aside():
    (rejection,) = read({"scores.csv": "nct_id,score\nNCT00000001,3\n"})
    assert (rejection.file, rejection.position) == ("scores.csv", "whole file")
    assert "which table" in rejection.reason
