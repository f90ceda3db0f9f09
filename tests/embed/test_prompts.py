"""A model that wants to be told whether a text is looked for or looked through is told so, as its library does."""

import itertools
import json

import numpy as np
import pytest

from trialkin.embed import ChunkPolicy, VectorCache, embed_query, embed_section, embed_texts, load_encoder
from trialkin.embed.chunks import cut
from trialkin.embed.model_files import find_model
from trialkin.embed.prompts import Prompts, read_prompts
from trialkin.embed.torch_encoder import sentence_transformer
from trialkin.errors import ModelError
from trialkin.settings import Settings

PROMPTS = {"query": "task: find | query: ", "document": "title: none | text: "}
TEXT = "iguratimod in immune thrombocytopenia"
LONG = " ".join(f"word{number}" for number in range(400))
POLICY = ChunkPolicy(tokens=32, overlap=8, limit=3)


@pytest.fixture
def folder_with(tmp_path, model):
    """The default model beside a configuration of one's own."""

    def of(configuration):
        folder = tmp_path / "prompted"
        folder.mkdir()
        for path in model.folder.iterdir():
            (folder / path.name).symlink_to(path)
        path = folder / "config_sentence_transformers.json"
        path.unlink()
        path.write_text(configuration if isinstance(configuration, str) else json.dumps(configuration))
        return folder

    return of


@pytest.fixture
def prompted(folder_with, tmp_path):
    """An encoder whose model has prompts."""
    folder = folder_with({"prompts": PROMPTS})
    settings = Settings(home=tmp_path, model=str(folder), encoder="sentence-transformers", precision="f32")
    return load_encoder(settings)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({}, Prompts()),
        ({"prompts": None}, Prompts()),
        ({"prompts": PROMPTS}, Prompts(PROMPTS["query"], PROMPTS["document"])),
        ({"prompts": {"query": "q: ", "passage": "p: ", "corpus": "c: "}}, Prompts("q: ", "p: ")),
        ({"prompts": {"corpus": "c: "}}, Prompts("", "c: ")),
        ({"prompts": {"STS": "s: ", "query": "q: "}, "default_prompt_name": "STS"}, Prompts("q: ", "s: ")),
        ({"prompts": {"STS": "s: "}, "default_prompt_name": None}, Prompts()),
    ],
)
def test_prompts_are_chosen_by_name(folder_with, configuration, expected):
    assert read_prompts(folder_with(configuration)) == expected


def test_a_model_without_the_configuration_has_no_prompts(tmp_path):
    assert read_prompts(tmp_path) == Prompts()


@pytest.mark.parametrize("configuration", ["{", "[]", '{"prompts": ["query"]}', '{"prompts": "query"}'])
def test_a_configuration_that_is_no_prompts_by_name_is_refused(folder_with, configuration):
    with pytest.raises(ModelError, match="config_sentence_transformers"):
        read_prompts(folder_with(configuration))


def test_the_default_model_has_no_prompts(model):
    assert model.prompts == Prompts()


def test_other_prompts_make_another_model(folder_with):
    folder = folder_with({"prompts": PROMPTS})
    before = find_model(str(folder))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "q: "}}))
    after = find_model(str(folder))
    assert (before.prompts.query, after.prompts.query) == (PROMPTS["query"], "q: ")
    assert before.fingerprint != after.fingerprint


def test_vectors_are_those_of_the_library(prompted, tmp_path):
    network = sentence_transformer(prompted.model)
    own = embed_query(TEXT, prompted, ChunkPolicy()), embed_section(TEXT, prompted, ChunkPolicy())
    for vector, encode in zip(own, (network.encode_query, network.encode_document), strict=True):
        np.testing.assert_allclose(vector, encode(TEXT, normalize_embeddings=True), atol=1e-5)
    assert own[0] @ own[1] < 0.999
    with VectorCache(tmp_path / "cache.sqlite", prompted.dim) as cache:
        (built,) = embed_texts([TEXT], prompted, cache, ChunkPolicy())
    np.testing.assert_allclose(built, own[1], atol=1e-3)


def test_every_chunk_begins_with_the_prompt_and_none_is_longer_than_the_others(tokenizer):
    prompt = PROMPTS["document"]
    chunks = cut(tokenizer, [LONG, "moon"], POLICY, prompt)
    *begin, end = tokenizer.encode(prompt).ids
    assert all(ids[: len(begin)] == begin and ids[-1] == end for ids in chunks.ids)
    assert [len(ids) for ids in chunks.ids[:3]] == [32, 32, 32]
    assert chunks.ids[3] == tokenizer.encode(f"{prompt}moon").ids


def test_a_prompt_no_longer_than_the_overlap_costs_no_token_but_at_the_end(tokenizer):
    chunks = cut(tokenizer, [LONG], ChunkPolicy(tokens=32, overlap=8, limit=1000), "q: ")
    prompt = tokenizer.encode("q: ", add_special_tokens=False).ids
    tokenizer.no_truncation()
    whole = tokenizer.encode(LONG).ids[1:-1]
    read = [ids[1 + len(prompt) : -1] for ids in chunks.ids]
    neighbours = {pair for inner in read for pair in itertools.pairwise(inner)}
    assert set(itertools.pairwise(whole[: -len(prompt)])) <= neighbours


def test_an_empty_text_is_one_chunk_of_the_prompt(tokenizer):
    assert cut(tokenizer, [""], POLICY, "q: ").ids == [tokenizer.encode("q: ").ids]


def test_a_prompt_that_fills_the_chunks_is_refused(tokenizer):
    with pytest.raises(ModelError, match="more than half of a chunk of 32 tokens") as caught:
        cut(tokenizer, ["moon"], POLICY, "word " * 17)
    assert "TRIALKIN_CHUNK_TOKENS" in caught.value.hint
