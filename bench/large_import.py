"""What an import of a whole registry takes: time and memory.

    python bench/large_import.py STUDIES.jsonl.zst [COUNT]

Writes a temporary file of COUNT studies (577,000 unless said), those of the file again and again, each time under new
NCT ids, and imports it into a temporary home. Prints seconds, trials a second, and the peak memory of the process.
"""

import io
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zstandard

_ID = re.compile(rb'"nctId":\s*"NCT(\d{8})"')


def main() -> int:
    source, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 577_000
    with tempfile.TemporaryDirectory() as folder:
        studies = Path(folder, "studies.jsonl.zst")
        _repeat(source, studies, count)
        command = str(Path(sys.executable).with_name("trialkin"))
        environment = os.environ | {"TRIALKIN_HOME": str(Path(folder, "home"))}
        started = time.perf_counter()
        done = subprocess.run([command, "import", str(studies)], env=environment, capture_output=True, check=True)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
        print(f"{studies.stat().st_size / 1e6:.0f} MB of studies: {done.stdout.decode().strip()}")
        print(f"{seconds:.0f} s, {count / seconds:,.0f} trials/s, peak memory {peak:.2f} GB")
    return 0


def _repeat(source: Path, target: Path, count: int) -> None:
    """Write the studies of `source` over and over, numbered from NCT00000001 on."""
    written = 0
    with target.open("wb") as sink, zstandard.ZstdCompressor(level=1).stream_writer(sink) as packed:
        while written < count:
            with source.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as plain:
                for line in io.BufferedReader(plain, 1 << 20):
                    if written == count:
                        break
                    written += 1
                    packed.write(_ID.sub(b'"nctId":"NCT%08d"' % written, line, count=1))


if __name__ == "__main__":
    sys.exit(main())
