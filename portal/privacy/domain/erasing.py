"""Erasing a person's data: looked for first, shown, agreed, and then erased table by table.

Words that name the person become a pseudonym that is the same wherever they stood. Documents as they came are
removed whole, and their hash is kept. What the database refuses to change is kept by law, and is named.
"""

import hmac
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from psycopg import errors

from integrations.domain import forgetting
from integrations.models import Message, RemovedPayload
from portal.accounts.domain import sessions
from portal.accounts.models import ApiToken, Authenticator, Passkey, Person, RecoveryCode
from portal.core import clock
from portal.jobs import lanes
from portal.privacy import terms as wholes
from portal.privacy.domain import eyes, holds
from portal.privacy.models import Erasure
from portal.privacy.queries import places
from portal.privacy.queries.places import PAYLOADS, Place
from portal.tenants.current import current_schema
from portal.tenants.models import Partner

LANE: Final = "erasure"
# Tables that keep what they hold, and why the law wants that. Any other that refuses is an error of ours.
KEPT_BY_LAW: Final = {
    "billing_invoice": "invoices are kept as they were sent",
    "billing_planversion": "published prices are kept",
    "billing_usagefact": "what was billed is kept with its proof",
    "monitoring_statement": "sealed statements are kept",
    "monitoring_statementadjustment": "sealed statements are kept",
    "monitoring_statementevidence": "sealed statements are kept",
    "monitoring_statementevent": "sealed statements are kept",
    "auditlog_logentry": "the audit log is never changed",
    "audit_mark": "the audit log is never changed",
    "support_ledgerentry": "who looked at a customer's data is never changed",
}
FIXED: Final = "this is how the house is set up ({what}): change it where it is set"
_BITE: Final = 4.0  # seconds
_DOCUMENTS: Final = 500
_BUSY_AGAIN: Final = timedelta(seconds=5)


class RefusedError(ValueError):
    """It cannot be erased now; the text says what to do."""


def ask(terms: Sequence[str], *, reason: str, by: Person, one_word_name: bool = False) -> Erasure:
    """Look for a person by what is theirs alone. RefusedError for anything but whole mail addresses, phone
    numbers and full names, and for somebody who works here. `one_word_name`: a single word is all of it."""
    wanted = wholes.tidy(terms)
    if not wanted:
        raise RefusedError("Enter at least a mail, a phone number or a name.")
    if len(wanted) > wholes.MOST:
        raise RefusedError(f"Enter at most {wholes.MOST} at once.")
    for term in wanted:
        try:
            wholes.kind(term, one_word=one_word_name)
        except wholes.UnfitError as unfit:
            raise RefusedError(str(unfit)) from None
    _must_not_work_here(wanted)
    erasure = Erasure.objects.create(
        terms=sorted(wanted, key=len, reverse=True), pseudonym=_pseudonym(wanted), reason=reason,
        asked_by=by.name, asker_id=by.pk, asked_at=clock.now(), steps=len(places.places()) + 1,
    )  # fmt: skip
    lanes.wake(LANE, str(erasure.pk))
    return erasure


def _pseudonym(terms: Sequence[str]) -> str:
    """The same for the same person of the same partner, and nothing that leads back to them."""
    first = min(terms, key=lambda term: ("@" not in term, term.casefold())).casefold()
    said = f"{current_schema()}\x1f{first}".encode()
    key = hmac.new(settings.SECRET_KEY.encode(), b"privacy.pseudonyms", sha256).digest()
    return "erased-" + hmac.new(key, said, sha256).hexdigest()[:10]


def _must_not_work_here(terms: Sequence[str]) -> None:
    """The partner's own people leave first: their names are how the house knows who did what."""
    working = Person.objects.filter(customer_id=None, is_active=True).order_by("name", "pk")
    for person in working:
        if any(
            wholes.stands_in(term, said) for term in terms for said in (person.email, person.name)
        ):
            raise RefusedError(
                f"{person.name} ({person.email}) still signs in here as staff. End their access under"
                " People first, or leave out what is also theirs."
            )


def hinders(erasure: Erasure) -> list[str]:
    """Why it cannot be erased now, in sentences; empty when nothing hinders it."""
    found = []
    for hold in holds.blocking(erasure.terms, erasure.customers):
        whose = hold.customer.name if hold.customer else "this person"
        until = f" until {hold.until:%-d %b %Y}" if hold.until else ""
        found.append(
            f"All data of {whose} is on legal hold{until}: {hold.reason}. {hold.placed_by} placed it."
        )
    if erasure.open_documents:
        found.append(
            f"{erasure.open_documents} of the documents are still on their way or held. Finish or skip"
            " them first, then look again."
        )
    return found


@transaction.atomic
def agree(pk: int, *, by: Person) -> None:
    """Erase what was found. RefusedError where a hold or an open document hinders it, somebody else has to
    agree, they work here, or it is over."""
    erasure = Erasure.objects.select_for_update().get(pk=pk)
    if erasure.state != Erasure.State.FOUND:
        raise RefusedError("This is not waiting for a yes any more. Load the page again.")
    if why := hinders(erasure) or eyes.wanted(erasure, by):
        raise RefusedError(" ".join(why))
    _must_not_work_here(erasure.terms)
    _release_people(erasure)
    erasure.state, erasure.agreed_by = Erasure.State.ERASING, by.name
    erasure.at_step, erasure.after, erasure.found = 0, None, {}
    erasure.save()
    lanes.wake(LANE, str(pk))


def drop(pk: int) -> None:
    """Erase nothing, and forget whom it was about."""
    Erasure.objects.filter(pk=pk, state__in=(Erasure.State.FOUND, Erasure.State.LOOKING)).update(
        state=Erasure.State.DROPPED, terms=[], found={}, finished_at=clock.now()
    )


def people(erasure: Erasure) -> list[Person]:
    """Those who sign in with one of the addresses."""
    return list(Person.objects.filter(email__in=[term.lower() for term in erasure.terms]))


def _release_people(erasure: Erasure) -> None:
    """Whoever signs in under the address does so no more: sessions, second steps and tokens end."""
    for person in people(erasure):
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        sessions.end_all(person)
        for model in (Authenticator, Passkey, RecoveryCode):
            model._default_manager.filter(person=person).delete()
        ApiToken.objects.filter(maker=person, revoked_at=None).update(revoked_at=clock.now())


def step(pk: int) -> tuple[int, datetime | None]:
    """A few seconds of looking or erasing: how many steps were done, and when to come again."""
    until, done = time.monotonic() + _BITE, 0
    # The same all the bite: asking takes as long as looking through a table.
    found = places.places()
    while time.monotonic() < until:
        with transaction.atomic():
            erasure = Erasure.objects.select_for_update().filter(pk=pk).first()
            if erasure is None or erasure.state not in Erasure.UNDER_WAY:
                return 0, None
            try:
                _step(erasure, found)
            except forgetting.BusyError:
                return 0, clock.now() + _BUSY_AGAIN
            erasure.save()
        done += 1
    return done, None


def _step(erasure: Erasure, found: Sequence[Place]) -> None:
    """One table, or one bite of the documents; the last step ends it."""
    if erasure.at_step < len(found):
        _table(erasure, found[erasure.at_step])
        erasure.at_step += 1
    elif not _documents(erasure):
        erasure.at_step += 1
        _end(erasure)


def _table(erasure: Erasure, place: Place) -> None:
    partner_id = Partner.objects.values_list("pk", flat=True).get(schema_name=current_schema())
    rows, customers = places.find(place, erasure.terms, partner_id=partner_id)
    if not rows:
        return
    erasure.customers = sorted({*erasure.customers, *customers})
    by_law = KEPT_BY_LAW.get(place.table, "")
    if place.fixed and not by_law:
        _note(erasure, place.label, rows, "left", FIXED.format(what=place.fixed))
        return
    if erasure.state == Erasure.State.LOOKING or place.fixed:
        _note(erasure, place.table, rows, "kept" if by_law else "replaced", by_law)
        return
    try:
        with transaction.atomic():
            changed = places.replace(place, erasure.terms, _instead(erasure), partner_id=partner_id)
    except IntegrityError as error:
        if not isinstance(error.__cause__, errors.RestrictViolation):
            raise
        _note(erasure, place.table, rows, "kept", by_law)
    else:
        _note(erasure, place.table, changed, "replaced", "")


def _note(erasure: Erasure, label: str, rows: int, fate: str, why: str) -> None:
    before = erasure.found.get(label, {"rows": 0})
    erasure.found[label] = {"rows": before["rows"] + rows, "fate": fate, "why": why}


def _instead(erasure: Erasure) -> dict[str, str]:
    """An address stays an address, so that what wants one still finds one."""
    return {
        term: f"{erasure.pseudonym}@erased.invalid" if "@" in term else erasure.pseudonym
        for term in erasure.terms
    }


def _documents(erasure: Erasure) -> bool:
    """One bite of the documents; False when there are no more."""
    chosen = forgetting.look()
    after = bytes(erasure.after) if erasure.after else None
    holding, last = places.payloads(erasure.terms, after=after, most=_DOCUMENTS)
    if holding:
        erasure.customers = sorted({*erasure.customers, *_whose(holding)})
        still = forgetting.needed(holding)
        erasure.open_documents += len(still) if erasure.state == Erasure.State.LOOKING else 0
        if erasure.state == Erasure.State.ERASING:
            going = [digest for digest in holding if digest not in still]
            removed = forgetting.remove(going, why=RemovedPayload.Why.ERASED, chosen=chosen)
            left = len(holding) - removed.number
            _note(erasure, PAYLOADS, removed.number, "removed", "")
            if left:
                _note(erasure, f"{PAYLOADS} since", left, "left", "they came meanwhile")
        else:
            _note(erasure, PAYLOADS, len(holding), "removed", "")
    erasure.after = last
    return last is not None


def _whose(digests: Sequence[bytes]) -> set[int]:
    found = Message.objects.filter(payload_id__in=digests).values_list("customer_id", flat=True)
    return set(found.distinct())


def _end(erasure: Erasure) -> None:
    if erasure.state == Erasure.State.LOOKING:
        erasure.state = Erasure.State.FOUND
        return
    left = [
        label
        for label, one in erasure.found.items()
        if one["fate"] == "left" or (one["fate"] == "kept" and not one["why"])
    ]
    erasure.state = Erasure.State.PARTLY if left else Erasure.State.DONE
    erasure.finished_at = clock.now()
    erasure.certificate = certificate(erasure)
    erasure.terms, erasure.after = [], None


def certificate(erasure: Erasure) -> dict[str, Any]:
    """What was done, without whom it was about: the pseudonym, counts by table, and what was kept and why."""
    finished = erasure.finished_at or clock.now()
    return {
        "pseudonym": erasure.pseudonym,
        "asked_at": erasure.asked_at.isoformat(),
        "asked_by": erasure.asked_by,
        "agreed_by": erasure.agreed_by,
        "finished_at": finished.isoformat(),
        "whole": erasure.state == Erasure.State.DONE,
        "tables": {label: dict(one) for label, one in sorted(erasure.found.items())},
        "not_reached": [
            "systems of others, which may send the person’s data again: erase it there as well",
            "backups and exports made before, which end with their own terms",
        ],
    }
