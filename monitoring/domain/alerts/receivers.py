"""Who hears of a step: a channel, a person, or whoever is on call then."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from monitoring.domain.alerts import rotas
from monitoring.models import Alert, AlertChannel, AlertStep, Rota
from portal.accounts.domain import limits
from portal.customers.calendar import is_zone
from portal.tenants.site import Site

MAIL = "mail"


class Receiver(NamedTuple):
    """`gap`: why nobody can be told this way, or blank. `lane`: which lane sends it."""

    words: str
    lane: str
    zone: ZoneInfo
    channel: AlertChannel | None = None
    person: Any = None
    gap: str = ""

    @property
    def key(self) -> tuple[int | None, int | None]:
        return (self.channel.pk if self.channel else None, self.person.pk if self.person else None)


Steps = list[list[AlertStep]]


class Directory:
    """Every rule's steps and who stands behind them, read once for a pass."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._steps: dict[int, Steps] = _steps()
        self._rotas = rotas.load()

    def waits(self, rule_id: int) -> list[int]:
        """Of each step the minutes after the one before."""
        return [together[0].wait_minutes for together in self._steps[rule_id]]

    def receivers(self, rule_id: int, step: int, *, at: datetime) -> list[Receiver]:
        """Of one step of a rule; none where its steps were taken away meanwhile."""
        steps = self._steps[rule_id]
        return [self._receiver(one, at) for one in steps[step]] if step < len(steps) else []

    def _receiver(self, step: AlertStep, at: datetime) -> Receiver:
        if step.channel:
            return of_channel(step.channel, self.site)
        if step.rota:
            return self._of_rota(step.rota, at)
        return of_person(step.person, self.site)

    def _of_rota(self, rota: Rota, at: datetime) -> Receiver:
        person = self._rotas[rota.pk].on_call(at)
        if person is None:
            zone = ZoneInfo(rota.time_zone)
            return Receiver(rota.name, MAIL, zone, gap=f"Nobody is on call in {rota.name}.")
        found = of_person(person, self.site)
        return found._replace(words=f"{found.words}, on call in {rota.name}")


def _steps() -> dict[int, Steps]:
    found: dict[int, Steps] = defaultdict(list)
    for step in AlertStep.objects.select_related("channel", "rota", "person"):
        together = found[step.rule_id]
        if together and not step.wait_minutes:
            together[-1].append(step)
        else:
            together.append([step])
    return found


def of_channel(channel: AlertChannel, site: Site) -> Receiver:
    """The readers of a channel."""
    words = f"{channel.name} ({channel.get_kind_display()})"
    lane = MAIL if channel.kind == AlertChannel.Kind.MAIL else str(channel.pk)
    gap = "" if channel.is_on else f"{channel.name} is switched off."
    return Receiver(words, lane, _zone(channel.time_zone, site), channel=channel, gap=gap)


def reachable(receiver: Receiver, alert: Alert) -> Receiver:
    """Whoever works for some customers hears of these only; and that a channel takes nothing is not told
    through one that takes nothing."""
    person = receiver.person
    if person and person.is_limited and alert.customer_id not in limits.customers_of(person):
        return receiver._replace(gap=f"{person.name} works for other customers.")
    if not alert.case or not alert.case.is_of_channel:
        return receiver
    if receiver.channel is None or not receiver.channel.is_silent:
        return receiver
    return receiver._replace(gap=f"{receiver.channel.name} takes nothing itself.")


def of_person(person: Any, site: Site) -> Receiver:
    """A person by mail."""
    gap = missing(person)
    words = f"{person.name} <{person.email}>" if person.email else person.name
    return Receiver(words, MAIL, _zone(person.time_zone, site), person=person, gap=gap)


def missing(person: Any) -> str:
    """Why a person cannot be told, in a sentence; "" when they can."""
    if not person.is_active:
        return f"{person.name} does not work here any more."
    return "" if person.email else f"{person.name} has no address."


def _zone(name: str, site: Site) -> ZoneInfo:
    return ZoneInfo(name if name and is_zone(name) else site.zone)


def waits_of(steps: Sequence[AlertStep]) -> list[int]:
    """The same as `Directory.waits`, of steps in their order."""
    return [step.wait_minutes for n, step in enumerate(steps) if step.wait_minutes or not n]
