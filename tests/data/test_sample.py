import re
from pathlib import Path
from string import ascii_lowercase, digits

import orjson
import pytest
import zstandard

import trialkin
from trialkin.data import Rejection, is_nct_id, read_trials

SAMPLE = Path(trialkin.__file__).parent / "data" / "sample"
ITP = re.compile(r"\bITP\b|immune thrombocytop(o|e)|idiopathic thrombocytop", re.IGNORECASE)
RUN = 12
"""A run of this many words is a sentence of its author's."""
WORDS = bytes(ord(c) if (c := chr(byte).lower()) in ascii_lowercase + digits else ord(" ") for byte in range(256))
"""What each byte of a text becomes, so that words stand in lower case between spaces."""


@pytest.fixture(scope="module")
def sample():
    return list(read_trials(SAMPLE / "trials.jsonl"))


def about_itp(trial):
    return any(ITP.search(text) for text in (trial.title, trial.official_title or "", *trial.conditions))


def test_the_sample_holds_at_least_240_trials_and_every_one_is_read(sample):
    assert not [record for record in sample if isinstance(record, Rejection)]
    assert len({trial.nct_id for trial in sample}) == len(sample) >= 240


def test_at_least_75_trials_of_the_sample_are_about_immune_thrombocytopenia(sample):
    assert sum(map(about_itp, sample)) >= 75


@pytest.mark.parametrize("drug", ["rituximab", "iguratimod", "daratumumab", "eltrombopag"])
def test_a_drug_of_the_reference_lists_occurs_in_other_diseases_too(sample, drug):
    names = [
        " ".join([trial.title, *(name for one in trial.interventions for name in (one.name, *one.other_names))])
        for trial in sample
        if not about_itp(trial)
    ]
    assert any(drug in name.lower() for name in names)


def test_every_trial_of_the_reference_lists_is_in_the_sample(sample):
    head, *rows = [line.split("\t") for line in (SAMPLE / "reference_lists.tsv").read_text().splitlines()]
    assert head == ["query", "rank", "related"]
    held = {trial.nct_id for trial in sample}
    lists = {}
    for query, rank, related in rows:
        assert is_nct_id(query)
        assert {query, related} <= held
        lists.setdefault(query, []).append(int(rank))
    assert list(lists.values()) == [[1, 2, 3, 4, 5]] * 3


def test_a_borrowed_sentence_is_found_wherever_it_stands():
    own = "one two three four five six seven eight nine ten eleven twelve thirteen"
    runs = Runs([own.encode()])
    for shift in range(8):
        there = b"filler " * shift + b"One, two - three: four\nFIVE six (seven) eight nine ten; eleven TWELVE! 0"
        assert runs.in_text(there) == {tuple(own.encode().split()[:RUN])}
    assert not runs.in_text(own.replace("seven", "7").encode())


def test_no_sentence_of_the_sample_is_a_registry_record_s(sample, shared):
    runs = Runs(text.encode() for trial in sample for text in prose(trial) if text)
    records, borrowed = 0, set()
    with (shared / "corpus" / "trials.jsonl.zst").open("rb") as packed:
        for line in lines(zstandard.ZstdDecompressor().stream_reader(packed)):
            records += 1
            for text in texts(orjson.loads(line)):
                borrowed |= runs.in_text(text.encode())
    assert records > 100_000
    assert not borrowed


def prose(trial):
    """What someone wrote in sentences; not titles, names, labels and keywords, which are facts."""
    yield from (trial.brief_summary, trial.detailed_description, trial.eligibility_criteria, trial.why_stopped)
    yield from (one.description for one in (*trial.arm_groups, *trial.interventions))
    for one in (*trial.primary_outcomes, *trial.secondary_outcomes, *trial.other_outcomes):
        yield from (one.measure, one.description)


def lines(stream):
    rest = b""
    while block := stream.read(1 << 22):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    if rest:
        yield rest


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from texts(inside)


class Runs:
    """The runs of twelve words of some texts, to be looked for in many others.

    Twelve words in a row hold six in a row that start at a multiple of six. So only every sixth place of a text is
    looked up, and the text is gone through word by word only where that finds something.
    """

    def __init__(self, own):
        words = [self._split(text) for text in own]
        self._runs = {run for one in words for run in self._every(one, RUN)}
        self._halves = {half for one in words for half in self._every(one, RUN // 2)}

    def in_text(self, text):
        words = self._split(text)
        if self._halves.isdisjoint(zip(*[iter(words)] * (RUN // 2), strict=False)):
            return set()
        return self._runs.intersection(self._every(words, RUN))

    @staticmethod
    def _split(text):
        return text.translate(WORDS).split()

    @staticmethod
    def _every(words, length):
        return zip(*(words[start:] for start in range(length)), strict=False)
