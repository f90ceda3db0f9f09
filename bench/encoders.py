"""How fast each encoder embeds, and how near its vectors are to those of f32.

    python bench/encoders.py [FILE...]

Encodes the section texts of the files' trials (by default the bundled sample) with every encoder and precision that
runs here, one after the other, three rounds, and prints a Markdown table: tokens/s (median of the rounds, with the
least and most), padding, and the cosine with sentence-transformers in f32. bf16 is fast with AMX and in
AMD's AVX-512, int8 with VNNI.
"""

import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from trialkin import Settings, Trial
from trialkin.data import read_trials
from trialkin.embed import ChunkPolicy, load_encoder, section_texts
from trialkin.embed.batches import batches
from trialkin.embed.chunks import cut, pool

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "trials.jsonl"
KINDS = [
    ("sentence-transformers", "f32"),
    ("openvino", "f32"),
    ("openvino", "bf16"),
    ("openvino", "int8"),
    ("openvino", "int8-bf16"),
]
ROUNDS = 3


def main() -> None:
    files = sys.argv[1:] or [str(SAMPLE)]
    texts = [text for one in read_trials(*files) if isinstance(one, Trial) for text in section_texts(one).values()]
    encoders = {kind: load_encoder(Settings(encoder=kind[0], precision=kind[1])) for kind in KINDS}
    chunks = cut(encoders[KINDS[0]].tokenizer, texts, ChunkPolicy())
    tokens = sum(map(len, chunks.ids))
    padded = sum(ids.size for _, ids, _ in batches(chunks.ids, 0))
    speeds: dict[tuple[str, str], list[float]] = {kind: [] for kind in KINDS}
    vectors = {}
    for _ in range(ROUNDS):
        for kind, encoder in encoders.items():
            started = time.perf_counter()
            vectors[kind] = pool(encoder.encode_chunks(chunks), chunks)
            speeds[kind].append(tokens / (time.perf_counter() - started))
    print(f"{len(texts):,} texts, {len(chunks.ids):,} chunks, {tokens:,} tokens, {padded / tokens - 1:.1%} padding\n")
    print("| encoder | precision | tokens/s | least to most | mean cosine | least cosine |\n|---|---|---|---|---|---|")
    for kind, rates in speeds.items():
        cosines = np.sum(vectors[kind] * vectors[KINDS[0]], axis=1)
        spread = f"{min(rates):,.0f} to {max(rates):,.0f}"
        print(
            f"| {kind[0]} | {kind[1]} | {median(rates):,.0f} | {spread} | {cosines.mean():.5f} | {cosines.min():.5f} |"
        )


if __name__ == "__main__":
    main()
