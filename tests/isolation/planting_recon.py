"""A reconciliation with a run, what it was made from, a break and a correction, the mark in every text."""

from datetime import timedelta
from uuid import uuid4

from integrations.models import Endpoint
from monitoring.domain import reconcile_store
from monitoring.domain.reconcile_scope import CHANNEL, ERP, PUBLISHED, WAREHOUSE
from monitoring.domain.reconcile_store import Said
from monitoring.models import (
    Break,
    Correction,
    Reconciliation,
    ReconPart,
    ReconRow,
    ReconRun,
    ReconSnapshot,
    ReconVersion,
)
from portal.core import clock

_SIDES = {"left": ERP, "right": WAREHOUSE, "told": PUBLISHED, "shown": CHANNEL}


def plant(endpoint: Endpoint, text: str) -> None:
    now = clock.now()
    one = Reconciliation.objects.create(
        customer=endpoint.customer, label=f"{text} stock", kind="inventory"
    )
    sides = [{"role": role, "source": "hub", "endpoint": text} for role in ("erp", "warehouse")]
    content = {"kind": "inventory", "sides": sides, "keys": ["location", "sku"], "tolerances": {},
               "value_limit": "250", "interval_minutes": 60, "agreeing_runs": 2,
               "window_minutes": 50400, "settle_minutes": 15}  # fmt: skip
    ReconVersion.objects.create(reconciliation=one, version=1, content=content, actor=text)
    earlier, run = [ReconRun.objects.create(
        reconciliation=one, version=1, trigger="person", state="done", at=at, began_at=at, ended_at=at,
        trouble=f"{text} trouble", counts={"variance": 1, text: 1}, figures=_figures(text), digest=text,
        actor=text,
    ) for at in (now - timedelta(days=1), now)]  # fmt: skip
    for each in (earlier, run):
        _keep(each, endpoint, text)
    difference = Break.objects.create(
        reconciliation=one, customer=endpoint.customer, endpoint=endpoint, key=f"stock|{text}|{text}|*|*",
        fingerprint=uuid4(), status="open", code="recon_mismatch", state="variance", location=text,
        sku=text, subject=text, line_no=text, left=text, right=text, gap=text, value=10,
        sentence=f"{text} differs", cause=text[:30], causes=[_cause(text)], movements=[_moved(text, now)],
        detail={"remote_id": text}, trail=[[now.isoformat(), text]], corrected_gap=text,
        accepted_gap=text, first_seen=now, last_seen=now, last_run=run,
    )  # fmt: skip
    ReconRow.objects.create(
        run=run, position=0, state="variance", location=text, sku=text, lot=text, condition=text[:20],
        subject=text, line_no=text, left=text, right=text, left_at=text, right_at=text, gap=text,
        causes=[_cause(text)], movements=[_moved(text, now)], note=text, difference=difference,
    )  # fmt: skip
    Correction.objects.create(
        difference=difference, kind="adjust", quantity=text, gap=text, reason=f"{text} counted",
        reference=text, actor_name=text, approver_name=text, outcome=f"{text} posted",
    )  # fmt: skip


def _figures(text: str) -> dict:
    sites = {text: {"pairs": 1, "agreed": 0, "net": "1", "off": "1", "drift": "0"}}
    return {"by_sku": "0.5", "by_value": "0.5", "net": "1", "phantom": 0, "oversell": 0, "pairs": 2,
            "sites": sites}  # fmt: skip


def _cause(text: str) -> dict:
    return {
        "code": text,
        "sentence": f"{text} did it",
        "confidence": 0.5,
        "evidence": [[text, text]],
    }


def _moved(text: str, now) -> list:
    return [text, text, "+1", now.isoformat(), [text]]


def _keep(run: ReconRun, endpoint: Endpoint, text: str) -> None:
    at = clock.now()
    for name, side in _SIDES.items():
        head = {"side": side, "full": True, "yesterday": None, "note": text}
        level = [text, text, "*", "*", "", "1", None]
        reconcile_store.keep(run, Said(name, [level], f"{text} said", at, head, sku_at=1))
    moved = [text, text, "*", "*", "", "1", at.isoformat(), "ship", text, text, {}]
    reconcile_store.keep(run, Said("movements", [moved], text, at, {"note": text}, sku_at=1))
    item = [text, "EA", [], "", False, "1"]
    reconcile_store.keep(run, Said("items", [item], text, at, {"note": text}, sku_at=0))
    party = ["erp", "hub", text, endpoint.pk, f"{text} shop", text[:20]]
    reconcile_store.keep(run, Said("parties", [party], text, at, {"note": text}))
    ReconSnapshot.objects.create(run=run, name=text, source=text, digest=text, head={"note": text})
    assert ReconPart.objects.filter(first=text, last=text).exists()
