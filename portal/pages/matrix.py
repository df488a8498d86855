"""Who may do what, and which page asks for it: docs/permissions.md, made from the code."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver

from portal.accounts.roles import PARTNER_ROLES, PERMISSIONS, PLATFORM_ROLES, RoleSeed
from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN, PerMethod, declared_permissions

SITES = {"A partner's site": "portal.urls", "The platform console": "portal.urls_platform"}
HEAD = """# Who may do what

Made by `manage.py permission_matrix --write` from `portal/accounts/roles.py` and the addresses of
both sites; a test fails when this page and the code differ. A page without a declared permission
answers nobody. A partner may change its roles; these are the ones it starts with.

Whose things are opened does not depend on the address. Another partner's are in another schema and are not
there for anybody. Staff reach all customers of their partner, or those they work for; a customer's people
reach their own customer. The database keeps to both by itself. Each role asks for each address and operation
with ids of another customer and of another partner in `tests/security/test_scopes.py`.

| | own customer | another customer | another partner |
|---|:-:|:-:|:-:|
| staff | yes | yes | no |
| staff who work for some customers | yes | no | no |
| a customer's people, and their programs | yes | no | no |
| whoever holds a link | what the link is for | no | no |
"""
# What an address opens, beyond its permission.
REACHES = {
    "staff": "customers one works for",
    "own": "own customer",
    "link": "what its link or key is for",
    "both": "customers one works for, or one's own",
    "self": "oneself",
    "platform": "all partners' names and figures, no rows of theirs",
    "open": "nobody's rows",
}
_BY_LINK = ("/reset/", "/join/", "/keys/", "/ack/", "/unsubscribe/", "/ask/", "/api/usage/")


class Address(NamedTuple):
    """One address of a site: its pattern, its view, and the permissions of which one is enough. Where they
    differ by HTTP method, `method` is one of them; else it is blank."""

    pattern: str
    view: Any
    permissions: tuple[str, ...]
    method: str = ""

    @property
    def label(self) -> str:
        """`POST /api/v1/cases/<int:number>/comments/`"""
        return f"{self.method} {self.pattern}".strip()


def addresses(urlconf: str) -> list[Address]:
    """Every address of a site."""
    return list(_walk(import_module(urlconf).urlpatterns, prefix="/"))


def _walk(patterns: Iterable[Any], *, prefix: str) -> Iterator[Address]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, prefix=pattern)
        elif isinstance(entry, URLPattern):
            yield from _of_view(pattern, entry.callback)


def _of_view(pattern: str, view: Any) -> Iterator[Address]:
    declared = getattr(view, "required_permissions", ())
    if not isinstance(declared, PerMethod):
        yield Address(pattern, view, declared_permissions(view))
        return
    for method, permissions in declared.items():
        yield Address(pattern, view, permissions, method)


def document() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, "## Roles of a partner\n", *_matrix(PARTNER_ROLES)]
    parts += ["\n## Roles of the platform\n", *_matrix(PLATFORM_ROLES)]
    for title, urlconf in SITES.items():
        parts += [f"\n## {title}: addresses\n", *_addresses(urlconf)]
    return "\n".join(parts) + "\n"


def _matrix(roles: tuple[RoleSeed, ...]) -> list[str]:
    used = [p for p in PERMISSIONS if any(p in role.permissions for role in roles)]
    head = "| | " + " | ".join(role.label for role in roles) + " |"
    rule = "|---|" + ":-:|" * len(roles)
    rows = [
        f"| {PERMISSIONS[p]} (`{p}`) | "
        + " | ".join("yes" if p in role.permissions else "" for role in roles)
        + " |"
        for p in used
    ]
    return [head, rule, *rows]


def _addresses(urlconf: str) -> list[str]:
    rows = [
        f"| `{a.label}` | {_needs(a)} | {reaches(a, site=urlconf)} |" for a in addresses(urlconf)
    ]
    return ["| address | needs | opens |", "|---|---|---|", *rows]


def _needs(address: Address) -> str:
    return " or ".join(f"`{permission}`" for permission in address.permissions) or "nobody"


def reaches(address: Address, *, site: str = SITES["A partner's site"]) -> str:
    """Whose things an address opens to whoever may use it."""
    if OPEN_TO_ALL in address.permissions:
        return REACHES["link" if address.pattern.startswith(_BY_LINK) else "open"]
    if SIGNED_IN in address.permissions:
        return REACHES["self"]
    if site != SITES["A partner's site"]:
        return REACHES["platform"]
    kinds = {_kind(permission) for permission in address.permissions}
    if kinds == {"own", "staff"}:
        return REACHES["both"]
    return REACHES["own" if kinds == {"own"} else "staff"]


def _kind(permission: str) -> str:
    """Whose rows a permission is about: of a customer's people, or of staff (on either site)."""
    return "own" if permission.startswith("own.") else "staff"
