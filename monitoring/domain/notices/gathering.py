"""What happened since the last look: shipments that left, orders that are held or late, figures of the day.

A look goes up to a minute ago, and what it covered is noted in the transaction that notes what it found: so
nothing is told twice, and what a transaction of less than a minute brings is not missed.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.models import Record
from monitoring.domain import own_titles
from monitoring.domain.notices import choices
from monitoring.domain.notices.choices import Kind, Wish
from monitoring.domain.notices.telling import MOST_LINES, Line, Said, note
from monitoring.models import ExceptionCase, Leg, NoticeMark, NotificationChoice
from monitoring.queries import asked
from portal.core import clock
from portal.core.ids import first_id_at

BEHIND = timedelta(minutes=1)
LONGEST_LOOK = timedelta(hours=6)  # after a long night, what is older than this is no news
DAY = timedelta(days=1)


@transaction.atomic
def gather() -> int:
    """Look at what happened since the last time. Returns for how many notices that was enough."""
    upto = clock.now() - BEHIND
    mark, is_new = NoticeMark.objects.select_for_update().get_or_create(
        pk=1, defaults={"passed": upto}
    )
    if is_new or mark.passed >= upto:
        return 0
    since = max(mark.passed, upto - LONGEST_LOOK)
    made = sum(
        _of_customer(customer_id, kinds, since=since, upto=upto)
        for customer_id, kinds in _listening().items()
    )
    NoticeMark.objects.filter(pk=1).update(passed=upto)
    return made + _days(clock.now())


def _listening() -> dict[int, set[str]]:
    """Whom any of this may interest. All of it is off unless somebody chose it."""
    found: dict[int, set[str]] = {}
    for customer_id, how in NotificationChoice.objects.values_list("customer_id", "how"):
        kinds = {kind for kind, way in how.items() if way != NotificationChoice.How.OFF}
        found.setdefault(customer_id, set()).update(kinds & {Kind.SHIPMENT, Kind.TROUBLE})
    return {customer_id: kinds for customer_id, kinds in found.items() if kinds}


def _of_customer(customer_id: int, kinds: set[str], *, since: datetime, upto: datetime) -> int:
    wishes = choices.of_customer(customer_id)
    made = 0
    if Kind.SHIPMENT in kinds:
        made += _shipments(wishes, customer_id, since, upto)
    if Kind.TROUBLE in kinds:
        made += _troubles(wishes, customer_id, since, upto)
    return made


def _shipments(wishes: list[Wish], customer_id: int, since: datetime, upto: datetime) -> int:
    found = _new(customer_id, "shipment", since, upto).exclude(state="cancelled")
    count = found.count()
    if not count:
        return 0
    rows = list(found.select_related("order").order_by("pk")[:MOST_LINES])

    def say() -> Said:
        text = ngettext("A shipment was sent", "%(n)d shipments were sent", count)
        return Said(text % {"n": count}, [_shipment(one) for one in rows], count - len(rows))

    return note(wishes, Kind.SHIPMENT, say)


def _new(customer_id: int, object_type: str, since: datetime, upto: datetime) -> Any:
    return Record.objects.filter(
        customer_id=customer_id, object_type=object_type,
        pk__gte=first_id_at(since), pk__lt=first_id_at(upto),
    )  # fmt: skip


def _shipment(part: Record) -> Line:
    number = part.order.number if part.order else part.body.get("order_number", "")
    parcel = next(iter(part.body.get("tracking") or []), part.number)
    text = _("Order %(number)s, parcel %(parcel)s") % {"number": number, "parcel": parcel}
    return Line(text, f"/shipments/{part.pk}/")


def _troubles(wishes: list[Wish], customer_id: int, since: datetime, upto: datetime) -> int:
    """Cases that began and orders whose time ran out, and are not over yet."""
    cases = ExceptionCase.objects.filter(
        customer_id=customer_id, began_at__gt=since, began_at__lte=upto, merged_into=None,
        state__in=ExceptionCase.OPEN_STATES, object_type="order",
    ).exclude(origin__in=ExceptionCase.NO_TROUBLE)  # fmt: skip
    late = Leg.objects.filter(
        customer_id=customer_id, outcome="", due_at__gt=since, due_at__lte=upto,
        kind__in=(Leg.Kind.TRANSMIT, Leg.Kind.SHIP), order_id__isnull=False,
    )  # fmt: skip
    held = list(cases.order_by("pk")[:MOST_LINES])
    overdue = list(late.order_by("due_at", "pk")[:MOST_LINES])
    if not held and not overdue:
        return 0

    def say() -> Said:
        lines = [Line(_held(one), "/questions/") for one in held]
        lines += [_late(leg) for leg in overdue]
        is_one = len(lines) == 1
        return Said(
            _("An order is held or late") if is_one else _("Orders are held or late"), lines
        )

    return note(wishes, Kind.TROUBLE, say)


def _late(leg: Leg) -> Line:
    text = _("Order %(number)s is late") % {"number": leg.number}
    return Line(text, f"/orders/{leg.order_id}/")


def _held(case: ExceptionCase) -> str:
    affected = ngettext("one order waits", "%(n)d orders wait", case.documents)
    title = own_titles.said(case.customer_title)
    return f"{title}: {affected % {'n': case.documents}}" if case.documents else title


def _days(now: datetime) -> int:
    """The day in figures, for those whose hour has come."""
    made = 0
    for row in NotificationChoice.objects.filter(how__digest="daily").select_related(
        "person__role", "customer"
    ):
        wish = choices.of(row.person, row.customer)
        hour = now.astimezone(wish.zone).hour
        if row.digest_on == wish.today(now) or hour < wish.hour:
            continue
        NotificationChoice.objects.filter(pk=row.pk).update(digest_on=wish.today(now))
        made += _digest(wish, row.customer_id, now)
    return made


def _digest(wish: Wish, customer_id: int, now: datetime) -> int:
    placed = _new(customer_id, "order", now - DAY, now).count()
    left = _new(customer_id, "shipment", now - DAY, now).exclude(state="cancelled").count()
    looked_into = _looked_into(customer_id)
    waiting = asked.to_answer(customer_id).count()

    def say() -> Said:
        return Said(_("Your last 24 hours"), [
            Line(ngettext("One order came in", "%(n)d orders came in", placed) % {"n": placed}, "/orders/"),
            Line(ngettext("One shipment left", "%(n)d shipments left", left) % {"n": left}, "/shipments/"),
            Line(ngettext("We look into one thing", "We look into %(n)d things", looked_into)
                 % {"n": looked_into}, "/questions/"),
            Line(ngettext("One question waits for you", "%(n)d questions wait for you", waiting)
                 % {"n": waiting}, "/questions/"),
        ])  # fmt: skip

    at_once = wish._replace(how={**wish.how, Kind.DIGEST: "at_once"})
    return note([at_once], Kind.DIGEST, say)


def _looked_into(customer_id: int) -> int:
    found = ExceptionCase.objects.filter(
        Q(customer_id=customer_id), state__in=ExceptionCase.OPEN_STATES
    ).exclude(origin__in=ExceptionCase.OWN)
    return int(found.aggregate(n=Count("customer_title", distinct=True))["n"])
