import json

import pytest

from trialkin.errors import IndexDamaged
from trialkin.index.acronyms import AcronymCounter
from trialkin.index.dictionary import COLUMNS, Dictionary, Kind, Learnt, learn, with_acronyms
from trialkin.index.phrases import phrase_key


def row(title="A study", conditions=(), interventions=(), meshes=(), others=None, **fields):
    """A row of a snapshot; `meshes` are of conditions, `others` are other names by intervention."""
    return dict.fromkeys(COLUMNS) | {
        "briefTitle": title,
        "conditions": list(conditions),
        "interventions": [{"name": one, "otherNames": (others or {}).get(one)} for one in interventions],
        "conditionMeshes": [{"term": one} for one in meshes],
        **fields,
    }


def learnt(rows, kind=Kind.CONDITION):
    return learn(rows).dictionaries[kind]


def concepts(dictionary, text):
    return [dictionary.names[one.concept] for one in dictionary.recogniser.mentions(text)]


def stands_for(dictionary, name):
    return [dictionary.names[one] for one in dictionary.meanings(dictionary.phrases[phrase_key(name)])]


def test_names_that_records_list_are_found_in_texts():
    rows = [row("Rituximab in psoriasis", ["Psoriasis"], ["Rituximab"])]
    assert concepts(learnt(rows), "A trial in PSORIASIS") == ["Psoriasis"]
    assert concepts(learnt(rows, Kind.INTERVENTION), "rituximab for psoriasis") == ["Rituximab"]


def test_a_name_that_titles_mention_and_records_seldom_list_is_dropped():
    mentioned = [row(f"Tumour of disease {n}", ["Asthma"]) for n in range(10)]
    listed = [row("Tumour of it", ["Tumour"])]
    assert "tumor" not in learnt(mentioned + listed).phrases
    assert "tumor" in learnt(listed).phrases


def test_a_name_that_records_list_as_part_of_a_longer_one_is_meant():
    rows = [row(f"Leukemia in town {n}", ["Acute Leukemia"]) for n in range(9)] + [row("Leukemia", ["Leukemia"])]
    assert "leukemia" in learnt(rows).phrases


def test_a_name_that_is_hardly_listed_but_within_others_is_none():
    within = [row(f"Knee trouble of kind {n}", ["Knee Osteoarthritis"]) for n in range(20)]
    assert "knee" not in learnt([*within, row("Knee", ["Knee"])]).phrases
    assert "knee" in learnt([*within, row("Knee", ["Knee"]), row("Knees", ["Knee"])]).phrases
    assert "knee" in learnt([*within * 5, *[row("Knee", ["Knee"])] * 5]).phrases, "five records are a few"


def explained(*texts, listed=()):
    """What is learnt from records that explain short forms in texts, three times each."""
    counter = AcronymCounter()
    for text in texts * 3:
        counter.add(text)
    return Learnt(dict.fromkeys(Kind, Dictionary(list(listed), {}, {})), counter)


def test_short_forms_that_records_explain_find_what_they_are_short_for():
    known = Dictionary(
        ["Thrombocytopenia, Immune", "Lung Cancer, Non-Small Cell", "NSCLC", "Lung Cancer"],
        {"immune thrombocytopenia": 0, "non small cell lung cancer": 1, "nsclc": 2, "lung cancer": 3},
        {1: (2, 3)},
    )
    texts = ("Immune thrombocytopenia (ITP)", "non-small cell lung cancer (NSCLC)", "immune thrombocytopenia (NOS)")
    found = with_acronyms(known, Kind.CONDITION, explained(*texts))
    assert concepts(found, "ITP or itp, NOS") == ["Thrombocytopenia, Immune"]
    assert stands_for(found, "nsclc") == ["NSCLC", "Lung Cancer, Non-Small Cell", "Lung Cancer"]


def test_substances_that_no_record_lists_are_no_interventions_by_short_forms():
    known = Dictionary(
        ["Prostate-Specific Antigen", "Cognitive Therapy"], {"prostate specific antigen": 0, "cognitive therapy": 1}, {}
    )
    learnt_of = explained("prostate-specific antigen (PSA)", "cognitive therapy (CoT)", listed=["Cognitive Therapy"])
    found = with_acronyms(known, Kind.INTERVENTION, learnt_of)
    assert concepts(found, "PSA after CoT, COT") == ["Cognitive Therapy"] * 2


def test_a_concept_is_called_as_most_records_write_it():
    rows = [row(conditions=["breast cancer"])] + [row(conditions=["Breast Cancers"])] * 2
    assert learnt(rows).names == ["Breast Cancers"]


def test_other_names_of_an_intervention_lead_to_it():
    rows = [row(interventions=["Rituximab"], others={"Rituximab": ["MabThera", "IDEC-C2B8"]})] * 2
    found = learnt(rows, Kind.INTERVENTION)
    assert found.names == ["Rituximab"]
    assert concepts(found, "mabthera, then idec c2b8") == ["Rituximab", "Rituximab"]


def test_another_name_that_several_interventions_bear_leads_to_none():
    rows = [
        row(interventions=["Rituximab"], others={"Rituximab": ["Biologic"]}),
        row(interventions=["Secukinumab"], others={"Secukinumab": ["Biologic"]}),
    ]
    assert "biologic" not in learnt(rows, Kind.INTERVENTION).phrases


def test_an_acronym_that_texts_explain_leads_to_what_it_stands_for():
    rows = [row("Immune thrombocytopenia (ITP)", ["Immune Thrombocytopenia"])] * 3
    assert concepts(learnt(rows), "steroids in ITP") == ["Immune Thrombocytopenia"]
    assert "itp" not in learnt(rows[:2]).phrases


def test_a_summary_explains_acronyms_too():
    rows = [row(conditions=["Immune Thrombocytopenia"], briefSummary="In immune thrombocytopenia (ITP)")] * 3
    assert concepts(learnt(rows), "ITP") == ["Immune Thrombocytopenia"]


def test_a_name_with_its_own_acronym_is_no_name_of_its_own():
    rows = [row("Immune thrombocytopenia (ITP)", ["Immune Thrombocytopenia"])] * 3
    rows += [row("ITP", ["Immune Thrombocytopenia (ITP)"])] * 2
    found = learnt(rows)
    assert found.names == ["Immune Thrombocytopenia"]
    assert concepts(found, "immune thrombocytopenia (ITP)") == ["Immune Thrombocytopenia"] * 2


def test_a_phrase_that_one_record_makes_around_a_name_is_no_name():
    once = [row(conditions=["Asthma"]), row(conditions=["Asthma of Miners"])]
    assert learnt(once).names == ["Asthma"]
    assert learnt([*once, row(conditions=["Asthma of Miners"])]).names == ["Asthma", "Asthma of Miners"]


@pytest.mark.parametrize("name", ["2", "A1", "10 mg", "one two three four five six seven eight"])
def test_numbers_and_sentences_are_no_names(name):
    assert learnt([row(conditions=[name])] * 3).phrases == {}


def test_a_name_beside_one_heading_stands_for_it():
    rows = [row(conditions=["Itchy Plaques"], meshes=["Psoriasis"])] * 2
    assert stands_for(learnt(rows), "itchy plaques") == ["Itchy Plaques", "Psoriasis"]
    assert stands_for(learnt(rows), "psoriasis") == ["Psoriasis"]
    assert stands_for(learnt(rows[:1]), "itchy plaques") == ["Itchy Plaques"]


def test_a_name_beside_several_names_or_headings_tells_nothing():
    several_names = [row(conditions=["Itchy Plaques", "Eczema"], meshes=["Psoriasis"])] * 3
    several_headings = [row(conditions=["Itchy Plaques"], meshes=["Psoriasis", "Eczema"])] * 3
    for rows in (several_names, several_headings):
        assert learnt(rows).headings == {}


def test_a_heading_must_prevail_beside_a_name():
    rows = [row(conditions=["Rash"], meshes=[mesh]) for mesh in ("Psoriasis", "Exanthema") for _ in range(2)]
    assert learnt(rows).headings == {}


def test_a_heading_that_gathers_many_names_is_broader_than_each():
    rows = [row(conditions=["Rare Tumour"], meshes=["Neoplasms"])] * 2
    rows += [row(conditions=[f"Tumour kind{n}"], meshes=["Neoplasms"]) for n in range(50)]
    assert stands_for(learnt(rows), "rare tumour") == ["Rare Tumour"]


def test_a_qualified_name_stands_for_the_plain_one():
    rows = [row(conditions=["Refractory Asthma"]), row(conditions=["Asthma"])] * 2
    assert stands_for(learnt(rows), "refractory asthma") == ["Refractory Asthma", "Asthma"]


def test_a_name_that_only_ends_like_another_stands_for_itself():
    rows = [row(conditions=["Pulmonary Arterial Hypertension"]), row(conditions=["Hypertension"])] * 2
    assert stands_for(learnt(rows), "pulmonary arterial hypertension") == ["Pulmonary Arterial Hypertension"]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Steroid-resistant asthma", 0),
        ("Steroid level in asthma", 0),
        ("steroids in steroid refractory people", 1),
        ("steroid. Asthma", 1),
    ],
)
def test_what_people_had_or_lack_is_not_what_they_are_given(text, mentions):
    rows = [row("Steroids", interventions=["Steroids"], conditions=["Steroid Asthma"])] * 2
    assert concepts(learnt(rows, Kind.INTERVENTION), text) == ["Steroids"] * mentions
    assert concepts(learnt(rows), "steroid asthma induced") == ["Steroid Asthma"]


def test_records_without_anything_teach_nothing():
    for one in learn([dict.fromkeys(COLUMNS)] * 2).dictionaries.values():
        assert (one.names, one.phrases, one.headings) == ([], {}, {})


def test_the_order_of_records_leaves_no_trace():
    rows = [
        row("Immune thrombocytopenia (ITP)", ["Immune Thrombocytopenia"], ["Rituximab"], ["Purpura"]),
        row("Refractory asthma", ["Refractory Asthma", "asthma"], ["Placebo"]),
        row("Asthma", ["Asthma"], ["placebo"], others={"placebo": ["Sugar pill"]}),
    ] * 3
    assert learn(rows).dictionaries == learn(rows[::-1]).dictionaries


def test_a_dictionary_is_read_as_it_was_written(tmp_path):
    phrases = {"asthma": 0, "severe asthma": 1, "sa": 1}
    dictionary = Dictionary(["Asthma", "Severe Asthma"], phrases, {1: (0,)}, frozenset(["sa"]), frozenset(["naive"]))
    dictionary.write(tmp_path / "names.json")
    read = Dictionary.read(tmp_path / "names.json")
    assert read == dictionary
    assert read.meanings(1) == (1, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b"\xff",
        b"null",
        b"[]",
        json.dumps({"names": [], "phrases": {}, "headings": []}).encode(),
        json.dumps({"names": [], "phrases": {}, "headings": {"x": [1]}}).encode(),
        json.dumps({"names": [], "phrases": {}, "headings": {"1": 2}}).encode(),
    ],
)
def test_a_damaged_file_is_said_so(tmp_path, content):
    (tmp_path / "names.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"names\.json is malformed"):
        Dictionary.read(tmp_path / "names.json")
