"""Invented rows of the registry's downloads as CSV, of today and older, and how they become a file."""

import csv
import io

from trialkin.data.csv_download import read_csv

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
