"""Sending what is due: of a kind what came together, and of a day everything, in one mail.

At least once: the mail goes first and the rows after. Whoever dies in between sends it twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.domain.notices import choices
from monitoring.models import Notice, NoticeMail
from portal.accounts import languages
from portal.accounts.models import Person
from portal.core import clock, links, tongue
from portal.core.mail import NotSentError
from portal.customers.models import Customer
from portal.tenants import mailing
from portal.tenants.letter import letter
from portal.tenants.site import Site, current_site

MOST_AT_ONCE = 200
MOST_TRIES = 5
AGAIN_AFTER = timedelta(minutes=5)
SALT = "monitoring.notices"
State = Notice.State


def send_due() -> int:
    """Send what is due. Returns how many mails were sent or given up."""
    now = clock.now()
    due = list(
        Notice.objects.filter(state=State.WAITING, due_at__lte=now)
        .select_related("person__role")
        .order_by("person_id", "is_daily", "kind", "pk")[:MOST_AT_ONCE]
    )
    if not due:
        return 0
    site, done = current_site(), 0
    for _key, group in groupby(due, key=_together):
        done += _attend(list(group), site, now)
    return done


def next_due() -> datetime | None:
    waiting = Notice.objects.filter(state=State.WAITING).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def _together(one: Notice) -> tuple[int, str]:
    return (one.person_id, "day" if one.is_daily else one.kind)


def _attend(notices: list[Notice], site: Site, now: datetime) -> bool:
    """Send them in one mail, or say why not. False where nobody took it: it is tried again."""
    person = notices[0].person
    wanted = _wanted(person, notices, now)
    unwanted = [one.pk for one in notices if one not in wanted]
    _settle(unwanted, State.DROPPED, trouble="Not wanted any more.")
    if not wanted:
        return True
    token = links.new_token(SALT)
    try:
        _send(person, wanted, site, url=f"{site.url}/unsubscribe/{token}/")
    except NotSentError as error:
        return _not_taken(wanted, str(error), now)
    made = NoticeMail.objects.create(
        person=person, kinds=sorted({one.kind for one in wanted}),
        digest=links.digest(token, salt=SALT), sent_at=now,
    )  # fmt: skip
    _settle([one.pk for one in wanted], State.SENT, mail=made)
    return True


def _wanted(person: Person, notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Those that the person still wants: they may have switched them off, or have left."""
    customer = Customer.objects.filter(pk=person.customer_id or 0).first()
    if customer is None or not person.is_active or not person.email:
        return []
    wish = choices.of(person, customer)
    return [one for one in notices if wish.wants(one.kind, now=now)]


def _settle(ids: Sequence[int], state: str, **fields: Any) -> None:
    Notice.objects.filter(pk__in=ids).update(state=state, **fields)


def _not_taken(notices: Sequence[Notice], why: str, now: datetime) -> bool:
    ids = [one.pk for one in notices]
    tries = max(one.tries for one in notices) + 1
    if tries >= MOST_TRIES:
        _settle(ids, State.DROPPED, tries=tries, trouble=f"Not sent: {why}."[:200])
        return True
    again = now + AGAIN_AFTER * tries
    _settle(ids, State.WAITING, tries=tries, due_at=again, trouble=f"Not sent: {why}."[:200])
    return False


def _send(person: Person, notices: Sequence[Notice], site: Site, *, url: str) -> None:
    with tongue.speaking(languages.of_person(person)):
        _write(person, notices, site, url=url)


def _write(person: Person, notices: Sequence[Notice], site: Site, *, url: str) -> None:
    parts = _parts(notices, site)
    variables = {"name": person.name, "headline": _headline(parts)}
    said = letter("notices", site, variables, _context(parts, site, url))
    mailing.send(
        site,
        kind="notices",
        **said.parts,
        to=[person.email],
        headers={
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _parts(notices: Sequence[Notice], site: Site) -> list[dict[str, Any]]:
    return [
        {
            "headline": one.said["headline"],
            "lines": [
                {"text": text, "url": f"{site.url}{path}"} for text, path in one.said["lines"]
            ],
            "more": one.said["more"],
        }
        for one in notices
    ]


def _context(parts: Sequence[dict[str, Any]], site: Site, url: str) -> dict[str, Any]:
    return {
        "parts": parts,
        "url": site.url,
        "settings_url": f"{site.url}/notifications/",
        "off_url": url,
    }


def _headline(parts: Sequence[dict[str, Any]]) -> str:
    if len(parts) == 1:
        return str(parts[0]["headline"])
    count = len(parts)
    rest = ngettext("and one more thing", "and %(n)d more things", count - 1) % {"n": count - 1}
    return _("%(first)s, %(rest)s") % {"first": parts[0]["headline"], "rest": rest}
