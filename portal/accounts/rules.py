"""Deny by default: a view without a declared permission answers nobody."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import rules
from rest_framework.permissions import BasePermission

from portal.accounts.roles import PERMISSIONS

OPEN_TO_ALL = "open"  # for the few views that must answer before anyone has signed in
SIGNED_IN = "signed-in"

View = TypeVar("View", bound=Callable[..., Any])


class PerMethod(dict[str, tuple[str, ...]]):
    """What a view declares that needs other permissions to read than to write, by HTTP method."""

    def __init__(self, permissions: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(permissions)
        for wanted in permissions.values():
            _check(wanted)

    def of(self, method: str) -> tuple[str, ...]:
        """Whoever may use any of it may ask with another method, and is told that there is none."""
        asked = "GET" if method == "HEAD" else method
        return self.get(asked) or tuple({one for wanted in self.values() for one in wanted})


def requires(*permissions: str) -> Callable[[View], View]:
    """Declare the permission a view needs; of several, one is enough. The middleware enforces it."""
    _check(permissions)

    def declare(view: View) -> View:
        view.required_permissions = permissions  # type: ignore[attr-defined]
        return view

    return declare


def _check(permissions: Iterable[str]) -> None:
    for permission in permissions:
        if permission not in {*PERMISSIONS, OPEN_TO_ALL, SIGNED_IN}:
            raise ValueError(f"There is no permission {permission!r}.")


def declared_permissions(view: Any, method: str = "GET") -> tuple[str, ...]:
    """The permissions a view declares for a method, or none: then nobody may use it."""
    declared = getattr(view, "required_permissions", ())
    return declared.of(method) if isinstance(declared, PerMethod) else declared


def for_setting_up(view: View) -> View:
    """Open a view to people who still lack the second step that their role asks for."""
    view.for_setting_up = True  # type: ignore[attr-defined]
    return view


def is_for_setting_up(view: Callable[..., Any]) -> bool:
    """Whether somebody may use it without a second step: what is open to all, and what sets one up."""
    return OPEN_TO_ALL in declared_permissions(view) or getattr(view, "for_setting_up", False)


def may_use(person: Any, permissions: tuple[str, ...]) -> bool:
    """Whether `person` may use what declares `permissions`."""
    if OPEN_TO_ALL in permissions:
        return True
    if not person.is_authenticated:
        return False
    return SIGNED_IN in permissions or any(person.may(permission) for permission in permissions)


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
        return may_use(request.user, declared_permissions(view, request.method))
