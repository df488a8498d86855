"""How long does the mapping editor take to answer one edit of 200 rows, and how fast is evidence?

`python -m benchmarks.editor`: an engineer's session over HTTP. Every edit is saved as a draft, run on
a real order, validated and compared with what is live; then 200 orders are replayed through both.
"""

import re
import statistics
import time
from typing import Any

import requests

from benchmarks import load, report
from benchmarks.orders_http import warm_up
from benchmarks.rig import Rig, wait_until, webhook_to_sink
from integrations.connectors.http import mapper
from integrations.mapping import Row, compile_mapping
from integrations.mapping.preview import preview

ROWS, EDITS, WARM_EDITS, DOCUMENTS = 200, 200, 20, 200
SOURCES = (
    '$uppercase(ship_to.city) & " {n}"',
    '$number(totals.total) > {n} ? "big" : "small"',
    '$join(lines.sku, "-{n}-")',
    "$string($sum(lines.($number(quantity) * $number(unit_price)))) & '{n}'",
    'customer.name & " " & bill_to.postal_code & "{n}"',
)
LIMIT_IS = "the same rows on the same order by the mapping alone, in one process, p95"


def main() -> None:
    with webhook_to_sink() as (one, sink):
        warm_up(one, sink, DOCUMENTS)
        engineer = Engineer(one)
        rows = many_rows()
        samples = [engineer.edit(rows, n) for n in range(WARM_EDITS + EDITS)][WARM_EDITS:]
        documents, seconds = engineer.test(one)
    alone = [_alone(rows, n) for n in range(EDITS)]
    p95, limit = _p95(samples), _p95(alone)
    report.show(
        report.row(
            "editor_edit_p95", p95, "ms", limit=limit, limit_is=LIMIT_IS,
            rows=len(rows), edits=len(samples), median=round(statistics.median(samples), 1),
        ),
        report.row(
            "evidence_replay", documents / seconds, "documents/s", limit=_mapped_per_second(rows),
            limit_is="the live and the drafted mapping run on the same order, nothing else, one process",
            documents=documents,
        ),
    )  # fmt: skip


def many_rows() -> list[Row]:
    """The shipped mapping of orders and, to 200, rows that read and reckon."""
    shipped = mapper.MAPPINGS["order", "in"]
    rows = [Row(*row) for row in shipped if row[0] != "extensions"]  # taken whole there
    for n in range(ROWS - len(rows)):
        source = SOURCES[n % len(SOURCES)].format(n=n)
        rows.append(Row(f"extensions.bench.field_{n}", source))
    return rows


def edited(rows: list[Row], n: int) -> list[Row]:
    """Another text in one row, as somebody types."""
    changed = list(rows)
    changed[-1] = Row(changed[-1].target, f'customer.name & "-{n}"')
    return changed


class Engineer:
    """Somebody signed in, with one draft open."""

    def __init__(self, one: Rig) -> None:
        self._base = f"http://127.0.0.1:{one.port}"
        self._session = requests.Session()
        self._session.headers["Host"] = f"bench.localhost:{one.port}"
        self._edition = 0
        self.sign_in(_password(one))

    def sign_in(self, password: str) -> None:
        self._get("/login/")
        given = {"username": "eli@bench.test", "password": password}
        answer = self._post("/login/", given, allow_redirects=False)
        if answer.status_code != 302:
            raise SystemExit(f"Nobody could sign in: {answer.status_code}.")

    def edit(self, rows: list[Row], n: int) -> float:
        """Milliseconds of one round trip; SystemExit when it was not saved or shows no values."""
        now = edited(rows, n)
        given = {
            "edition": self._edition, "sample": 0, "row": [str(n) for n in range(len(now))],
            "target": [row.target for row in now], "source": [row.source for row in now],
        }  # fmt: skip
        began = time.perf_counter()
        answer = self._post("/mappings/shop/order/in/try/", given, headers={"HX-Request": "true"})
        took = 1000 * (time.perf_counter() - began)
        found = re.search(r'name="edition" value="(\d+)"', answer.text)
        if answer.status_code != 200 or not found or "saved" not in answer.text:
            raise SystemExit(f"The edit was not saved: {answer.status_code} {answer.text[:300]}")
        if f"Example Outfitters-{n}" not in answer.text:
            raise SystemExit(f"The value of edit {n} is not in the answer: {answer.text[-700:]}")
        self._edition = int(found[1])
        return took

    def test(self, one: Rig) -> tuple[int, float]:
        """Documents replayed, and the seconds the replay itself took, as the worker tells."""
        with one.database() as connection:
            (change,) = connection.execute(
                "SELECT id FROM integrations_changerequest"
            ).fetchone() or (0,)
            began = time.perf_counter()
            self._post(f"/changes/{change}/test/", {}, allow_redirects=False)
            state = "SELECT testing IS NULL, evidence->'counts'->>'documents' FROM integrations_changerequest"

            def done() -> bool:
                time.sleep(0.02)
                return bool((connection.execute(state).fetchone() or (False,))[0])

            wait_until(done, what="evidence", seconds=60)
            seconds = time.perf_counter() - began
            documents = int((connection.execute(state).fetchone() or (0, 0))[1])
        if documents != DOCUMENTS:
            raise SystemExit(f"{documents} documents were replayed instead of {DOCUMENTS}.")
        return documents, seconds

    def _get(self, path: str) -> requests.Response:
        return self._session.get(self._base + path, timeout=30)

    def _post(self, path: str, given: dict[str, Any], **options: Any) -> requests.Response:
        token = next(v for name, v in self._session.cookies.items() if "csrf" in name)
        headers = {"X-CSRFToken": token, "Referer": self._base, **options.pop("headers", {})}
        return self._session.post(
            self._base + path, data=given, headers=headers, timeout=30, **options
        )


def _password(one: Rig) -> str:
    told = one.tell("add_person", "--partner", "bench", "--name", "Eli", "--email", "eli@bench.test",
                    "--role", "engineer")  # fmt: skip
    return told.rpartition("password: ")[2].strip()


def _alone(rows: list[Row], n: int) -> float:
    began = time.perf_counter()
    preview(
        edited(rows, n), document=load.order("o-1"), lookup=_itself, binding=_itself, context={}
    )
    return 1000 * (time.perf_counter() - began)


def _mapped_per_second(rows: list[Row]) -> float:
    """Orders a second through both mappings, compiled once."""
    live = [Row(*row) for row in mapper.MAPPINGS["order", "in"]]
    both = [compile_mapping(live, name="live"), compile_mapping(rows, name="draft")]
    began = time.perf_counter()
    for n in range(DOCUMENTS):
        for compiled in both:
            compiled.run(load.order(f"o-{n}"), lookup=_itself, binding=_itself, context={})
    return DOCUMENTS / (time.perf_counter() - began)


def _itself(_: str, code: str) -> str:
    return code


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=100)[94]


if __name__ == "__main__":
    main()
