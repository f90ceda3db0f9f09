import pytest

from trialkin.index.framing import frames, without
from trialkin.index.person import Person, Sex, person_of, speaks_of_someone


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("A 45-year-old man with gout", Person(45, Sex.MALE)),
        ("48 M with gout", Person(48, Sex.MALE)),
        ("72 yo F with gout", Person(72, Sex.FEMALE)),
        ("Somebody is a 41 year man with gout", Person(41, Sex.MALE)),
        ("gout in a 34-year-old otherwise healthy female patient", Person(34, Sex.FEMALE)),
        ("a woman aged 45 with gout", Person(45, Sex.FEMALE)),
        ("My wife, 45 years old, has gout.", Person(45, Sex.FEMALE)),
        ("A 50-year-old with gout. She has it in both feet.", Person(50, Sex.FEMALE)),
        ("A 50-year-old with gout. His mother had it, too.", Person(50, Sex.MALE)),
        ("A 50-year-old patient with gout", Person(50)),
        ("A 70 y.o. man with gout", Person(70, Sex.MALE)),
        ("Mrs. Doe is a 70-year-old with gout.", Person(70, Sex.FEMALE)),
        ("MS in a 70-year-old", Person(70)),
        ("MR imaging of a 70-year-old patient", Person(70)),
        ("Man, 60, with gout", Person(60, Sex.MALE)),
        ("45F gout", Person(45, Sex.FEMALE)),
        ("74M hx of gout", Person(74, Sex.MALE)),
        ("45/F, gout", Person(45, Sex.FEMALE)),
        ("gout; M/45", Person(45, Sex.MALE)),
        ("F, 45, gout", Person(45, Sex.FEMALE)),
        ("45 years old, female, gout", Person(45, Sex.FEMALE)),
        ("gout; age 45; female", Person(45, Sex.FEMALE)),
        ("Age: 45\nSex: F\nDiagnosis: gout", Person(45, Sex.FEMALE)),
        ("Gender: male, age = 45 years, gout", Person(45, Sex.MALE)),
        ("child, 7, asthma", Person(7)),
        ("I'm 45 and have gout", Person(45)),
        ("my daughter is 7 and has asthma", Person(7, Sex.FEMALE)),
        ("The patient is 6 months old, with asthma", Person(0.5)),
        ("Gout. His 7-year-old son has it, too.", None),
        ("18F FDG in gout", None),
        ("18 F-fluoride in gout", None),
        ("age 18 to 65, gout", None),
        ("age: 18-65 years", None),
        ("age 65 years and older", None),
        ("gestational age 32 weeks", None),
        ("preterm birth, gestational age: 32 weeks", None),
        ("asthma for 7 years", None),
        ("children 6 years old and older", None),
        ("a man with gout", None),
    ],
)
def test_the_first_sentence_tells_age_and_it_or_a_later_pronoun_sex(text, person):
    assert person_of(text, text) == person


def test_a_question_before_is_no_first_sentence():
    text = "Which trials could she join? A 45-year-old woman with gout."
    assert person_of(text, without(text, frames(text))) == Person(45, Sex.FEMALE)
    assert person_of(f"Gout. {text}", without(f"Gout. {text}", frames(f"Gout. {text}"))) is None


@pytest.mark.parametrize(
    ("text", "pregnant"),
    [
        ("A 30-year-old woman, 12 weeks pregnant, with asthma", True),
        ("A 30-year-old woman with preeclampsia", True),
        ("30 yo G2P1 with asthma", True),
        ("A 30-year-old woman with asthma", False),
        ("A 30-year-old man with asthma. His wife is pregnant.", False),
    ],
)
def test_a_text_may_speak_of_a_pregnancy(text, pregnant):
    assert person_of(text, text).pregnant is pregnant


@pytest.mark.parametrize(
    ("text", "called", "told"),
    [
        ("A 1-day-old boy with jaundice", "newborns", "a boy of 1 day"),
        ("A 3-day-old with jaundice", "newborns", "a child of 3 days"),
        ("6-week-old girl", "infants", "a girl of 6 weeks"),
        ("18 month old boy", "infants", "a boy of 18 months"),
        ("60-day-old boy", "infants", "a boy of 60 days"),
        ("a 2-year-old boy", "children", "a boy of 2"),
        ("7-year-old girl with asthma", "children", "a girl of 7"),
        ("a 15yo with depression", "adolescents", "a child of 15"),
        ("a 45-year-old woman", "", "a woman of 45"),
        ("a 45-year-old person", "", "a person of 45"),
    ],
)
def test_people_are_called_as_trials_and_as_people_call_them(text, called, told):
    person = person_of(text, text)
    assert (person.called, str(person)) == (called, told)


@pytest.mark.parametrize(
    ("text", "someone"),
    [
        ("Gout for years. She was admitted with pain in both knees.", True),
        ("The patient presented with gout", True),
        ("gout, s/p colchicine", True),
        ("My father has gout", True),
        ("I have gout", True),
        ("Patients with gout are randomised to colchicine or placebo", False),
        ("Each participant takes colchicine if he or she has gout", False),
        ("colchicine for gout", False),
    ],
)
def test_stories_are_told_from_descriptions_where_no_age_is(text, someone):
    assert speaks_of_someone(text) is someone
