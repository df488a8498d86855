"""New credentials of an endpoint: tried first, and kept only if the system takes them."""

from collections.abc import Mapping

from integrations.connectors import registry
from integrations.connectors.client import Check
from integrations.connectors.connection import Setting, connection_from
from integrations.domain import attend, authorised
from integrations.models import Endpoint
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt, encrypt


def wanted(endpoint: Endpoint) -> list[Setting]:
    """The secrets that the endpoint's system asks for."""
    return [setting for setting in registry.get(endpoint.connector).settings if setting.secret]


def known(endpoint: Endpoint) -> set[str]:
    """The names of the secrets the endpoint has."""
    return set(_stored(endpoint))


def enter(endpoint: Endpoint, entered: Mapping[str, str]) -> list[Check]:
    """Try the connection with what was entered, and keep that only if no line of the test failed.

    Secrets that were not entered stay as they are. Returns the lines of the test.
    """
    kept = _stored(endpoint) | {
        setting.name: Secret(entered[setting.name])
        for setting in wanted(endpoint)
        if entered.get(setting.name)
    }
    connector = registry.get(endpoint.connector)
    connection = connection_from(
        connector.settings, endpoint_id=endpoint.pk, slug=endpoint.slug,
        settings=endpoint.settings, secrets=encrypt(kept), concurrency=endpoint.concurrency,
    )  # fmt: skip
    connection = authorised.with_tokens(connector, connection)
    checks = list(attend.try_out(connector, connection))
    if not refused(checks):
        endpoint.secrets = encrypt(kept)
        endpoint.save(update_fields=["secrets"])
    return checks


def refused(checks: list[Check]) -> bool:
    """Whether a line of the test failed."""
    return any(check.passed is False for check in checks)


def _stored(endpoint: Endpoint) -> dict[str, Secret]:
    try:
        return decrypt(bytes(endpoint.secrets)) if endpoint.secrets else {}
    except NeedsCredentials:
        return {}  # their key is lost: all of them are entered anew
