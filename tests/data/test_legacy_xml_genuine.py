import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from support.trial_values import values
from trialkin.data.legacy_xml import read_xml
from trialkin.data.spelled import code, date, flag, masking, phases

NOT_CARRIED = re.compile(
    "required_header|oversight_info|has_expanded_access|verification_date|number_of_(arms|groups)|last_known_status"
    "|(study_first|last_update|results_first|disposition_first)_submitted(_qc)?|(results|disposition)_first_posted"
    "|lastchanged_date|firstreceived_date|responsible_party|patient_data|link|overall_contact|location/contact"
    "|location/investigator|removed_countries|biospec_(retention|descr)|eligibility/(study_pop|sampling_method)"
    "|study_design_info/intervention_model_description|clinical_results"
)
"""Elements of the genuine files that have no field in `Trial`."""


def leaves(element, path=""):
    for child in element:
        where = f"{path}/{child.tag}" if path else child.tag
        if not NOT_CARRIED.match(where):
            if len(child):
                yield from leaves(child, where)
            else:
                yield where, " ".join((child.text or "").split())


@pytest.fixture(scope="module")
def genuine(shared):
    """The genuine records by the name of their file: what was read, and the file."""
    files = sorted((shared / "formats" / "legacy-xml").iterdir())
    return {path: list(read_xml(io.BytesIO(path.read_bytes()), path.name)) for path in files}


def test_every_genuine_file_gives_its_one_trial(genuine):
    assert len(genuine) == 12
    for path, found in genuine.items():
        (part,) = found
        inner = re.search(r"<nct_id>(NCT\d{8})</nct_id>", path.read_text(encoding="utf-8"))[1]
        assert part.trial.nct_id == inner
        assert (inner in path.name) is ("mismatch" not in path.name)


def test_no_carried_element_of_the_genuine_files_is_lost(genuine):
    seen = 0
    for path, (part,) in genuine.items():
        known = set(values(part.trial.model_dump(mode="json")))
        for where, text in leaves(ET.parse(path).getroot()):
            if text == "N/A" and where.endswith("_age"):
                continue
            told = {re.sub(r"(?<=\s)-\s+|^-\s+", "- ", text), code(text), date(text), masking(text), *phases(text)}
            told |= {int(text) if text.isdecimal() else None, flag(text)}
            assert told & known, (path.name, where, text)
            seen += 1
    assert seen > 900


def test_the_lists_of_the_genuine_files_are_as_long_as_in_the_file(genuine):
    lists = {
        "conditions": "condition",
        "keywords": "keyword",
        "arm_groups": "arm_group",
        "interventions": "intervention",
        "primary_outcomes": "primary_outcome",
        "secondary_outcomes": "secondary_outcome",
        "other_outcomes": "other_outcome",
        "collaborators": "sponsors/collaborator",
        "secondary_ids": "id_info/secondary_id",
        "nct_id_aliases": "id_info/nct_alias",
        "overall_officials": "overall_official",
        "locations": "location",
        "countries": "location_countries/country",
        "condition_meshes": "condition_browse/mesh_term",
        "intervention_meshes": "intervention_browse/mesh_term",
    }
    for path, (part,) in genuine.items():
        root = ET.parse(path).getroot()
        for field, element in lists.items():
            assert len(getattr(part.trial, field)) == len(root.findall(element)), (path.name, field)
        assert len(part.trial.references) == len(root.findall("reference")) + len(root.findall("results_reference"))
        linked = sum(len(one.findall("arm_group_label")) for one in root.findall("intervention"))
        assert sum(len(arm.intervention_names) for arm in part.trial.arm_groups) == linked
        assert part.trial.has_results is (root.find("clinical_results") is not None)


def test_no_line_of_a_genuine_text_is_left_wrapped(genuine):
    for (part,) in genuine.values():
        for text in (part.trial.brief_summary, part.trial.detailed_description, part.trial.eligibility_criteria):
            for line, following in pairwise((text or "").split("\n")):
                assert not following or not line or re.match(r"\s*(-|\d+\.) ", following), (line, following)


OTHER_VERSIONS = {"NCT01506414", "NCT01734057"}
"""Records whose API form is of another date; only what seldom changes is the same."""
STABLE = {"brief_title", "official_title", "conditions", "study_type", "phases", "sex", "minimum_age", "lead_sponsor"}


def test_the_same_trial_in_the_api_form_says_the_same(genuine, in_api_form, told_otherwise):
    ours = {part.trial.nct_id: part.trial for (part,) in genuine.values()}
    theirs = in_api_form(ours.keys())
    for nct_id, trial in ours.items():
        one, other = (x.model_dump(mode="json", exclude={"locations"}) for x in (trial, theirs[nct_id]))
        if nct_id in OTHER_VERSIONS:
            one, other = ({name: record[name] for name in STABLE} for record in (one, other))
        assert list(told_otherwise(one, other)) == [], nct_id
