import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from trialkin.index.concepts import ConceptTable, Thesaurus, trial_concepts, write_concepts
from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.phrases import phrase_key
from trialkin.index.spoken import listed_names

NAMES = ["Hypertension", "Pulmonary Arterial Hypertension", "Asthma", "Severe Asthma"]
HYPERTENSION, ARTERIAL, ASTHMA, SEVERE = range(4)


@pytest.fixture(scope="module")
def thesaurus():
    return Thesaurus.of(Dictionary(NAMES, {phrase_key(one): n for n, one in enumerate(NAMES)}, {SEVERE: (ASTHMA,)}))


@pytest.fixture
def of(make_trial, thesaurus):
    """The conditions of a trial of some fields."""

    def read(**fields):
        return trial_concepts(make_trial(**fields), Kind.CONDITION, thesaurus)

    return read


def test_a_trial_is_about_what_it_lists_and_what_its_titles_name(of):
    assert of(conditions=("asthma",)) == {ASTHMA: 1.0}
    assert of(brief_title="Inhaled air in asthma") == {ASTHMA: 1.0}
    assert of(official_title="Inhaled air in hypertension") == {HYPERTENSION: 1.0}
    assert of(condition_meshes=({"term": "Asthma"},)) == {ASTHMA: 1.0}
    assert of() == {}


def test_a_summary_tells_less_surely_and_takes_nothing_away(of):
    assert of(brief_summary="Unlike hypertension, asthma is no matter.") == {HYPERTENSION: 0.5, ASTHMA: 0.5}
    assert of(brief_summary="About asthma.", conditions=("Asthma",)) == {ASTHMA: 1.0}


def test_a_name_counts_for_its_heading_too(of):
    assert of(conditions=("Severe asthma",)) == {SEVERE: 1.0, ASTHMA: 1.0}


def test_pulmonary_arterial_hypertension_is_not_hypertension(of, thesaurus):
    assert of(conditions=("Pulmonary arterial hypertension",)) == {ARTERIAL: 1.0}
    assert thesaurus.of_text("drugs for pulmonary arterial hypertension") == {ARTERIAL: 1.0}


def test_interventions_are_read_from_interventions(make_trial):
    trial = make_trial(
        conditions=("asthma",),
        condition_meshes=({"term": "Lung Diseases"},),
        interventions=({"name": "Rituximab"},),
        intervention_meshes=({"term": "Antibodies"},),
    )
    assert listed_names(trial, Kind.CONDITION) == ["asthma", "Lung Diseases"]
    assert listed_names(trial, Kind.INTERVENTION) == ["Rituximab", "Antibodies"]


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    """Writes the concepts of some trials and opens them."""

    def make(trials, concepts):
        folder = tmp_path_factory.mktemp("concepts")
        cells = [(row, concept, sure) for row, one in enumerate(trials) for concept, sure in one.items()]
        rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
        matrix = sparse.csr_matrix((values, (rows, columns)), (len(trials), max(concepts, 1)), np.float32)
        write_concepts(folder, "some", matrix)
        return ConceptTable(folder, "some")

    return make


def cosines(table, found, count):
    return table.cosines(table.of_concepts(found), np.arange(count, dtype=np.int32))


def test_a_rarer_shared_concept_counts_more(write):
    common, rare = 0, 1
    table = write([{common: 1.0, 2: 1.0}] * 8 + [{rare: 1.0, 2: 1.0}], 3)
    got = cosines(table, {common: 1.0, rare: 1.0}, 9)
    assert got[8] > got[0] > 0
    assert table.rarity(rare) > table.rarity(common) > 0


def test_the_same_concepts_have_a_cosine_of_1_and_others_of_0(write):
    table = write([{0: 1.0, 1: 0.5}, {2: 1.0}, {}], 4)
    got = table.cosines(table.of_row(0), np.arange(3, dtype=np.int32))
    assert got == pytest.approx([1, 0, 0], abs=1e-6)


def test_what_is_less_sure_counts_less(write):
    table = write([{0: 1.0, 1: 1.0}, {0: 0.5, 1: 1.0}], 2)
    got = cosines(table, {0: 1.0}, 2)
    assert got[0] > got[1] > 0


def test_a_query_or_a_trial_without_concepts_shares_nothing(write):
    table = write([{0: 1.0}, {}], 1)
    assert cosines(table, {}, 2).tolist() == [0, 0]
    assert table.cosines(table.of_row(1), np.arange(2, dtype=np.int32)).tolist() == [0, 0]


def test_an_index_without_any_concept_can_be_opened(write):
    assert cosines(write([{}, {}], 0), {}, 2).tolist() == [0, 0]


SURE = st.dictionaries(st.integers(0, 9), st.sampled_from((0.5, 1.0)), max_size=5)


@given(trials=st.lists(SURE, min_size=1, max_size=20), asked=SURE)
def test_cosines_are_those_of_a_dense_computation(write, trials, asked):
    dense = np.asarray([[one.get(n, 0) for n in range(10)] for one in [*trials, asked]], np.float64)
    having = (dense[:-1] > 0).sum(axis=0)
    dense *= np.log(1 + (len(trials) - having + 0.5) / (having + 0.5))
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)
    table = write(trials, 10)
    np.testing.assert_allclose(cosines(table, asked, len(trials)), dense[:-1] @ dense[-1], atol=1e-5)
    for row in range(len(trials)):
        got = table.cosines(table.of_row(row), np.arange(len(trials), dtype=np.int32))
        np.testing.assert_allclose(got, dense[:-1] @ dense[row], atol=1e-5)
