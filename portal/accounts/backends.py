"""Signing in by e-mail and password, within the schema of the site."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from portal.accounts.models import Person


class EmailBackend(BaseBackend):
    """Looks in the current schema only: a partner's person does not exist on another site."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> Person | None:
        person = Person.objects.select_related("role").filter(email=username.lower()).first()
        if person is None:
            Person().set_password(password)  # as slow as a real check, so that time tells nothing
            return None
        is_right = person.check_password(password)  # of somebody who left, too: it takes its time
        return person if is_right and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        return Person.objects.select_related("role").filter(pk=user_id, is_active=True).first()
