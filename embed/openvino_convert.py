"""A sentence-transformers model, converted once to OpenVINO and kept."""

import logging
import shutil
import tempfile
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np

from ..data import Trial, read_trials
from ..data.files import locked, sync, writing_to
from ..errors import ModelError, TrialkinError
from .batches import batches, pad_id
from .chunks import ChunkPolicy, cut
from .encoder import load_tokenizer
from .model_files import ModelFiles
from .openvino_runtime import openvino
from .sections import section_texts

MODEL = "model.xml"
_SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "trials.jsonl"
_CALIBRATION = 300
"""Chunks that show the int8 conversion the range of each activation."""
_FORMS = {"f32": "f32", "bf16": "f32", "int8": "int8-3", "int8-bf16": "int8-bf16"}
"""Names of what is kept, by precision; another number where the way of converting has changed."""
_LEFT_OUT = {
    "int8": r".*\.layer\.[01]\.output\.dense/.*MatMul",
    "int8-bf16": r".*\.layer\.\d+\.output\.dense/.*MatMul",
}
"""Names of matrices that stay out of int8: of BERT's kind of models those that lead out of a layer's feed-forward part.

A few of their activations are so large that int8 leaves little for the others; what is lost in a layer is lost to all
layers after it. docs/decisions/0004 has the figures.
"""


def converted(model: ModelFiles, precision: str, folder: Path) -> Path:
    """The converted model's ``model.xml``, made if it is not there yet.

    bf16 runs the f32 model in bf16 arithmetic, so both share one conversion. The int8 forms are post-training
    quantisation of weights and activations (SmoothQuant, Xiao et al. 2023, alpha 0.8), calibrated on the bundled
    sample: fixed texts, so that one model has one such form whatever trials are indexed. int8 leaves out two
    matrices, int8-bf16 one in each layer: f32 takes four times as long as int8, bf16 little longer.
    """
    form = _FORMS[precision]
    home = folder / f"{model.name}-{model.fingerprint[:12]}-{form}"
    if not (home / MODEL).exists():
        with locked(folder, timeout_s=-1):  # whoever comes second waits, and finds it made
            for killed in folder.glob(".converting-*"):
                shutil.rmtree(killed, ignore_errors=True)
            if not (home / MODEL).exists():
                _make(model, precision, home)
    return home / MODEL


def _make(model: ModelFiles, precision: str, home: Path) -> None:
    """Convert aside, and give the folder its name when it is whole."""
    with writing_to(home.parent):
        aside = Path(tempfile.mkdtemp(prefix=".converting-", dir=home.parent))
        try:
            _convert(model, precision, aside)
            for path in aside.iterdir():
                sync(path)
            if home.exists():
                shutil.rmtree(home)
            aside.rename(home)
            sync(home.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _convert(model: ModelFiles, precision: str, into: Path) -> None:
    import torch

    from .torch_encoder import sentence_transformer

    ov = openvino()

    class SentenceVector(torch.nn.Module):
        """All modules of the model, from token ids to one unit vector."""

        def __init__(self, modules: Sequence[torch.nn.Module]) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(modules)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for part in self.parts:
                features = part(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    network = SentenceVector(list(sentence_transformer(model).children())).eval()
    example = {
        "input_ids": torch.ones((2, 16), dtype=torch.int64),
        "attention_mask": torch.ones((2, 16), dtype=torch.int64),
    }
    shape = ov.PartialShape([-1, -1])
    with warnings.catch_warnings(), redirect_stdout(StringIO()), _telling(model):
        warnings.simplefilter("ignore")
        graph = ov.convert_model(
            network,
            example_input=example,
            input=[("input_ids", shape, ov.Type.i32), ("attention_mask", shape, ov.Type.i32)],
        )
        if precision in _LEFT_OUT:
            graph = _quantise(graph, model, _LEFT_OUT[precision])
    ov.save_model(graph, into / MODEL, compress_to_fp16=False)


@contextmanager
def _telling(model: ModelFiles) -> Generator[None]:
    """Say what to do where a model is of a kind that cannot be converted."""
    try:
        yield
    except (MemoryError, TrialkinError):
        raise
    except Exception as error:  # tracing runs the model's own code, which may fail in any way
        kind, *_ = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"The model in {model.folder} cannot be converted to OpenVINO: {kind}",
            "Set TRIALKIN_ENCODER=sentence-transformers, which runs models of any kind, if more slowly.",
        ) from error


def _quantise(graph: object, model: ModelFiles, left_out: str) -> object:
    """The graph with all matrices in int8 but those whose names match a pattern; a model may have none of them."""
    import nncf

    nncf.set_log_level(logging.ERROR)
    parameters = nncf.AdvancedQuantizationParameters(smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(matmul=0.8))
    samples = _calibration(model)
    return nncf.quantize(
        graph,
        nncf.Dataset(samples),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(samples),
        ignored_scope=nncf.IgnoredScope(patterns=[left_out], validate=False),
        advanced_parameters=parameters,
    )


def _calibration(model: ModelFiles) -> list[list[np.ndarray]]:
    """Chunks of the bundled trials, evenly spread over trials and sections."""
    tokenizer = load_tokenizer(model)
    texts = [
        text for trial in read_trials(_SAMPLE) if isinstance(trial, Trial) for text in section_texts(trial).values()
    ]
    ids = cut(tokenizer, texts, ChunkPolicy(), model.prompts.text).ids
    step = max(1, len(ids) // _CALIBRATION)
    return [[input_ids, mask] for _, input_ids, mask in batches(ids[::step], pad_id(tokenizer), rows=1)]
