import pytest

from support.trial_page import EXPECTED, SECTIONS, TOP, names_of, only, page, read
from trialkin.data import Trial
from trialkin.data.trial_page import HEADINGS, is_trial_page

BOM = b"\xef\xbb\xbf"

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
