"""The model run by OpenVINO, with asynchronous requests over all processors."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ..data.files import sha256
from ..errors import ModelError
from .batches import batches, pad_id
from .chunks import Chunks
from .encoder import load_tokenizer, processors
from .model_files import ModelFiles
from .openvino_convert import converted
from .openvino_runtime import openvino, openvino_core

SHORT = 32
"""Tokens of a short query: key words, a title, a sentence. These have a graph of this one shape to themselves, which
answers in 0.8 of the time of the graph of any shape; it fuses other operations, so that vectors differ in the fourth
decimal of their cosine, as far from those in f32 as before."""


class OpenVinoEncoder:
    """`Encoder` on OpenVINO; see the protocol for its attributes."""

    def __init__(self, model: ModelFiles, path: Path, precision: str) -> None:
        self.model = model
        self.tokenizer: Tokenizer = load_tokenizer(model)
        self.precision = precision
        self.variant = _variant(precision, path)
        self._path = path
        with self._running():
            self._network = openvino_core().read_model(str(path))
        self.dim = int(self._network.output(0).get_partial_shape()[1].get_length())
        self._pad = pad_id(self.tokenizer)
        self._one_query = Lock()

    @classmethod
    def load(cls, model: ModelFiles, precision: str, folder: Path) -> "OpenVinoEncoder":
        """Load the converted model, converting it first if this is the first time.

        Raises:
            ModelError: OpenVINO cannot read or run it.
        """
        return cls(model, converted(model, precision, folder), precision)

    def encode_chunks(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        out = np.empty((len(chunks.ids), self.dim), np.float32)

        def store(request: Any, which: NDArray[np.int64]) -> None:  # noqa: ANN401
            out[which] = request.get_output_tensor(0).data[: len(which)]

        queue = openvino().AsyncInferQueue(self._for_many, 2 * processors())
        queue.set_callback(store)
        for which, input_ids, mask in batches(chunks.ids, self._pad):
            queue.start_async([input_ids, mask], which)
        queue.wait_all()
        return out

    def encode_query(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        out = np.empty((len(chunks.ids), self.dim), np.float32)
        with self._one_query:  # a request serves one thread at a time
            for which, input_ids, mask in batches(chunks.ids, self._pad, rows=1, least=SHORT):
                request = self.for_short if input_ids.shape[1] == SHORT else self.for_any
                request.infer([input_ids, mask])
                out[which] = request.get_output_tensor(0).data
        return out

    @cached_property
    def _for_many(self) -> Any:  # noqa: ANN401
        """Compiled to work on as many batches at a time as there are processors."""
        return self._compiled(streams=processors())

    @cached_property
    def for_any(self) -> Any:  # noqa: ANN401
        """A request that works on one chunk with all processors."""
        return self._compiled(streams=1).create_infer_request()

    @cached_property
    def for_short(self) -> Any:  # noqa: ANN401
        """A request that works on one short query with all processors."""
        return self._compiled(streams=1, shape=[1, SHORT]).create_infer_request()

    def _compiled(self, streams: int, shape: Sequence[int] | None = None) -> Any:  # noqa: ANN401
        """The network for this machine, for any shape of rows and tokens or for one."""
        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.precision.endswith("bf16") else "f32",
            "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": str(processors()),
        }
        with self._running():
            network = self._network
            if shape is not None:
                network = network.clone()
                network.reshape({one.any_name: shape for one in network.inputs})
            return openvino_core().compile_model(network, "CPU", options)

    @contextmanager
    def _running(self) -> Generator[None]:
        try:
            yield
        except RuntimeError as error:
            raise ModelError(
                f"The converted model {self._path} cannot be run: {str(error).splitlines()[0]}.",
                f"Delete the folder {self._path.parent}; it is made again.",
            ) from error


def _variant(precision: str, path: Path) -> str:
    """See `Encoder`; each conversion to int8 is told from others by its weights."""
    return f"{precision}-{sha256(path.with_suffix('.bin'))[:8]}" if precision.startswith("int8") else "float"
