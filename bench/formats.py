"""What each format carries: the fields of `Trial` that genuine files of it fill, by format.

    python bench/formats.py FORMATS_DIR [--write docs/formats.md]

The folder has a sub-folder a format. Prints (or puts between the marks of a page) how many records each gives, and for
every field how many of them have it; "-" stands where a format's records do not claim to know the field.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path

from trialkin.data import Part, Rejection, Trial, read_trials

_BEGIN, _END = "<!-- formats:begin -->", "<!-- formats:end -->"


def main() -> None:
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("formats", type=Path)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    columns = {
        folder.name: list(read_trials(folder)) for folder in sorted(options.formats.iterdir()) if folder.is_dir()
    }
    lines = [f"| field | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, what in (("records", (Trial, Part)), ("rejections", (Rejection,))):
        counts = (sum(isinstance(one, what) for one in records) for records in columns.values())
        lines.append(f"| **{name}** | {' | '.join(map(str, counts))} |")
    for name, field in Trial.model_fields.items():
        lines.append(f"| {field.alias} | {' | '.join(_filled(records, name) for records in columns.values())} |")
    table = "\n".join(lines)
    if options.write is None:
        sys.stdout.write(f"{table}\n")
        return
    page = options.write.read_text()
    before, rest = page.split(_BEGIN)
    options.write.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{rest.split(_END)[1]}")


def _filled(records: list[object], name: str) -> str:
    known = [one for one in records if isinstance(one, Trial) or (isinstance(one, Part) and name in one.fields)]
    trials = [one.trial if isinstance(one, Part) else one for one in known]
    return str(sum(getattr(trial, name) not in (None, ()) for trial in trials)) if known else "-"


if __name__ == "__main__":
    main()
