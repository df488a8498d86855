"""A customer's months with something to tell, sealed by hand and touched behind the application's back."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection

from integrations.models import ChangeRequest, Message, Problem
from monitoring.domain import statement_keys, statement_seal
from monitoring.domain.statement_build import summary_of
from monitoring.models import (
    CaseEvent,
    CaseSpan,
    ExceptionCase,
    Fix,
    FixItem,
    Statement,
    StatementEvent,
    StatementEvidence,
)
from monitoring.seal import canonical, listing, plain
from monitoring.seal import link as seal_link
from portal.core import clock
from tests import pipeline
from tests.monitoring import desk
from tests.statements import month as april_month
from tests.statements.month import findings

APRIL = april_month.month(april_month.FIRST)
MAY = datetime(2026, 5, 1, 13, tzinfo=UTC)


def april(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def month(customer_id: int) -> ExceptionCase:
    """April: one case that held three orders, of which two were mended in time, and one change."""
    shop = pipeline.endpoint(customer_id, f"shop-{customer_id}", label="Web shop")
    case = desk.make(
        shop, "Item TENT-OLD is not known", opened_at=april(8), closed_at=april(8, 13),
        state="resolved", documents=3,
    )  # fmt: skip
    CaseSpan.objects.create(case=case, party="us", began_at=april(8), ended_at=april(8, 13))
    CaseEvent.objects.create(
        case=case, at=april(8, 12, 30), action="comment", for_customer=True,
        text="We added the item to your list.",
    )  # fmt: skip
    fix = Fix.objects.create(
        case=case, remedy="lookup", words="TENT-OLD added", state="done", person_name="Ana",
        documents=3, digest="ab" * 32,
    )  # fmt: skip
    for place, (number, minutes, left) in enumerate(
        [("1001", 8, 30), ("1002", 14, 5), ("1003", 40, -10)]
    ):
        _saved(fix, place, number, minutes, left, shop)
    ChangeRequest.objects.create(
        customer_id=customer_id, kind="lookup", key="sku", state="live", reason="A new season",
        author_name="L. Holt", approver_name="M. Reyes", approved_at=april(19),
        published_at=april(20, 16),
    )  # fmt: skip
    return case


def _saved(fix: Fix, place: int, number: str, minutes: int, left: int, shop: Any) -> None:
    """An order held at noon of the 8th, let go `minutes` later, `left` before its cut-off."""
    message = Message.objects.create(
        id=uuid4(), direction="in", endpoint=shop, customer_id=shop.customer_id,
        object_type="order", state="applied", business_key=f"{shop.slug}/{number}",
    )  # fmt: skip
    Problem.objects.create(
        message=message, customer_id=shop.customer_id, endpoint=shop, code="unknown_sku",
        path="lines", value="TENT-OLD", text="not known", fingerprint=fix.case.fingerprint,
        opened_at=april(8), closed_at=april(8, 13),
    )  # fmt: skip
    released = april(8) + timedelta(minutes=minutes)
    FixItem.objects.create(
        fix=fix, position=place, message_id=message.pk, verdict="pass", outcome="passed",
        amount=Decimal("100.5"), currency="USD", released_at=released,
        cutoff_at=released + timedelta(minutes=left),
    )  # fmt: skip


def sealed(customer_id: int, *keys: str) -> list[Statement]:
    """Months sealed one after the other, each on the first day after it."""
    made = []
    for key in keys or ("2026-04",):
        year, number = map(int, key.split("-"))
        first = datetime(year + number // 12, number % 12 + 1, 1, 13, tzinfo=UTC)
        with clock.freeze(first):
            made.append(statement_seal.seal(customer_id, key, actor="Ana"))
    return made


@contextmanager
def without_triggers() -> Any:
    """What somebody with the owner's rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone()
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("SELECT set_config('role', %s, false)", [role])


def planted(customer_id: int, *, is_approved: bool = False) -> Statement:
    """April as tests.statements.month has it, sealed with all its evidence."""
    said, rows = APRIL, findings().rows
    link = seal_link(said.period.key, canonical(said), after=None, signer=statement_keys.signer())
    made = Statement.objects.create(
        customer_id=customer_id, period=said.period.key, number=1, content=link.content,
        summary=summary_of(said), hash=link.hash, key=link.signature.key,
        signature=link.signature.value, built_at=said.sealed_at, sealed_at=said.sealed_at,
        sealed_by="Ana", evidence_list=canonical([list(entry) for entry in listing(rows)]),
    )  # fmt: skip
    StatementEvidence.objects.bulk_create(
        StatementEvidence(
            statement=made, customer_id=customer_id, kind=row.kind, name=row.id,
            fields=plain(row.fields),
        )
        for row in rows
    )  # fmt: skip
    made.state = Statement.State.SEALED
    made.save()
    if is_approved:
        StatementEvent.objects.create(
            statement=made, customer_id=customer_id, verb="approved", text="Approved", actor="Ana"
        )
    return made
