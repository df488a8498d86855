"""Deny by default: a view without a declared permission answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

import rules
from rest_framework.permissions import BasePermission

from portal.accounts.roles import PERMISSIONS

OPEN_TO_ALL = "open"  # for the few views that must answer before anyone has signed in
SIGNED_IN = "signed-in"

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission a view needs. The middleware enforces it."""
    if permission not in {*PERMISSIONS, OPEN_TO_ALL, SIGNED_IN}:
        raise ValueError(f"There is no permission {permission!r}.")

    def declare(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def declared_permission(view: Callable[..., Any]) -> str | None:
    """The permission a view declares, or None: then nobody may use it."""
    return getattr(view, "required_permission", None)


def register() -> None:
    """Make every permission known to `rules`, so that `user.has_perm` and templates can ask."""
    for name in PERMISSIONS:
        if not rules.perm_exists(name):
            rules.add_perm(name, _holds(name))


def _holds(permission: str) -> Any:
    @rules.predicate(name=f"role has {permission}")
    def check(person: Any) -> bool:
        return getattr(person, "is_authenticated", False) and person.may(permission)

    return check


class DeniedUnlessDeclared(BasePermission):
    """The API's default: the same declaration as pages, read from the view."""

    def has_permission(self, request: Any, view: Any) -> bool:
        permission = declared_permission(view)
        if permission == OPEN_TO_ALL:
            return True
        if not request.user.is_authenticated or permission is None:
            return False
        return permission == SIGNED_IN or request.user.may(permission)
