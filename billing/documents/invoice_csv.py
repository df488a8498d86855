"""An invoice as one flat table, a row for each step, for spreadsheets and other programs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from billing.documents.csv_file import Cell, csv_file
from billing.invoices import words
from billing.invoices.content import Content, Line, Step
from portal.core import tongue

COLUMNS: Final = (
    "kind", "number", "issued", "due_on", "customer", "month", "currency",
    "position", "line", "origin", "name", "detail", "service", "first_day", "last_day", "unit", "plan",
    "version", "subscription", "charge", "metric",
    "quantity", "unit_amount", "gross", "discount", "amount", "before",
    "step", "step_kind", "step_quantity", "step_price", "step_amount", "step_above", "step_up_to",
    "step_words",
)  # fmt: skip
_NO_FIGURES: Final = (None,) * 6
_NO_STEP: Final = (None,) * 8


@tongue.as_documents()
def invoice_csv(content: Content) -> bytes:
    """UTF-8 with COLUMNS as its head.

    What is known of a line stands in each row of it, its figures from `quantity` to `before` in the first
    one alone: so `amount` adds up to the net amount. A line without steps is one row.
    """
    return csv_file(COLUMNS, _rows(content))


def _rows(content: Content) -> Iterator[tuple[Cell, ...]]:
    for position, line in enumerate(content.lines, start=1):
        start = (*_document(content), position, *_line(line))
        said = words.steps_said(line, content.currency)
        steps = [
            _step(number, step, text)
            for number, (step, text) in enumerate(zip(line.steps, said, strict=True), start=1)
        ]
        for number, step in enumerate(steps or [_NO_STEP]):
            yield (*start, *(_NO_FIGURES if number else _figures(line)), *step)


def _document(content: Content) -> tuple[Cell, ...]:
    return (
        content.kind, content.number, content.issued, content.due_on, content.recipient.slug,
        content.period.key, content.currency,
    )  # fmt: skip


def _line(line: Line) -> tuple[Cell, ...]:
    last_day = line.ends - timedelta(days=1)
    return (
        line.key, line.origin, line.name, line.detail, line.service, line.begins, last_day, line.unit,
        line.plan, line.version, line.subscription, line.charge, line.metric,
    )  # fmt: skip


def _figures(line: Line) -> tuple[Cell, ...]:
    return (line.quantity, line.unit_amount, line.gross, line.discount, line.amount, line.before)


def _step(number: int, step: Step, text: str) -> tuple[Cell, ...]:
    return (
        number, step.kind, step.quantity, step.price, step.amount, step.above, step.up_to, text,
    )  # fmt: skip
