import pyarrow as pa
import pytest

from trialkin.index import recognised
from trialkin.index.concepts import Thesaurus, trial_concepts
from trialkin.index.dictionary import Dictionary, Kind, learn
from trialkin.index.recognised import recognise
from trialkin.index.spoken import SPOKEN_SCHEMA, spoken_row


def table(trials):
    return pa.Table.from_pylist([spoken_row(one) for one in trials], schema=SPOKEN_SCHEMA).combine_chunks()


def as_dict(rows, number):
    row = rows[number]
    return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))


@pytest.mark.parametrize("at_once", [7, 20_000])
def test_all_trials_at_once_are_about_what_each_is_about(sample_trials, monkeypatch, at_once):
    monkeypatch.setattr(recognised, "_AT_ONCE", at_once)
    dictionaries = learn(one.model_dump(by_alias=True) for one in sample_trials).dictionaries
    found = recognise(table(sample_trials), dictionaries)
    for kind, dictionary in dictionaries.items():
        thesaurus = Thesaurus.of(dictionary)
        assert found[kind].shape == (len(sample_trials), len(dictionary.names))
        assert found[kind].nnz > len(sample_trials)
        for number, trial in enumerate(sample_trials):
            assert as_dict(found[kind], number) == trial_concepts(trial, kind, thesaurus)


def test_a_listed_name_counts_for_its_own_kind_alone(make_trial):
    both = {"Asthma": 0}
    dictionaries = {kind: Dictionary(list(both), {"asthma": 0}, {}) for kind in Kind}
    trials = [make_trial(conditions=("Asthma",)), make_trial(interventions=({"name": "Asthma"},))]
    found = recognise(table(trials), dictionaries)
    assert [as_dict(found[Kind.CONDITION], number) for number in range(2)] == [{0: 1.0}, {}]
    assert [as_dict(found[Kind.INTERVENTION], number) for number in range(2)] == [{}, {0: 1.0}]


def test_an_empty_dictionary_and_records_without_words_have_no_concepts(make_trial):
    empty = Dictionary([], {}, {})
    found = recognise(table([make_trial(brief_title=None)] * 2), dict.fromkeys(Kind, empty))
    assert {kind: (rows.shape, rows.nnz) for kind, rows in found.items()} == dict.fromkeys(Kind, ((2, 1), 0))
