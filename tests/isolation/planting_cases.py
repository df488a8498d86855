"""A case with everything that may hang on one, the mark in every text of it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from integrations.models import Endpoint, Message, Problem
from monitoring import slo
from monitoring.models import (
    AssignmentRule,
    BulkAction,
    BulkItem,
    CaseCause,
    CaseEvent,
    CaseQuestion,
    CaseSpan,
    DayBooks,
    ExceptionCase,
    Exclusion,
    Expectation,
    Fix,
    FixItem,
    Lease,
    Leg,
    MarkedDays,
    Objective,
    ObjectiveDay,
    ObjectiveWindow,
    Outage,
    Overlap,
    RemedyRule,
    RuleStep,
    SavedView,
    Silence,
    Team,
)
from portal.core import clock
from tests.isolation import planting_alerts, planting_recon
from tests.isolation.marks import house

_AT = datetime(2026, 3, 2, 13, 58, 4, tzinfo=UTC)


def plant(endpoint: Endpoint, held: Message, text: str) -> ExceptionCase:
    """The case that holds the message: open, waiting for the answer to a question."""
    fingerprint = uuid4()
    Problem.objects.create(
        message=held, customer=endpoint.customer, endpoint=endpoint, code="unknown_sku",
        path=f"lines.{text}", value=text, text=f"{text} is not known", fingerprint=fingerprint,
        closed_by=text, cutoff_at=_AT, cutoff_kind="pickup", cutoff_site=text[:20],
    )  # fmt: skip
    team = Team.objects.create(name=f"{house(text)} team")
    case = ExceptionCase.objects.create(
        customer=endpoint.customer, endpoint=endpoint, fingerprint=fingerprint, code="unknown_sku",
        severity=1, object_type="order", path=f"lines.{text}", value=text, title=f"SKU {text}",
        customer_title=f"Item {text}", documents=1, at_risk="10", currency="USD", resolution=text,
        state="waiting", waiting_on="customer", waiting_reason=text, cutoff_site=text[:20],
        tags=[text], team=team, evidence={"lines": [[text, text]], "url": ""},
    )  # fmt: skip
    Outage.objects.create(
        customer=endpoint.customer, endpoint=endpoint, code="timeout", text=f"{text}: no answer"
    )
    DayBooks.objects.create(
        customer=endpoint.customer, day=_AT.date(), begins_at=_AT, received=1, lost=1,
        found=[[str(uuid4()), text]], looked_at=_AT,
    )  # fmt: skip
    Leg.objects.create(
        customer_id=endpoint.customer_id, kind="ship", subject=uuid4(), endpoint_id=endpoint.pk,
        order_id=uuid4(), number=text, began_at=clock.now(),
    )  # fmt: skip
    CaseCause.objects.create(case=case, fingerprint=fingerprint)
    CaseSpan.objects.create(case=case, party="customer", reason=text, began_at=clock.now())
    CaseEvent.objects.create(case=case, actor=text, action="opened", text=f"{text} opened")
    CaseEvent.objects.create(
        case=case, actor=text, action="comment", text=f"For them: {text}", for_customer=True
    )
    _plant_work(case, held, text)
    _plant_rules(endpoint, case, team, text)
    _plant_promises(endpoint, text)
    planting_alerts.plant(case, text)
    planting_recon.plant(endpoint, text)
    _plant_silence(case, text)
    return case


def _plant_promises(endpoint: Endpoint, text: str) -> None:
    """What they are promised, what came of it and why, and time that does not count."""
    customer, now = endpoint.customer, clock.now()
    promise = slo.default("cutoff", "standard", service=text, zone="UTC")
    window = promise.window.of(now)
    objective = Objective.objects.create(
        customer=customer, sli="cutoff", version=1, content=slo.to_openslo(promise),
        since=window.begins, made_by=text, why=text, hours={"note": text},
    )  # fmt: skip
    cause = {"party": "us", "reason": f"{text} was away", "amount": "30", "misses": 30,
             "proofs": [f"endpoint-{endpoint.pk}"], "first": now.isoformat(), "last": now.isoformat()}  # fmt: skip
    given = {
        "objective": objective, "customer": customer, "total": 100, "planned": 100, "allowed": 2,
        "missed_us": 30, "used": 30, "share": 15, "causes": [cause], "measured_at": now,
    }  # fmt: skip
    ObjectiveWindow.objects.create(
        **given, begins=window.begins, ends=window.ends, looked_at=now,
        burning={"fast": [15.0, 15.0]},
    )  # fmt: skip
    ObjectiveDay.objects.create(**given, day=now.date(), remark=f"{text} again", remark_by=text)
    for state in ("approved", "asked", "declined"):
        Exclusion.objects.create(
            customer=customer, text=f"{text} works", begins_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, hours=1), state=state, asked_name=text,
            decided_name=f"{text} too", reason=text,
        )  # fmt: skip


def _plant_work(case: ExceptionCase, held: Message, text: str) -> None:
    """What people do to it: a lease, a fix with its document, a question, a list it is on."""
    now = clock.now()
    Lease.objects.create(
        case=case, person_name=text, began_at=now, beat_at=now, until=now + timedelta(minutes=5)
    )
    fix = Fix.objects.create(
        case=case, remedy="lookup", terms=_terms(text), words=f"{text} added", state="checked",
        person_name=text, documents=1, digest=text, trouble=text, change={"sku": text},
    )  # fmt: skip
    FixItem.objects.create(
        fix=fix, position=1, message_id=held.pk, verdict="fail", reason=text, targets=[text],
        told=text,
    )  # fmt: skip
    CaseQuestion.objects.create(
        case=case, customer=case.customer, text=f"Is it {text}?", asked_by=f"{text} asks",
        options=[{"label": f"{text} yes", "remedy": "lookup", "terms": _terms(text), "words": text},
                 {"label": f"{text} no", "remedy": "", "terms": {}, "words": ""}],
        digest=sha256(text.encode()).hexdigest()[:20] + text, email=f"{text}@example.com",
        expires_at=now + timedelta(days=3), answer=text, remark=text, answered_by=text, fix=fix,
    )  # fmt: skip
    bulk = BulkAction.objects.create(
        person_name=text, verb=text[:20], terms={"to": text}, query=f"q={text}", digest=text
    )
    BulkItem.objects.create(
        bulk=bulk, case=case, edition=1, documents=1, told=text, before={"team": text}
    )


def _terms(text: str) -> dict[str, Any]:
    return {"table": text, "code": text, "value": text, "insist": False}


def _plant_rules(endpoint: Endpoint, case: ExceptionCase, team: Team, text: str) -> None:
    """What the house does by itself: to whom cases go, and what it learnt to do."""
    AssignmentRule.objects.create(
        position=1,
        customer=endpoint.customer,
        endpoint=endpoint,
        category=text[:20],
        code="",
        team=team,
    )
    Overlap.objects.create(amounts={text: text}, measured_at=_AT, seconds=1)
    SavedView.objects.create(name=text[:40], query=f"q={text}", made_by=text)
    evidence = {"at": _AT.isoformat(), "left": [], "words": [text], "reasons": {text: 1},
                "past": {}, "now": [{"case": case.pk, "customer": text, "documents": 1, "pass": 1,
                                     "fail": 0, "impossible": 0}]}  # fmt: skip
    rule = RemedyRule.objects.create(
        customer=endpoint.customer, code="unknown_sku", path=f"lines.{text}", value=text,
        remedy="lookup", terms=_terms(text), words=f"{text} added", state="off",
        evidence=evidence, proposed_by=text, approved_by=text, off_reason=text, off_by=text,
    )  # fmt: skip
    RuleStep.objects.create(rule=rule, actor=text, text=text, cases=[case.pk])
    for n in range(3):  # a remedy that is worth another
        Fix.objects.create(
            case=case, remedy="lookup", terms=_terms(text), words=f"{text} means {text}",
            state="done", person_name=text, documents=1, digest=str(n) * 64, applied_at=_AT,
            finished_at=_AT, suggested_by=rule, trouble=text, change={"was": text},
        )  # fmt: skip


def _plant_silence(case: ExceptionCase, text: str) -> None:
    """What is expected of its endpoint, one silence there was, and days that somebody marked."""
    expectation = Expectation.objects.create(
        customer=case.customer, endpoint=case.endpoint, kind="feed", object_type="order",
        reason=text, changed_by=text, said=f"{text} said",
    )  # fmt: skip
    now = clock.now()
    Silence.objects.create(
        decided=text,
        expectation=expectation, code="volume_silent", began_at=now, window_ended_at=now,
        found_at=now, seen_at=now, title=f"{text} sends no orders", said=f"{text} expected 42",
        fingerprint=case.fingerprint, case=case,
        causes=[{"code": "unknown", "party": "us", "sure": "possible", "sentence": text,
                 "lines": [text]}],
    )  # fmt: skip
    MarkedDays.objects.create(
        customer=case.customer, first=now.date(), last=now.date(), reason=text, author_name=text
    )
