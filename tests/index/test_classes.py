import numpy as np
import pyarrow as pa
import pytest

from trialkin.index.channels import CLASSES
from trialkin.index.classes import write_classes
from trialkin.index.concepts import ConceptTable
from trialkin.index.dictionary import Dictionary


@pytest.fixture
def opened(tmp_path):
    """Writes the classes of some trials; gives their names and the table."""

    def make(trials):
        write_classes(tmp_path, pa.chunked_array([pa.array(trials, pa.list_(pa.string()))]))
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
