"""What a customer's person reads of the people of the same customer: under the row limit, by functions
that have it inside."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection


class Colleague(NamedTuple):
    """Somebody who signs in for the same customer. `role` is its label."""

    pk: int
    name: str
    email: str
    role: str
    is_active: bool
    last_login: datetime | None


class Awaited(NamedTuple):
    """Somebody of the same customer with an open invitation; it is over when `expires_at` is."""

    pk: int
    name: str
    email: str
    role: str
    invited_by: str
    expires_at: datetime


def colleagues() -> list[Colleague]:
    """All of them by name, those who left last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, email, role, is_active, last_login FROM own_colleagues()"
            " ORDER BY is_active DESC, name, id"
        )
        return [Colleague(*row) for row in cursor.fetchall()]


def awaited() -> list[Awaited]:
    """By the end of their invitations, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, email, role, invited_by, expires_at FROM own_invitations()"
            " ORDER BY expires_at DESC, id DESC"
        )
        return [Awaited(*row) for row in cursor.fetchall()]
