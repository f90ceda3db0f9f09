import pytest

from trialkin.index.facts import Facts
from trialkin.index.hits import Evidence, ReasonCode
from trialkin.index.sentences import ClosestPair
from trialkin.index.why import sentence

CONDITION, INTERVENTION = ReasonCode.SAME_CONDITION, ReasonCode.SAME_INTERVENTION
TRIAL = Facts([("briefTitle", "A study")])
RARE = {"bleed": 5.0, "platelet": 4.0, "rituximab": 6.0, "spleen": 3.0, "patient": 0.5}


def said(words, what="", field="interventions"):
    one = Evidence(what=what, query_field="briefTitle", query_text="asked", hit_field=field, hit_text=words)
    return (one,)


def why(evidence, query=TRIAL, hit=TRIAL, pair=None):
    return sentence(query, hit, evidence, pair, lambda term: RARE.get(term, 0.0))


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ({INTERVENTION: said("iguratimod"), CONDITION: said("ITP")}, "Also tests iguratimod in ITP."),
        ({INTERVENTION: said("iguratimod")}, "Also tests iguratimod."),
        ({CONDITION: said("ITP")}, "Also about ITP."),
        ({INTERVENTION: said("Vaccine"), CONDITION: said("vaccine")}, "Also tests Vaccine."),
        (
            {CONDITION: said("ITP"), ReasonCode.SAME_POPULATION: said("relapsed")},
            "Also about ITP (relapsed).",
        ),
        ({CONDITION: said("Chronic pain"), ReasonCode.SAME_POPULATION: said("chronic")}, "Also about Chronic pain."),
        (
            {CONDITION: said("ITP"), ReasonCode.SAME_POPULATION: said("Failed")},
            "Also about ITP (earlier treatment failed).",
        ),
        (
            {CONDITION: said("ITP"), ReasonCode.SAME_INTERVENTION_CLASS: said("Hormones", "Hormones")},
            "Also tests one of the Hormones in ITP.",
        ),
        (
            {CONDITION: said("ITP"), ReasonCode.SAME_INTERVENTION_CLASS: said("drug", "drugs of a class")},
            "Also tests drug, like asked one of the drugs of a class, in ITP.",
        ),
        (
            {ReasonCode.SAME_INTERVENTION_CLASS: said("drug", "asked")},
            "Also tests drug, one of the asked.",
        ),
        (
            {
                INTERVENTION: said("iguratimod"),
                ReasonCode.SAME_COMPARATOR_PATTERN: (*said("plus", "a combination"), *said("vs", "a comparison")),
            },
            "Also tests iguratimod, a combination against less.",
        ),
    ],
)
def test_the_sentence_says_what_both_are_about_in_the_hits_words(evidence, text):
    assert why(evidence) == text


def test_observational_trials_study_and_do_not_test():
    hit = Facts([("briefTitle", "A study")], codes={"studyType": ["OBSERVATIONAL"]})
    assert why({INTERVENTION: said("iguratimod")}, hit=hit) == "Also studies iguratimod."


def test_nothing_is_also_for_a_text():
    query = Facts.of_text("iguratimod")
    assert why({INTERVENTION: said("iguratimod")}, query) == "Tests iguratimod."
    assert why({CONDITION: said("ITP")}, query) == "About ITP."


def test_what_a_summary_alone_names_may_be_no_treatment_of_the_trial():
    assert why({INTERVENTION: said("rituximab", field="briefSummary")}) == "Also speaks of rituximab."


@pytest.mark.parametrize(
    ("title", "verb"),
    [
        ("Pain After Bypass Surgery", "speaks of"),
        ("Children Undergoing Bypass", "speaks of"),
        ("Pain after the Bypass", "speaks of"),
        ("Post-Bypass Pain", "speaks of"),
        ("Elective Bypass after Rest", "tests"),
        ("Early Bypass", "tests"),
        ("Bypass", "tests"),
    ],
)
def test_what_people_have_anyway_is_not_tested(title, verb):
    hit = Facts([("briefTitle", title)])
    assert why({INTERVENTION: said("Bypass", field="briefTitle")}, hit=hit) == f"Also {verb} Bypass."


def test_where_only_words_are_shared_the_rarest_are_named_as_the_hit_writes_them():
    pair = ClosestPair(
        "Rituximab, bleeding, spleens, platelets in patients", "Platelet, SPLEEN, Bleeding, Rituximab", 0.9
    )
    assert why({}, pair=pair) == "Speaks of similar things: Rituximab, Bleeding, Platelet."


def test_forms_of_a_word_are_named_once():
    pair = ClosestPair("Bleeding in patients", "Bleeding, bleeds, bleeding", 0.9)
    assert why({}, pair=pair) == "Speaks of similar things: Bleeding."


@pytest.mark.parametrize("pair", [None, ClosestPair("All patients", "Patients in pain", 0.1)])
def test_without_a_telling_word_in_common_it_says_so(pair):
    assert why({}, pair=pair) == "Close in meaning, in other words."


def test_a_long_sentence_is_cut_between_words():
    text = why({INTERVENTION: said("a very long name " * 10)})
    assert len(text) <= 120
    assert text.endswith("…")
    assert set(text[:-1].split()) == {"Also", "tests", "a", "very", "long", "name"}
