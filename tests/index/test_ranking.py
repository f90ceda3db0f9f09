import dataclasses

import pytest

from trialkin.embed import Section
from trialkin.index.dictionary import Kind
from trialkin.index.profile import PARTS
from trialkin.index.ranking import DEFAULT_RANKING, Calibration, Ranking
from trialkin.index.traits import TRAITS


def test_settings_are_numbers_by_plain_names():
    settings = DEFAULT_RANKING.settings()
    assert all(type(name) is str for name in settings)
    assert all(isinstance(value, (int, float)) for value in settings.values())
    assert settings["words"] == DEFAULT_RANKING.words
    assert settings["sections.conditions"] == DEFAULT_RANKING.sections[Section.CONDITIONS]
    assert settings["concepts.condition"] == DEFAULT_RANKING.concepts[Kind.CONDITION]
    assert settings["trial_scale.middle"] == DEFAULT_RANKING.trial_scale.middle


def leaves(value):
    if isinstance(value, dict):
        return sum(leaves(one) for one in value.values())
    return 1


def test_no_setting_is_left_out():
    assert len(DEFAULT_RANKING.settings()) == leaves(dataclasses.asdict(DEFAULT_RANKING))


def test_the_manifest_names_the_settings_that_a_version_was_built_with(sample):
    assert sample.manifest.ranking == DEFAULT_RANKING.settings()


@pytest.mark.parametrize(
    "name", [one.name for one in dataclasses.fields(Ranking) if one.type in ("float", "int", float, int)]
)
def test_another_weight_is_another_setting(name):
    changed = dataclasses.replace(DEFAULT_RANKING, **{name: getattr(DEFAULT_RANKING, name) + 1})
    assert changed.settings() == DEFAULT_RANKING.settings() | {name: getattr(DEFAULT_RANKING, name) + 1}


def test_every_section_and_trait_counts():
    assert {*DEFAULT_RANKING.sections, *PARTS} == set(Section)
    assert not DEFAULT_RANKING.sections.keys() & PARTS.keys()
    assert set(DEFAULT_RANKING.traits) == set(TRAITS)
    assert min(*DEFAULT_RANKING.sections.values(), *DEFAULT_RANKING.traits.values()) > 0


def test_a_probability_rises_from_0_through_the_middle_towards_1():
    scale = Calibration(middle=4.0, power=3.0)
    assert scale.probability(4.0) == 0.5
    assert scale.probability(8.0) == pytest.approx(8 / 9)
    assert scale.probability(1e9) == pytest.approx(1)
    rising = [scale.probability(raw / 10) for raw in range(1, 200)]
    assert rising == sorted(set(rising))
    assert 0 < rising[0] < 1e-3


@pytest.mark.parametrize("raw", [0.0, -0.5, -100.0])
def test_what_is_no_better_than_the_average_trial_has_probability_0(raw):
    assert Calibration(4.0, 3.0).probability(raw) == 0.0
