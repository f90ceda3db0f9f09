"""An invented page of a trial, as it is copied from a browser, and what reading it gives."""

import io

from trialkin.data.trial_page import read_page

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
