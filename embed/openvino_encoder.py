"""The model run by OpenVINO, with asynchronous requests over all processors."""

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
from .openvino_runtime import openvino


class OpenVinoEncoder:
    """`Encoder` on OpenVINO; see the protocol for its attributes."""

    def __init__(self, model: ModelFiles, compiled: Any, precision: str, variant: str, streams: int) -> None:  # noqa: ANN401
        self.model = model
        self.tokenizer: Tokenizer = load_tokenizer(model)
        self.precision = precision
        self.variant = variant
        self.dim = int(compiled.output(0).get_partial_shape()[1].get_length())
        self._compiled = compiled
        self._requests = 2 * streams
        self._pad = pad_id(self.tokenizer)
        self._request = compiled.create_infer_request()
        self._one_query = Lock()

    @classmethod
    def load(cls, model: ModelFiles, precision: str, folder: Path) -> "OpenVinoEncoder":
        """Load the converted model, converting it first if this is the first time.

        Raises:
            ModelError: OpenVINO cannot read or run it.
        """
        path = converted(model, precision, folder)
        ov = openvino()
        streams = processors()
        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
            "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": str(streams),
        }
        try:
            compiled = ov.Core().compile_model(str(path), "CPU", options)
        except RuntimeError as error:
            raise ModelError(
                f"The converted model {path} cannot be run: {str(error).splitlines()[0]}.",
                f"Delete the folder {path.parent}; it is made again.",
            ) from error
        variant = f"int8-{sha256(path.with_suffix('.bin'))[:8]}" if precision == "int8" else "float"
        return cls(model, compiled, precision, variant, streams)

    def encode_chunks(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        out = np.empty((len(chunks.ids), self.dim), np.float32)

        def store(request: Any, which: NDArray[np.int64]) -> None:  # noqa: ANN401
            out[which] = request.get_output_tensor(0).data[: len(which)]

        queue = openvino().AsyncInferQueue(self._compiled, self._requests)
        queue.set_callback(store)
        for which, input_ids, mask in batches(chunks.ids, self._pad):
            queue.start_async([input_ids, mask], which)
        queue.wait_all()
        return out

    def encode_query(self, chunks: Chunks) -> NDArray[np.float32]:
        """See `Encoder`."""
        out = np.empty((len(chunks.ids), self.dim), np.float32)
        with self._one_query:  # a request serves one thread at a time
            for which, input_ids, mask in batches(chunks.ids, self._pad, rows=1):
                self._request.infer([input_ids, mask])
                out[which] = self._request.get_output_tensor(0).data
        return out
