"""A build beside the loop that people write by hand, on the same trials, in one run.

    TRIALKIN_HOME=HOME python bench/handmade.py [TRIALS]

HOME holds a snapshot and the converted model; nothing in it is changed. TRIALS of its trials (10,000 unless said),
evenly spread over their NCT ids, are indexed twice: by `trialkin build`, with empty caches, into a temporary home, from
snapshot to published index; and by hand, from the same snapshot to a written FAISS flat index, with the defaults of
sentence-transformers over the same distinct section texts. Prints a Markdown table, and how many of the ten nearest
texts both agree on, over the texts that neither cuts.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from trialkin.data import Snapshot, upsert
from trialkin.embed import VectorCache, cache_path, load_encoder, policy_of, section_texts, text_key
from trialkin.embed.model_files import find_model
from trialkin.embed.torch_encoder import sentence_transformer
from trialkin.index import build
from trialkin.settings import Settings

_SEED, _QUERIES, _NEAREST = 5, 1000, 10


class _Timed:
    """A build's progress that keeps when each stage began, and counts tokens."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self.tokens = 0

    def stage(self, name: str) -> None:
        self.began[name] = time.perf_counter()

    def trials(self, done: int, total: int) -> None:
        pass

    def encoded(self, texts: int, tokens: int) -> None:  # noqa: ARG002
        self.tokens += tokens


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    home = Settings().home
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        (settings.home / "models").symlink_to(home / "models")
        _take_part(Snapshot.open(home / "snapshot"), wanted, settings.home / "snapshot")
        load_encoder(settings)  # both have been loaded once when time is taken
        started = time.perf_counter()
        progress = _Timed()
        report = build(settings, progress)
        ours = time.perf_counter() - started
        ours_encoding = progress.began["writing"] - progress.began["embedding"]
        texts, lengths, theirs, theirs_encoding, tokens, vectors = _by_hand(settings)
        print(f"{report.trials:,} trials, {len(texts):,} distinct texts; model {settings.model}\n")
        print("| | trialkin | by hand | times as fast |\n|---|---|---|---|")
        print(f"| snapshot to index, s | {ours:.0f} | {theirs:.0f} | {theirs / ours:.2f} |")
        print(f"| encoding, s | {ours_encoding:.0f} | {theirs_encoding:.0f} | {theirs_encoding / ours_encoding:.2f} |")
        rates = progress.tokens / ours_encoding, tokens / theirs_encoding
        print(f"| tokens encoded | {progress.tokens:,} | {tokens:,} | |")
        print(f"| tokens a second | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[0] / rates[1]:.2f} |")
        _compare(settings, texts, lengths, vectors)


def _take_part(snapshot: Snapshot, wanted: int, folder: Path) -> None:
    every = sorted(row["nctId"] for row in snapshot.rows(["nctId"]))
    part = set(every[:: max(len(every) // wanted, 1)][:wanted])
    upsert(folder, (trial for trial in snapshot.trials() if trial.nct_id in part), "part")


def _by_hand(settings: Settings) -> tuple[list[str], list[int], float, float, int, NDArray[np.float32]]:
    """Texts and their lengths in tokens; seconds in all and of encoding; tokens; unit vectors, float32 (texts, dim)."""
    model = sentence_transformer(find_model(settings.model))
    model.encode(["warm up"])
    started = time.perf_counter()
    texts = list(
        dict.fromkeys(
            text
            for trial in Snapshot.open(settings.home / "snapshot").trials()
            for text in section_texts(trial).values()
        )
    )
    encoding = time.perf_counter()
    vectors = model.encode(texts, normalize_embeddings=True)
    encoding = time.perf_counter() - encoding
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(settings.home / "by-hand.faiss"))
    seconds = time.perf_counter() - started
    lengths = [len(ids) for ids in model.tokenizer(texts, truncation=False, verbose=False)["input_ids"]]
    return texts, lengths, seconds, encoding, sum(min(one, model.max_seq_length) for one in lengths), vectors


def _compare(settings: Settings, texts: list[str], lengths: list[int], vectors: NDArray[np.float32]) -> None:
    encoder, policy = load_encoder(settings), policy_of(settings)
    whole = [number for number, length in enumerate(lengths) if length <= policy.tokens]
    with VectorCache(cache_path(settings.home / "vectors", encoder, policy), encoder.dim) as cache:
        known = cache.get([text_key(texts[number]) for number in whole])
    ours = np.stack([known[text_key(texts[number])] for number in whole]).astype(np.float32)
    theirs = vectors[whole]
    asked = random.Random(_SEED).sample(range(len(whole)), min(_QUERIES, len(whole)))
    found = [
        faiss.knn(one[asked], one, _NEAREST + 1, metric=faiss.METRIC_INNER_PRODUCT)[1][:, 1:] for one in (ours, theirs)
    ]
    shared = [len(set(a) & set(b)) / _NEAREST for a, b in zip(*(rows.tolist() for rows in found), strict=True)]
    cosines = (ours * theirs).sum(axis=1)
    print(f"\n{len(whole):,} texts that neither cuts: mean cosine {cosines.mean():.4f};", end=" ")
    print(f"of the ten nearest {np.mean(shared):.3f} are the same")


if __name__ == "__main__":
    main()
