import pyarrow as pa
import pytest

from trialkin.index.dictionary import Kind
from trialkin.index.facts import FACT_SCHEMA, Facts, fact_row


@pytest.fixture
def full(make_trial):
    """A trial of which every fact is known."""
    return make_trial(
        brief_title="Iguratimod in ITP",
        official_title="Iguratimod against steroids in immune thrombocytopenia",
        brief_summary="Forty people take part.",
        conditions=("ITP", "Bleeding"),
        condition_meshes=({"term": "Thrombocytopenia"},),
        interventions=({"name": "Iguratimod", "other_names": ("T-614",)},),
        intervention_meshes=({"term": "Iguratimod"},),
        intervention_ancestors=({"term": "Antirheumatic Agents"}, {"term": "Enzyme Inhibitors"}),
        lead_sponsor={"name": "A hospital"},
        study_type="INTERVENTIONAL",
        primary_purpose="TREATMENT",
        phases=("PHASE1", "PHASE2"),
    )


def test_texts_and_lists_bear_the_registrys_names_of_their_fields(full):
    facts = Facts.of_trial(full)
    assert facts.texts == [
        ("briefTitle", "Iguratimod in ITP"),
        ("officialTitle", "Iguratimod against steroids in immune thrombocytopenia"),
        ("briefSummary", "Forty people take part."),
    ]
    assert facts.listed[Kind.CONDITION] == [
        ("conditions", "ITP"),
        ("conditions", "Bleeding"),
        ("conditionMeshes", "Thrombocytopenia"),
    ]
    assert facts.listed[Kind.INTERVENTION] == [("interventions", "Iguratimod"), ("interventionMeshes", "Iguratimod")]
    assert facts.classes == {"Antirheumatic Agents", "Enzyme Inhibitors"}
    assert facts.sponsor == "A hospital"
    assert facts.codes == {
        "studyType": ["INTERVENTIONAL"],
        "primaryPurpose": ["TREATMENT"],
        "phases": ["PHASE1", "PHASE2"],
    }


def test_facts_read_from_the_index_are_those_of_the_record(full, make_trial):
    trials = [full, make_trial(2), make_trial(3, brief_title=None)]
    table = pa.Table.from_pylist([fact_row(one) for one in trials], schema=FACT_SCHEMA)
    assert [Facts.of_row(row) for row in table.to_pylist()] == [Facts.of_trial(one) for one in trials]


def test_a_record_of_an_id_alone_has_empty_facts(make_trial):
    facts = Facts.of_trial(make_trial(brief_title=None))
    assert list(facts.texts) == []
    assert not any(facts.listed.values())
    assert not any(facts.codes.values())
    assert facts.sponsor is None
    assert not facts.is_text


def test_no_phase_is_no_phase_in_common(make_trial):
    assert Facts.of_trial(make_trial(phases=("NA",))).codes["phases"] == []


def test_a_query_is_a_text_and_nothing_else():
    facts = Facts.of_text("rituximab in itp")
    assert facts.texts == [("text", "rituximab in itp")]
    assert facts.is_text
    assert (facts.listed, facts.classes, facts.sponsor, facts.codes) == ({}, frozenset(), None, {})


def test_a_trial_is_no_text_query(full):
    assert not Facts.of_trial(full).is_text
