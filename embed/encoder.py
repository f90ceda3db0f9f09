"""`Encoder`: texts to unit vectors, whatever runs the model."""

import os
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ..errors import ModelError, UsageError
from ..settings import Settings
from .chunks import ChunkPolicy, Chunks
from .model_files import ModelFiles, find_model


class Encoder(Protocol):
    """A model that is ready to run.

    Attributes:
        model: which one it is.
        tokenizer: the model's own.
        precision: ``f32``, ``bf16``, ``int8`` or ``int8-bf16``.
        variant: vectors of one variant may stand side by side in an index. f32 and bf16 agree (cosine at least .999)
            and are both ``float``; each int8 form of a model is a variant of its own.
        dim: length of a vector.
    """

    model: ModelFiles
    tokenizer: Tokenizer
    precision: str
    variant: str
    dim: int

    def encode_chunks(self, chunks: Chunks) -> NDArray[np.float32]:
        """One unit vector a chunk: float32, shape (chunks, dim).

        A chunk's vector does not depend on the chunks that it is encoded with.
        """
        ...

    def encode_query(self, chunks: Chunks) -> NDArray[np.float32]:
        """As `encode_chunks`, for the few chunks of one query: least time to the answer."""
        ...


def load_encoder(settings: Settings, model: ModelFiles | None = None) -> Encoder:
    """Load the encoder that the settings name, of their model if it has been found already.

    Raises:
        ModelError: the model is missing, altered, or cannot be run that way.
    """
    model = model or find_model(settings.model)
    if settings.encoder == "openvino":
        if settings.device != "cpu":
            raise UsageError(
                "The openvino encoder runs on the processor only.",
                "Set TRIALKIN_ENCODER=sentence-transformers for TRIALKIN_DEVICE=cuda.",
            )
        from .openvino_encoder import OpenVinoEncoder

        return OpenVinoEncoder.load(model, precision_for(settings), settings.home / "models")
    from .torch_encoder import TorchEncoder

    return TorchEncoder.load(model, precision_for(settings), settings.device)


def precision_for(settings: Settings) -> str:
    """The arithmetic that ``auto`` stands for on this machine."""
    if settings.precision != "auto":
        if settings.precision.startswith("int8") and settings.encoder != "openvino":
            raise UsageError(f"{settings.precision} needs the openvino encoder.", "Set TRIALKIN_ENCODER=openvino.")
        return settings.precision
    if settings.device == "cuda":
        return "bf16"
    maker, flags = _processor()
    if "amx_bf16" in flags:
        return "bf16"
    if settings.encoder != "openvino" or "avx512_vnni" not in flags:
        return "f32"
    # Intel's AVX-512 has bf16 too, but there it was slower than f32.
    return "int8-bf16" if maker == "AuthenticAMD" and "avx512_bf16" in flags else "int8"


def policy_of(settings: Settings) -> ChunkPolicy:
    """The chunk policy that the settings name."""
    return ChunkPolicy(settings.chunk_tokens, settings.chunk_overlap, settings.max_chunks)


def load_tokenizer(model: ModelFiles) -> Tokenizer:
    """The model's fast tokenizer.

    Raises:
        ModelError: the model carries none.
    """
    path = model.folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(f"The model in {model.folder} has no tokenizer.json.", "Save it with a fast tokenizer.")
    return Tokenizer.from_file(str(path))


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> tuple[str, frozenset[str]]:
    """The processor's maker and instruction sets as Linux names them; empty elsewhere, which means f32."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return facts.get("vendor_id", ""), frozenset(facts.get("flags", "").split())
