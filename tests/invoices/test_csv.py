"""An invoice as rows for other programs."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from billing.documents.invoice_csv import COLUMNS, invoice_csv
from billing.invoices.words import steps_said
from integrations.formats.table_csv import read_csv
from tests.invoices.april import APRIL, BASE, DOCUMENTS, DRAFT, SLA
from tests.invoices.generated import documents

pytestmark = pytest.mark.pure


def rows_of(content):
    return list(csv.DictReader(io.StringIO(invoice_csv(content).decode("utf-8-sig"), newline="")))


def test_the_columns_are_these():
    head = invoice_csv(APRIL).decode("utf-8-sig").split("\r\n")[0]
    assert head == (
        "kind,number,issued,due_on,customer,month,currency,position,line,origin,name,detail,service,first_day,"
        "last_day,unit,plan,version,subscription,charge,metric,quantity,unit_amount,gross,discount,amount,"
        "before,step,step_kind,step_quantity,step_price,step_amount,step_above,step_up_to,step_words"
    )
    assert len(COLUMNS) == 35


def test_there_is_a_row_for_each_step_and_one_for_a_line_without():
    told = [(row["position"], row["step"]) for row in rows_of(APRIL)]
    assert told == [
        ("1", "1"), ("1", "2"), ("1", "3"), ("2", "1"), ("2", "2"), ("2", "3"), ("3", "1"), ("4", "1"),
        ("4", "2"), ("4", "3"), ("5", ""), ("6", "1"),
    ]  # fmt: skip


def test_a_row_says_what_its_step_is_about():
    row = rows_of(replace(APRIL, lines=(DOCUMENTS,)))[1]
    assert row == {
        "kind": "invoice", "number": "2026-0042", "issued": "2026-05-02", "due_on": "2026-06-01",
        "customer": "harbor", "month": "2026-04", "currency": "USD", "position": "1",
        "line": "7/2026-04/documents", "origin": "charge", "name": "Documents delivered",
        "detail": "10 % off in the first year", "service": "2026-04", "first_day": "2026-04-01",
        "last_day": "2026-04-30", "unit": "documents", "plan": "Standard", "version": "3",
        "subscription": "7", "charge": "documents", "metric": "documents", "quantity": "",
        "unit_amount": "", "gross": "", "discount": "", "amount": "", "before": "", "step": "2",
        "step_kind": "units", "step_quantity": "100", "step_price": "0.5", "step_amount": "50",
        "step_above": "100", "step_up_to": "200", "step_words": steps_said(DOCUMENTS, "USD")[1],
    }  # fmt: skip


@given(documents())
def test_amounts_add_up_to_the_net_amount(content):
    assert sum(Decimal(row["amount"] or 0) for row in rows_of(content)) == content.net


def test_what_is_below_zero_is_a_number():
    (row,) = rows_of(replace(APRIL, lines=(SLA,)))
    assert (row["amount"], row["quantity"], row["before"]) == ("-61.2", "", "")


def test_a_draft_has_no_number():
    assert {(row["number"], row["issued"]) for row in rows_of(DRAFT)} == {("", "")}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_no_text_runs_as_a_formula(start):
    evil = f"{start}HYPERLINK(1)"
    line = replace(BASE, key=evil, name=evil, detail=evil, unit=evil, plan=evil, charge=evil)
    content = replace(APRIL, lines=(line,), recipient=replace(APRIL.recipient, slug=evil))
    (row,) = rows_of(content)
    for column in ("line", "name", "detail", "unit", "plan", "charge", "customer"):
        assert row[column] == f"'{evil}"


def test_texts_come_back_as_they_were():
    line = replace(BASE, name='=1+1, "two"\nlines', detail="- 5 %")
    (row,) = read_csv(invoice_csv(replace(APRIL, lines=(line,)))).rows
    assert row[COLUMNS.index("name")] == '=1+1, "two"\nlines'
    assert row[COLUMNS.index("detail")] == "- 5 %"
