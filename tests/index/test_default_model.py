"""The bundled sample under the default model."""

import csv
from pathlib import Path

import pytest

import trialkin
from trialkin.data import read_trials, upsert
from trialkin.index import build, open_index
from trialkin.settings import Settings

SAMPLE = Path(trialkin.__file__).parent / "data" / "sample"
QUERY = "NCT07057778"


def ids(hits):
    return [hit.nct_id for hit in hits]


@pytest.fixture(scope="session")
def real(tmp_path_factory, models_home, quiet):
    """The bundled sample indexed with the default model; shares the converted model with other tests."""
    home = tmp_path_factory.mktemp("real")
    (models_home / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(models_home / "models")
    upsert(home / "snapshot", read_trials(SAMPLE / "trials.jsonl"), "the bundled sample")
    build(Settings(home=home), quiet())
    return open_index(home)


def test_the_default_model_finds_the_references_of_the_example_query(real):
    with (SAMPLE / "reference_lists.tsv").open() as stream:
        reference = {row["related"] for row in csv.DictReader(stream, delimiter="\t") if row["query"] == QUERY}
    found = ids(real.related(QUERY, 30))
    assert len(reference) == 5
    assert len(reference & set(found[:10])) >= 3
    assert reference <= set(found)


def test_in_a_small_collection_about_one_disease_near_kin_still_have_high_scores(real):
    first, *_, tenth = real.related(QUERY, 10)
    assert first.score > 0.5, "0.75 among 110,454 trials"
    assert tenth.score > 0.15


def test_the_default_model_understands_a_typed_query(real):
    for hit in real.search("steroid-resistant ITP, anti-CD20", 5):
        assert any("thrombocytop" in name.lower() or "ITP" in name for name in hit.conditions), hit.title


def test_who_asks_for_a_class_of_drugs_finds_a_trial_that_names_one_of_them_alone(real):
    (hit,) = real.search("Janus kinase inhibitors", 1)
    assert "Upadacitinib" in hit.title
    assert hit.why == "Tests Upadacitinib, one of the JAK inhibitors."
