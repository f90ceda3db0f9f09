"""Invented tables of AACT, and the trials that they hold."""

import csv
import io

from trialkin.data import Part
from trialkin.data.aact import AactTables
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
