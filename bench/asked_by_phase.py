"""Ask the index in TRIALKIN_HOME for trials of a phase, and count those of it and those of others.

    TRIALKIN_HOME=... python bench/asked_by_phase.py

A trial is of the phases that its record codes or, where it codes none, that its titles and summary name. Each text is
asked twice: by its words alone, and with what it tells of design.
"""

from collections.abc import Mapping
from statistics import mean, median

from contexts import without_and_with

from trialkin.data import Trial
from trialkin.index import Index
from trialkin.index.design import phase_words

TOP = 20
ASKED = (
    "phase 3 melanoma",
    "phase III breast cancer trastuzumab",
    "phase 2 glioblastoma",
    "phase 1 solid tumors antibody",
    "phase 4 hypertension",
    "phase 3 rheumatoid arthritis",
    "phase II lymphoma lenalidomide",
    "phase 3 COPD inhaler",
    "phase 1/2 gene therapy hemophilia",
    "phase 4 depression",
    "phase 3 HIV treatment naive",
    "phase 2 sickle cell",
)


def main() -> None:
    """Print a line a text: trials of the phase and of others, without design and with it; then medians and means."""
    indexes = without_and_with(text_design=0.0)
    rows = []
    for text in ASKED:
        rows.append([count for index in indexes for count in _counted(index, text)])
        print("{:3} {:3}   {:3} {:3}   {}".format(*rows[-1], text))
    for name, middle in (("median", median), ("mean", mean)):
        columns = [f"{middle(column):.1f}" for column in zip(*rows, strict=True)]
        print(f"{name}: of the phase {columns[0]}, of others {columns[1]}; with design {columns[2]} and {columns[3]}")


def _counted(index: Index, text: str) -> tuple[int, int]:
    """How many of the first trials are of a phase that the text names, and of others only."""
    asked = phase_words(text).keys()
    told = [_phases(one) for one in index.trials([hit.nct_id for hit in index.search(text, TOP, explain=False)])]
    return sum(bool(asked & one.keys()) for one in told), sum(bool(one) and not asked & one.keys() for one in told)


def _phases(trial: Trial) -> Mapping[str, str]:
    coded = {phase: phase for phase in trial.phases if phase != "NA"}
    said = " . ".join(filter(None, (trial.brief_title, trial.official_title, trial.brief_summary)))
    return coded or phase_words(said)


if __name__ == "__main__":
    main()
