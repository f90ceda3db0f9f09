import csv
import io
import tracemalloc
from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Part, Rejection
from trialkin.data.aact import AactTables, is_table
from trialkin.data.plain_text import plain_text
from trialkin.data.spelled import code, date, phases
from trialkin.data.trial import (
    ArmGroup,
    Intervention,
    MeshTerm,
    Official,
    Outcome,
    Reference,
    SecondaryId,
    Site,
    Sponsor,
    StudyDate,
    Trial,
)
from trialkin.errors import StorageError

TABLES = {
    "studies": """\
nct_id|nlm_download_date_description|study_first_posted_date|last_update_posted_date|results_first_posted_date\
|start_month_year|start_date_type|start_date|completion_month_year|completion_date_type|completion_date\
|primary_completion_month_year|primary_completion_date_type|primary_completion_date|study_type|acronym|brief_title\
|official_title|overall_status|phase|enrollment|enrollment_type|source|why_stopped|source_class
NCT00000002||2020-02-03|2024-05-06||2020-01|ESTIMATED|2020-01-31||||||\
|OBSERVATIONAL||Zinc in colds, watched||UNKNOWN||||||
NCT00000001||2019-02-03|2023-05-06|2022-01-02|2019-01|ACTUAL|2019-01-31|2021-12-24|ESTIMATED|2021-12-24\
|2020-12|ACTUAL|2020-12-31|INTERVENTIONAL|ZIC|"Zinc | ""fast"" in colds"|A long title|TERMINATED|PHASE2/PHASE3\
|120|ACTUAL|Invented Institute|Too few took part|INDUSTRY
""",
    "calculated_values": "id|nct_id|number_of_facilities|were_results_reported\n1|NCT00000001|2|t\n2|NCT00000002|0|f\n",
    "id_information": """\
id|nct_id|id_source|id_value|id_type|id_type_description|id_link
13|NCT00000001|secondary_id|U01-5|NIH||
11|NCT00000001|org_study_id|ZN-7|||
12|NCT00000001|nct_alias|NCT00000090|||
14|NCT00000001|secondary_id|X-9|OTHER|Invented Fund|
""",
    "sponsors": """\
id|nct_id|agency_class|lead_or_collaborator|name
23|NCT00000001|NIH|collaborator|Second Helper
21|NCT00000001|OTHER|lead|Invented University
22|NCT00000001|INDUSTRY|collaborator|First Helper
24|NCT00000002|OTHER|lead|Invented Hospital
""",
    "brief_summaries": """\
id|nct_id|description
31|NCT00000001|"Two lines:
\\* one | two"
32|NCT00000002|Plain
""",
    "detailed_descriptions": 'id|nct_id|description\n41|NCT00000001|"At\n\nlength ""said"""\n',
    "conditions": """\
id|nct_id|name|downcase_name
100|NCT00000001|Cough|cough
52|NCT00000002|Cold|cold
9|NCT00000001|Cold|cold
""",
    "keywords": "id|nct_id|name|downcase_name\n62|NCT00000001|zinc|zinc\n61|NCT00000001|lozenge|lozenge\n",
    "designs": """\
id|nct_id|allocation|intervention_model|observational_model|primary_purpose|time_perspective|masking|subject_masked
71|NCT00000001|RANDOMIZED|PARALLEL||TREATMENT||DOUBLE|t
72|NCT00000002|||COHORT||PROSPECTIVE||
""",
    "design_groups": """\
id|nct_id|group_type|title|description
82|NCT00000001|PLACEBO_COMPARATOR|Sugar|None in it
81|NCT00000001|EXPERIMENTAL|Zinc|Thrice a day
""",
    "interventions": """\
id|nct_id|intervention_type|name|description
92|NCT00000001|DRUG|Placebo|
91|NCT00000001|DIETARY_SUPPLEMENT|Zinc gluconate|13 mg
""",
    "intervention_other_names": "id|nct_id|intervention_id|name\n2|NCT00000001|91|Zn\n1|NCT00000001|91|Zincum\n",
    "design_group_interventions": """\
id|nct_id|design_group_id|intervention_id
1|NCT00000001|81|91
2|NCT00000001|81|92
3|NCT00000001|82|92
""",
    "design_outcomes": """\
id|nct_id|outcome_type|measure|time_frame|population|description
3|NCT00000001|secondary|Cough days|4 weeks||
2|NCT00000001|primary|Second measure|2 weeks||
1|NCT00000001|primary|Days ill|2 weeks||By diary
4|NCT00000001|other|Taste|||
""",
    "eligibilities": """\
id|nct_id|sampling_method|gender|minimum_age|maximum_age|healthy_volunteers|population|criteria|adult|child|older_adult
1|NCT00000001||FEMALE|6 Months|64 Years|f||"Inclusion:

* a cold | two"|t|t|f
2|NCT00000002||ALL|18 Years|N/A|t||Anyone|t|f|t
""",
    "overall_officials": """\
id|nct_id|role|name|affiliation
1|NCT00000001|PRINCIPAL_INVESTIGATOR|A. Person|Invented Institute
""",
    "facilities": """\
id|nct_id|status|name|city|state|zip|country|latitude|longitude
2|NCT00000001||Ward 2|Oslo|||Norway||
1|NCT00000001|RECRUITING|Ward 1|Boston|Massachusetts|02115|United States|42.36|-71.06
""",
    "countries": """\
id|nct_id|name|removed
1|NCT00000001|Norway|f
2|NCT00000001|United States|f
3|NCT00000001|Chad|t
""",
    "study_references": """\
id|nct_id|pmid|reference_type|citation
2|NCT00000001||BACKGROUND|An older paper.
1|NCT00000001|12345|RESULT|A paper.
""",
    "browse_conditions": """\
id|nct_id|mesh_term|downcase_mesh_term|mesh_type
2|NCT00000001|Infections|infections|mesh-ancestor
1|NCT00000001|Common Cold|common cold|mesh-list
""",
    "browse_interventions": """\
id|nct_id|mesh_term|downcase_mesh_term|mesh_type
1|NCT00000001|Zinc|zinc|mesh-list
2|NCT00000001|Metals|metals|mesh-ancestor
""",
    "reported_events": "id|nct_id|event_type|adverse_event_term\n1|NCT00000001|serious|Cough\n",
    "responsible_parties": """\
id|nct_id|responsible_party_type|name|title|organization|affiliation|old_name_title
1|NCT00000001|SPONSOR|||||
""",
}
FIRST = Trial(
    nct_id="NCT00000001",
    nct_id_aliases=("NCT00000090",),
    org_study_id="ZN-7",
    secondary_ids=(
        SecondaryId(id="U01-5", type="NIH"),
        SecondaryId(id="X-9", type="OTHER", domain="Invented Fund"),
    ),
    brief_title='Zinc | "fast" in colds',
    official_title="A long title",
    acronym="ZIC",
    organization=Sponsor(name="Invented Institute", class_="INDUSTRY"),
    overall_status="TERMINATED",
    why_stopped="Too few took part",
    start_date=StudyDate(date="2019-01", type="ACTUAL"),
    primary_completion_date=StudyDate(date="2020-12", type="ACTUAL"),
    completion_date=StudyDate(date="2021-12-24", type="ESTIMATED"),
    study_first_post_date="2019-02-03",
    last_update_post_date="2023-05-06",
    has_results=True,
    lead_sponsor=Sponsor(name="Invented University", class_="OTHER"),
    collaborators=(Sponsor(name="First Helper", class_="INDUSTRY"), Sponsor(name="Second Helper", class_="NIH")),
    brief_summary="Two lines:\n* one | two",
    detailed_description='At\n\nlength "said"',
    conditions=("Cold", "Cough"),
    keywords=("lozenge", "zinc"),
    study_type="INTERVENTIONAL",
    phases=("PHASE2", "PHASE3"),
    allocation="RANDOMIZED",
    intervention_model="PARALLEL",
    primary_purpose="TREATMENT",
    masking="DOUBLE",
    enrollment_count=120,
    enrollment_type="ACTUAL",
    arm_groups=(
        ArmGroup(
            label="Zinc",
            type="EXPERIMENTAL",
            description="Thrice a day",
            intervention_names=("Dietary Supplement: Zinc gluconate", "Drug: Placebo"),
        ),
        ArmGroup(
            label="Sugar",
            type="PLACEBO_COMPARATOR",
            description="None in it",
            intervention_names=("Drug: Placebo",),
        ),
    ),
    interventions=(
        Intervention(
            name="Zinc gluconate",
            type="DIETARY_SUPPLEMENT",
            description="13 mg",
            arm_group_labels=("Zinc",),
            other_names=("Zincum", "Zn"),
        ),
        Intervention(name="Placebo", type="DRUG", arm_group_labels=("Zinc", "Sugar")),
    ),
    primary_outcomes=(
        Outcome(measure="Days ill", description="By diary", time_frame="2 weeks"),
        Outcome(measure="Second measure", time_frame="2 weeks"),
    ),
    secondary_outcomes=(Outcome(measure="Cough days", time_frame="4 weeks"),),
    other_outcomes=(Outcome(measure="Taste"),),
    eligibility_criteria="Inclusion:\n\n- a cold | two",
    healthy_volunteers=False,
    sex="FEMALE",
    minimum_age="6 Months",
    maximum_age="64 Years",
    minimum_age_years=0.5,
    maximum_age_years=64.0,
    std_ages=("CHILD", "ADULT"),
    overall_officials=(Official(name="A. Person", affiliation="Invented Institute", role="PRINCIPAL_INVESTIGATOR"),),
    locations=(
        Site(
            facility="Ward 1",
            status="RECRUITING",
            city="Boston",
            state="Massachusetts",
            zip="02115",
            country="United States",
            lat=42.36,
            lon=-71.06,
        ),
        Site(facility="Ward 2", city="Oslo", country="Norway"),
    ),
    countries=("Norway", "United States"),
    references=(
        Reference(citation="A paper.", pmid="12345", type="RESULT"),
        Reference(citation="An older paper.", type="BACKGROUND"),
    ),
    condition_meshes=(MeshTerm(term="Common Cold"),),
    condition_ancestors=(MeshTerm(term="Infections"),),
    intervention_meshes=(MeshTerm(term="Zinc"),),
    intervention_ancestors=(MeshTerm(term="Metals"),),
)
SECOND = Trial(
    nct_id="NCT00000002",
    brief_title="Zinc in colds, watched",
    overall_status="UNKNOWN",
    start_date=StudyDate(date="2020-01", type="ESTIMATED"),
    study_first_post_date="2020-02-03",
    last_update_post_date="2024-05-06",
    has_results=False,
    lead_sponsor=Sponsor(name="Invented Hospital", class_="OTHER"),
    brief_summary="Plain",
    conditions=("Cold",),
    study_type="OBSERVATIONAL",
    observational_model="COHORT",
    time_perspective="PROSPECTIVE",
    eligibility_criteria="Anyone",
    healthy_volunteers=True,
    sex="ALL",
    minimum_age="18 Years",
    minimum_age_years=18.0,
    std_ages=("ADULT", "OLDER_ADULT"),
)
EVERYTHING = frozenset(Trial.model_fields) - {"absent_since"}


def read(tables):
    """All that the tables give, by file name or table's name, each a text or bytes."""
    with AactTables() as aact:
        found = []
        for name, text in tables.items():
            content = text.encode() if isinstance(text, str) else text
            found += aact.add(io.BytesIO(content), name if "." in name else f"download.zip/{name}.txt")
        return found + list(aact.records())


def with_commas(text):
    out = io.StringIO()
    csv.writer(out).writerows(csv.reader(io.StringIO(text, newline=""), delimiter="|"))
    return out.getvalue()


def some(*names):
    return {name: TABLES[name] for name in names}


def trials(records):
    assert all(isinstance(record, Part) for record in records), records
    return [record.trial for record in records]


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


def test_a_whole_download_gives_every_field_of_each_trial():
    first, second = read(TABLES)
    assert first == Part(FIRST, EVERYTHING)
    assert second == Part(SECOND, EVERYTHING)


def test_the_order_of_the_files_does_not_matter():
    assert read(dict(reversed(TABLES.items()))) == read(TABLES)


def test_tables_with_commas_say_the_same():
    assert read({name: with_commas(text) for name, text in TABLES.items()}) == read(TABLES)


def test_tables_with_a_byte_order_mark_carriage_returns_and_quoted_capitals_say_the_same():
    def altered(text):
        header, rest = text.split("\n", 1)
        header = "|".join(f'"{column.upper()}"' for column in header.split("|"))
        return b"\xef\xbb\xbf" + f"{header}\n{rest}".replace("\n", "\r\n").encode()

    assert read({name: altered(text) for name, text in TABLES.items()}) == read(TABLES)


def test_values_as_older_downloads_and_spreadsheets_have_them_become_codes():
    (record,) = read(
        {
            "studies.csv": "nct_id,start_month_year,start_date,completion_month_year,completion_date"
            ",completion_date_type,study_type,brief_title,overall_status,phase,last_update_posted_date\n"
            "NCT00000001,16-Nov,11/30/16,17-Aug-18,8/17/18,Anticipated,Observational [Patient Registry],T"
            ",Active, not recruiting,Phase 1/Phase 2,11/28/16\n".replace(
                "Active, not recruiting", '"Active, not recruiting"'
            ),
            "eligibilities.csv": "nct_id,gender,healthy_volunteers,maximum_age,child\n"
            "NCT00000001,Both,Accepts Healthy Volunteers,N/A,TRUE\n",
            "designs.csv": "nct_id,intervention_model,masking\nNCT00000001,Parallel Assignment,Double-Blind\n",
            "sponsors.csv": "nct_id,lead_or_collaborator,name,agency_class\nNCT00000001,lead,S,U.S. Fed\n",
            "ids.csv": "nct_id,id_type,id_value\nNCT00000001,org_study_id,A\nNCT00000001,secondary_id,B\n",
            "references.csv": "nct_id,reference_type,citation\nNCT00000001,results_reference,A paper.\n",
            "countries.csv": "nct_id,name,removed\nNCT00000001,Norway,FALSE\nNCT00000001,Chad,TRUE\n",
            "calculated_values.csv": "nct_id,were_results_reported\nNCT00000001,TRUE\n",
        }
    )
    trial = record.trial
    assert (trial.start_date, trial.completion_date) == (
        StudyDate(date="2016-11"),
        StudyDate(date="2018-08-17", type="ESTIMATED"),
    )
    assert trial.last_update_post_date == "2016-11-28"
    assert (trial.study_type, trial.overall_status) == ("OBSERVATIONAL", "ACTIVE_NOT_RECRUITING")
    assert trial.phases == ("PHASE1", "PHASE2")
    assert (trial.sex, trial.healthy_volunteers, trial.maximum_age, trial.std_ages) == ("ALL", True, None, ("CHILD",))
    assert (trial.intervention_model, trial.masking) == ("PARALLEL", "DOUBLE")
    assert trial.lead_sponsor == Sponsor(name="S", class_="FED")
    assert (trial.org_study_id, trial.secondary_ids) == ("A", (SecondaryId(id="B"),))
    assert trial.references == (Reference(citation="A paper.", type="RESULT"),)
    assert trial.countries == ("Norway",)
    assert trial.has_results is True


def test_a_month_that_contradicts_the_day_does_not_count():
    header = "nct_id|brief_title|start_month_year|start_date\n"
    (trial,) = trials(read({"studies": f"{header}NCT00000001|T|2018-07|2019-01-31\n"}))
    assert trial.start_date.date == "2019-01-31"


TOLD = {
    "studies": {"brief_title", "start_date", "last_update_post_date", "phases"},
    "sponsors": {"lead_sponsor", "collaborators"},
    "eligibilities": {"eligibility_criteria", "sex", "std_ages", "minimum_age", "minimum_age_years"},
    "conditions": {"conditions"},
    "keywords": {"keywords"},
    "facilities": {"locations"},
    "browse_conditions": {"condition_meshes", "condition_ancestors"},
    "design_outcomes": {"primary_outcomes", "secondary_outcomes", "other_outcomes"},
}


@pytest.mark.parametrize("absent", TABLES)
def test_without_a_table_nothing_is_known_of_what_it_alone_tells(absent):
    found = read({name: text for name, text in TABLES.items() if name != absent})
    first = next(one for one in found if isinstance(one, Part))
    joined = {"arm_groups", "interventions"} if "intervention" in absent or absent == "design_groups" else set()
    for field in first.fields - joined:
        assert getattr(first.trial, field) == getattr(FIRST, field)
    assert TOLD.get(absent, set()).isdisjoint(first.fields)
    kept = {"countries", "has_results"}.union(*(fields for name, fields in TOLD.items() if name != absent))
    assert kept <= first.fields


def test_without_a_column_nothing_is_known_of_what_it_tells():
    (record,) = read({"studies": "nct_id|brief_title|phase\nNCT00000001|T|PHASE1\n"})
    assert record.fields == {"nct_id", "brief_title", "phases"}
    assert record.trial.has_results is None


def test_countries_come_from_their_own_table_where_there_are_no_sites():
    countries = "nct_id|name|removed\nNCT00000001|Fiji|f\nNCT00000002|Peru|f\nNCT00000002|Chad|f\nNCT00000002|Cuba|t\n"
    first, second = read(some("studies", "facilities") | {"countries": countries})
    assert (first.trial.countries, second.trial.countries) == (("Norway", "United States"), ("Chad", "Peru"))
    first, second = read(some("studies") | {"countries": countries})
    assert (first.trial.countries, second.trial.countries) == (("Fiji",), ("Chad", "Peru"))
    assert ("countries" in first.fields, "locations" in first.fields) == (True, False)


def test_without_studies_the_other_tables_make_parts():
    records = read(some("conditions", "keywords"))
    assert records == [
        Part(
            Trial(nct_id="NCT00000001", has_results=None, conditions=("Cold", "Cough"), keywords=("lozenge", "zinc")),
            frozenset({"nct_id", "conditions", "keywords"}),
        ),
        Part(
            Trial(nct_id="NCT00000002", has_results=None, conditions=("Cold",)),
            frozenset({"nct_id", "conditions", "keywords"}),
        ),
    ]


def test_a_trial_without_a_row_in_studies_is_read_and_counted():
    *records, notice = read(some("studies", "keywords") | {"conditions": "nct_id|name\nNCT00000003|Cold\n"})
    assert [record.trial.nct_id for record in records] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert records[2].fields == {"nct_id", "conditions"}
    assert (notice.file, notice.position) == ("download.zip/studies.txt", "whole file")
    assert notice.reason.startswith("1 trials of other tables have no row here")


def test_of_an_excerpt_only_what_has_rows_is_known():
    """Every trial has conditions, so one without shows that the tables were cut."""
    tables = some("studies", "keywords") | {"conditions": "nct_id|name\nNCT00000001|Cold\n"}
    whole, cut = read(tables)
    assert {"conditions", "keywords"} <= whole.fields
    assert {"conditions", "keywords"}.isdisjoint(cut.fields)
    assert cut.fields == read(some("studies"))[1].fields


def test_rows_without_ids_keep_the_order_of_the_file():
    text = "nct_id|name\nNCT00000001|b\nNCT00000001|c\nNCT00000001|a\n"
    (trial,) = trials(read({"conditions": text}))
    assert trial.conditions == ("b", "c", "a")


@given(order=st.permutations(range(8, 20)))
def test_rows_follow_their_ids_as_numbers(order):
    rows = "".join(f"{n}|NCT00000001|c{n}\n" for n in order)
    (trial,) = trials(read({"conditions": f"id|nct_id|name\n{rows}"}))
    assert trial.conditions == tuple(f"c{n}" for n in range(8, 20))


def test_ids_that_a_spreadsheet_has_rounded_keep_rows_and_join_none():
    groups = "id|nct_id|group_type|title\n9.3E+07|NCT00000001|OTHER|b\n9.3E+07|NCT00000001|OTHER|a\n"
    (trial,) = trials(
        read(
            {
                "design_groups": groups,
                "interventions": "id|nct_id|intervention_type|name\n1|NCT00000001|DRUG|x\n",
                "design_group_interventions": "nct_id|design_group_id|intervention_id\nNCT00000001|9.3E+07|1\n",
            }
        )
    )
    assert [(arm.label, arm.intervention_names) for arm in trial.arm_groups] == [("b", ()), ("a", ())]


def test_a_table_in_two_parts_is_one_and_a_table_given_twice_counts_once():
    header, *rows = TABLES["conditions"].splitlines(keepends=True)
    parts = {"conditions_1.txt": header + rows[0], "conditions_2.txt": header + "".join(rows[1:])}
    assert read(parts) == read(some("conditions"))
    twice = {f"{copy}/{name}.txt": text for copy in "ab" for name, text in TABLES.items()}
    assert read(twice) == read(TABLES)


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


def test_a_table_that_only_joins_others_is_set_aside_without_them():
    rejection, *records = read(some("studies", "intervention_other_names"))
    assert rejection.reason == "it says nothing without the table interventions"
    assert len(trials(records)) == 2


def test_a_trial_of_which_only_rows_that_join_others_are_left_is_set_aside():
    others = "nct_id|intervention_id|name\nNCT00000005|3|x\n"
    record, rejection = read(some("interventions") | {"intervention_other_names": others})
    assert record.trial.nct_id == "NCT00000001"
    assert (rejection.nct_id, rejection.reason) == ("NCT00000005", "its rows say nothing without those of other tables")


BAD_ROWS = {
    "1|NCT00000001": "it has 2 cells, and the header 3",
    "1|NCT00000001|a|b": "it has 4 cells, and the header 3",
    "1|ISRCTN12345|a": "'ISRCTN12345' is no NCT id",
    "1||a": "'' is no NCT id",
    f"1|NCT00000001|{'x' * 140_000}": "it cannot be read, perhaps for want of a quotation mark (the row is longer",
    f"1|NCT00000001|{'x' * 1_100_000}": "it cannot be read, perhaps for want of a quotation mark (the row is longer",
}


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_a_bad_row_is_set_aside_with_table_row_and_reason_and_the_others_are_read(bad):
    text = f'id|nct_id|name\n1|NCT00000001|"a\nb"\n{bad}\n3|NCT00000001|c\n'
    *rejections, record = read({"x/conditions.txt": text})
    assert rejections[0].file == "x/conditions.txt"
    assert rejections[0].position == "conditions, row 2 (line 4)"
    assert rejections[0].reason.startswith(BAD_ROWS[bad])
    assert record.trial.conditions == ("a\nb", "c")


def test_tables_without_rows_say_that_they_tell_of_no_trial():
    (only,) = read({"studies": "nct_id|brief_title\n", "keywords": "id|nct_id|name\n"})
    assert "none of its rows" in only.reason


def test_empty_rows_as_spreadsheets_leave_them_are_none():
    assert len(trials(read({"conditions.csv": "id,nct_id,name\n,,\n\n1,NCT00000001,a\n,,\n"}))) == 1


def test_a_table_that_ends_inside_a_quoted_cell_says_where_that_began():
    record, rejection = read({"conditions": 'id|nct_id|name\n1|NCT00000001|a\n2|NCT00000001|"b\n3|NCT00000001|c\n'})[
        ::-1
    ]
    assert record.trial.conditions == ("a",)
    assert rejection.position == "conditions, row 2 (lines 3 to 4)"
    assert "ends inside a quoted cell" in rejection.reason


def test_rows_that_a_missing_quotation_mark_joins_are_named_by_their_lines():
    rows = "".join(f"{n}|NCT00000001|c{n}\n" for n in range(20_000))
    rejections = [
        one for one in read({"conditions": f'id|nct_id|name\n0|NCT00000001|"a\n{rows}'}) if isinstance(one, Rejection)
    ]
    assert rejections[0].position.startswith("conditions, row 1 (lines 2 to ")
    assert "quotation mark" in rejections[0].reason


def test_a_row_of_endless_lines_ends():
    lines = "".join(f'"a{n}\nb",' for n in range(200_000))
    found = read({"conditions.csv": f"id,nct_id,name\n1,NCT00000001,{lines}\n2,NCT00000001,c\n"})
    assert any("longer than 128 KiB" in one.reason for one in found if isinstance(one, Rejection))
    assert found[-1].trial.conditions == ("c",)


def test_a_field_of_the_wrong_shape_sets_the_trial_aside_by_name():
    header = "nct_id|brief_title|enrollment|start_date\n"
    rows = "NCT00000001|T|many|\nNCT00000002|T||sometime in May\nnct 3|T|12|\n"
    first, second, third = read({"studies": header + rows})
    assert (first.nct_id, first.file) == ("NCT00000001", "download.zip/studies.txt")
    assert "enrollmentCount" in first.reason
    assert "startDate.date" in second.reason
    assert (third.trial.nct_id, third.trial.enrollment_count) == ("NCT00000003", 12)


def test_bytes_that_are_no_text_are_replaced():
    (trial,) = trials(read({"conditions": b"id|nct_id|name\n1|NCT00000001|caf\xe9 \xc2\xb5\n"}))
    assert trial.conditions == ("caf\ufffd \u00b5",)


@given(data=st.data())
def test_mutated_bytes_give_parts_and_rejections_and_never_an_exception(data):
    contents = {}
    for name in data.draw(st.sets(st.sampled_from(sorted(TABLES)), min_size=1, max_size=5)):
        content = bytearray(TABLES[name].encode())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
            content[place : place + data.draw(st.integers(0, 3))] = data.draw(
                st.binary(max_size=3) | st.sampled_from([b'"', b"|", b"\n", b"\x00", b",", b"\r"])
            )
        contents[name] = bytes(content)
    assert all(isinstance(record, Part | Rejection) for record in read(contents))


@given(content=st.binary(max_size=200) | st.text('nct_id|,\n" \r\x00NCT012', max_size=60).map(str.encode))
def test_any_bytes_give_parts_and_rejections_and_never_an_exception(content):
    assert all(isinstance(record, Part | Rejection) for record in read({"studies": content}))
    assert isinstance(is_table(content), bool)


def test_a_table_of_twenty_megabytes_is_read_in_few_megabytes_of_memory():
    noise, numbers = Random(1), list(range(1, 2001))
    noise.shuffle(numbers)

    def rows():
        yield b"id|nct_id|description\n"
        for n in numbers:
            yield f"{n}|NCT{n:08d}|{noise.randbytes(5000).hex()}\n".encode()

    with AactTables() as aact:
        tracemalloc.start()
        try:
            assert list(aact.add(io.BufferedReader(_Stream(rows())), "brief_summaries.txt")) == []
            found = [record.trial.nct_id for record in aact.records()]
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()
    assert found == [f"NCT{n:08d}" for n in range(1, 2001)]


class _Stream(io.RawIOBase):
    def __init__(self, blocks):
        self._blocks, self._rest = blocks, b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_the_temporary_folder_is_gone_afterwards_and_a_refusing_disk_is_told(tmp_path):
    with AactTables(tmp_path) as aact:
        list(aact.add(io.BytesIO(TABLES["studies"].encode()), "studies.txt"))
        assert len(list(tmp_path.iterdir())) == 1
        next(aact.records())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError, match="TMPDIR"), AactTables(tmp_path / "absent"):
        pass


def test_a_full_disk_is_told(tmp_path):
    with AactTables(tmp_path) as aact:
        aact._database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(StorageError, match="full"):
            list(aact.add(io.BytesIO(TABLES["studies"].encode() * 500), "studies.txt"))


@pytest.fixture(scope="module")
def genuine(shared):
    """The rows of the genuine tables by table and trial, and what reading the tables gives."""
    paths = sorted((shared / "formats" / "aact").glob("*.csv"))
    rows = defaultdict(lambda: defaultdict(list))
    with AactTables() as aact:
        rejections = []
        for path in paths:
            with path.open(newline="", encoding="utf-8", errors="replace") as stream:
                for row in csv.DictReader(stream):
                    if row["nct_id"]:
                        rows[path.stem][row["nct_id"]].append(row)
            with path.open("rb") as stream:
                assert is_table(stream.peek(4096))
                rejections += aact.add(stream, str(path))
        assert rejections == []
        return rows, list(aact.records())


def test_the_genuine_tables_give_each_trial_that_they_name(genuine):
    rows, (*records, notice) = genuine
    named = set().union(*rows.values())
    assert [record.trial.nct_id for record in records] == sorted(named)
    assert len(rows["studies"]) == 29
    assert notice.reason.startswith(f"{len(named) - 29} trials of other tables have no row here")


def test_each_cell_of_the_genuine_studies_lands_in_its_trial(genuine):
    rows, records = genuine
    found = {record.trial.nct_id: record.trial for record in records[:-1]}
    for nct_id, (row,) in rows["studies"].items():
        trial = found[nct_id]
        for column in ("brief_title", "official_title", "acronym", "why_stopped"):
            assert getattr(trial, column) == (plain_text(row[column]) or None)
        for column in ("overall_status", "study_type", "enrollment_type"):
            assert getattr(trial, column) == code(row[column])
        assert trial.organization == Sponsor(name=row["source"], class_=code(row["source_class"]))
        assert list(trial.phases) == phases(row["phase"])
        assert trial.enrollment_count == (int(row["enrollment"]) if row["enrollment"] else None)
        assert trial.has_results == bool(row["results_first_posted_date"])
        assert trial.study_first_post_date == date(row["study_first_posted_date"])
        assert trial.last_update_post_date == date(row["last_update_posted_date"])


@pytest.mark.parametrize("what", ["start", "primary_completion", "completion"])
def test_each_date_of_the_genuine_studies_is_as_precise_as_the_registry_has_it(genuine, what):
    rows, records = genuine
    found = {record.trial.nct_id: getattr(record.trial, f"{what}_date") for record in records[:-1]}
    for nct_id, (row,) in rows["studies"].items():
        told = found[nct_id]
        if told is None:
            assert not row[f"{what}_date"]
        else:
            assert told.date == date(row[f"{what}_month_year"])
            assert date(row[f"{what}_date"]).startswith(told.date)
            assert told.type == code(row[f"{what}_date_type"])
    assert {len(told.date) for told in found.values() if told is not None} == {7, 10}


def test_each_row_of_the_other_genuine_tables_lands_in_its_trial(genuine):
    rows, records = genuine
    for record in records[:-1]:
        trial, of_trial = (
            record.trial,
            {name: sorted(table[record.trial.nct_id], key=_id) for name, table in rows.items()},
        )
        summaries = [plain_text(row["description"]) for row in of_trial["brief_summaries"]]
        assert trial.brief_summary == (summaries[-1] if summaries else None)
        assert list(trial.conditions) == [row["name"] for row in of_trial["conditions"]]
        assert list(trial.countries) == sorted(
            row["name"] for row in of_trial["countries"] if row["removed"] == "FALSE"
        )
        for kind in ("condition", "intervention"):
            for what, mesh_type in (("meshes", "mesh-list"), ("ancestors", "mesh-ancestor")):
                terms = [one.term for one in getattr(trial, f"{kind}_{what}")]
                of_kind = of_trial[f"browse_{kind}s"]
                assert terms == [row["mesh_term"] for row in of_kind if row["mesh_type"] == mesh_type]
        for field, table in (("conditions", "conditions"), ("countries", "countries"), ("brief_title", "studies")):
            assert (field in record.fields) == bool(of_trial[table])


def _id(row):
    return int(row.get("id", 0))
