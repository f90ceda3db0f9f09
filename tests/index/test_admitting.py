import numpy as np
import pyarrow as pa
import pytest

from trialkin.index.admitting import Admitting
from trialkin.index.card import CARD_SCHEMA, card
from trialkin.index.person import Person, Sex
from trialkin.index.traits import TraitTable, traits, write_traits

MAN, WOMAN, BOY = Person(45, Sex.MALE), Person(45, Sex.FEMALE), Person(7, Sex.MALE)
MOTHER = Person(30, Sex.FEMALE, pregnant=True)
ALL = (MAN, WOMAN, BOY, MOTHER)


@pytest.fixture
def turned_away(make_trial, tmp_path):
    """Who of `ALL` is turned away by a trial of some fields."""

    def people(**fields):
        trial = make_trial(1, **fields)
        write_traits(tmp_path, np.asarray([traits(trial)], np.uint8))
        admitting = Admitting(pa.Table.from_pylist([card(trial)], schema=CARD_SCHEMA), TraitTable(tmp_path))
        return [one for one in ALL if admitting.turns_away(one, np.zeros(1, np.int32))[0]]

    return people


@pytest.mark.parametrize(
    ("fields", "others"),
    [
        ({}, []),
        ({"minimum_age_years": 18.0}, [BOY]),
        ({"maximum_age_years": 44.0}, [MAN, WOMAN]),
        ({"maximum_age_years": 45.0}, []),
        ({"minimum_age_years": 18.0, "maximum_age_years": 40.0, "sex": "ALL"}, [MAN, WOMAN, BOY]),
        ({"sex": "FEMALE"}, [MAN, BOY]),
        ({"sex": "MALE"}, [WOMAN, MOTHER]),
    ],
)
def test_a_record_states_whom_it_takes(turned_away, fields, others):
    assert turned_away(**fields) == others


@pytest.mark.parametrize(
    ("title", "others"),
    [
        ("Colchicine in Children With Gout", [MAN, WOMAN, MOTHER]),
        ("Colchicine in Children and Adults With Gout", []),
        ("Colchicine in Elderly People With Gout", [MAN, WOMAN, BOY, MOTHER]),
        ("Colchicine in Pregnant Women With Gout", [MAN, WOMAN, BOY]),
        ("Colchicine in Adults With Gout", [BOY]),
        ("Colchicine in Gout", []),
    ],
)
def test_a_title_tells_whom_it_takes(turned_away, title, others):
    assert turned_away(brief_title=title) == others


def test_stated_ages_go_before_a_title(turned_away):
    assert turned_away(brief_title="Gout Since They Were Children", minimum_age_years=18.0) == [BOY]
    assert turned_away(brief_title="Gout in Children", minimum_age_years=6.0) == [MAN, WOMAN, MOTHER]
    assert turned_away(brief_title="Gout in Children", maximum_age_years=50.0) == []
    assert turned_away(brief_title="Gout in Pregnancy", minimum_age_years=18.0) == [MAN, WOMAN, BOY]


def test_a_sex_that_is_not_told_is_not_held_against_anyone(turned_away, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ALL", (Person(45),))
    assert turned_away(sex="FEMALE") == []
