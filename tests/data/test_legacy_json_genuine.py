import json
import re

import pytest

from support.legacy_json import read
from support.trial_values import values
from trialkin.data.records import Part
from trialkin.data.spelled import code, date, flag, masking, phases

NOT_CARRIED = re.compile(
    r"StatusVerifiedDate|HasExpandedAccess|SubmitDate|SubmitQCDate|PostDateType$|LastKnownStatus|ResponsibleParty"
    r"|OversightModule|ModelDescription|MaskingDescription|WhoMasked|PatientRegistry|TargetDuration|BioSpec"
    r"|GenderBased|GenderDescription|StudyPopulation|SamplingMethod|CentralContact|LocationContact|SeeAlsoLink"
    r"|IPDSharing|DocumentSection|MiscInfoModule|Browse(Leaf|Branch)|ResultsSection"
)
"""Fields of the genuine files that have no field in `Trial`."""


def leaves(value, path=""):
    if NOT_CARRIED.search(path):
        return
    inside = (
        value.items() if isinstance(value, dict) else [("", one) for one in value] if isinstance(value, list) else None
    )
    if inside is None:
        yield path, value
    else:
        for name, one in inside:
            yield from leaves(one, f"{path}.{name}" if name else path)


@pytest.fixture(scope="module")
def genuine(shared):
    """The genuine studies beside what was read of them."""
    pairs = []
    for path in sorted((shared / "formats" / "legacy-json").iterdir()):
        content = path.read_bytes()
        listed = [one["Study"] for one in json.loads(content)["FullStudiesResponse"]["FullStudies"]]
        pairs += zip(listed, read(content), strict=True)
    return pairs


def test_every_genuine_study_is_read(genuine):
    assert len(genuine) == 16
    for study, part in genuine:
        assert isinstance(part, Part)
        assert part.trial.nct_id == study["ProtocolSection"]["IdentificationModule"]["NCTId"]
        assert part.trial.has_results is ("ResultsSection" in study)


SECONDARY = {
    "Other Identifier": "OTHER",
    "Registry Identifier": "REGISTRY",
    "Other Grant/Funding Number": "OTHER_GRANT",
}


def test_no_carried_field_of_the_genuine_studies_is_lost(genuine):
    seen = 0
    for study, part in genuine:
        known = set(values(part.trial.model_dump(mode="json")))
        for where, text in leaves(study):
            told = {" ".join(text.split()), code(text), date(text), masking(text), *phases(text), flag(text)}
            told |= {int(text) if text.isdecimal() else None, SECONDARY.get(text)}
            assert told & known, (part.trial.nct_id, where, text)
            seen += 1
    assert seen > 1000


def test_the_same_trial_in_the_api_form_says_the_same(genuine, in_api_form, told_otherwise):
    ours = {part.trial.nct_id: part.trial for _, part in genuine}
    theirs = in_api_form(ours.keys())
    for nct_id, trial in ours.items():
        one, other = (x.model_dump(mode="json", exclude={"locations"}) for x in (trial, theirs[nct_id]))
        assert list(told_otherwise(one, other)) == [], nct_id
