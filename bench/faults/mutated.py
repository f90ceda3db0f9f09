"""Whether any file can break the reader: genuine files, altered at random, read one after the other.

    python bench/faults/mutated.py FILES_DIR [--count 10000] [--seed 1] [--limit-s 20]

Each of the files in the folder is altered again and again: bytes changed, cut out, doubled or put in (brackets, quotes,
line ends, delimiters, tags, blanks, bytes that are no text), the end cut off, two files spliced; one in four is then
packed with gzip, zstandard or as a zip, and some of the packed ones altered again. Every file must end in records and
rejections, at least one of them, within the time limit, in a process that never takes more than 1 GB. Prints a Markdown
table by format; exits with 1 if a file raised anything, took too long or too much, or gave nothing. Such files are
kept.
"""

import gzip
import io
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from argparse import ArgumentParser
from collections import Counter, defaultdict
from pathlib import Path

import zstandard

from trialkin.data import Rejection, read_trials

_LARGEST = 300_000
"""Bytes of a genuine file that are taken: enough for many records, little enough for thousands of readings."""
_MOST_MEMORY = 1 << 30
_PIECES = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b",",
        b":",
        b"|",
        b"\n",
        b"\r\n",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
    ),
    *(b"<", b">", b"</", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"NCT00000001", b"NCT ID: ", b"null"),
    *(b"[" * 5000, b'{"a":' * 5000, b" " * 70000, b"a" * 70000, b"9" * 5000, "\u202e\ud7ff".encode(), b"\xed\xa0\x80"),
)


def main() -> int:
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-s", type=int, default=20)
    options = parser.parse_args()
    genuine = [
        (path.parent.name, path.read_bytes()[:_LARGEST]) for path in sorted(options.files.rglob("*")) if path.is_file()
    ]
    rng = random.Random(options.seed)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    slowest: defaultdict[str, float] = defaultdict(float)
    failures: list[str] = []
    signal.signal(signal.SIGALRM, _too_long)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.count):
            kind, content = rng.choice(genuine)
            path = Path(folder, f"file-{number}")
            path.write_bytes(_packed(_altered(content, genuine, rng), rng))
            started = time.perf_counter()
            signal.alarm(options.limit_s)
            try:
                records = list(read_trials(path))
                found[kind].update("rejections" if isinstance(one, Rejection) else "records" for one in records)
                failure = "" if records else "gave nothing"
            except BaseException as error:  # noqa: BLE001 - whatever it is, it must not happen
                failure = f"{type(error).__name__}: {error}"
            signal.alarm(0)
            slowest[kind] = max(slowest[kind], time.perf_counter() - started)
            found[kind]["files"] += 1
            if failure:
                kept = Path(tempfile.gettempdir(), f"trialkin-mutated-{options.seed}-{number}")
                kept.write_bytes(path.read_bytes())
                failures.append(f"{kept} ({kind}): {failure[:200]}")
            path.unlink()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print("| genuine files of | mutated | records | rejections | slowest s |\n|---|---|---|---|---|")
    for kind, counts in sorted(found.items()):
        print(
            f"| {kind} | {counts['files']:,} | {counts['records']:,} | {counts['rejections']:,} | {slowest[kind]:.1f} |"
        )
    print(f"\n{len(failures)} failed; most memory {memory / 1e6:.0f} MB", *failures[:30], sep="\n")
    return bool(failures) or memory > _MOST_MEMORY


def _too_long(*_: object) -> None:
    raise TimeoutError("took too long")


def _altered(content: bytes, genuine: list[tuple[str, bytes]], rng: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + int(rng.paretovariate(0.5)))
        match rng.randrange(6):
            case 0:
                data[at:end] = rng.randbytes(end - at)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * rng.choice((1, 2, 50))
            case 3:
                data[at:at] = rng.choice(_PIECES)
            case 4:
                del data[at:]
            case _:
                other = rng.choice(genuine)[1]
                data[at:] = other[rng.randrange(len(other)) :]
        if len(data) > 4 * _LARGEST:
            del data[4 * _LARGEST :]
    return bytes(data) or b" "


def _packed(content: bytes, rng: random.Random) -> bytes:
    match rng.randrange(12):
        case 0:
            packed = gzip.compress(content, 1)
        case 1:
            packed = zstandard.compress(content, 1)
        case 2:
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(rng.choice(("a.json", "../../up.xml", "/etc/absolute.csv", "a/b/c")), content)
            packed = buffer.getvalue()
        case _:
            return content
    return _altered(packed, [("", packed)], rng) if rng.random() < 0.5 else packed


if __name__ == "__main__":
    sys.exit(main())
