"""The last step: what has to be true, the sign-off, the certificate, and the first live order."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from integrations.connectors import registry
from integrations.documents.certificate import Certificate, Step, certificate_pdf
from integrations.domain import flow_choices, onboarding
from integrations.domain.onboarding import RefusedError
from integrations.models import (
    ConformanceRun,
    Contract,
    Endpoint,
    Flow,
    MappingVersion,
    Message,
    OnboardingRun,
    Record,
)
from integrations.onboarding.steps import SLUGS
from portal.core import clock, events
from portal.jobs import lanes


class Point(NamedTuple):
    """One line of the checklist; `text` says what is so, or what to do."""

    passed: bool
    text: str


class EndpointLive(NamedTuple):
    """An endpoint takes live documents from now on."""

    endpoint_id: int
    customer_id: int


def checklist(run: OnboardingRun) -> list[Point]:
    """What has to be true before an endpoint goes live."""
    own, flows = run.endpoint, flow_choices.flows_of(run) if run.endpoint else []
    lacking = (
        [need for need in flow_choices.needs(run) if need.missing or need.faults] if own else []
    )
    proof = passed_run(run)
    named = ", ".join(f"{flow.source.label} → {flow.target.label}" for flow in flows)
    points = [
        Point("credentials" in run.done, "The connection test passes."),
        Point(bool(flows), f"Flows: {named or 'none'}."),
        Point(not lacking, "Every required field has a source."),
        Point("match" in run.done, "Every code of the samples has a meaning."),
        Point(proof is not None, _round(proof)),
    ]
    if proof and proof.remote_id:
        points.append(
            Point(proof.cleaned_at is not None, f"Test order {proof.number} is taken away.")
        )
    return points


def _round(proof: ConformanceRun | None) -> str:
    if proof is None:
        return "A test order has gone all the way round."
    return f"Test order {proof.number} has gone all the way round, {len(proof.legs)} legs."


def passed_run(run: OnboardingRun) -> ConformanceRun | None:
    """The newest conformance run that passed."""
    return run.conformance.filter(passed=True).order_by("-id").first()


@transaction.atomic
def go_live(run: OnboardingRun, *, by: str, partner: str, colour: str) -> OnboardingRun:
    """Let live documents through from now on, and issue the certificate. RefusedError names what is
    missing. `partner` and `colour` are the brand's."""
    run = OnboardingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.live_at is not None or run.endpoint is None:
        raise RefusedError("It is live already." if run.live_at else "There is no endpoint yet.")
    missing = [point.text for point in checklist(run) if not point.passed]
    if missing:
        raise RefusedError(f"Not yet: {missing[0]}")
    own = run.endpoint
    run.live_at, run.signed_off_by = clock.now(), by[:80]
    _from_now_on(own, run.live_at)
    own.state = Endpoint.State.ACTIVE
    own.save(update_fields=["state", "settings"])
    run.certificate = certificate_pdf(_certificate(run, partner=partner, colour=colour))
    run.save(update_fields=["live_at", "signed_off_by", "certificate"])
    onboarding.finish(run, SLUGS[-1])
    onboarding.start_polls(own, orders=True)
    lanes.wake("deliver", str(own.pk))
    events.publish(EndpointLive(own.pk, own.customer_id))
    return run


def _from_now_on(own: Endpoint, at: datetime) -> None:
    """Orders placed before the endpoint went live were somebody else's work. Systems answer what is
    later than a second, so an order of the very second counts only from the one before."""
    declared = {setting.name for setting in registry.get(own.connector).settings}
    if "orders_since" in declared and not own.settings.get("orders_since"):
        since = (at - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
        own.settings = {**own.settings, "orders_since": since}


def _certificate(run: OnboardingRun, *, partner: str, colour: str) -> Certificate:
    own, proof = run.endpoint, passed_run(run)
    if own is None or proof is None or run.live_at is None:
        raise RefusedError("There is nothing to certify yet.")
    versions = _versions(own)
    evidence = json.dumps([proof.number, proof.legs, versions], sort_keys=True)
    return Certificate(
        partner_name=partner,
        brand_colour=colour,
        customer=run.customer.name,
        endpoint=own.label,
        connector=registry.get(own.connector).manifest.label,
        steps=tuple(
            Step(name, state == "passed", datetime.fromisoformat(at) if at else run.live_at, text)
            for name, state, text, at in proof.legs
        ),
        documents=_documents(own, proof),
        versions=versions,
        signed_off_by=run.signed_off_by,
        signed_at=run.live_at,
        number=f"{run.live_at:%Y}-{run.pk:05d}",
        digest=hashlib.sha256(evidence.encode()).hexdigest(),
    )


def _versions(own: Endpoint) -> tuple[tuple[str, str], ...]:
    mappings = MappingVersion.objects.filter(endpoint=own).order_by(
        "object_type", "direction", "version"
    )
    newest = {(m.object_type, m.direction): m.version for m in mappings}
    named = [(f"Mapping of {t} {d}", f"v{version}") for (t, d), version in newest.items()]
    agreed = Contract.objects.filter(endpoint=own).order_by("object_type")
    return tuple(named + [(f"Contract of {c.object_type}", "v1") for c in agreed])


def _documents(own: Endpoint, proof: ConformanceRun) -> tuple[tuple[str, int], ...]:
    flows = Flow.objects.filter(source=own) | Flow.objects.filter(target=own)
    good = (Message.State.APPLIED, Message.State.CONFIRMED, Message.State.UNCHANGED)
    counted: dict[str, int] = {}
    for kind in Message.objects.filter(
        endpoint_id__in={end for flow in flows for end in (flow.source_id, flow.target_id)},
        created_at__gte=proof.started_at, created_at__lte=proof.ended_at, state__in=good,
    ).values_list("object_type", flat=True):  # fmt: skip
        counted[kind] = counted.get(kind, 0) + 1
    return tuple(sorted(counted.items()))


def first_order(run: OnboardingRun) -> datetime | None:
    """When the first live order passed through the endpoint; noted once it has."""
    if run.first_order_at or run.live_at is None or run.endpoint is None:
        return run.first_order_at
    tests = list(run.conformance.values_list("number", flat=True))
    came = Record.objects.filter(
        source=run.endpoint, object_type="order", created_at__gte=run.live_at
    ).exclude(number__in=tests)
    sent = Message.objects.filter(
        endpoint=run.endpoint, object_type="order", direction="out", created_at__gte=run.live_at,
        state__in=(Message.State.DELIVERED, Message.State.CONFIRMED),
    )  # fmt: skip
    moments: list[Any] = [
        came.order_by("created_at").values_list("created_at", flat=True).first(),
        sent.order_by("created_at").values_list("updated_at", flat=True).first(),
    ]
    run.first_order_at = min((at for at in moments if at), default=None)
    if run.first_order_at:
        run.save(update_fields=["first_order_at"])
    return run.first_order_at
