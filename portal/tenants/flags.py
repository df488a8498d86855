"""Which features a partner has. What that comes to stands in the partner's row, which every request reads."""

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction

from portal.core import clock
from portal.tenants import life
from portal.tenants.current import current_schema, is_platform
from portal.tenants.flag_kinds import FLAGS, come_to, unknown
from portal.tenants.models import FlagException, Partner, PartnerEvent, Tier
from portal.tenants.rows import beyond_limit

REMEMBER: Final = 2.0  # seconds: a worker is late by so much at most after a change
_known: dict[str, tuple[float, frozenset[str]]] = {}


def is_on(flag: str) -> bool:
    """Whether the partner of this schema has a feature. The platform itself has all."""
    if flag not in FLAGS:
        raise ValueError(f"There is no feature {flag!r}.")
    return is_platform() or flag not in off_here()


def off_here() -> Collection[str]:
    """What is off for the partner of this schema. In a request no query."""
    if isinstance(tenant := getattr(connection, "tenant", None), Partner):
        return tenant.flags_off
    schema = current_schema()
    until, known = _known.get(schema, (0.0, frozenset()))
    if clock.monotonic() < until:
        return known
    with beyond_limit():  # remembered for everybody, whoever asks first
        off = Partner.objects.filter(schema_name=schema).values_list("flags_off", flat=True).first()
    _known[schema] = (clock.monotonic() + REMEMBER, frozenset(off or ()))
    return _known[schema][1]


def forget() -> None:
    """Ask anew everywhere."""
    _known.clear()


@transaction.atomic
def put_in_tier(partner: Partner, tier: Tier | None, *, actor: str, reason: str) -> None:
    """Give a partner the features of a tier; None: all of them. Exceptions stay."""
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    held.tier = tier
    held.save(update_fields=["tier"])
    words = f"{tier.label if tier else 'no tier: everything is on'}. {reason}"
    life.note(held, PartnerEvent.What.TIER, actor=actor, reason=words)
    _settle(held)


@transaction.atomic
def make_exception(
    partner: Partner, flag: str, *, is_on: bool | None, actor: str, reason: str
) -> None:
    """Switch one feature for one partner whatever its tier says; None: as the tier says again."""
    if unknown([flag]):
        raise ValueError(f"There is no feature {flag!r}.")
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    FlagException.objects.filter(partner=held, flag=flag).delete()
    if is_on is not None:
        FlagException.objects.create(
            partner=held, flag=flag, is_on=is_on, reason=reason[:200], made_by=actor,
            made_at=clock.now(),
        )  # fmt: skip
    word = {True: "on", False: "off", None: "as the tier says"}[is_on]
    life.note(
        held, PartnerEvent.What.FLAG, actor=actor, reason=f"{FLAGS[flag].label}: {word}. {reason}"
    )
    _settle(held)


@transaction.atomic
def change_tier(tier: Tier, *, off: Collection[str]) -> int:
    """Say what a tier leaves out; returns for how many partners that counts from now on."""
    if wrong := unknown(off):
        raise ValueError(f"There is no feature {wrong[0]!r}.")
    tier.flags_off = sorted(off)
    tier.save()
    partners = list(Partner.objects.select_for_update().filter(tier=tier))
    for partner in partners:
        _settle(partner)
    return len(partners)


def _settle(partner: Partner) -> None:
    exceptions = dict(partner.flag_exceptions.values_list("flag", "is_on"))
    off = come_to(partner.tier.flags_off if partner.tier else (), exceptions)
    Partner.objects.filter(pk=partner.pk).update(flags_off=off)
    forget()
    transaction.on_commit(forget)
