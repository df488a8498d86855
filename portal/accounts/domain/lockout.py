"""Who was wrong too often waits, whether or not there is such a person."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from django.db import transaction
from django.utils.translation import ngettext

from portal.accounts import waits
from portal.accounts.models import Tries
from portal.accounts.waits import Standing
from portal.core import clock, secrets
from portal.core.sender import network_of

OF_ACCOUNT: Final = 5
OF_SENDER: Final = 30
_KEPT: Final = timedelta(days=1)
Found = TypeVar("Found")


class LockedError(Exception):
    """It may not be tried before `until`. The text says so, the same for every account and for none."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.seconds = max(1, -int((clock.now() - until).total_seconds() // 1))
        minutes = -(-self.seconds // 60)
        text = ngettext(
            "That was tried too often. Wait %(minutes)s minute, then try again.",
            "That was tried too often. Wait %(minutes)s minutes, then try again.",
            minutes,
        )
        super().__init__(text % {"minutes": minutes})


class WrongError(Exception):
    """It was not right. `first_wait`: from now on this account has to wait, for the first time."""

    def __init__(self, *, first_wait: bool) -> None:
        self.first_wait = first_wait
        super().__init__("wrong")


class Tried(NamedTuple):
    """From where (an IP address), whose account (a mail address as entered; blank for nobody's), and what
    for: each purpose is counted by itself."""

    sender: str
    account: str = ""
    purpose: str = "login"


def checked(tried: Tried, check: Callable[[], Found | None]) -> Found:
    """What `check` finds. LockedError while one has to wait; WrongError when it finds nothing.

    Tries for one account come one after the other, in however many processes: nobody gets a hundred
    in before the first is counted.
    """
    with transaction.atomic():
        account = _account_of(tried)
        _refuse_early(tried, account)
        found = check()
        waits_first = found is None and _count(tried, account)
    if found is None:
        raise WrongError(first_wait=waits_first)
    return found


def counted(tried: Tried) -> None:
    """Count one try, however it went. LockedError as above."""
    with transaction.atomic():
        account = _account_of(tried)
        _refuse_early(tried, account)
        _count(tried, account)


def is_open(tried: Tried) -> None:
    """LockedError while one has to wait; nothing is counted."""
    _refuse_early(tried, Tries.objects.filter(key=_account(tried)).first())


def forgive(account: str) -> None:
    """The person is in: their account starts at nothing again. What their sender did still counts."""
    Tries.objects.filter(key=_account(Tried("", account))).delete()


def tidy() -> None:
    """Let go of what is too old to count."""
    Tries.objects.filter(changed_at__lt=clock.now() - _KEPT).delete()


def _account_of(tried: Tried) -> Tries | None:
    return _locked(_account(tried)) if tried.account else None


def _refuse_early(tried: Tried, account: Tries | None) -> None:
    sender = Tries.objects.filter(key=_sender(tried)).first() if tried.sender else None
    ends = [waits.wait_ends(_standing(row), at=clock.now()) for row in (account, sender) if row]
    if latest := max((end for end in ends if end), default=None):
        raise LockedError(latest)


def _count(tried: Tried, account: Tries | None) -> bool:
    """Whether the account waits for the first time now."""
    if account:
        _add(account, most=OF_ACCOUNT)
    if tried.sender:
        _add(_locked(_sender(tried)), most=OF_SENDER)
    return account is not None and account.waits == 1


def _add(row: Tries, *, most: int) -> None:
    after = waits.after_wrong(_standing(row), at=clock.now(), most=most)
    row.recent = [one.isoformat() for one in after.recent]
    row.waits, row.until, row.changed_at = after.waits, after.until, clock.now()
    row.save()


def _standing(row: Tries) -> Standing:
    return Standing([datetime.fromisoformat(one) for one in row.recent], row.waits, row.until)


def _locked(key: str) -> Tries:
    fresh: dict[str, Any] = {"changed_at": clock.now()}
    Tries.objects.get_or_create(key=key, defaults=fresh)
    return Tries.objects.select_for_update().get(key=key)


def _account(tried: Tried) -> str:
    return _key(tried.purpose, "account", tried.account.strip().lower())


def _sender(tried: Tried) -> str:
    return _key(tried.purpose, "sender", network_of(tried.sender))


def _key(*parts: str) -> str:
    secret = secrets.seeds("tries to sign in")[0]
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
