"""A partner's site whose people sign in by a provider on this machine."""

from collections.abc import Iterator

import pytest

from portal.accounts.domain import openid_calls
from portal.accounts.models import Provider, ProviderRule, Role
from portal.core import clock, guard, secrets
from tests.accounts.walking import browser, person_of
from tests.openid.provider import CLIENT, LocalProvider


@pytest.fixture(scope="session")
def running() -> Iterator[LocalProvider]:
    provider = LocalProvider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def local(running: LocalProvider, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalProvider]:
    """The provider, running, on a machine that platform staff allowed to be called."""
    monkeypatch.setattr(guard, "_allowed", lambda: ("127.0.0.1",))
    guard.forget()
    openid_calls.forget()
    yield running
    guard.forget()
    openid_calls.forget()
    if running.process is None:
        running.start()


@pytest.fixture
def kestrel_id(kestrel, local) -> Provider:
    """The partner's provider: it may link people by their addresses, and nothing more."""
    return Provider.objects.create(
        ref="kestrel-id", name="Kestrel ID", issuer=local.issuer, client_id=CLIENT,
        sealed=secrets.encrypt({"secret": "s3cret"}), email_domains=["kestrel.test"], is_on=True,
        changed_at=clock.now(), changed_by="Ada",
    )  # fmt: skip


def rule(provider, claim, value, role, **more):
    return ProviderRule.objects.create(
        provider=provider, position=provider.rules.count() + 1, claim=claim, value=value,
        role=Role.objects.get(slug=role), **more,
    )  # fmt: skip


@pytest.fixture
def here(kestrel, kestrel_id):
    return browser(kestrel)


@pytest.fixture
def ana(kestrel):
    return person_of(kestrel)
