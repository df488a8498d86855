"""Who is on call: the stored rotas, asked by the clock; taking over, and swapping."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import transaction

from monitoring.alerting import rota as turns
from monitoring.alerting.rota import Shift, Swap
from monitoring.models import Rota, RotaMember, RotaSwap
from portal.core import clock

LONGEST_SWAP = timedelta(days=62)
_AHEAD = timedelta(days=28)


class NoSwapError(ValueError):
    """The swap cannot be made; the text says why."""


@dataclass(frozen=True)
class Turns:
    """A rota with the people and the swaps of it."""

    rota: turns.Rota
    swaps: Sequence[Swap]
    people: Mapping[int, Any]

    def on_call(self, at: datetime) -> Any | None:
        """The person on call at an instant, or None."""
        pk = turns.on_call(self.rota, self.swaps, at)
        return None if pk is None else self.people[pk]

    def coming(self, at: datetime) -> Shift | None:
        return turns.coming(self.rota, self.swaps, at)

    def shifts(self, at: datetime, *, ahead: timedelta = _AHEAD) -> list[Shift]:
        """From an instant on."""
        return turns.shifts(self.rota, self.swaps, since=at, until=at + ahead)


def load(*, only: int | None = None) -> dict[int, Turns]:
    """All rotas, or the one, by id; in three queries."""
    rotas = Rota.objects.filter(pk=only) if only else Rota.objects.all()
    members, swaps, people = defaultdict(list), defaultdict(list), {}
    for member in RotaMember.objects.filter(rota__in=rotas).select_related("person"):
        members[member.rota_id].append(member.person_id)
        people[member.person_id] = member.person
    running = RotaSwap.objects.filter(rota__in=rotas, ends_at__gt=clock.now())
    for swap in running.select_related("person"):
        swaps[swap.rota_id].append(Swap(swap.person_id, swap.begins_at, swap.ends_at))
        people[swap.person_id] = swap.person
    return {rota.pk: Turns(_rota(rota, members[rota.pk]), swaps[rota.pk], people) for rota in rotas}


def _rota(rota: Rota, members: Sequence[int]) -> turns.Rota:
    return turns.Rota(
        ZoneInfo(rota.time_zone),
        tuple(members),
        cast(turns.Every, rota.every),
        rota.first_on,
        rota.minute,
    )


@transaction.atomic
def put(rota: Rota, *, members: Sequence[Any]) -> Rota:
    """Save a rota with its people in their order."""
    rota.save()
    rota.members.all().delete()
    RotaMember.objects.bulk_create(
        RotaMember(rota=rota, position=n, person=person) for n, person in enumerate(members)
    )
    return rota


def take_over(rota: Rota, person: Any) -> RotaSwap:
    """`person` is on call from now until the next handover. NoSwapError when they are already."""
    now = clock.now()
    found = load(only=rota.pk)[rota.pk]
    if found.on_call(now) == person:
        raise NoSwapError(f"{person.name} is on call already.")
    turn = turns.turn(found.rota, now)
    ends = turn.ends if turn else turns.first_handover(found.rota)
    if ends <= now:  # nobody is in it
        ends = now + timedelta(days=1)
    return swap(rota, person, begins_at=now, ends_at=ends, by=person.name)


def swap(rota: Rota, person: Any, *, begins_at: datetime, ends_at: datetime, by: str) -> RotaSwap:
    """`person` is on call for a span. NoSwapError for one that is over, turned round or too long."""
    if ends_at <= begins_at:
        raise NoSwapError("A swap ends after it begins.")
    if ends_at <= clock.now():
        raise NoSwapError("That time is over: choose one that is to come.")
    if ends_at - begins_at > LONGEST_SWAP:
        raise NoSwapError("A swap lasts 62 days at most: change the order of the rota instead.")
    return RotaSwap.objects.create(
        rota=rota, person=person, begins_at=begins_at, ends_at=ends_at, made_by=by[:80]
    )
