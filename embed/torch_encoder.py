"""The model run by sentence-transformers, on the processor or a GPU."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ..errors import ModelError
from .batches import batches, pad_id
from .chunks import Chunks
from .encoder import load_tokenizer
from .model_files import ModelFiles


class TorchEncoder:
    """`Encoder` on PyTorch; see the protocol for its attributes."""

    def __init__(self, model: ModelFiles, network: Any, precision: str, device: str) -> None:  # noqa: ANN401
        self.model = model
        self.tokenizer: Tokenizer = load_tokenizer(model)
        self.precision = precision
        self.variant = "float"
        self.dim: int = network.get_embedding_dimension()
        self._network = network
        self._device = device
        self._pad = pad_id(self.tokenizer)

    @classmethod
    def load(cls, model: ModelFiles, precision: str, device: str) -> "TorchEncoder":
        """Load a model from its folder; no code of the model's own is run."""
        import torch

        if device == "cuda" and not torch.cuda.is_available():
            raise ModelError("TRIALKIN_DEVICE is cuda, but PyTorch sees no GPU.", "Set TRIALKIN_DEVICE=cpu.")
        network = sentence_transformer(model, device)
        if precision == "bf16":
            network = network.bfloat16()
        return cls(model, network, precision, device)

    def encode_chunks(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        return self._run(chunks, rows=None)

    def encode_query(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        return self._run(chunks, rows=1)

    def _run(self, chunks: Chunks, rows: int | None) -> NDArray[np.float32]:
        import torch

        out = np.empty((len(chunks.ids), self.dim), np.float32)
        with torch.inference_mode():
            for which, input_ids, mask in batches(chunks.ids, self._pad, rows=rows):
                features = {
                    "input_ids": torch.from_numpy(input_ids).long().to(self._device),
                    "attention_mask": torch.from_numpy(mask).long().to(self._device),
                }
                vectors = self._network(features)["sentence_embedding"].float()
                vectors = torch.nn.functional.normalize(vectors, dim=1).cpu().numpy()
                out[which] = vectors[: len(which)]
        return out


def sentence_transformer(model: ModelFiles, device: str = "cpu") -> Any:  # noqa: ANN401
    """Load a model for PyTorch, from local files alone.

    Attention is the plain one, which every model has and which can be converted.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        network = SentenceTransformer(
            str(model.folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"The model in {model.folder} cannot be loaded: {error}.") from error
    return network.eval()
