import re

import pytest

from trialkin.index.denial import denied

CONDITIONS = re.compile(
    r"EGFR mutation|PD-L1|diabetes|asthma|COPD|COVID-19|heart failure|kidney disease|fever|cough|chills|breast cancer",
    re.IGNORECASE,
)


def conditions(text):
    return (found.span() for found in CONDITIONS.finditer(text))


def left_out(text):
    return [text[start:end] for start, end in denied(text, conditions)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("asthma without heart failure", ["without heart failure"]),
        ("gout and no history of diabetes or kidney disease, on aspirin", ["no history of diabetes or kidney disease"]),
        ("He has no fever, chills, or cough, and is well.", ["no fever, chills, or cough"]),
        ("She denies cough but has a rash.", ["denies cough"]),
        ("asthma, not COPD, in adults", ["not COPD"]),
        ("asthma NOT COPD", ["NOT COPD"]),
        ("asthma, no prior COVID-19", ["no prior COVID-19"]),
        ("not pregnant woman with lupus", ["not pregnant woman"]),
        ("She is not pregnant.", ["is not pregnant"]),
        ("He doesn't smoke or use illicit drugs.", ["doesn't smoke or use illicit drugs"]),
        ("cancers other than breast cancer", ["other than breast cancer"]),
        ("melanoma without brain metastases", ["without brain metastases"]),
        ("Gout. His mother had breast cancer. He is 70.", ["His mother had breast cancer."]),
        ("Gout.\nFamily history: diabetes in both parents", ["Family history: diabetes in both parents"]),
        ("Gout. Her aunt, who smokes, was diagnosed with asthma", ["Her aunt, who smokes, was diagnosed with asthma"]),
    ],
)
def test_conditions_that_a_text_denies_or_tells_of_relatives(text, found):
    assert left_out(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "lung cancer, no EGFR mutation",
        "melanoma without PD-L1",
        "diabetes without antibodies of asthma",
        "HER2-negative breast cancer",
        "appendicitis without surgery",
        "asthma not controlled by steroids",
        "not controlled asthma",
        "not resectable breast cancer",
        "no response to colchicine in asthma",
        "no recurrence of breast cancer",
        "no longer diabetes",
        "breast cancer with or without diabetes",
        "breast cancer with/without diabetes",
        "adults with and without diabetes",
        "inhaled NO asthma",
        "women with a family history of breast cancer",
        "Gout. Her mother brought her with fever.",
        "Gout. His mother has noted a cough.",
        "non-diabetes",
        "",
    ],
)
def test_what_is_not_denied(text):
    assert left_out(text) == []


@pytest.mark.parametrize("part", ["no ", "no a, ", "denies a, ", "not ", "her mother has ", "x. ", "mother "])
def test_a_long_text_of_hardly_anything_else_is_read_to_its_end(part):
    end = ". No fever"
    text = (part * 50_000)[: 50_000 - len(end)] + end  # minutes, if a word that denies reached to the end
    assert left_out(text)[-1] == "No fever"
