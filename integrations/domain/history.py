"""Every content that was ever live, kept: who changed it, when, and a whole configuration as of then."""

import zlib
from typing import NamedTuple

from django.db import connection, transaction

from integrations.domain.subjects import Content, Contents, Subject, digest
from integrations.models import Version
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit


class Origin(NamedTuple):
    """Who brought a version about, and why. No author: it was found changed."""

    author: str = ""
    cause: str = ""


_FOUND = Origin()


def keep(customer_id: int, contents: Contents, origin: Origin = _FOUND) -> int:
    """Write a version for each content that differs from the newest one known, and for each that is
    gone. Returns the id up to which versions make up these contents.

    One writer a partner at a time, so that ids grow in the order of commits.
    """
    with beyond_limit(), transaction.atomic():  # what is shared is kept with what was asked about
        _one_at_a_time()
        known = _newest(customer_id)
        news: list[Version] = []
        for subject, content in contents.items():
            before = known.pop(subject, None)
            hexdigest = digest(content)
            if before is None or before.digest != hexdigest:
                news.append(_version(subject, content, hexdigest, before, origin))
        news += [
            _version(subject, None, digest(None), before, origin)
            for subject, before in known.items()
            if before.digest != digest(None)
        ]
        Version.objects.bulk_create(news)
        return last_id(customer_id)


class _Known(NamedTuple):
    number: int
    digest: str


def _version(
    subject: Subject, content: Content | None, hexdigest: str, before: _Known | None, origin: Origin
) -> Version:
    """Live tables that count their own versions say the number; the others are counted here."""
    counted = before.number + 1 if before else 1
    own = max(content.get("version", 0), counted) if content else counted
    return Version(
        customer_id=subject.customer_id,
        kind=subject.kind,
        key=subject.key,
        number=own,
        content=content,
        digest=hexdigest,
        author=origin.author[:80],
        cause=origin.cause[:200],
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        lock = zlib.crc32(current_schema().encode())
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x68697374, lock - 2**31])


def _newest(customer_id: int) -> dict[Subject, _Known]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (customer_id, kind, key) customer_id, kind, key, number, digest"
            " FROM integrations_version WHERE customer_id = %s OR customer_id IS NULL"
            " ORDER BY customer_id, kind, key, id DESC",
            [customer_id],
        )
        return {Subject(c, kind, key): _Known(n, d) for c, kind, key, n, d in cursor.fetchall()}


def last_id(customer_id: int) -> int:
    """The id of the newest version that concerns the customer; 0 if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM integrations_version WHERE customer_id = %s OR customer_id IS NULL",
            [customer_id],
        )
        return cursor.fetchone()[0] or 0


def as_of(customer_id: int, version_id: int) -> Contents:
    """The customer's whole configuration as it stood when version `version_id` was the newest."""
    versions = Version.objects.raw(
        "SELECT DISTINCT ON (customer_id, kind, key) * FROM integrations_version"
        " WHERE (customer_id = %s OR customer_id IS NULL) AND id <= %s"
        " ORDER BY customer_id, kind, key, id DESC",
        [customer_id, version_id],
    )
    return {
        Subject(v.customer_id, v.kind, v.key): v.content for v in versions if v.content is not None
    }


def newest(subject: Subject) -> Version | None:
    """The newest version of a subject, also when it says that the subject is gone."""
    owned = Version.objects.filter(kind=subject.kind, key=subject.key)
    if subject.customer_id is None:
        owned = owned.filter(customer=None)
    else:
        owned = owned.filter(customer_id=subject.customer_id)
    return owned.order_by("-pk").first()
