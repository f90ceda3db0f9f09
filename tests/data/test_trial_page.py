import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.data.records import Part, Rejection
from trialkin.data.trial_page import HEADINGS, is_trial_page, read_page

BOM = b"\xef\xbb\xbf"
SECTIONS = {
    "Study Results": "Outcomes are not published for this invented trial yet.",
    "Basic Information": "RECRUITING\nPHASE2\nPHASE3\n1,200 participants\nINTERVENTIONAL\n2025-07-01\n2027-07",
    "Brief Summary": "A short text.\n\nConditions\n\nIts second part.",
    "Related Clinical Trials": "Near trial\nNCT00000021\nNearer trial\nNCT00000022",
    "Detailed Description": "A long text\nover two lines.",
    "Conditions": "Gout\nKidney Stones",
    "Study Design": "RANDOMIZED\nPARALLEL\nTREATMENT\nDOUBLE",
    "Study Groups": "Inventin with diet\nBoth together.\nInventin\n5 mg each day for a year\nDiet\n"
    "little meat and no beer\nDiet\nDiet by itself.\nDiet\nlittle meat and no beer",
    "Interventions": "Inventin\n5 mg each day for a year\nDiet\nlittle meat and no beer",
    "Eligibility Criteria": "Inclusion Criteria\n* Gout for 1 year\n\nExclusion Criteria\n* Age\n18 Years\n70 Years\n"
    "FEMALE\nYes",
    "Sponsors": "Invented Pharma, Inc.\nINDUSTRY\nInvented University\nOTHER",
    "Responsible Party": "A. Person",
    "Principal Investigators": "A. Person\nRole: PRINCIPAL_INVESTIGATOR\nInvented University\n"
    "B. Person\nRole: STUDY_CHAIR\nInvented Hospital",
    "Locations": "Invented Clinic, Wing B\nGraz, , Austria\nInvented Hospital\nBoston, Massachusetts, United States",
    "Countries": "Austria\nUnited States\nItaly",
    "Central Contacts": "A. Person",
    "Other Identifiers": "INV-1\nIdentifier Type: -\nIdentifier Source: org_study_id\n"
    "2020-000001-11\nIdentifier Type: EUDRACT_NUMBER\nIdentifier Source: secondary_id\n"
    "NCT00000031\nIdentifier Type: -\nIdentifier Source: nct_alias",
    "More Related Trials": "Far trial\nNCT00000023\nNear trial\nNCT00000021",
}
TOP = "Invented trial of gout\nNCT ID: NCT00000001\nLast Updated: 2025-07-10"


def page(sections=SECTIONS, top=TOP, explained=True):
    parts = [top]
    for heading, text in sections.items():
        explanation = [f"Review what this says about {heading}."] if explained and heading != "Study Results" else []
        parts += [heading, *explanation, *([text] if text else [])]
    return "\n".join(parts).encode()


def read(content):
    return list(read_page(io.BytesIO(content), "page.txt"))


def only(heading, text):
    """The record of a page of one section."""
    (record,) = read(page({heading: text}))
    return record


def names_of(record):
    return {field for field, value in record.trial if value not in (None, ())}


EXPECTED = {
    "nct_id": "NCT00000001",
    "nct_id_aliases": ["NCT00000031"],
    "org_study_id": "INV-1",
    "secondary_ids": [{"id": "2020-000001-11", "type": "EUDRACT_NUMBER", "domain": "secondary_id"}],
    "brief_title": "Invented trial of gout",
    "overall_status": "RECRUITING",
    "start_date": {"date": "2025-07-01"},
    "completion_date": {"date": "2027-07"},
    "last_update_post_date": "2025-07-10",
    "has_results": False,
    "lead_sponsor": {"name": "Invented University", "class": "OTHER"},
    "collaborators": [{"name": "Invented Pharma, Inc.", "class": "INDUSTRY"}],
    "brief_summary": "A short text.\n\nConditions\n\nIts second part.",
    "detailed_description": "A long text\nover two lines.",
    "conditions": ["Gout", "Kidney Stones"],
    "study_type": "INTERVENTIONAL",
    "phases": ["PHASE2", "PHASE3"],
    "allocation": "RANDOMIZED",
    "intervention_model": "PARALLEL",
    "primary_purpose": "TREATMENT",
    "masking": "DOUBLE",
    "enrollment_count": 1200,
    "arm_groups": [
        {"label": "Inventin with diet", "description": "Both together.", "intervention_names": ["Inventin", "Diet"]},
        {"label": "Diet", "description": "Diet by itself.", "intervention_names": ["Diet"]},
    ],
    "interventions": [
        {
            "name": "Inventin",
            "description": "5 mg each day for a year",
            "arm_group_labels": ["Inventin with diet"],
        },
        {
            "name": "Diet",
            "description": "little meat and no beer",
            "arm_group_labels": ["Inventin with diet", "Diet"],
        },
    ],
    "eligibility_criteria": "Inclusion Criteria\n- Gout for 1 year\n\nExclusion Criteria\n- Age",
    "healthy_volunteers": True,
    "sex": "FEMALE",
    "minimum_age": "18 Years",
    "maximum_age": "70 Years",
    "minimum_age_years": 18.0,
    "maximum_age_years": 70.0,
    "overall_officials": [
        {"name": "A. Person", "role": "PRINCIPAL_INVESTIGATOR", "affiliation": "Invented University"},
        {"name": "B. Person", "role": "STUDY_CHAIR", "affiliation": "Invented Hospital"},
    ],
    "locations": [
        {"facility": "Invented Clinic, Wing B", "city": "Graz", "country": "Austria"},
        {"facility": "Invented Hospital", "city": "Boston", "state": "Massachusetts", "country": "United States"},
        {"country": "Italy"},
    ],
    "countries": ["Austria", "Italy", "United States"],
    "references": [
        {"citation": "Near trial", "nct_id": "NCT00000021", "type": "RELATED"},
        {"citation": "Nearer trial", "nct_id": "NCT00000022", "type": "RELATED"},
        {"citation": "Far trial", "nct_id": "NCT00000023", "type": "RELATED"},
    ],
}

FORMS = {
    "as it is": bytes,
    "with Windows line ends": lambda content: content.replace(b"\n", b"\r\n"),
    "with a byte order mark": lambda content: BOM + content,
    "with a line end": lambda content: content + b"\n",
    "with blanks around lines": lambda content: content.replace(b"\n", b" \t\n  "),
    "after what stands above a page": lambda content: b"Home\n\n" + content,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_section_lands_in_its_fields_whatever_the_form(form):
    content = FORMS[form](page())
    assert is_trial_page(content[:200])
    (record,) = read(content)
    assert record.trial == Trial.model_validate(EXPECTED)
    assert record.fields == names_of(record)


@pytest.mark.parametrize("explained", [True, False])
def test_sections_in_another_order_and_blank_lines_between_them_read_the_same(explained):
    sections = dict(reversed(SECTIONS.items())) | {"Brief Summary": "One line of text"}
    content = page(sections, explained=explained).replace(b"\nSponsors\n", b"\n\n\nSponsors\n\n")
    (record,) = read(content)
    assert record.fields == names_of(record) == names_of(read(page())[0])
    assert record.trial.collaborators[0].name == "Invented Pharma, Inc."
    assert record.trial.conditions == ("Gout", "Kidney Stones")


@pytest.mark.parametrize("absent", SECTIONS)
def test_a_section_that_is_absent_or_empty_is_not_known_and_the_others_are_read(absent):
    rest = {heading: text for heading, text in SECTIONS.items() if heading != absent}
    (whole,), (without,), (empty,) = read(page()), read(page(rest)), read(page(SECTIONS | {absent: ""}))
    assert (without.trial, without.fields) == (empty.trial, empty.fields)
    sites = {"locations"} if absent == "Locations" else set()  # countries by themselves are no sites
    assert without.fields == names_of(without) - sites <= whole.fields
    carried = {"Responsible Party", "Central Contacts", "More Related Trials", "Related Clinical Trials", "Countries"}
    assert without.fields < whole.fields or absent in carried


@pytest.mark.parametrize("last", HEADINGS)
def test_a_page_that_ends_with_any_heading_is_read(last):
    (record,) = read(page({"Conditions": "Gout"}) + f"\n{last}".encode())
    assert record.trial.brief_title == "Invented trial of gout"


def test_a_page_of_nothing_but_its_top_is_known_and_read():
    assert is_trial_page(TOP.encode())
    (record,) = read(TOP.encode())
    assert record.fields == {"nct_id", "brief_title", "last_update_post_date"}


@pytest.mark.parametrize("gap", [b"\n", b"\r\n\r\n\r\n"])
def test_pages_after_one_another_are_read_one_by_one(gap):
    second = page(top="Second trial\nNCT ID: NCT00000002\nLast Updated: 2025-01-01")
    third = page(top="Third trial\nNCT ID: NCT00000003")
    records = read(gap.join([page(), second, BOM + third]))
    assert [record.trial.nct_id for record in records] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert [record.trial.brief_title for record in records[1:]] == ["Second trial", "Third trial"]
    assert records[0] == read(page())[0]
    assert len({record.fields - {"last_update_post_date"} for record in records}) == 1


@pytest.mark.parametrize(
    "head",
    [
        *(b"", b"\n\n", b'{"protocolSection": {}}', b"NCT Number,Study Title\n", b"<clinical_study>"),
        *(b"A text that speaks of NCT ID: NCT00000001 and more\n", b"Title\nNCT00000001\n", b"\xff\xfe\x00\x01"),
        b"A note\nNCT ID: NCT00000001\nwas read yesterday\n",
    ],
)
def test_other_files_are_no_pages(head):
    assert not is_trial_page(head)


@pytest.mark.parametrize("bad", ["", "ISRCTN1", "pending"])
def test_a_page_without_an_nct_id_is_set_aside_by_its_line_and_the_next_is_read(bad):
    content = page(top=f"Title\nNCT ID: {bad}\nLast Updated: 2025-07-10") + b"\n" + page()
    rejection, record = read(content)
    assert rejection.position == "line 1"
    assert "no NCT id" in rejection.reason
    assert record.trial.nct_id == "NCT00000001"


def test_a_text_that_is_no_page_is_set_aside():
    (rejection,) = read(b"Some text\nof two lines\n")
    assert "NCT ID" in rejection.reason


def test_a_page_longer_than_the_limit_is_set_aside_and_the_next_is_read():
    long = page({"Detailed Description": "word\n" * 300_000})
    rejection, record = read(long + b"\n" + page())
    assert "1 MiB" in rejection.reason
    assert record.trial == Trial.model_validate(EXPECTED)
    (alone,) = read(page({"Detailed Description": "x" * (2 << 20)}))
    assert isinstance(alone, Rejection)


def test_a_date_that_is_none_sets_the_page_aside_with_its_id():
    (rejection,) = read(page(top="Title\nNCT ID: NCT00000001\nLast Updated: some day"))
    assert rejection.nct_id == "NCT00000001"
    assert "some day" in rejection.reason


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-01-01\nOBSERVATIONAL\nCOMPLETED", {"start_date", "study_type", "overall_status"}),
        ("PHASE1/PHASE2", {"phases"}),
        ("July 1, 2025\nAugust 2026\n2027-01-01", {"start_date", "primary_completion_date", "completion_date"}),
        ("1 participant", {"enrollment_count"}),
        ("something else\n-", set()),
    ],
)
def test_basic_information_is_told_by_the_shape_of_each_line(text, found):
    record = only("Basic Information", text)
    assert record.fields - {"nct_id", "brief_title", "last_update_post_date"} == found
    assert record.fields == names_of(record)


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("INTERVENTIONAL", "OTHER\nNA\nSINGLE_GROUP\nNONE", {"primary_purpose": "OTHER", "allocation": "NA"}),
        ("INTERVENTIONAL", "QUADRUPLE\nFACTORIAL\nNON_RANDOMIZED\nBASIC_SCIENCE", {"masking": "QUADRUPLE"}),
        ("INTERVENTIONAL", "Single Group Assignment\nNone (Open Label)", {"masking": "NONE"}),
        ("OBSERVATIONAL", "COHORT\nOTHER", {"observational_model": "COHORT", "time_perspective": "OTHER"}),
        ("OBSERVATIONAL", "OTHER\nPROSPECTIVE", {"observational_model": "OTHER", "time_perspective": "PROSPECTIVE"}),
        (None, "CROSS_SECTIONAL\nOTHER", {"observational_model": "OTHER", "primary_purpose": None}),
    ],
)
def test_a_design_is_told_by_its_codes_in_any_order(kind, text, found):
    sections = {"Basic Information": kind, "Study Design": text}
    (record,) = read(page(sections))
    assert {name: getattr(record.trial, name) for name in found} == found
    assert record.fields == names_of(record)


@pytest.mark.parametrize(
    ("end", "low", "high", "sex", "healthy"),
    [
        ("18 Years\n70 Years\nALL\nNo", "18 Years", "70 Years", "ALL", False),
        ("6 Months\nMALE\nYes", "6 Months", None, "MALE", True),
        ("N/A\n17 Years\nFEMALE", None, "17 Years", "FEMALE", None),
        ("ALL", None, None, "ALL", None),
        ("", None, None, None, None),
    ],
)
def test_ages_sex_and_volunteers_stand_below_the_criteria(end, low, high, sex, healthy):
    record = only("Eligibility Criteria", f"* Gout\n* No\n{end}")
    trial = record.trial
    assert (trial.minimum_age, trial.maximum_age, trial.sex, trial.healthy_volunteers) == (low, high, sex, healthy)
    assert trial.eligibility_criteria == "- Gout\n- No"
    assert ("maximum_age" in record.fields) == (high is not None)


def test_interventions_without_descriptions_are_told_apart_by_the_groups():
    sections = {
        "Study Groups": "Arm A\nFirst arm.\nInventin\nArm B\nSecond arm.\ninert tablet",
        "Interventions": "Inventin\ninert tablet",
    }
    (record,) = read(page(sections))
    assert [(each.name, each.arm_group_labels) for each in record.trial.interventions] == [
        ("Inventin", ("Arm A",)),
        ("inert tablet", ("Arm B",)),
    ]
    assert [arm.description for arm in record.trial.arm_groups] == ["First arm.", "Second arm."]


def test_descriptions_of_several_lines_and_arms_without_interventions_are_kept_whole():
    description = "Exercise takes place at home.\n- on Monday\n- on Friday;"
    first = f"Exercise\nPeople who exercise\nat home.\nTraining\n{description}"
    groups = f"{first}\nUsual care\nNO_INTERVENTION\nNothing is changed."
    (record,) = read(page({"Study Groups": groups, "Interventions": f"Training\n{description}"}))
    first, second = record.trial.arm_groups
    assert (first.label, first.description, first.intervention_names) == (
        "Exercise",
        "People who exercise\nat home.",
        ("Training",),
    )
    assert (second.label, second.type, second.description) == ("Usual care", "NO_INTERVENTION", "Nothing is changed.")
    assert record.trial.interventions[0].description == description


def test_sites_without_a_facility_or_a_place_are_kept():
    text = "Graz, , Austria\nInvented Clinic\nRECRUITING\nJinan, Shandong, China\n"
    record = only("Locations", text + "Boston, Massachusetts, United States\nLone Hospital")
    assert [(site.facility, site.status, site.city, site.country) for site in record.trial.locations] == [
        (None, None, "Graz", "Austria"),
        ("Invented Clinic", "RECRUITING", "Jinan", "China"),
        (None, None, "Boston", "United States"),
        ("Lone Hospital", None, None, None),
    ]


def test_countries_alone_are_countries_and_no_sites():
    record = only("Countries", "Austria\nKorea, Republic of")
    assert record.trial.countries == ("Austria", "Korea, Republic of")
    assert "countries" in record.fields
    assert "locations" not in record.fields


def test_a_related_trial_without_a_title_is_kept_by_its_id():
    record = only("Related Clinical Trials", "NCT00000021\nTitle\nNCT00000022\nA title without an id")
    assert [(each.nct_id, each.citation) for each in record.trial.references] == [
        ("NCT00000021", None),
        ("NCT00000022", "Title"),
    ]


def test_results_that_are_there_are_not_denied():
    record = only("Study Results", "Outcomes of 120 people can be seen. No deaths were reported.")
    assert record.trial.has_results is None
    assert "has_results" not in record.fields


@given(data=st.data())
def test_a_mutated_page_gives_records_and_rejections_and_never_raises(data):
    content = bytearray(page() + b"\n" + page(explained=data.draw(st.booleans())))
    pieces = st.binary(max_size=3) | st.sampled_from(
        [b"\n", b"\nNCT ID: ", b"\nConditions\n", b",", b":", b"\r", b"\x00"]
    )
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=10)):
        content[place : place + data.draw(st.integers(0, 5))] = data.draw(pieces)
    cut = data.draw(st.integers(1, len(content)))
    for mutated in (bytes(content), bytes(content[:cut]), bytes(content[-cut:])):
        is_trial_page(mutated)
        records = read(mutated)
        assert records or not mutated.strip()
        assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.lists(st.sampled_from([*HEADINGS, *"\n".join([TOP, *SECTIONS.values()]).split("\n")]) | st.text(max_size=20)))
def test_lines_in_any_order_give_records_and_rejections(lines):
    records = read("\n".join(lines).encode())
    assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.sampled_from(HEADINGS), st.text(max_size=200))
def test_any_text_in_any_section_gives_records_and_rejections(heading, text):
    records = read(page({heading: text}))
    assert all(isinstance(record, Part | Rejection) for record in records)


@pytest.fixture(scope="module")
def genuine(shared):
    path = shared / "reference" / "trial-page.txt"
    with path.open("rb") as stream:
        assert is_trial_page(stream.read(500))
        stream.seek(0)
        (record,) = read_page(stream, path.name)
    return record


def test_the_genuine_page_names_its_related_trials_in_order(genuine):
    references = genuine.trial.references
    ids = ["NCT05302024", "NCT06790888", "NCT07297563", "NCT07234019", "NCT01506414"]
    assert [each.nct_id for each in references] == ids
    assert all(each.type == "RELATED" and "ITP" in each.citation for each in references[1:])
    assert references[0].citation.endswith("Immune Thrombocytopenia")


def test_the_genuine_page_is_read_whole(genuine):
    trial = genuine.trial
    assert (trial.nct_id, trial.last_update_post_date, trial.has_results) == ("NCT07057778", "2025-07-10", False)
    assert trial.brief_title.startswith("Iguratimod Plus Low-dose Rituximab")
    assert (trial.overall_status, trial.phases, trial.study_type) == (
        "NOT_YET_RECRUITING",
        ("PHASE2",),
        "INTERVENTIONAL",
    )
    assert (trial.enrollment_count, trial.start_date.date, trial.completion_date.date) == (
        120,
        "2025-07-01",
        "2027-07-01",
    )
    design = (trial.allocation, trial.intervention_model, trial.primary_purpose, trial.masking)
    assert design == ("RANDOMIZED", "PARALLEL", "TREATMENT", "SINGLE")
    assert len(trial.detailed_description) > 500
    assert [(arm.label, arm.intervention_names) for arm in trial.arm_groups] == [
        ("Iguratimod plus low-dose rituximab", ("Iguratimod", "low-dose rituximab")),
        ("Low-dose rituximab", ("low-dose rituximab",)),
    ]
    assert [arm.description[:24] for arm in trial.arm_groups] == [
        "Low-dose rituximab was u",
        "Low-dose rituximab alone",
    ]
    assert [each.name for each in trial.interventions] == ["Iguratimod", "low-dose rituximab"]
    assert all("weeks" in each.description for each in trial.interventions)
    assert trial.eligibility_criteria.count("\n- ") == 10
    assert "10^9/L" in trial.eligibility_criteria
    assert (trial.minimum_age, trial.maximum_age, trial.sex, trial.healthy_volunteers) == (
        *("18 Years", "70 Years", "ALL"),
        False,
    )
    assert trial.lead_sponsor.name == "Peking University People's Hospital"
    assert [each.class_ for each in trial.collaborators] == ["OTHER_GOV", "OTHER", "OTHER", "OTHER"]
    assert [each.name for each in trial.overall_officials] == ["Xiaohui Zhang"]
    assert [(site.city, site.country) for site in trial.locations] == [("Beijing", "China")]
    assert (trial.countries, trial.org_study_id) == (("China",), "Pku-IGU-ITP-03")


def test_the_genuine_page_claims_nothing_that_the_copy_lost(genuine):
    assert not {"brief_summary", "conditions", "primary_outcomes", "keywords", "secondary_ids"} & genuine.fields
    assert {field for field, value in genuine.trial if value not in (None, ())} == genuine.fields
