import pytest

from support.csv_download import NEW, OLD, one


def test_the_design_of_an_observation_is_read_where_a_download_gives_one():
    old = one(OLD | {"Study Designs": "Observational Model: Case-Control|Time Perspective: Cross-Sectional"})
    assert (old.trial.observational_model, old.trial.time_perspective) == ("CASE_CONTROL", "CROSS_SECTIONAL")
    empty = one(NEW | {"Study Design": "Observational Model: |Time Perspective: p"})
    assert (empty.trial.observational_model, empty.trial.time_perspective) == (None, None)
    assert not {"observational_model", "time_perspective"} & empty.fields
    mended = one(NEW | {"Study Design": "Observational Model: COHORT|Time Perspective: PROSPECTIVE"})
    assert mended.trial.observational_model == "COHORT"
    assert {"observational_model", "time_perspective"} <= mended.fields


@pytest.mark.parametrize(
    ("age", "low", "high", "groups"),
    [
        ("28 Weeks to 40 Weeks \xa0 (Child)", "28 Weeks", "40 Weeks", ("CHILD",)),
        ("18 Years and older \xa0 (Adult, Older Adult)", "18 Years", None, ("ADULT", "OLDER_ADULT")),
        ("up to 65 Years \xa0 (Child, Adult, Older Adult)", None, "65 Years", ("CHILD", "ADULT", "OLDER_ADULT")),
        ("Up to 1 Month", None, "1 Month", ()),
        ("1 Hour to 30 Days (Child)", "1 Hour", "30 Days", ("CHILD",)),
        ("Child, Adult, Older Adult", None, None, ("CHILD", "ADULT", "OLDER_ADULT")),
        ("CHILD, OLDER_ADULT", None, None, ("CHILD", "OLDER_ADULT")),
        ("", None, None, ()),
    ],
)
def test_ages_are_limits_and_groups(age, low, high, groups):
    trial = one(OLD | {"Age": age}).trial
    assert (trial.minimum_age, trial.maximum_age, trial.std_ages) == (low, high, groups)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("DRUG: A|B 5 mg|DEVICE: C", [("DRUG", "A|B 5 mg"), ("DEVICE", "C")]),
        ("Procedure: Cut: deep|Diagnostic Test: Blood", [("PROCEDURE", "Cut: deep"), ("DIAGNOSTIC_TEST", "Blood")]),
        ("Plain name|Another", [(None, "Plain name"), (None, "Another")]),
        ("Ratio: a name", [(None, "Ratio: a name")]),
        ("DRUG: |OTHER: Diet", [("OTHER", "Diet")]),
    ],
)
def test_interventions_are_types_and_names(cell, found):
    assert [(each.type, each.name) for each in one(NEW | {"Interventions": cell}).trial.interventions] == found


@pytest.mark.parametrize(
    ("cell", "measure", "description", "time"),
    [
        ("Urate", "Urate", None, None),
        ("Urate in blood, Up to 2 years", "Urate in blood", None, "Up to 2 years"),
        ("Urate, Measured twice., From day 1, at 4.5 weeks", "Urate", "Measured twice.", "From day 1, at 4.5 weeks"),
        ("Urate, blood and urine", "Urate, blood and urine", None, None),
        ("Urate, Urate in blood, 2 weeks", "Urate, Urate in blood, 2 weeks", None, None),
        ("Pain, of feet, And of hands., Week 1", "Pain, of feet, And of hands.", None, "Week 1"),
        (
            "Pain, The scale has no end. It is open., by phone",
            "Pain, The scale has no end. It is open., by phone",
            *[None] * 2,
        ),
    ],
)
def test_outcomes_are_parted_only_where_it_is_certain(cell, measure, description, time):
    (found,) = one(NEW | {"Primary Outcome Measures": cell}).trial.primary_outcomes
    assert (found.measure, found.description, found.time_frame) == (measure, description, time)


@pytest.mark.parametrize(
    ("cell", "site"),
    [
        ("Egypt", "-; -; -; -; Egypt"),
        ("Cairo, Egypt", "-; Cairo; -; -; Egypt"),
        ("Invented Clinic, Cairo, Egypt", "Invented Clinic; Cairo; -; -; Egypt"),
        ("Invented Clinic, Graz, 8010, Austria", "Invented Clinic; Graz; -; 8010; Austria"),
        ("Invented Clinic, Leeds, LS9 7TF, United Kingdom", "Invented Clinic; Leeds; -; LS9 7TF; United Kingdom"),
        ("Invented Clinic, Gent, 9000 Gent, Belgium", "Invented Clinic; Gent; -; 9000 Gent; Belgium"),
        ("Invented Clinic, Praha 5, Czechia", "Invented Clinic; Praha 5; -; -; Czechia"),
        ("Invented Clinic, Jinan, Shandong, China", "Invented Clinic; Jinan; Shandong; -; China"),
        ("Clinic, Faculty of Art, Zagazig, Egypt", "Clinic, Faculty of Art; Zagazig; -; -; Egypt"),
        (
            "A, Inc., Wing B, Austin, Texas, 78712, United States",
            "A, Inc., Wing B; Austin; Texas; 78712; United States",
        ),
        ("Hall, College Park, Maryland, United States", "Hall; College Park; Maryland; -; United States"),
        ("New York, New York, United States", "-; New York; New York; -; United States"),
        ("Invented Clinic, Quebec, G2J 0C4, Canada", "Invented Clinic; Quebec; -; G2J 0C4; Canada"),
        ("Clinic, Chisinau, MD-2025, Moldova, Republic of", "Clinic; Chisinau; -; MD-2025; Moldova, Republic of"),
        ("Clinic, Tehran, Iran, Islamic Republic of", "Clinic; Tehran; -; -; Iran, Islamic Republic of"),
        (
            "Clinic, Skopje, Macedonia, The Former Yugoslav Republic of",
            "Clinic; Skopje; -; -; Macedonia, The Former Yugoslav Republic of",
        ),
    ],
)
def test_locations_are_read_from_their_ends(cell, site):
    (found,) = one(NEW | {"Locations": cell}).trial.locations
    parts = (found.facility, found.city, found.state, found.zip, found.country)
    assert "; ".join(part or "-" for part in parts) == site


def test_study_types_of_the_older_download_are_codes():
    assert one(OLD | {"Study Type": "Observational [Patient Registry]"}).trial.study_type == "OBSERVATIONAL"
    assert one(OLD | {"Study Type": "Expanded Access:Individual Patients"}).trial.study_type == "EXPANDED_ACCESS"


@pytest.mark.parametrize(("cell", "found"), [("Has Results", True), ("No Results Available", False), ("NO", False)])
def test_results_are_yes_or_no_in_the_words_of_either_download(cell, found):
    assert one({"NCT Number": "NCT00000001", "Study Results": cell}).trial.has_results is found


def test_text_that_starts_a_line_with_an_nct_number_does_not_start_a_row():
    summary = "It follows\nNCT00000007, an older trial,\nNCT00000008 and others."
    assert one(NEW | {"Brief Summary": summary}).trial.brief_summary == summary


def test_a_cell_of_a_megabyte_is_read():
    assert len(one(NEW | {"Brief Summary": "x" * (1 << 20)}).trial.brief_summary) == 1 << 20
