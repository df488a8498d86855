"""The tokens that a person's yes on a system's own page brought, kept and renewed.

Refresh tokens are often good once: the server gives another with each use, and takes a second use for a
theft. So one process at a time renews, under the lock of the row, and what came is committed before it is
used, in a transaction of its own: a caller whose work is rolled back must not take the new token with it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import connection as database
from django.db import transaction
from django_tenants.utils import schema_context

from integrations.connectors.connection import Connection, NoConsentError
from integrations.connectors.connector import Connector
from integrations.models import Authorisation
from integrations.transports.oauth import UNTOLD, Held, good_for
from integrations.transports.token_server import Granted
from portal.core import clock, guard
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt, encrypt
from portal.tenants.current import current_schema

_ANEW: Final = "Authorise anew at the endpoint"


def keep(endpoint_id: int, granted: Granted, *, meant: str, by: str) -> None:
    """Keep what somebody's yes brought, instead of what there was."""
    kept = {
        "sealed": _sealed(granted.token, granted.refresh),
        "meant": meant,
        "renew_at": _renew_at(granted),
        "made_by": by[:80],
        "made_at": clock.now(),
        "renewed_at": None,
    }
    Authorisation.objects.update_or_create(endpoint_id=endpoint_id, defaults=kept)


@dataclass(frozen=True)
class Kept:
    """The authorisation of an endpoint, as its connector uses it. Safe from any thread.

    With another yes it is another one, and a client that carries an earlier token is no longer used.
    """

    schema: str
    endpoint_id: int
    made_at: datetime | None

    def token(
        self, renew: Callable[[Secret], Granted], *, meant: str, refused: Secret | None
    ) -> Held:
        """See `integrations.connectors.connection.Authorisation`."""
        work = partial(self._token, renew, meant=meant, refused=refused)
        # A thread has a connection to the database of its own, and with it a transaction of its own.
        with ThreadPoolExecutor(1, thread_name_prefix="authorising") as pool:
            return pool.submit(guard.carried(work)).result()

    def _token(
        self, renew: Callable[[Secret], Granted], *, meant: str, refused: Secret | None
    ) -> Held:
        try:
            with schema_context(self.schema), transaction.atomic():
                return self._under_lock(renew, meant=meant, refused=refused)
        finally:
            database.close()

    def _under_lock(
        self, renew: Callable[[Secret], Granted], *, meant: str, refused: Secret | None
    ) -> Held:
        rows = Authorisation.objects.select_for_update(of=("self",))
        row = rows.filter(endpoint_id=self.endpoint_id).first()
        if row is None:
            raise NoConsentError(
                "Nobody authorised us at the system yet. Authorise at the endpoint"
            )
        if row.meant != meant:
            raise NoConsentError(f"Somebody authorised us for another address. {_ANEW}")
        stored = decrypt(bytes(row.sealed))
        if stored["access"] != refused and (row.renew_at is None or clock.now() < row.renew_at):
            return _held(stored["access"], row.renew_at, is_new=False)
        if "refresh" not in stored:
            raise NoConsentError(f"The access token is over, and nothing renews it. {_ANEW}")
        granted = renew(stored["refresh"])
        row.sealed = _sealed(granted.token, granted.refresh or stored["refresh"])
        row.renew_at = _renew_at(granted._replace(refresh=stored["refresh"]))
        row.renewed_at = clock.now()
        row.save(update_fields=["sealed", "renew_at", "renewed_at"])
        return _held(granted.token, row.renew_at, is_new=True)


def with_tokens(connector: Connector, connection: Connection) -> Connection:
    """The connection, with its authorisation where it needs a person's yes."""
    try:
        if connector.authorises(connection) is None:
            return connection
    except NeedsCredentials:  # client or key are not entered: its own client says so
        return connection
    found = Authorisation.objects.filter(endpoint_id=connection.endpoint_id)
    made_at = found.values_list("made_at", flat=True).first()
    kept = Kept(current_schema(), connection.endpoint_id, made_at)
    return replace(connection, authorisation=kept)


def _held(token: Secret, renew_at: datetime | None, *, is_new: bool) -> Held:
    left = UNTOLD if renew_at is None else (renew_at - clock.now()).total_seconds()
    return Held(token, clock.monotonic() + left, is_new)


def _sealed(access: Secret, refresh: Secret | None) -> bytes:
    return encrypt({"access": access} | ({"refresh": refresh} if refresh else {}))


def _renew_at(granted: Granted) -> datetime | None:
    """When the token is renewed. One without an end and without a next one is used until it is refused."""
    if granted.lasts is None and granted.refresh is None:
        return None
    lasts = UNTOLD if granted.lasts is None else granted.lasts
    return clock.now() + timedelta(seconds=good_for(lasts))
