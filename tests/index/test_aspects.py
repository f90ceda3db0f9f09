import pytest

from trialkin.embed import Section
from trialkin.errors import UsageError
from trialkin.index import PRESETS, Aspect, choose_weights, parse_preset, parse_weights
from trialkin.index.aspects import ASPECT_OF, TRAIT_ASPECT
from trialkin.index.traits import TRAITS


def test_weights_are_read_in_any_case_and_spacing():
    assert parse_weights(" Condition = 2 ,intervention=0.5,") == {Aspect.CONDITION: 2.0, Aspect.INTERVENTION: 0.5}


def test_no_text_is_no_weights():
    assert parse_weights("") == parse_weights(" , ") == {}


def test_an_unknown_aspect_is_refused_and_the_aspects_are_named():
    named = "condition, intervention, design, population, outcome, period, text"
    with pytest.raises(UsageError, match=f"'colour'.*{named}"):
        parse_weights("condition=1,colour=2")


@pytest.mark.parametrize("text", ["condition", "condition=", "condition=much", "condition=1=2"])
def test_a_weight_that_is_no_number_is_refused(text):
    with pytest.raises(UsageError, match="weight of condition"):
        parse_weights(text)


@pytest.mark.parametrize("value", ["-1", "100.5", "nan", "inf", "-inf"])
def test_a_weight_out_of_range_is_refused(value):
    with pytest.raises(UsageError, match="from 0 to 100"):
        parse_weights(f"design={value}")


def test_both_ends_of_the_range_are_weights():
    assert parse_weights("design=0,text=100") == {Aspect.DESIGN: 0.0, Aspect.TEXT: 100.0}


def test_all_aspects_at_zero_are_refused():
    with pytest.raises(UsageError, match="Every aspect has weight 0"):
        parse_weights(",".join(f"{aspect}=0" for aspect in Aspect))


def test_every_section_and_every_trait_speaks_of_an_aspect():
    assert set(ASPECT_OF) == set(Section)
    assert set(TRAIT_ASPECT) == set(TRAITS)
    assert set(ASPECT_OF.values()) == set(Aspect) - {Aspect.PERIOD}


def test_a_preset_is_found_in_any_case_and_no_name_is_no_preset():
    assert parse_preset(" Same-Drug ") == PRESETS["same-drug"]
    assert parse_preset("") == parse_preset("  ") == {}


def test_an_unknown_preset_is_refused_and_the_presets_are_named():
    with pytest.raises(UsageError, match=r"no preset 'same-colour'.*same-disease, same-drug, same-design"):
        parse_preset("same-colour")


def test_each_preset_makes_what_it_is_named_for_count_most():
    for name, aspect in (("disease", Aspect.CONDITION), ("drug", Aspect.INTERVENTION), ("design", Aspect.DESIGN)):
        weights = PRESETS[f"same-{name}"]
        assert max(Aspect, key=lambda one: weights.get(one, 1.0)) is aspect


def test_weights_come_on_top_of_a_preset():
    assert choose_weights("", "text=2") == {Aspect.TEXT: 2.0}
    assert choose_weights("same-drug", "") == PRESETS["same-drug"]
    both = choose_weights("same-drug", "text=2,design=3")
    assert both == {**PRESETS["same-drug"], Aspect.TEXT: 2.0, Aspect.DESIGN: 3.0}
