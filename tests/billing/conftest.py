"""Who works with money, and two customers early in May. Tests of another day or month have their own."""

from collections.abc import Iterator

import pytest
from django.test import Client

from billing.models import Account
from portal.core import clock
from tests.billing.usage import account, at
from tests.people import Site, sign_in


@pytest.fixture
def finance(kestrel: Site) -> Client:
    return sign_in(kestrel, "finance")


@pytest.fixture
def now(kestrel: Site) -> Iterator[clock.FrozenClock]:
    with clock.freeze(at("2026-05-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(now: clock.FrozenClock, kestrel: Site) -> Account:
    return account(kestrel.harbor)


@pytest.fixture
def maris(now: clock.FrozenClock, kestrel: Site) -> Account:
    return account(kestrel.maris)
