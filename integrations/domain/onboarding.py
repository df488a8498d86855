"""Bringing an endpoint from nothing to live, one step at a time. Each verb may be done again."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from integrations.connectors import registry
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection, connection_from
from integrations.connectors.connector import Connector
from integrations.contracts import infer
from integrations.domain import attend, discover
from integrations.domain.configuration import endpoint_config
from integrations.models import (
    Contract,
    Endpoint,
    OnboardingBeat,
    OnboardingRun,
    PollCursor,
)
from integrations.onboarding import steps
from portal.core import clock
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt, encrypt
from portal.customers.models import Customer
from portal.jobs import lanes

_SAMPLES, _MOST_SAMPLE = 5, 64 * 1024
_POLL_SECONDS: Final = {"order": 30, "interchange": 10}
_SLUG: Final = re.compile(r"[^a-z0-9]+")


class RefusedError(ValueError):
    """A step cannot be done as asked; the text says what to change. `field` names it, or is empty."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def begin(customer: Customer, connector: str, *, label: str, by: str) -> OnboardingRun:
    """A new run with its first step done."""
    registry.get(connector)
    run = OnboardingRun.objects.create(
        customer=customer, connector=connector, label=label[:80], started_by=by[:80]
    )
    finish(run, "connector")
    return run


def finish(run: OnboardingRun, step: str) -> None:
    """Note that a step is done."""
    run.done = {**run.done, step: clock.now().isoformat()}
    run.save(update_fields=["done"])


def reopen(run: OnboardingRun, *reopened: str) -> None:
    """Steps whose ground has changed have to be done again."""
    run.done = {step: at for step, at in run.done.items() if step not in reopened}
    run.save(update_fields=["done"])


def beat(run: OnboardingRun, step: str, seconds: int) -> None:
    """Add working time to a step; at most a minute at once."""
    kept, _ = OnboardingBeat.objects.get_or_create(run=run, step=step)
    kept.seconds += max(0, min(seconds, 60))
    kept.save(update_fields=["seconds"])


# Credentials


def connection_of(
    run: OnboardingRun, settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> Connection:
    """What has been entered, as the connector sees it; secrets left empty are those stored."""
    connector = registry.get(run.connector)
    return connection_from(
        connector.settings,
        endpoint_id=run.endpoint_id or 0,
        slug=run.endpoint.slug if run.endpoint else "",
        settings=settings,
        secrets=encrypt(_secrets(run, secrets)),
        concurrency=4,
    )


def _secrets(run: OnboardingRun, entered: Mapping[str, str]) -> dict[str, Secret]:
    stored: dict[str, Secret] = {}
    if run.endpoint and run.endpoint.secrets:
        try:
            stored = decrypt(bytes(run.endpoint.secrets))
        except NeedsCredentials:
            stored = {}  # their key is lost: they have to be entered again
    return stored | {name: Secret(text) for name, text in entered.items() if text}


@transaction.atomic
def enter(
    run: OnboardingRun,
    *,
    settings: dict[str, Any],
    secrets: Mapping[str, str],
    site: str = "",
    pickup: Mapping[str, Any] | None = None,
) -> Endpoint:
    """Keep what has been entered; the endpoint exists from now on, and takes part in tests only.

    RefusedError when another endpoint of the partner means the same account, and when what is kept would be
    sent to another place than it was entered for.
    """
    connector = registry.get(run.connector)
    _refuse_carrying_on(run, connector, settings, secrets)
    connection = connection_of(run, settings, secrets)
    _refuse_twin(run, connector, connection)
    endpoint = run.endpoint or Endpoint(
        customer=run.customer, slug=_free_slug(run), connector=run.connector,
        state=Endpoint.State.TESTING,
    )  # fmt: skip
    endpoint.label, endpoint.settings, endpoint.site = run.label, settings, site
    endpoint.pickup = dict(pickup or {})
    endpoint.secrets = encrypt(_secrets(run, secrets))
    if connector.manifest.category == "storefront" and endpoint.channel is None:
        endpoint.channel = {"share": 1, "buffer": 0}
    endpoint.save()
    run.endpoint = endpoint
    run.save(update_fields=["endpoint"])
    return endpoint


def _refuse_twin(run: OnboardingRun, connector: Connector, connection: Connection) -> None:
    account = connector.account(connection)
    if not account:
        return
    others = Endpoint.objects.filter(connector=run.connector).exclude(pk=run.endpoint_id or 0)
    for other in others.select_related("customer"):
        if connector.account(endpoint_config(other).connection) == account:
            raise RefusedError(
                f"{other.label} of {other.customer.name} is this account already. One account has one"
                " endpoint, or its documents would come twice."
            )


def _refuse_carrying_on(
    run: OnboardingRun,
    connector: Connector,
    settings: Mapping[str, Any],
    entered: Mapping[str, str],
) -> None:
    """Whoever changes the address need not know the secrets, and would be sent them."""
    if run.endpoint is None or not _moves(connector, run.endpoint.settings, settings):
        return
    stored = _secrets(run, {})
    for setting in connector.settings:
        if setting.name in stored and not setting.stays and not entered.get(setting.name):
            raise RefusedError(
                f"The address is another one. Enter “{setting.label}” again: what is kept goes only where it"
                " was entered for.",
                field=setting.name,
            )


def _moves(connector: Connector, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    places = [(setting.name, setting.default) for setting in connector.settings if setting.place]
    return any(before.get(name, usual) != after.get(name, usual) for name, usual in places)


def _free_slug(run: OnboardingRun) -> str:
    base = _SLUG.sub("-", f"{run.customer.slug}-{run.label}".lower()).strip("-")[:34] or "endpoint"
    taken = set(Endpoint.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(name for n in range(2, 1000) if (name := f"{base}-{n}") not in taken)


def try_connection(run: OnboardingRun) -> list[Check]:
    """The live test. The step is done when no line failed."""
    endpoint = endpoint_of(run)
    checks = attend.test(endpoint)
    run.facts = {**run.facts, "checks": [check._asdict() for check in checks]}
    run.save(update_fields=["facts"])
    if any(check.passed is False for check in checks):
        reopen(run, "credentials")
    else:
        finish(run, "credentials")
    return checks


def endpoint_of(run: OnboardingRun) -> Endpoint:
    """The run's endpoint. RefusedError before it is made."""
    if run.endpoint is None:
        raise RefusedError("Enter how the system is reached first.")
    return run.endpoint


# Discover


def explore(run: OnboardingRun, brought: Mapping[str, bytes] | None = None) -> list[dict[str, Any]]:
    """Look at what the system has, or at samples a person brought (by object type); what is found is
    the first contract of each type."""
    config = endpoint_config(endpoint_of(run))
    if brought:
        found = [
            one
            for object_type, raw in brought.items()
            for one in discover.discover_from(
                config.connector, config.connection, object_type, [raw]
            )
        ]
    else:
        found = discover.discover(config.connector, config.connection)
    samples = dict(run.facts.get("samples", {})) if brought else {}
    for one in found:
        if one.documents:
            samples[one.object_type] = one.documents[:_SAMPLES]
            _agree(endpoint_of(run), one.object_type, one.documents)
    seen = [_in_short(one) for one in found]
    run.facts = {**run.facts, "found": seen, "samples": samples}
    run.save(update_fields=["facts"])
    if samples or not config.connector.manifest.reads or not config.connector.is_polled:
        finish(run, "discover")
    return seen


def _agree(endpoint: Endpoint, object_type: str, documents: Sequence[Any]) -> None:
    Contract.objects.update_or_create(
        endpoint=endpoint, object_type=object_type, defaults={"schema": infer(documents)}
    )


def _in_short(found: discover.Found) -> dict[str, Any]:
    return {
        "object_type": found.object_type,
        "stream": found.stream,
        "documents": len(found.documents),
        "custom_fields": found.custom_fields[:50],
        "problems": found.problems,
        "error": found.error,
    }


# Polls


def start_polls(endpoint: Endpoint, *, orders: bool) -> None:
    """Ask the system for what it has from now on; for orders only once it is live."""
    config = endpoint_config(endpoint)
    streams = config.connector.streams(config.connection)
    for stream, object_type in streams.items():
        if object_type == "order" and not orders:
            continue
        cursor, made = PollCursor.objects.get_or_create(
            endpoint=endpoint,
            stream=stream,
            defaults={
                "due_at": clock.now(),
                "every_seconds": _POLL_SECONDS.get(object_type, 60),
            },
        )
        if not made:
            cursor.due_at = min(cursor.due_at, clock.now() + timedelta(seconds=5))
            cursor.save(update_fields=["due_at"])
    lanes.wake("poll", str(endpoint.pk))


def rail(run: OnboardingRun, current: str) -> list[steps.Place]:
    """The steps of this run for the rail."""
    seconds = dict(run.beats.values_list("step", "seconds"))
    return steps.rail(run.done, seconds, current=current)
