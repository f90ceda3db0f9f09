import csv

import pytest

from support.csv_download import NEW, OLD, number, one, read, table
from trialkin.data import Trial
from trialkin.data.csv_download import is_csv_download

BOM = b"\xef\xbb\xbf"

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


def test_empty_cells_that_a_spreadsheet_adds_do_no_harm():
    padded = b"".join(line + b",,\r\n" for line in table({**number(1), "Sex": "ALL"}).splitlines())
    (record,) = read(padded)
    assert record == one({**number(1), "Sex": "ALL"})


def test_downloads_after_one_another_and_empty_lines_are_read():
    content = table(NEW) + b"\r\n" + BOM + table(NEW | number(2))
    assert [record.trial.nct_id for record in read(b"\r\n" + content)] == ["NCT00000001", "NCT00000002"]
