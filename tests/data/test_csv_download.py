import csv
import io
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.data.csv_download import is_csv_download, read_csv
from trialkin.data.plain_text import plain_text
from trialkin.data.records import Part, Rejection

BOM = b"\xef\xbb\xbf"
NEW = {
    "NCT Number": "NCT00000001",
    "Study Title": "Invented drug, against gout",
    "Study URL": "https://clinicaltrials.gov/study/NCT00000001",
    "Acronym": "INVENT",
    "Study Status": "ACTIVE_NOT_RECRUITING",
    "Brief Summary": 'First line, with "quotes".\n\nSecond paragraph.',
    "Study Results": "YES",
    "Conditions": "Gout|Kidney Stones",
    "Interventions": "DRUG: Inventin 5 mg|DIETARY_SUPPLEMENT: Water: plain",
    "Primary Outcome Measures": "Urate, 12 weeks|Flares",
    "Secondary Outcome Measures": "Pain, Pain is marked from 0 to 10., Week 4, Week 12",
    "Other Outcome Measures": "Cost, in euros, and time",
    "Sponsor": "Invented University",
    "Collaborators": "Invented Pharma, Inc.|City of Nowhere",
    "Sex": "FEMALE",
    "Age": "ADULT, OLDER_ADULT",
    "Phases": "PHASE1|PHASE2",
    "Enrollment": "120",
    "Funder Type": "OTHER_GOV",
    "Study Type": "INTERVENTIONAL",
    "Study Design": "Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)"
    "|Primary Purpose: TREATMENT",
    "Other IDs": "INV-1|2020-000001-11",
    "Start Date": "2024-02",
    "Primary Completion Date": "2025-03-04",
    "Completion Date": "2026-05-06",
    "First Posted": "2024-01-02",
    "Results First Posted": "2026-07-01",
    "Last Update Posted": "2026-07-08",
    "Locations": "Invented Hospital, Boston, Massachusetts, 02118, United States",
    "Study Documents": "Study Protocol, https://cdn.example/Prot_000.pdf",
}
OLD = {
    "Rank": "1",
    "NCT Number": "NCT00000002",
    "Title": "Invented pump",
    "Acronym": "PUMP",
    "Status": "Active, not recruiting",
    "Study Results": "No Results Available",
    "Conditions": "Weight, Birth|Gout",
    "Interventions": "Dietary Supplement: Water|Drug: Inventin|Combination Product: Pump and pad",
    "Outcome Measures": "Weight|Pain, on a scale",
    "Sponsor/Collaborators": "Invented Hospital|Invented Pharma, Inc.",
    "Gender": "All",
    "Age": "18 Years to 65 Years \xa0 (Adult, Older Adult)",
    "Phases": "Phase 2|Phase 3",
    "Enrollment": "88",
    "Funded Bys": "Industry|Other",
    "Study Type": "Interventional",
    "Study Designs": "Allocation: N/A|Intervention Model: Single Group Assignment|Masking: None (Open Label)"
    "|Primary Purpose: Supportive Care",
    "Other IDs": "P-7|U1111",
    "Start Date": "February 1, 2020",
    "Primary Completion Date": "March 2021",
    "Completion Date": "April 2, 2021",
    "First Posted": "January 3, 2020",
    "Results First Posted": "",
    "Last Update Posted": "May 5, 2022",
    "Locations": "",
    "Study Documents": '"Study Protocol", https://example/Prot_000.pdf',
    "URL": "https://ClinicalTrials.gov/show/NCT00000002",
}


def table(*rows, delimiter=",", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content):
    return list(read_csv(io.BytesIO(content), "file.csv"))


def one(row):
    (record,) = read(table(row))
    return record


def number(index):
    return {"NCT Number": f"NCT{index:08d}"}


FORMS = {
    "plain": {},
    "quoted": {"quoting": csv.QUOTE_ALL},
    "tab separated": {"delimiter": "\t"},
    "tab separated and quoted": {"delimiter": "\t", "quoting": csv.QUOTE_ALL},
}


@pytest.mark.parametrize("bom", [b"", BOM])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("row", [NEW, OLD])
def test_downloads_are_known_by_their_header_and_read_alike_in_every_form(row, form, bom):
    content = bom + table(row, **FORMS[form])
    assert is_csv_download(content[:200])
    assert read(content) == [one(row)]


@pytest.mark.parametrize(
    "header",
    [
        b"NCT Number",
        b"NCT Number,Study Title,Brief Summary\n",
        b"NCT Number,Locations,A column that is added later\r\n",
        b'\r\n"NCT Number","Sex"\r\n',
        b"Rank,NCT Number,Title,Status\n",
    ],
)
def test_any_part_of_the_columns_is_a_download(header):
    assert is_csv_download(header)


@pytest.mark.parametrize(
    "head",
    [
        *(b"", b"\n", b"nct_id,title\n", b"Title,NCT Number\n", b"NCT Number,NCT Number\n", b"\xff\xfe\x00"),
        *(b'{"protocolSection": {}}', b"<clinical_study>", b"NCT ID: NCT00000001\nLast Updated: 2025-01-01\n"),
        *(b"NCT Number and more\n", b"NCT Number,Colour\n", b'"NCT Number,Study Title', b"nct_id|brief_title\n"),
    ],
)
def test_other_files_are_no_downloads(head):
    assert not is_csv_download(head)


def test_every_column_of_the_download_of_today_lands_in_its_field():
    trial = one(NEW).trial
    assert trial == Trial.model_validate(
        {
            "nct_id": "NCT00000001",
            "brief_title": "Invented drug, against gout",
            "acronym": "INVENT",
            "overall_status": "ACTIVE_NOT_RECRUITING",
            "brief_summary": 'First line, with "quotes".\n\nSecond paragraph.',
            "has_results": True,
            "conditions": ["Gout", "Kidney Stones"],
            "interventions": [
                {"name": "Inventin 5 mg", "type": "DRUG"},
                {"name": "Water: plain", "type": "DIETARY_SUPPLEMENT"},
            ],
            "primary_outcomes": [{"measure": "Urate", "time_frame": "12 weeks"}, {"measure": "Flares"}],
            "secondary_outcomes": [
                {"measure": "Pain", "description": "Pain is marked from 0 to 10.", "time_frame": "Week 4, Week 12"}
            ],
            "other_outcomes": [{"measure": "Cost, in euros, and time"}],
            "lead_sponsor": {"name": "Invented University", "class": "OTHER_GOV"},
            "collaborators": [{"name": "Invented Pharma, Inc."}, {"name": "City of Nowhere"}],
            "sex": "FEMALE",
            "std_ages": ["ADULT", "OLDER_ADULT"],
            "phases": ["PHASE1", "PHASE2"],
            "enrollment_count": 120,
            "study_type": "INTERVENTIONAL",
            "allocation": "RANDOMIZED",
            "intervention_model": "PARALLEL",
            "masking": "DOUBLE",
            "primary_purpose": "TREATMENT",
            "org_study_id": "INV-1",
            "secondary_ids": [{"id": "2020-000001-11"}],
            "start_date": {"date": "2024-02"},
            "primary_completion_date": {"date": "2025-03-04"},
            "completion_date": {"date": "2026-05-06"},
            "study_first_post_date": "2024-01-02",
            "last_update_post_date": "2026-07-08",
            "locations": [
                {
                    "facility": "Invented Hospital",
                    "city": "Boston",
                    "state": "Massachusetts",
                    "zip": "02118",
                    "country": "United States",
                }
            ],
            "countries": ["United States"],
        }
    )


def test_every_column_of_the_older_download_lands_in_its_field():
    trial = one(OLD | {"Locations": "Ajou Hospital, Suwon, Korea, Republic of"}).trial
    assert trial == Trial.model_validate(
        {
            "nct_id": "NCT00000002",
            "brief_title": "Invented pump",
            "acronym": "PUMP",
            "overall_status": "ACTIVE_NOT_RECRUITING",
            "has_results": False,
            "conditions": ["Weight, Birth", "Gout"],
            "interventions": [
                {"name": "Water", "type": "DIETARY_SUPPLEMENT"},
                {"name": "Inventin", "type": "DRUG"},
                {"name": "Pump and pad", "type": "COMBINATION_PRODUCT"},
            ],
            "primary_outcomes": [{"measure": "Weight"}, {"measure": "Pain, on a scale"}],
            "lead_sponsor": {"name": "Invented Hospital", "class": "INDUSTRY"},
            "collaborators": [{"name": "Invented Pharma, Inc."}],
            "sex": "ALL",
            "minimum_age": "18 Years",
            "maximum_age": "65 Years",
            "minimum_age_years": 18.0,
            "maximum_age_years": 65.0,
            "std_ages": ["ADULT", "OLDER_ADULT"],
            "phases": ["PHASE2", "PHASE3"],
            "enrollment_count": 88,
            "study_type": "INTERVENTIONAL",
            "allocation": "NA",
            "intervention_model": "SINGLE_GROUP",
            "masking": "NONE",
            "primary_purpose": "SUPPORTIVE_CARE",
            "org_study_id": "P-7",
            "secondary_ids": [{"id": "U1111"}],
            "start_date": {"date": "2020-02-01"},
            "primary_completion_date": {"date": "2021-03"},
            "completion_date": {"date": "2021-04-02"},
            "study_first_post_date": "2020-01-03",
            "last_update_post_date": "2022-05-05",
            "locations": [{"facility": "Ajou Hospital", "city": "Suwon", "country": "Korea, Republic of"}],
            "countries": ["Korea, Republic of"],
        }
    )


@pytest.mark.parametrize(("row", "without"), [(NEW, {"Funder Type"}), (OLD, {"Rank", "Funded Bys"})])
def test_the_fields_of_a_record_follow_from_the_columns_that_the_header_has(row, without):
    carried = one(row).fields
    assert {field for field, value in one(row).trial if value not in (None, ())} <= carried
    assert carried <= set(Trial.model_fields)
    kept = {"Rank", "NCT Number"} & row.keys()
    seen = set()
    for column in row.keys() - {"NCT Number"} - without:
        few = one({name: text for name, text in row.items() if name in kept | {column}})
        assert {field for field, value in few.trial if value not in (None, ())} <= few.fields
        seen |= few.fields
    assert seen == carried
    assert one({name: row[name] for name in row if name in kept}).fields == {"nct_id"}


def test_a_column_that_is_absent_is_not_known_and_one_that_is_empty_says_that_there_is_none():
    record = one(NEW | {"Conditions": "", "Study Results": "", "Results First Posted": ""})
    assert record.trial.conditions == ()
    assert "conditions" in record.fields
    assert "keywords" not in record.fields
    assert one({"NCT Number": "NCT00000001", "Sex": "ALL"}).trial.has_results is None


def test_an_older_download_says_nothing_certain_of_secondary_outcomes():
    assert "primary_outcomes" in one(OLD).fields
    assert not {"secondary_outcomes", "other_outcomes"} & one(OLD).fields


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


@pytest.mark.parametrize("bad", ["", "ISRCTN1", "NCT", "NCT123456789", "Invented"])
def test_a_row_without_an_nct_number_is_set_aside_by_the_number_of_its_row(bad):
    first, rejection, last = read(table(NEW, NEW | {"NCT Number": bad}, NEW | number(3)))
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert rejection.position == "row 3"
    assert "NCT Number" in rejection.reason


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"Start Date": "some day"}, "some day"),
        ({"Enrollment": "many"}, "enrollmentCount"),
        ({"Age": "18 Years or so"}, "18 Years or so"),
    ],
)
def test_a_value_that_is_none_sets_its_row_aside_with_the_value_and_the_id(cells, named):
    rejection, record = read(table(NEW | cells, NEW | number(2)))
    assert (rejection.position, rejection.nct_id) == ("row 2", "NCT00000001")
    assert named in rejection.reason
    assert record.trial.nct_id == "NCT00000002"


@pytest.mark.parametrize("line", [b"NCT00000009,too short\r\n", b"NCT00000009" + b",x" * 40 + b"\r\n"])
def test_a_row_of_too_few_or_too_many_cells_is_set_aside(line):
    header, row = table(NEW).split(b"\r\n", 1)
    rejection, record = read(header + b"\r\n" + line + row)
    assert (rejection.position, rejection.nct_id) == ("row 2", "NCT00000009")
    assert "cells" in rejection.reason
    assert record == Part(one(NEW).trial, one(NEW).fields)


def test_empty_cells_that_a_spreadsheet_adds_do_no_harm():
    padded = b"".join(line + b",,\r\n" for line in table({**number(1), "Sex": "ALL"}).splitlines())
    (record,) = read(padded)
    assert record == one({**number(1), "Sex": "ALL"})


@pytest.mark.parametrize("row", [NEW, OLD])
@pytest.mark.parametrize("cell", ["Conditions", "Acronym", "Study Documents"])
def test_a_quote_that_is_not_closed_costs_one_row(row, cell):
    rows = table(*(row | number(index) | {cell: "MARK"} for index in (1, 2, 3)))
    second = rows.index(b"MARK", rows.index(b"MARK") + 1)
    first, rejection, last = read(rows[:second] + b'"' + rows[second:])
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert rejection.position == "row 3"
    assert "quote" in rejection.reason or "damaged" in rejection.reason


def test_text_that_starts_a_line_with_an_nct_number_does_not_start_a_row():
    summary = "It follows\nNCT00000007, an older trial,\nNCT00000008 and others."
    assert one(NEW | {"Brief Summary": summary}).trial.brief_summary == summary


def test_a_file_that_is_cut_gives_what_stands_before_and_says_so():
    content = table(*(NEW | number(index) for index in (1, 2, 3)))
    first, second, rejection = read(content[: content.rindex(b"Second paragraph")])
    assert [first.trial.nct_id, second.trial.nct_id] == ["NCT00000001", "NCT00000002"]
    assert rejection.position == "row 4"
    assert "cut short" in rejection.reason


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_row_longer_than_the_limit_is_set_aside_and_the_next_is_read(quote):
    header, row = table(NEW).split(b"\r\n", 1)
    long = b"NCT00000009," + quote + b"x" * (5 << 20) + b"\nmore\n"
    rejection, record = read(header + b"\r\n" + long + row)
    assert rejection.position == "row 2"
    assert "4 MiB" in rejection.reason
    assert record == one(NEW)


def test_a_cell_of_a_megabyte_is_read():
    assert len(one(NEW | {"Brief Summary": "x" * (1 << 20)}).trial.brief_summary) == 1 << 20


def test_downloads_after_one_another_and_empty_lines_are_read():
    content = table(NEW) + b"\r\n" + BOM + table(NEW | number(2))
    assert [record.trial.nct_id for record in read(b"\r\n" + content)] == ["NCT00000001", "NCT00000002"]


def test_bytes_that_are_no_utf_8_are_replaced():
    content = table(NEW | {"Acronym": "MARK"}).replace(b"MARK", b"caf\xe9")
    (record,) = read(content)
    assert record.trial.acronym == "caf\ufffd"


@pytest.mark.parametrize("content", [b"", b"\n", b"nct_id,title\n1,2\n", table(NEW).splitlines()[0]])
def test_a_file_without_a_header_or_rows_is_set_aside_whole(content):
    (rejection,) = read(content)
    assert (rejection.file, rejection.position) == ("file.csv", "whole file")


def test_rows_are_read_one_at_a_time_and_the_stream_stays_open(tmp_path):
    row = table(NEW | {"Brief Summary": "x" * 5000}).split(b"\r\n", 1)[1]
    path = tmp_path / "big.csv"
    path.write_bytes(table(NEW) + row * 500)
    with path.open("rb") as stream:
        tracemalloc.start()
        try:
            assert sum(isinstance(record, Part) for record in read_csv(stream, "big.csv")) == 501
            assert tracemalloc.get_traced_memory()[1] < 2_000_000 < path.stat().st_size
        finally:
            tracemalloc.stop()
        assert not stream.closed


@given(data=st.data())
def test_a_mutated_file_gives_records_and_rejections_and_never_raises(data):
    sample = st.sampled_from([NEW, OLD])
    row = data.draw(sample)
    content = bytearray(
        table(*(row | number(index) for index in (1, 2, 3)), quoting=data.draw(st.sampled_from([0, 1])))
    )
    pieces = st.binary(max_size=3) | st.sampled_from([b'"', b",", b"\n", b"|", b"(", b"\t", b"\r", b"\x00", b": "])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(pieces)
    cut = data.draw(st.integers(0, len(content)))
    for mutated in (bytes(content), bytes(content[:cut])):
        is_csv_download(mutated)
        records = read(mutated)
        assert records
        assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.dictionaries(st.sampled_from(sorted(NEW.keys() - {"NCT Number"})), st.text(max_size=60)))
def test_any_text_in_any_cell_gives_one_record_or_rejection(cells):
    (record,) = read(table(NEW | {name: text.replace("\r", "\n") for name, text in cells.items()}))
    assert isinstance(record, Part | Rejection)


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_give_records_or_rejections(tail):
    assert all(isinstance(record, Part | Rejection) for record in read(b"NCT Number,Age,Locations\n" + tail))


GENUINE = {"ctg-studies.csv": 40, "ctg-studies-few-columns.csv": 35, "legacy-SearchResults.csv": 100}


def genuine(shared, name):
    path = shared / "formats" / "csv-download" / name
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    with path.open("rb") as stream:
        assert is_csv_download(stream.read(1000))
        stream.seek(0)
        return rows, list(read_csv(stream, name))


@pytest.mark.parametrize("name", GENUINE)
def test_the_genuine_downloads_are_read_whole_with_every_row(shared, name):
    rows, records = genuine(shared, name)
    assert len(records) == GENUINE[name]
    assert [record.trial.nct_id for record in records] == [row["NCT Number"] for row in rows]


@pytest.mark.parametrize("name", GENUINE)
def test_every_filled_cell_of_the_genuine_downloads_lands_in_the_trial(shared, name):
    for row, record in zip(*genuine(shared, name), strict=True):
        trial = record.trial
        cell = {column: text.strip() for column, text in row.items() if text.strip()}
        assert trial.brief_title == cell.get("Study Title", cell.get("Title"))
        assert trial.acronym == cell.get("Acronym")
        assert "|".join(trial.conditions) == cell["Conditions"]
        typed = [f"{each.type.replace('_', ' ').title()}: {each.name}" for each in trial.interventions]
        assert [text.lower() for text in typed] == [
            text.split(": ")[0].replace("_", " ").lower() + ": " + text.split(": ", 1)[1].lower()
            for text in cell.get("Interventions", "").split("|")
            if text
        ]
        for column, outcomes in (
            ("Primary Outcome Measures", trial.primary_outcomes),
            ("Secondary Outcome Measures", trial.secondary_outcomes),
            ("Other Outcome Measures", trial.other_outcomes),
            ("Outcome Measures", trial.primary_outcomes),
        ):
            if column in cell:
                told = [", ".join(filter(None, (o.measure, o.description, o.time_frame))) for o in outcomes]
                assert "|".join(told) == "|".join(map(plain_text, cell[column].split("|")))
        sponsors = [each.name for each in (trial.lead_sponsor, *trial.collaborators)]
        named = cell.get("Sponsor/Collaborators") or "|".join(
            filter(None, [cell["Sponsor"], cell.get("Collaborators")])
        )
        assert "|".join(sponsors) == named
        assert trial.sex == cell.get("Sex", cell.get("Gender")).upper()
        assert plain(cell["Study Type"]) == plain(trial.study_type)
        assert plain(cell.get("Study Status", cell.get("Status"))) == plain(trial.overall_status)
        assert str(trial.enrollment_count) == cell.get("Enrollment", "None")
        assert "|".join(filter(None, [trial.org_study_id, *(i.id for i in trial.secondary_ids)])) == cell.get(
            "Other IDs", ""
        )
        assert (trial.brief_summary or "") == plain_text(cell.get("Brief Summary", ""))
        joined = [", ".join(filter(None, (s.facility, s.city, s.state, s.zip, s.country))) for s in trial.locations]
        assert "|".join(joined) == cell.get("Locations", "")
        for column, date in (
            ("First Posted", trial.study_first_post_date),
            ("Last Update Posted", trial.last_update_post_date),
        ):
            assert (date is None) == (column not in cell)
        for column, date in (
            ("Start Date", trial.start_date),
            ("Primary Completion Date", trial.primary_completion_date),
            ("Completion Date", trial.completion_date),
        ):
            assert (date is None) == (column not in cell)
        assert len(trial.phases) == len([text for text in cell.get("Phases", "").split("|") if text])
        if "Study Design" in cell or "Study Designs" in cell:
            told = [trial.allocation, trial.intervention_model, trial.masking, trial.primary_purpose]
            assert all(told) == (trial.study_type == "INTERVENTIONAL")
        assert trial.std_ages
        limits = [limit for limit in (trial.minimum_age, trial.maximum_age) if limit]
        assert limits == re.findall(r"\d+ \w+", cell["Age"])


def plain(text):
    """Letters and digits alone, so that bullets, escapes and spelling of codes do not matter."""
    return "".join(filter(str.isalnum, text)).lower()
