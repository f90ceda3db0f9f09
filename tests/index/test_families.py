import pytest

from trialkin.index.families import MOST_MENTIONED, Member, heads, telling_words

NO_LINKS = {"registered": (), "numbered": (), "listed": (), "mentioned": ()}


def member(number, title="", sponsor="A sponsor", **links):
    return Member(f"NCT{number:08d}", sponsor, [title] if title else [], NO_LINKS | links)


def nct(number):
    return f"NCT{number:08d}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Efficacy and Safety of Eltrombopag in ITP", "Eltrombopag in ITP: Open-label Extension Study"),
        ("Herpetic Eye Disease Study (HEDS) I", "Herpetic Eye Disease Study (HEDS) II"),
        ("IV Cocaine Abuse: A Laboratory Model - 1", "IV Cocaine Abuse: A Laboratory Model - 3"),
        (
            "Early Treatment Diabetic Retinopathy Study (ETDRS)",
            "Long-Term Follow-Up of Early Treatment Diabetic Retinopathy",
        ),
        ("Romiplostim in Thrombocytopenic Adults (Study A)", "Romiplostim in Thrombocytopenic Subjects (Study B)"),
        ("Secukinumab in Psoriasis", "Rollover Study of Secukinumab for Patients With Psoriasis"),
        ("Secukinumab in Psoriasis, Part 1", "Secukinumab in Psoriasis: Substudy"),
        ("A Trial of 50.5 mg Drug in Asthma.", "50.5 mg Drugs in Asthma"),
    ],
)
def test_titles_of_one_study_tell_the_same(one, other):
    assert telling_words(one) == telling_words(other) != frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Eltrombopag in ITP", "Romiplostim in ITP"),
        ("Eltrombopag in ITP", "Eltrombopag in Aplastic Anaemia"),
        ("Eltrombopag 25 mg in ITP", "Eltrombopag 50 mg in ITP"),
        ("Phase 2 Study of Eltrombopag in ITP", "Phase 3 Study of Eltrombopag in ITP"),
        ("Insulin in Type 1 Diabetes", "Insulin in Type 2 Diabetes"),
        ("Eltrombopag in Diabetes, Phase II", "Eltrombopag in Diabetes, Phase III"),
        ("Eltrombopag in Children With ITP", "Eltrombopag in Adults With ITP"),
    ],
)
def test_titles_of_two_studies_tell_two(one, other):
    assert telling_words(one) != telling_words(other)


def test_titles_make_a_family_only_with_the_same_sponsor():
    same, other = "Eltrombopag in ITP", "Extension of Eltrombopag in ITP"
    assert heads([member(1, same), member(2, other, "A SPONSOR ")]) == [0, 0]
    assert heads([member(1, same), member(2, other, "Another sponsor")]) == [0, 1]
    assert heads([member(1, same), member(2, other, None)]) == [0, 1]


def test_titles_of_unknown_sponsors_must_say_more():
    assert heads([member(1, "Eltrombopag in ITP", None), member(2, "Study of Eltrombopag in ITP", None)]) == [0, 1]
    long = "Low-dose Rituximab With Iguratimod in Corticosteroid-resistant ITP"
    assert heads([member(1, long, None), member(2, f"Efficacy of {long}", None)]) == [0, 0]


@pytest.mark.parametrize("title", ["", "A Study", "Efficacy and Safety Study of Adult Patients", "Rituximab"])
def test_a_title_that_says_little_makes_no_family(title):
    assert heads([member(1, title), member(2, title)]) == [0, 1]


def test_an_official_title_may_be_that_of_the_other():
    first = Member(nct(1), "A sponsor", ["ESTEEM", "Eltrombopag in ITP"], NO_LINKS)
    assert heads([first, member(2, "Long-term Eltrombopag in ITP")]) == [0, 0]


def test_an_id_of_a_registry_joins_whoever_the_sponsors_are():
    assert heads([member(1, registered=["201002222866"]), member(2, sponsor="B", registered=["201002222866"])]) == [
        0,
        0,
    ]


def test_an_id_of_its_own_joins_only_trials_of_the_same_sponsor():
    one, two = member(1, numbered=["STUDY17"]), member(2, numbered=["STUDY17"])
    assert heads([one, two]) == [0, 0]
    assert heads([one, member(2, sponsor="B", numbered=["STUDY17"])]) == [0, 1]
    unknown = [member(n, sponsor=None, numbered=["STUDY17"]) for n in (1, 2)]
    assert heads(unknown) == [0, 1]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_record_that_names_another_is_of_its_family_whichever_ranks_first(swapped):
    def joined(*members):
        return heads(members[::-1] if swapped else members) == [0, 0]

    assert joined(member(1), member(2, mentioned=[nct(1)]))
    assert not joined(member(1), member(2, sponsor="B", mentioned=[nct(1)]))
    assert joined(member(1), member(2, sponsor="B", listed=[nct(1)]))
    assert not joined(member(1), member(2, mentioned=[nct(3)]))
    assert not joined(member(1, mentioned=[nct(3)]), member(2, mentioned=[nct(3)]))


def test_a_record_that_mentions_a_whole_programme_is_of_no_family_by_that():
    several = [nct(n) for n in range(1, MOST_MENTIONED + 2)]
    assert heads([member(1), member(9, mentioned=several[:-1])]) == [0, 0]
    assert heads([member(1), member(9, mentioned=several)]) == [0, 1]


def test_a_chain_does_not_become_one_family():
    chain = [member(1), member(2, mentioned=[nct(1), nct(3)]), member(3), member(4, mentioned=[nct(3)])]
    assert heads(chain) == [0, 0, 2, 2]


def test_a_family_stands_where_its_first_stands_and_ranks_stay(sample):
    hits = sample.related("NCT07057778", 40)
    assert sample.collapsed([]) == []
    shown = sample.collapsed(hits)
    named = [nct_id for hit in shown for nct_id in (hit.nct_id, *hit.family)]
    assert sorted(named) == sorted(hit.nct_id for hit in hits)
    assert [hit.rank for hit in shown] == sorted(hit.rank for hit in shown)
    by_id = {hit.nct_id: hit for hit in hits}
    assert all(hit.model_copy(update={"family": ()}) == by_id[hit.nct_id] for hit in shown)


def test_an_extension_is_collapsed_into_the_trial_that_ranks_before_it(new_home, encoder, open_index_with, make_trial):
    sponsor = {"lead_sponsor": {"name": "A sponsor"}, "conditions": ("Immune Thrombocytopenia",)}
    trials = [
        make_trial(1, brief_title="Eltrombopag in Immune Thrombocytopenia", **sponsor),
        make_trial(2, brief_title="Extension Study of Eltrombopag in Immune Thrombocytopenia", **sponsor),
        make_trial(
            3, brief_title="Romiplostim in Immune Thrombocytopenia", brief_summary="After NCT00000004.", **sponsor
        ),
        make_trial(4, brief_title="Long-term Bone Marrow Findings in Immune Thrombocytopenia", **sponsor),
        make_trial(5, brief_title="Rituximab in Immune Thrombocytopenia", **sponsor),
    ]
    index = open_index_with(encoder, new_home(trials, encoder))
    hits = index.search("eltrombopag immune thrombocytopenia", 10)
    families = {frozenset({hit.nct_id, *hit.family}) for hit in index.collapsed(hits)}
    listed = {hit.nct_id for hit in hits}
    assert {nct(1), nct(2)} <= listed
    assert frozenset({nct(1), nct(2)}) in families
    assert (frozenset({nct(3), nct(4)}) in families) == ({nct(3), nct(4)} <= listed)
