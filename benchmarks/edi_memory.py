"""How much memory does an interchange of 100 MB take, read by `manage.py edi read`?

Both syntaxes; with what is in the file printed, and with the issues alone. Each file is made and read in a
process of its own: the system counts a child's memory from that of its parent on.

Run with `python -m benchmarks.edi_memory`; the last line is one JSON object.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import edifact, report, x12

SIZE = 100_000_000
LIMIT = 1_000_000_000 / 1024 / 1024
MAKERS = {"x12": x12.interchange, "edifact": edifact.interchange}
_PEAK = (
    "import resource as r, subprocess as s, sys; s.run(sys.argv[1:], stdout=s.DEVNULL, check=True)"
)
_TELL = "print(r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss)"


def peak(file: Path, *options: str) -> tuple[float, float]:
    """MiB at the most, and seconds."""
    start = time.perf_counter()
    command = [sys.executable, "manage.py", "edi", "read", *options, str(file)]
    watched = [sys.executable, "-c", f"{_PEAK}; {_TELL}", *command]
    told = subprocess.run(watched, capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024, time.perf_counter() - start


def main() -> None:
    if sys.argv[1:]:
        syntax, path = sys.argv[1:]
        Path(path).write_bytes(MAKERS[syntax](SIZE))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for syntax in MAKERS:
            file = Path(folder, f"{syntax}.edi")
            made = [sys.executable, "-m", "benchmarks.edi_memory", syntax, str(file)]
            subprocess.run(made, check=True)
            for kind, options in (("issues", ["--issues"]), ("printed", [])):
                value, seconds = peak(file, *options)
                print(f"{syntax}, {kind}: at most {value:.0f} MiB in {seconds:.0f} s")
                limit_is = f"1 GB for an interchange of {file.stat().st_size:,} bytes"
                name = f"{syntax}_memory_{kind}"
                rows.append(report.row(name, value, "MiB", limit=LIMIT, limit_is=limit_is))
    report.show(*rows)


if __name__ == "__main__":
    main()
