"""How long short queries take to embed in a graph of their own shape, and in the graph of any shape.

    TRIALKIN_HOME=HOME python bench/short_queries.py [ROUNDS]

Titles of the trials in HOME that have 32 tokens at most, embedded one at a time by either graph in turn. Prints
milliseconds, and the cosines of the two vectors and of each with that of sentence-transformers in f32.
"""

import random
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

from trialkin import Settings, open_index
from trialkin.embed import load_encoder
from trialkin.embed.batches import batches
from trialkin.embed.chunks import ChunkPolicy, Chunks, cut
from trialkin.embed.openvino_encoder import SHORT, OpenVinoEncoder

TITLES = 300
Embed = Callable[[Chunks], NDArray[np.float32]]


def main(rounds: int) -> None:
    """Time both graphs in turn, and compare what they say."""
    index = open_index()
    settings = Settings()
    encoder = load_encoder(settings)
    if not isinstance(encoder, OpenVinoEncoder):
        sys.exit("Only the openvino encoder has graphs; set TRIALKIN_ENCODER=openvino.")
    drawn = random.Random(1).sample(index.nct_ids(), min(TITLES, len(index)))
    cuts = [cut(encoder.tokenizer, [index.trial(one).title], ChunkPolicy(), "") for one in drawn]
    short = [one for one in cuts if len(one.ids[0]) <= SHORT]
    graphs: dict[str, Embed] = {"own shape": encoder.encode_query, "any shape": _any_shape(encoder)}
    times: dict[str, list[float]] = {name: [] for name in graphs}
    for _ in range(rounds + 1):  # the first warms up
        for name, embed in graphs.items():
            times[name].append(median(_timed(embed, one) for one in short))
    print(f"{len(short)} titles, {rounds} rounds, {encoder.precision}\n")
    print("| graph | median ms | least to most |\n|---|---|---|")
    for name, (_, *found) in times.items():
        print(f"| {name} | {median(found):.2f} | {min(found):.2f} to {max(found):.2f} |")
    exact = load_encoder(settings.model_copy(update={"encoder": "sentence-transformers"}))
    own, whole, f32 = (np.vstack([embed(one) for one in short]) for embed in (*graphs.values(), exact.encode_query))
    for name, left, right in (("both", own, whole), ("own shape, f32", own, f32), ("any shape, f32", whole, f32)):
        cosines = (left * right).sum(axis=1)
        print(f"{name}: mean cosine {cosines.mean():.5f}, least {cosines.min():.5f}")


def _any_shape(encoder: OpenVinoEncoder) -> Embed:
    """As the encoder embeds longer queries."""

    def embed(chunks: Chunks) -> NDArray[np.float32]:
        ((_, input_ids, mask),) = batches(chunks.ids, 0, rows=1)
        encoder.for_any.infer([input_ids, mask])
        return encoder.for_any.get_output_tensor(0).data.copy()

    return embed


def _timed(embed: Embed, chunks: Chunks) -> float:
    started = time.perf_counter()
    embed(chunks)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
