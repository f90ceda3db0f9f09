"""What other models would add to the lists.

    python bench/quality/other_model.py TRUTH_DIR MODEL [MODEL ...] [--depth 60] [--weight 1] [--write docs/quality.md]

Takes the best trials of each list of the index in TRIALKIN_HOME and orders them anew by their standard scores plus
those of a model's cosines between whole records, title, summary and description in one chunk. MODEL is what
TRIALKIN_MODEL may be; the index's own model comes first, as the control. Nothing beyond the best trials of a list can
enter it, so measures at greater depths say little. Prints Markdown tables of means and of paired differences to the
lists as they are. Vectors are kept in TRIALKIN_HOME, so that a second run takes little time.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from systems import Run
from tables import replace_block, values_table

from trialkin import Index, Settings, TrialkinError, open_index
from trialkin.embed import (
    ChunkPolicy,
    Encoder,
    Section,
    VectorCache,
    cache_path,
    embed_query,
    embed_texts,
    load_encoder,
    section_texts,
)
from trialkin.errors import ModelError
from trialkin.index.measures import by_group, measure, paired_bootstrap
from trialkin.index.truth import TruthSet, read_truth

ONE_CHUNK = ChunkPolicy(128, 0, 1)
QUERY = ChunkPolicy(384, 0, 1)
READ = (Section.TITLE, Section.SUMMARY, Section.DESCRIPTION)
Scored = dict[str, list[tuple[str, float]]]
"""NCT ids and scores, best first, by the NCT id or the query id that asked."""


class Reader:
    """A model's vectors of trials and texts."""

    def __init__(self, model: str, settings: Settings) -> None:
        """Load the model, for PyTorch where OpenVINO cannot run it."""
        named = settings.model_copy(update={"model": model})
        try:
            self.encoder: Encoder = load_encoder(named)
        except ModelError:
            plain = {"encoder": "sentence-transformers", "precision": "bf16"}
            self.encoder = load_encoder(named.model_copy(update=plain))
        self._folder = settings.home / "vectors"
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def read(self, index: Index, nct_ids: Sequence[str]) -> None:
        """Embed trials that have not been read yet."""
        new = [nct_id for nct_id in dict.fromkeys(nct_ids) if nct_id not in self._vectors]
        texts = [_text(index, nct_id) for nct_id in new]
        with VectorCache(cache_path(self._folder, self.encoder, ONE_CHUNK), self.encoder.dim) as cache:
            vectors = embed_texts(texts, self.encoder, cache, ONE_CHUNK)
        self._vectors |= dict(zip(new, vectors.astype(np.float32), strict=True))

    def cosines(self, query: NDArray[np.float32], nct_ids: Sequence[str]) -> NDArray[np.float64]:
        """Of a unit vector and some trials, float64, shape (trials,)."""
        return np.asarray([self._vectors[nct_id] @ query for nct_id in nct_ids], np.float64)

    def query(self, truth: TruthSet, asked: str) -> NDArray[np.float32]:
        """The vector of a trial that has been read, or of a text."""
        if truth.kind == "trials":
            return self._vectors[asked]
        return embed_query(truth.queries[asked], self.encoder, QUERY)


def main() -> None:
    parser = argparse.ArgumentParser(description="What other models would add to the lists.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("models", nargs="+", metavar="MODEL")
    parser.add_argument("--depth", type=int, default=60, help="trials of each list that are ordered anew")
    parser.add_argument("--weight", type=float, default=1.0, help="of the model's cosines beside the scores")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the tables")
    options = parser.parse_args()
    settings, index = Settings(), open_index()
    restricted = (one.restricted(index.__contains__) for one in read_truth(options.truth))
    truth_sets = [one for one in restricted if one.queries]
    lists = {truth.name: _lists(index, truth, options.depth) for truth in truth_sets}
    runs: dict[str, Run] = {"as they are": _run(truth_sets, lists)}
    for name in dict.fromkeys([settings.model, *options.models]):
        reader = Reader(name, settings)
        print(reader.encoder.model.name, file=sys.stderr)
        for truth in truth_sets:
            found = lists[truth.name]
            asking = found if truth.kind == "trials" else ()
            reader.read(index, [*asking, *(nct_id for one in found.values() for nct_id, _ in one)])
        anew = {truth.name: _anew(truth, lists[truth.name], reader, options.weight) for truth in truth_sets}
        runs[f"with {reader.encoder.model.name}"] = _run(truth_sets, anew)
    first, *others = runs
    text = "\n\n".join(
        [
            f"The best {options.depth} of each list among {len(index):,} trials; weight {options.weight:g}.",
            values_table(truth_sets, runs),
            f"How much better than {first}, with 95 % intervals:",
            _differences(truth_sets, runs[first], {name: runs[name] for name in others}),
        ]
    )
    print(text)
    if options.write:
        replace_block(options.write, text, "other-model")


def _text(index: Index, nct_id: str) -> str:
    texts = section_texts(index.trial(nct_id))
    return ". ".join(texts[section] for section in READ if section in texts)


def _lists(index: Index, truth: TruthSet, depth: int) -> Scored:
    found = (
        index.related_many(truth.trials(), depth, explain=False)
        if truth.kind == "trials"
        else index.search_many(truth.texts(), depth, explain=False)
    )
    return {asked: [(hit.nct_id, hit.score) for hit in hits] for asked, hits in found}


def _anew(truth: TruthSet, lists: Scored, reader: Reader, weight: float) -> Scored:
    """The same trials in the order of both together."""
    anew: Scored = {}
    for asked, hits in lists.items():
        nct_ids = [nct_id for nct_id, _ in hits]
        scores = np.clip([score for _, score in hits], 1e-4, 1 - 1e-4)
        cosines = reader.cosines(reader.query(truth, asked), nct_ids)
        both = _standard(np.log(scores / (1 - scores))) + weight * _standard(cosines)
        anew[asked] = [(nct_ids[place], float(both[place])) for place in np.argsort(-both, kind="stable").tolist()]
    return anew


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Less their mean, in standard deviations."""
    return (values - values.mean()) / max(float(values.std()), 1e-9) if len(values) else values


def _run(truth_sets: list[TruthSet], lists: dict[str, Scored]) -> Run:
    run: Run = {}
    for truth in truth_sets:
        answers = {asked: [nct_id for nct_id, _ in hits] for asked, hits in lists[truth.name].items()}
        run[truth.name] = measure(truth, truth.by_query(answers))
    return run


def _differences(truth_sets: list[TruthSet], run: Run, others: dict[str, Run]) -> str:
    """A row a measure, a column a model."""
    lines = [f"| set | measure | {' | '.join(others)} |", "|---" * (len(others) + 2) + "|"]
    for truth in truth_sets:
        for place, name in enumerate(truth.measures):
            cells = []
            for other in others.values():
                a, b = (by_group(truth, one[truth.name][name]) for one in (other, run))
                found = paired_bootstrap(a, b)
                cells.append(f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})")
            lines.append(f"| {truth.name if place == 0 else ''} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
