import pytest

from trialkin.errors import ReadError
from trialkin.index.truth import read_truth

LISTS = "query_nct\trank\trelated_nct\trelated_title\n"
REVIEWS = "review\tnct_id\n"


@pytest.fixture
def truth(tmp_path):
    """Write a folder of truth sets, files by their path in it."""
    folder = tmp_path / "truth"
    folder.mkdir()

    def write(files):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


def nct(number):
    return f"NCT{number:08d}"


def everything(files):
    return {
        "related-lists.tsv": LISTS + f"{nct(1)}\t1\t{nct(2)}\tA title\n",
        "reviews.tsv": REVIEWS + f"CD1\t{nct(1)}\nCD1\t{nct(2)}\n",
        "notes/topics.tsv": "q1\tsome words\n",
        "notes/qrels.txt": f"q1 0 {nct(1)} 1\n",
    } | files


def test_a_related_list_asks_for_the_trials_listed_and_never_for_itself(truth):
    lines = [(1, 2), (1, 3), (4, 1), (4, 4), (5, 5)]
    rows = "".join(f"nct {query}\t1\t{nct(related)}\tA title\n" for query, related in lines)
    (one,) = read_truth(truth({"related-lists.tsv": LISTS + rows}))
    assert (one.name, one.kind, one.measures) == ("related-lists", "trials", ("R@5", "R@20", "R@100"))
    assert one.queries == {nct(1): nct(1), nct(4): nct(4)}
    assert one.qrels == {nct(1): {nct(2): 1, nct(3): 1}, nct(4): {nct(1): 1}}
    assert one.groups == {nct(1): [nct(1)], nct(4): [nct(4)]}
    assert one.depth == 100


def test_every_trial_of_a_review_asks_for_the_others_in_each_of_its_reviews(truth):
    rows = f"CD1\t{nct(1)}\nCD1\t{nct(2)}\nCD2\t{nct(1)}\nCD2\t{nct(3)}\nCD3\t{nct(4)}\n"
    (one,) = read_truth(truth({"reviews.tsv": REVIEWS + rows}))
    assert one.measures == ("R@10", "R@50", "R@100", "RR")
    assert one.queries == {
        f"CD1/{nct(1)}": nct(1),
        f"CD1/{nct(2)}": nct(2),
        f"CD2/{nct(1)}": nct(1),
        f"CD2/{nct(3)}": nct(3),
    }
    assert one.qrels[f"CD1/{nct(1)}"] == {nct(2): 1}
    assert one.qrels[f"CD2/{nct(1)}"] == {nct(3): 1}
    assert one.groups == {"CD1": [f"CD1/{nct(1)}", f"CD1/{nct(2)}"], "CD2": [f"CD2/{nct(1)}", f"CD2/{nct(3)}"]}
    assert one.trials() == [nct(1), nct(2), nct(3)]
    assert one.depth == 1000


def test_judged_texts_keep_their_grades_and_leave_out_what_has_no_answer(truth):
    files = {
        "notes/topics.tsv": "q1\tlung cancer\tEGFR\nq2\tasthma\nq3\tgout\n",
        "notes/qrels.txt": f"q1 0 {nct(1)} 2\nq1\t0\t{nct(2)}\t-1\nq1 0 {nct(3)} 0\nq1 0 {nct(3)} 1\nq2 0 {nct(1)} 0\n",
    }
    (one,) = read_truth(truth(files))
    assert (one.name, one.kind, one.measures) == ("notes", "texts", ("P(rel=1)@10", "nDCG@10", "R@100"))
    assert one.texts() == [("q1", "lung cancer\tEGFR")]
    assert one.qrels == {"q1": {nct(1): 2, nct(2): 0, nct(3): 1}}
    assert one.relevant == {nct(1), nct(3)}


def test_sets_come_in_a_fixed_order_and_other_files_are_no_matter(truth):
    more = {
        "README.md": "about",
        "runs/old.trec": "",
        "archive/topics.tsv": "a\tb\n",
        "archive/qrels.txt": f"a 0 {nct(1)} 1",
    }
    names = [one.name for one in read_truth(truth(everything(more)))]
    assert names == ["related-lists", "reviews", "archive", "notes"]


def test_a_file_of_another_editor_is_read_alike(truth):
    text = (LISTS + f"{nct(1)}\t1\t{nct(2)}\tA title\n\n").replace("\n", "\r\n")
    (one,) = read_truth(truth({"related-lists.tsv": "\ufeff" + text}))
    assert one.qrels == {nct(1): {nct(2): 1}}


def test_restricted_to_some_trials_it_is_the_set_of_an_index_without_the_others(truth):
    held = {nct(1), nct(2), nct(3)}
    reviews = REVIEWS + "".join(
        f"{review}\t{nct(n)}\n" for review, n in [("A", 1), ("A", 2), ("A", 9), ("B", 3), ("B", 9)]
    )
    lists = (
        LISTS + f"{nct(1)}\t1\t{nct(2)}\t\n{nct(1)}\t2\t{nct(9)}\t\n{nct(9)}\t1\t{nct(1)}\t\n{nct(2)}\t1\t{nct(8)}\t\n"
    )
    texts = {
        "notes/topics.tsv": "q1\tasthma\nq2\tgout\n",
        "notes/qrels.txt": f"q1 0 {nct(9)} 2\nq1 0 {nct(1)} 1\nq2 0 {nct(9)} 1\nq2 0 {nct(1)} 0\n",
    }
    whole = read_truth(truth({"related-lists.tsv": lists, "reviews.tsv": reviews} | texts))
    related, reviewed, notes = (one.restricted(held.__contains__) for one in whole)
    assert related.qrels == {nct(1): {nct(2): 1}}
    assert reviewed.groups == {"A": [f"A/{nct(1)}", f"A/{nct(2)}"]}
    assert reviewed.qrels[f"A/{nct(1)}"] == {nct(2): 1}
    assert notes.queries == {"q1": "asthma"}
    assert notes.qrels == {"q1": {nct(1): 1}}
    assert [one.restricted(lambda _: True) for one in whole] == whole


def test_answers_to_a_trial_serve_every_review_that_it_is_in(truth):
    rows = f"A\t{nct(1)}\nA\t{nct(2)}\nB\t{nct(1)}\nB\t{nct(3)}\n"
    (one,) = read_truth(truth({"reviews.tsv": REVIEWS + rows}))
    assert one.by_query({nct(1): "first", nct(3): "third"}) == {
        f"A/{nct(1)}": "first",
        f"B/{nct(1)}": "first",
        f"B/{nct(3)}": "third",
    }


@pytest.mark.parametrize(
    ("files", "what"),
    [
        (
            {"related-lists.tsv": f"query\trelated\n{nct(1)}\t{nct(2)}\n"},
            "related-lists.tsv, line 1: the columns query",
        ),
        ({"related-lists.tsv": LISTS + f"\n{nct(1)}\t1\n"}, "related-lists.tsv, line 3: query_nct or related_nct"),
        (
            {"related-lists.tsv": LISTS + f"{nct(1)}\t1\tasthma\t\n"},
            "related-lists.tsv, line 2: 'asthma' is not an NCT",
        ),
        ({"reviews.tsv": REVIEWS + f"\t{nct(1)}\n"}, "reviews.tsv, line 2: review or nct_id is not given"),
        ({"reviews.tsv": REVIEWS.encode() + b"CD\xff\n"}, "reviews.tsv is not UTF-8 text (byte 16)"),
        ({"notes/topics.tsv": "q1\tasthma\nq2 gout\n"}, "topics.tsv, line 2: not a query id, a tab and a text"),
        ({"notes/topics.tsv": "q1\tasthma\nq1\tgout\n"}, "topics.tsv, line 2: the query id 'q1' is there before"),
        ({"notes/qrels.txt": f"q1 0 {nct(1)}\n"}, "qrels.txt, line 1: not a judgement"),
        ({"notes/qrels.txt": f"q1 0 {nct(1)} much\n"}, "qrels.txt, line 1: not a judgement"),
        ({"notes/qrels.txt": "q1 0 PMID1 1\n"}, "qrels.txt, line 1: 'PMID1' is not an NCT id"),
        ({"notes/qrels.txt": f"q1 0 {nct(1)} 1\nq7 0 {nct(1)} 1\n"}, "qrels.txt, line 2: topics.tsv has no query 'q7'"),
        ({"more/topics.tsv": "q1\tasthma\n"}, "more holds topics.tsv alone"),
    ],
)
def test_what_is_malformed_is_named_with_its_line_and_a_way_out(truth, files, what):
    with pytest.raises(ReadError) as caught:
        read_truth(truth(everything(files)))
    assert what in caught.value.what
    assert caught.value.hint


def test_a_folder_that_is_missing_or_holds_no_set_is_refused(tmp_path, truth):
    with pytest.raises(ReadError, match=r"absent is not a folder"):
        read_truth(tmp_path / "absent")
    with pytest.raises(ReadError, match=r"holds no truth set\..*related-lists\.tsv, reviews\.tsv"):
        read_truth(truth({"README.md": "nothing here"}))


def test_the_genuine_sets_are_read_whole(shared):
    sizes = {one.name: (len(one.queries), len(one.groups)) for one in read_truth(shared / "truth")}
    assert sizes["related-lists"] == (20, 20)
    assert sizes["reviews"] == (312, 46)
    assert sizes["patient-notes-2021"] == (75, 75)
