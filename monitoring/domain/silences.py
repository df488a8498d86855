"""Silences as rows and as cases: what began together at one endpoint is one cause."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from integrations.domain import overdue
from monitoring.domain import findings, silence_causes
from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.findings import Finding
from monitoring.domain.silence_explained import Explanations, place
from monitoring.expect import words
from monitoring.models import CaseCause, ExceptionCase, Expectation, Silence
from monitoring.queries import expectation_rows
from portal.core import events

TOGETHER: Final = timedelta(hours=24)
TOLD_EVERY: Final = timedelta(minutes=15)
ACK: Final = "ack_missing"
_NAMESPACE: Final = UUID("9a1c6d0e-54a4-5d36-8a3c-0c2f6f1b7e55")
_FROM_US: Final = (Expectation.Kind.FLOW, Expectation.Kind.CONFIRM)
_MILD: Final = 3
_CAUSES: Final = 2


class Found(NamedTuple):
    """Something is missing now. `window_ended_at`: from when on that could be said. `newest_at`: when the
    newest of the documents that wait for it began. `expected`, `seen`: documents, where they are counted."""

    expectation: Expectation
    code: str
    title: str
    said: str
    began_at: datetime
    window_ended_at: datetime
    documents: int = 0
    at_risk: Decimal = Decimal(0)
    currency: str = ""
    newest_at: datetime | None = None
    expected: float | None = None
    seen: int | None = None


class Ended(NamedTuple):
    """A silence that is over, since when, and why."""

    silence: Silence
    at: datetime
    text: str


class SilencesMoved(NamedTuple):
    """Something that should come does not, or comes again (`ended`)."""

    silence_ids: list[int]
    ended: bool = False


@transaction.atomic
def keep(found: Sequence[Found], ended: Sequence[Ended], now: datetime) -> int:
    """Begin, bring up to date and end silences and their cases. Returns how many began."""
    _end(ended)
    known = {one.expectation_id: one for one in _open(f.expectation.pk for f in found)}
    fresh = [one for one in found if one.expectation.pk not in known]
    begun = _begin_all(sorted(fresh, key=lambda one: place(one.expectation)), now)
    news = [one for one in found if one.expectation.pk in known]
    told = [_bring_up_to_date(known[one.expectation.pk], one, now) for one in news]
    _report([*begun, *(silence for silence in told if silence)])
    if begun:
        events.publish(SilencesMoved([silence.pk for silence in begun]))
    return len(begun)


def _open(pks: Iterable[int]) -> list[Silence]:
    found = Silence.objects.filter(expectation__in=list(pks), ended_at=None)
    return list(found.select_related("expectation__endpoint", "expectation__customer"))


def _begin_all(fresh: Sequence[Found], now: datetime) -> list[Silence]:
    """Those that nothing explains; each that begins may explain what comes behind it."""
    if not fresh:
        return []
    known = Explanations([(one.expectation, one.began_at) for one in fresh], now)
    begun, explained = [], []
    for one in fresh:
        if why := known.of(one.expectation):
            one.expectation.state, one.expectation.said = Expectation.State.EXPLAINED, why[:300]
            explained.append(one.expectation)
        else:
            begun.append(_begin(one, known, now))
            known.add(begun[-1])
    expectation_rows.write_viewed(explained)
    return begun


def _begin(one: Found, known: Explanations, now: datetime) -> Silence:
    days = of_expectations([one.expectation])[one.expectation.customer_id]
    causes = silence_causes.of(one.expectation, one.began_at, days=days, now=now)
    silence = Silence(
        expectation=one.expectation, code=one.code, began_at=one.began_at, found_at=now,
        window_ended_at=one.window_ended_at, decided=one.said[:300], expected=one.expected, seen=one.seen,
        causes=[silence_causes.plain(cause) for cause in causes],
    )  # fmt: skip
    _fill(silence, one, now)
    follows = known.followed_by(silence)
    silence.fingerprint = follows.fingerprint if follows else _fingerprint(one)
    silence.save(force_insert=True)
    if one.code == ACK and one.newest_at:
        overdue.tell(one.expectation.endpoint, sent_before=one.newest_at + timedelta(seconds=1))
    return silence


def _fill(silence: Silence, one: Found, now: datetime) -> None:
    silence.title, silence.said, silence.seen_at = one.title[:300], one.said[:300], now
    silence.documents, silence.at_risk, silence.currency = one.documents, one.at_risk, one.currency


def _fingerprint(one: Found) -> UUID:
    """That of a silence of the same side of the same endpoint which goes together with it, else its own."""
    of_us = one.expectation.kind in _FROM_US
    beside = Silence.objects.filter(
        ended_at=None, expectation__endpoint=one.expectation.endpoint_id
    ).order_by("id").select_related("expectation")  # fmt: skip
    for silence in beside:
        if (silence.expectation.kind in _FROM_US) == of_us and _go_together(one, silence):
            return silence.fingerprint
    if one.code == ACK:
        return overdue.fingerprint(one.expectation.endpoint_id, "order")
    return uuid5(_NAMESPACE, str(one.expectation.pk))


def _go_together(one: Found, silence: Silence) -> bool:
    """Whether they began about then, or the one that began first is that nothing came at all: over a
    weekend that begins with the last of Friday, and what waits by name on Monday."""
    first = one.code if one.began_at < silence.began_at else silence.code
    return first == "volume_silent" or abs(one.began_at - silence.began_at) <= TOGETHER


def _bring_up_to_date(silence: Silence, one: Found, now: datetime) -> Silence | None:
    """The silence, if there is something to tell of it again."""
    if silence.documents == one.documents and now - silence.seen_at < TOLD_EVERY:
        return None
    _fill(silence, one, now)
    silence.save(update_fields=["title", "said", "seen_at", "documents", "at_risk", "currency"])
    if one.code == ACK and one.newest_at:
        overdue.tell(one.expectation.endpoint, sent_before=one.newest_at + timedelta(seconds=1))
    return silence


def _report(silences: Sequence[Silence]) -> None:
    """One case for all silences of a cause. What acknowledgements are missing has a case already."""
    causes = {one.fingerprint for one in silences}
    if not causes:
        return
    together: dict[UUID, list[Silence]] = {}
    members = Silence.objects.filter(fingerprint__in=causes, ended_at=None).order_by("id")
    for one in members.select_related("expectation__endpoint", "expectation__customer"):
        together.setdefault(one.fingerprint, []).append(one)
    reported = [
        _finding(sorted(all_of, key=lambda one: place(one.expectation)))
        for all_of in together.values()
        if all_of[0].code != ACK
    ]
    findings.report(reported)
    numbers = dict(
        CaseCause.objects.filter(fingerprint__in=causes, is_open=True)
        .values_list("fingerprint", "case_id")
    )  # fmt: skip
    for cause, number in numbers.items():
        Silence.objects.filter(fingerprint=cause, ended_at=None).update(case=number)


def _finding(together: Sequence[Silence]) -> Finding:
    first = together[0]
    return Finding(
        fingerprint=first.fingerprint,
        customer_id=first.expectation.customer_id,
        endpoint_id=first.expectation.endpoint_id,
        origin=ExceptionCase.Origin.SILENCE,
        code=first.code,
        since=first.began_at,
        title=first.title,
        object_type=first.expectation.object_type,
        severity=_severity(first),
        evidence=_evidence(together),
        url=f"/expectations/silences/{first.pk}/",
        documents=max(one.documents for one in together),
        at_risk=max(one.at_risk for one in together),
        currency=next((one.currency for one in together if one.currency), ""),
    )


def _severity(first: Silence) -> int | None:
    """Milder than its kind where nobody seems to be at fault."""
    cause = first.causes[0] if first.causes else {}
    return _MILD if cause.get("party") == "nobody" and cause["sure"] != "possible" else None


def _evidence(together: Sequence[Silence]) -> list[tuple[str, str]]:
    first = together[0]
    lines = [("Decided", _sentence(first.decided))]
    if first.said != first.decided:
        lines.append(("By now", _sentence(first.said)))
    lines += [("Also", f"{one.title}: {one.decided}") for one in together[1:]]
    for cause in together[0].causes[:_CAUSES]:
        lines.append((f"Cause, {cause['sure']}", cause["sentence"]))
        lines += [("", line) for line in cause["lines"][:3]]
    return lines


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"


def _end(ended: Sequence[Ended]) -> None:
    for one in ended:
        one.silence.ended_at = max(one.at, one.silence.began_at)
    Silence.objects.bulk_update([one.silence for one in ended], ["ended_at"])
    if ended:
        events.publish(SilencesMoved([one.silence.pk for one in ended], ended=True))
    causes = {one.silence.fingerprint: one for one in ended if one.silence.code != ACK}
    still = Silence.objects.filter(fingerprint__in=causes, ended_at=None)
    for cause in causes.keys() - set(still.values_list("fingerprint", flat=True)):
        findings.clear([cause], cause=_how_long(causes[cause]))


def _how_long(ended: Ended) -> str:
    silence, until = ended.silence, ended.silence.ended_at or ended.at
    zone = silence.expectation.customer.time_zone
    began, over = (words.at_words(at, zone, ended.at) for at in (silence.began_at, until))
    lasted = words.span_words(until - silence.began_at)
    return f"{ended.text}. It lasted from {began} to {over}, {lasted}"
