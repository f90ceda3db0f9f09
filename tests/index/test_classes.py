import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from trialkin.index.channels import CLASSES
from trialkin.index.classes import write_classes
from trialkin.index.concepts import ConceptTable
from trialkin.index.dictionary import Dictionary

NOTHING = Dictionary([], {}, {})
DRUGS = Dictionary(["Placebo", "Tofacitinib", "Baricitinib"], {"placebo": 0, "tofacitinib": 1, "baricitinib": 2}, {})


@pytest.fixture
def opened(tmp_path):
    """Writes the classes of some trials with what they give; gives their names and the table."""

    def make(trials, given=None, dictionary=NOTHING):
        shape = (len(trials), max(len(dictionary.names), 1))
        rows = np.zeros(shape, np.float32) if given is None else np.asarray(given, np.float32)
        ancestors = pa.chunked_array([pa.array(trials, pa.list_(pa.string()))])
        write_classes(tmp_path, ancestors, sparse.csr_matrix(rows), dictionary)
        return Dictionary.read(tmp_path / f"{CLASSES}.json").names, ConceptTable(tmp_path, CLASSES)

    return make


def test_classes_are_numbered_by_the_alphabet_and_count_once_a_trial(opened):
    names, table = opened([["Steroids", "Hormones", "Steroids"], None, ["Antibodies"], []])
    assert names == ["Antibodies", "Hormones", "Steroids"]
    first = table.of_row(0)
    assert first.ids.tolist() == [1, 2]
    assert first.weights[0] == first.weights[1] == pytest.approx(0.5**0.5)
    assert [table.of_row(row).ids.tolist() for row in (1, 2, 3)] == [[], [0], []]


def test_trials_without_any_class_can_be_compared(opened):
    names, table = opened([None, []])
    assert names == []
    assert table.cosines(table.of_row(0), np.arange(2, dtype=np.int32)).tolist() == [0, 0]


def test_members_of_a_class_are_of_it_whatever_headings_their_records_list(opened):
    given = [[1, 0.5, 0], [0, 0, 1], [0, 1, 1], [1, 0, 0]]
    names, table = opened([None, ["Enzyme Inhibitors"], [], []], given, DRUGS)
    assert names == ["Enzyme Inhibitors", "JAK inhibitors"]
    assert [table.of_row(row).ids.tolist() for row in range(4)] == [[1], [0, 1], [1], []]
    cosines = table.cosines(table.of_row(0), np.arange(4, dtype=np.int32))
    assert cosines[2] == pytest.approx(1), "two members are one class"
    assert 0 < cosines[1] < 1 > cosines[3] == 0
