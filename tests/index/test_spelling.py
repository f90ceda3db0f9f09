import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.concepts import Thesaurus
from trialkin.index.dictionary import Dictionary
from trialkin.index.phrases import phrase_key
from trialkin.index.spelling import american
from trialkin.index.terms import terms

PAIRS = """
anaesthesia anesthesia | paediatric pediatric | haemoglobin hemoglobin | ischaemia ischemia | aetiology etiology
caesarean cesarean | faecal fecal | gynaecology gynecology | leukaemia leukemia | paraesthesia paresthesia
orthopaedic orthopedic | thalassaemia thalassemia | oedema edema | lymphoedema lymphedema | oesophageal esophageal
transoesophageal transesophageal | gastrooesophageal gastroesophageal | oestrogen estrogen | antioestrogen antiestrogen
oestradiol estradiol | diarrhoea diarrhea | dyspnoea dyspnea | apnoea apnea | gonorrhoeal gonorrheal | foetus fetus
foetal fetal | coeliac celiac | homoeopathy homeopathy | amoebiasis amebiasis | manoeuvre maneuver | tumour tumor
behavioural behavioral | favourable favorable | labour labor | colour color | humour humor | vapours vapors
randomised randomized | randomisation randomization | organisations organizations | hospitalised hospitalized
generalised generalized | minimise minimize | organisational organizational | stabiliser stabilizer | analyse analyze
analysed analyzed | dialysed dialyzed | catalysing catalyzing | multicentre multicenter | centres centers | litre liter
titres titers | fibre fiber | analogue analog | homologues homologs | programme program | programmes programs
kilogramme kilogram | sulphate sulfate | sulphonylurea sulfonylurea | leucocyte leukocyte | leucopenia leukopenia
labelled labeled | modelling modeling | counsellor counselor | enrolment enrollment | fulfilment fulfillment
defence defense | ageing aging | grey gray | paracetamol acetaminophen | salbutamol albuterol
noradrenaline norepinephrine | rifampicin rifampin | ciclosporin cyclosporine | sulphasalazine sulfasalazine
"""
SAME = """
disease exercise exercises exercising raised noise precise revised supervised advised comprised otherwise expertise
four hour source course journal contour flour fourteen does shoes poems toes coefficient coenzyme coexisting aerobic
anaerobic aerosol angioedema gastroesophageal thromboembolism neuroendocrine bioequivalence intraepithelial
docosahexaenoic eicosapentaenoic phytoestrogen cell well small illness basis analysis paralysis sepsis crisis
presence incidence evidence score more treatment measure iguratimod her2 covid
"""


@pytest.mark.parametrize("pair", [one.split() for line in PAIRS.strip().splitlines() for one in line.split(" | ")])
def test_both_spellings_of_a_word_are_one(pair):
    british, other = pair
    assert american(british) == american(other)
    assert terms(british) == terms(other) == terms(british.upper())
    assert phrase_key(f"{british} of the hand") == phrase_key(f"{other} of the hand")


@pytest.mark.parametrize("word", SAME.split())
def test_other_words_stay_as_they_are(word):
    assert american(word) == word


def test_a_substance_is_recognised_by_either_name():
    thesaurus = Thesaurus.of(Dictionary(["Albuterol", "Aspirin"], {"albuterol": 0, "aspirin": 1}, {}))
    assert set(thesaurus.of_text("Inhaled salbutamol")) == {0}
    assert set(thesaurus.of_text("Low-dose acetylsalicylic acid")) == {1}


def test_ordinals_are_one_in_digits_and_in_letters():
    assert terms("1st-line, 2nd line and 3rd generation") == terms("first-line, second line and third generation")


def test_words_that_only_look_alike_stay_apart():
    for one, other in (("organised", "organic"), ("precise", "prize"), ("sulphur", "surfer"), ("rise", "rice")):
        assert terms(one) != terms(other)


@given(st.text("abcdefghilmnoprstuvy", max_size=14))
def test_any_word_stays_one_word_and_is_not_emptied(word):
    assert american(word).isalpha() or word == american(word) == ""
    assert abs(len(american(word)) - len(word)) <= max(2, len(word) // 2)


def test_a_name_is_recognised_in_either_spelling():
    names = ["Leukaemia", "Gastrointestinal stromal tumor"]
    thesaurus = Thesaurus.of(Dictionary(names, {phrase_key(name): number for number, name in enumerate(names)}, {}))
    for text in ("Leukemia in children", "LEUKAEMIA relapse", "acute leukaemias"):
        assert set(thesaurus.of_text(text)) == {0}
    assert set(thesaurus.of_text("gastrointestinal stromal tumours")) == {1}


def test_a_text_finds_the_same_trials_in_either_spelling(make_trial, make_home, encoder, open_index_with):
    trials = [
        make_trial(1, brief_title="Iron for anemia in hemodialysis"),
        make_trial(2, brief_title="Iron for anaemia before randomised surgery"),
        make_trial(3, brief_title="Spinal anesthesia for cesarean section"),
        *(make_trial(n, brief_title=f"Inhaled steroids in asthma, cohort {n}") for n in range(4, 30)),
    ]
    index = open_index_with(encoder, make_home(trials, encoder))
    for text in ("anaemia", "anemia"):
        assert {hit.nct_id for hit in index.search(text, 2)} == {trials[0].nct_id, trials[1].nct_id}
    for text in ("caesarean anaesthesia", "cesarean anesthesia"):
        assert index.search(text, 1)[0].nct_id == trials[2].nct_id
