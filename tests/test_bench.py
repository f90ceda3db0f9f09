"""The measurements that figures in the documentation come from run, on the bundled sample and a small truth folder."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench"
SYSTEMS = ["trialkin", "BM25", "MiniLM, title", "MiniLM, title + summary", "naive hybrid"]


@pytest.fixture
def truth(tmp_path):
    (tmp_path / "notes").mkdir()
    related = ["NCT07057778\tNCT05302024", "NCT07057778\tNCT07234019", "NCT01719692\tNCT03443570"]
    (tmp_path / "related-lists.tsv").write_text("\n".join(["query_nct\trelated_nct", *related]))
    (tmp_path / "notes" / "topics.tsv").write_text("q1\tsteroid-resistant immune thrombocytopenia, rituximab\n")
    (tmp_path / "notes" / "qrels.txt").write_text("q1 0 NCT07057778 2\nq1 0 NCT07234019 1\nq1 0 NCT00000414 0\n")
    return tmp_path


@pytest.fixture
def table(built, environment):
    """The rows that a bench prints on the sample, the head first, each a list of cells."""

    def of(bench, *arguments):
        command = [sys.executable, str(BENCH / bench), *map(str, arguments)]
        done = subprocess.run(command, env=environment(built.home), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        lines = [line for line in done.stdout.splitlines() if line.startswith("|") and "---" not in line]
        return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]

    return of


def means(row):
    """The figures of a row of systems."""
    return [float(re.match(r"\**([\d.]+)", cell)[1]) for cell in row[2:]]


def test_every_baseline_is_measured_beside_the_ranking(table, truth):
    head, *rows = table("quality", truth)
    assert head[2:] == SYSTEMS
    measured = {row[1]: means(row) for row in rows[:6]}
    assert set(measured) == {"R@5", "R@20", "R@100", "P(rel=1)@10", "nDCG@10"}
    assert all(0 <= mean <= 1 for one in measured.values() for mean in one)
    assert min(measured["R@100"]) > 0.3  # in a collection of 263 each finds most


def test_lists_are_measured_without_what_was_never_judged(table, truth):
    head, *rows = table("quality/judged.py", truth)
    assert head[2:] == SYSTEMS
    judged, whole, alone = (means(row) for row in rows)
    assert [row[1] for row in rows] == ["Judged@10", "nDCG@10", "nDCG(judged_only=True)@10"]
    assert 0 < max(judged) <= 0.3  # three of the sample are judged
    assert all(one <= other for one, other in zip(whole, alone, strict=True))


def test_the_scan_is_timed_both_ways(table):
    rows = table("shared_scan.py", 8)
    assert [row[0] for row in rows if "scan" in row[0]] == [
        *("search, scan by one", "search, scan shared", "related, scan by one", "related, scan shared"),
        *("scan by one", "scan shared"),
    ]
    assert all(0 < float(row[1]) <= float(row[2]) for row in rows if "scan" in row[0])


ONTOLOGY = """format-version: 1.2

[Term]
name: Low number of platelets
synonym: "Thrombocytopenia (acquired)" EXACT layperson []
synonym: "Platelets" BROAD []

[Term]
name: Fever
synonym: "Thrombocytopenia" EXACT []
is_obsolete: true

[Typedef]
name: part of
synonym: "Thrombocytopenia" EXACT []
"""
EVERYDAY = """\
spleen removal | splenectomy
ITP | immune thrombocytopenia | without platelets
cancer | tumor
"""
NAMES_OF_HEADINGS = """\
condition\tMegakaryocytopenia\tthrombocytopenia
condition\tthrombocytopenia\tplatelets
intervention\tTPO Agonists\tthrombopoietin receptor agonists
"""


@pytest.fixture
def chosen(built, environment, tmp_path):
    """The lines of names that a bench chooses from some sources on the sample, and what it says of them."""

    def of(bench, *sources):
        paths, out = [tmp_path / f"source{number}" for number in range(len(sources))], tmp_path / "names.tsv"
        for path, text in zip(paths, sources, strict=True):
            path.write_text(text)
        command = [sys.executable, str(BENCH / bench), *map(str, (*paths, out))]
        done = subprocess.run(command, env=environment(built.home), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in out.read_text().splitlines()], done.stdout

    return of


def test_other_names_are_chosen_by_what_the_trials_that_use_them_are_about(chosen):
    names, said = chosen("condition_names.py", ONTOLOGY, EVERYDAY, NAMES_OF_HEADINGS)
    assert names == [
        ["ITP", "immune thrombocytopenia"],
        ["Low number of platelets", "Thrombocytopenia"],
        ["Megakaryocytopenia", "Thrombocytopenia"],
        ["TPO Agonists", "thrombopoietin receptor agonists"],
        ["immune thrombocytopenia", "ITP"],
        ["spleen removal", "splenectomy"],
        ["splenectomy", "spleen removal"],
    ]
    assert "7 names, 7 other names" in said


def test_forms_of_words_are_chosen_by_what_the_trials_that_use_either_are_about(chosen):
    names, said = chosen("word_forms.py")
    words = dict(names)
    assert words["women"] == "woman"
    assert words["thrombocytopenic"] == "thrombocytopenia"
    assert "thrombocytopenic > thrombocytopenia" in said
    assert f"{len(names)} forms" in said


UNII = """\
Name|TYPE|UNII|Display Name
RITUXIMAB [INN]|cn|1|RITUXIMAB
RITUXIMAB|of|1|RITUXIMAB
MABTHERA|bn|1|RITUXIMAB
ZYTUX|bn|1|RITUXIMAB
RO 452294|cd|1|RITUXIMAB
DIABETES|bn|1|RITUXIMAB
STUDI|bn|1|RITUXIMAB
DANAZOL [USAN]|cn|2|DANAZOL
DANOCRINE|bn|3|DANAZOL SODIUM ANHYDROUS
DEXAMETHASONE [INN]|cn|4|DEXAMETHASONE
VELTUM COMPONENT RITUXIMAB|bn|1|RITUXIMAB
VELTUM COMPONENT DEXAMETHASONE|bn|4|DEXAMETHASONE
ZEBRACILLIN [INN]|cn|5|ZEBRACILLIN
ZEBRAX|bn|5|ZEBRACILLIN
ELTROMBOPAG [INN]|cn|6|ELTROMBOPAG
SHARED|bn|6|ELTROMBOPAG
SHARED|bn|2|DANAZOL
"""


def test_names_of_drugs_are_chosen_by_the_trials_that_use_them(chosen):
    names, said = chosen("drug_names.py", UNII.replace("|", "\t"), "promacta | eltrombopag\n")
    assert names == [
        ["Danazol", "Danocrine"],
        ["Eltrombopag", "Promacta"],
        ["Rituximab", "Mabthera", "Zytux", "RO-452294"],
        ["Rituximab dexamethasone", "Veltum"],
    ]
    assert "4 drugs, 10 names" in said


MESH = """\
D1|Purpura, Thrombocytopenic, Idiopathic|Immune Thrombocytopenia;ITP;Diabetes|C15.1
D2|Rituximab|Purpura Agent|D12.1
D3|Therapeutics|Treatment|E02.1
D4|Zebra Stripes|Stripes|C17.1
D5|Zebra Milk|Milk of Zebra|D13.1
D6|Hospitals|Clinics|N02.1
"""
SUPPLEMENT = "C1|eltrombopag|Promacta|D2\nC2|zebra drops||D2\nC3|wards||D6\n"
DISEASES = """[
  {"id": "1", "name": "low platelets", "xrefs": [{"namespace": "MESH", "id": "D1"}]},
  {"id": "2", "name": "striped skin", "synonyms": ["zebra stripes"]},
  {"id": "3", "name": "spotted skin", "synonyms": ["leopard skin"], "xrefs": [{"namespace": "ICD", "id": "D1"}]}
]"""


def test_headings_are_chosen_by_what_records_use_and_mean(chosen):
    tables = [text.replace("|", "\t").replace(";", "|") for text in (MESH, SUPPLEMENT)]
    names, said = chosen("headings.py", *tables, DISEASES, "Therapeutics\n")
    assert names == [
        ["condition", "Purpura, Thrombocytopenic, Idiopathic", "low platelets", "Immune Thrombocytopenia"],
        ["condition", "Zebra Stripes", "striped skin", "Stripes"],
        ["condition", "spotted skin", "leopard skin"],
        ["intervention", "Rituximab", "Purpura Agent"],
        ["intervention", "eltrombopag", "Promacta"],
    ]
    assert "5 headings, 12 names" in said
