import pytest

from trialkin.index.acronyms import AcronymCounter, definitions


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("People with immune thrombocytopenia (ITP) take part.", "ITP", "immune thrombocytopenia"),
        ("Chronic obstructive pulmonary disease (COPD)", "COPD", "Chronic obstructive pulmonary disease"),
        ("overall survival (OS) is measured", "OS", "overall survival"),
        ("treated for non-small cell lung cancer (NSCLC)", "NSCLC", "non-small cell lung cancer"),
        ("with heat shock transcription factor 1 (HSF1)", "HSF1", "heat shock transcription factor 1"),
        ("in whom (late) type 2 diabetes (T2D) was found", "T2D", "type 2 diabetes"),
    ],
)
def test_the_words_before_the_bracket_that_begin_with_its_letters_are_the_long_form(text, short, long):
    assert list(definitions(text)) == [(short, long)]


def test_letters_after_the_first_may_stand_within_words():
    assert list(definitions("a course of dexamethasone (DXM)")) == [("DXM", "dexamethasone")]
    assert list(definitions("given polyethylene glycol (PEG)")) == [("PEG", "polyethylene glycol")]


def test_the_first_letter_must_begin_a_word():
    assert list(definitions("the chemistry (HE)")) == []
    assert list(definitions("severe graft rejection (ERG)")) == []


@pytest.mark.parametrize(
    "text",
    [
        "immune thrombocytopenia (XYZ)",
        "immune thrombocytopenia (see below)",
        "immune thrombocytopenia (I)",
        "immune thrombocytopenia (Immune)",
        "IT (ITP)",
        "(ITP)",
        "immune thrombocytopenia. Patients (ITP)",
    ],
)
def test_what_its_words_do_not_abbreviate_is_no_acronym(text):
    assert list(definitions(text)) == []


def test_a_text_may_explain_several():
    text = "Type 2 diabetes (T2D) and chronic kidney disease (CKD) together"
    assert list(definitions(text)) == [("T2D", "Type 2 diabetes"), ("CKD", "chronic kidney disease")]


@pytest.fixture
def meanings():
    """What short forms stand for in texts, given with how often each occurs."""

    def count(*texts):
        counter = AcronymCounter()
        for text, times in texts:
            for _ in range(times):
                counter.add(text)
        return counter.meanings()

    return count


def test_the_meaning_that_prevails_is_kept_in_normal_form(meanings):
    assert meanings(("Immune Thrombocytopenias (ITP)", 3)) == {"itp": "immune thrombocytopenia"}


def test_spellings_of_one_long_form_are_counted_together(meanings):
    found = meanings(("immune thrombocytopenia (ITP)", 2), ("Immune-thrombocytopenia (ITP)", 1))
    assert found == {"itp": "immune thrombocytopenia"}


def test_a_meaning_that_few_texts_give_is_dropped(meanings):
    assert meanings(("immune thrombocytopenia (ITP)", 2)) == {}


def test_a_short_form_of_several_meanings_is_dropped(meanings):
    multiple, mitral = ("multiple sclerosis (MS)", 5), ("mitral stenosis (MS)", 5)
    assert meanings(multiple, mitral) == {}
    assert meanings(multiple, ("mitral stenosis (MS)", 3)) == {"ms": "multiple sclerosis"}


def test_long_forms_of_one_concept_are_counted_together():
    counter = AcronymCounter()
    for text in ("Posttraumatic stress disorder (PTSD)", "Post-traumatic stress disorder (PTSD)") * 2:
        counter.add(text)
    counter.add("Problem solving (PTSD)")
    assert counter.meanings() == {}
    phrases = {"posttraumatic stress disorder": 7, "post traumatic stress disorder": 7, "problem solving": 8}
    assert counter.concepts(phrases) == {"ptsd": 7}
    assert counter.concepts({"problem solving": 8}) == {}


def test_a_short_form_that_would_be_anothers_plural_is_passed_over(meanings):
    tens, vats = "Transcutaneous electrical nerve stimulation (TENS)", "Video-assisted thoracic surgery (VATS)"
    assert meanings((tens, 3), (vats, 3), ("total knee arthroplasties (TKAs)", 3)) == {"tka": "total knee arthroplasty"}
