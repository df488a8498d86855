"""`python -m benchmarks`: every question in turn, a table, and results.json beside this file.

`python -m benchmarks NAME [ARGUMENT …]` asks one of them alone, however long it takes, such as `dashboards
10_000_000`. Rows that were not measured again stay as they were. A question's own module tells more:
`python -m benchmarks.NAME`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.rig import ROOT

QUESTIONS = (
    "webhooks",
    "orders_http",
    "poll_940",
    "latency",
    "mappings",
    "x12",
    "edifact",
    "edi_memory",
    "http_client",
    "queries_per_order",
    "editor",
    "desk",
    "dashboards",
    "rollups",
    "visible",
    "alerts",
    "takers",
    "replay",
    "silence",
    "reconciliation",
    "statement_month",
    "usage",
    "invoice_run",
)
RESULTS = Path(__file__).with_name("results.json")
KEPT = ("name", "value", "unit", "limit", "ratio", "limit_is")
LONGEST_SECONDS = 600


def main() -> int:
    if sys.argv[1:]:
        rows, is_kept = _ask(*sys.argv[1:], longest=None)
        failed = [] if is_kept else [sys.argv[1]]
    else:
        rows, failed = _all()
    kept = [_kept(row) for row in rows]
    RESULTS.write_text(json.dumps(_merged(kept), indent=2) + "\n")
    print(_table(rows))
    return 1 if failed else 0


def _all() -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of every question, and which had no answer or not the promised one."""
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    for question in QUESTIONS:
        print(f"{question} …", file=sys.stderr, flush=True)
        try:
            found, is_kept = _ask(question, longest=LONGEST_SECONDS)
        except (subprocess.SubprocessError, LookupError, ValueError) as error:
            print(f"{question} failed: {error}", file=sys.stderr)
            failed.append(question)
            continue
        rows += found
        if not is_kept:
            failed.append(question)
    return rows, failed


def _ask(
    question: str, *arguments: str, longest: float | None
) -> tuple[list[dict[str, Any]], bool]:
    """The rows of one question, the headline first, and whether they are what was promised. A figure that
    misses it is a figure, too. `longest`: seconds it may take."""
    command = [sys.executable, "-m", f"benchmarks.{question}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            output, _ = process.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            process.terminate()  # and not killed, so that it stops what it started
            raise
    if not output:
        raise subprocess.CalledProcessError(process.returncode, command)
    headline = json.loads(output.splitlines()[-1])
    return [headline, *headline.get("also", [])], not process.returncode


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the file, those of the same name replaced, new ones behind them."""
    fresh = {row["name"]: row for row in rows}
    before = json.loads(RESULTS.read_text())
    known = {row["name"] for row in before}
    return [fresh.get(row["name"], row) for row in before] + [
        r for r in rows if r["name"] not in known
    ]


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in KEPT}


def _table(rows: list[dict[str, Any]]) -> str:
    head = f"{'question':<26}{'value':>10} {'unit':<17}{'limit':>10}{'ratio':>9}  limit is"
    lines = [
        f"{r['name']:<26}{r['value']:>10,} {r['unit']:<17}{r['limit']:>10,}{r['ratio']:>9.3f}"
        f"  {r['limit_is']}"
        for r in rows
    ]
    return "\n".join([head, "-" * len(head), *lines])


if __name__ == "__main__":
    sys.exit(main())
