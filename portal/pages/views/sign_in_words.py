"""Providers and their rules, in words."""

from typing import Any, Final

from integrations.views import spoken
from portal.accounts.models import Identity, Provider, ProviderRule
from portal.accounts.openid.discovery import Endpoints
from portal.pages.views import people_words
from portal.tenants.current import current_schema
from portal.tenants.models import Domain

MOST_PEOPLE: Final = 200


def state(provider: Provider) -> dict[str, str]:
    """Shape and word."""
    if not provider.is_on:
        return {"shape": "due", "word": "off"}
    return {"shape": "good", "word": "the only way for staff" if provider.is_only_way else "on"}


def row(provider: Provider) -> dict[str, Any]:
    """One of the list. `people` and `given` are counted by the query."""
    domains = ", ".join(provider.email_domains)
    return {
        "pk": provider.pk,
        "name": provider.name,
        "issuer": provider.issuer,
        "state": state(provider),
        "people": provider.people,  # type: ignore[attr-defined]
        "rules": provider.given,  # type: ignore[attr-defined]
        "domains": domains or "nobody for the first time",
    }


def page(provider: Provider, *, scheme: str, port: str) -> dict[str, Any]:
    """Its own page: state, what it decides, and the addresses to register with it."""
    return {
        "pk": provider.pk,
        "name": provider.name,
        "issuer": provider.issuer,
        "is_on": provider.is_on,
        "is_only_way": provider.is_only_way,
        "state": state(provider),
        "says": _says(provider),
        "changed": f"{spoken.moment(provider.changed_at)} by {provider.changed_by}",
        "backs": backs(provider, scheme=scheme, port=port),
    }


def _says(provider: Provider) -> list[str]:
    domains = " or ".join(provider.email_domains)
    said = ["Whoever it knows already comes in, and nobody else."]
    if domains:
        said = [
            "Whoever it knows already comes in; for the first time whoever has a proven address at"
            f" {domains} and is known or invited here."
        ]
    if provider.makes_people:
        said.append("Somebody new comes in with the role that a rule gives.")
    if provider.decides_roles:
        said.append("At each login the rules say which role somebody has.")
    counts = provider.trusts_second_step
    said.append(
        "Its second step counts where it says that it asked for one."
        if counts
        else "Our own second step is asked for afterwards, of whoever has one."
    )
    return said


def backs(provider: Provider, *, scheme: str, port: str) -> list[str]:
    """Where it sends people back to: one address for each host of the site, the primary one first."""
    hosts = Domain.objects.filter(tenant__schema_name=current_schema())
    ordered = hosts.order_by("-is_primary", "domain").values_list("domain", flat=True)
    return [f"{scheme}://{host}{port}/login/with/{provider.ref}/back/" for host in ordered]


def rules(provider: Provider, groups: dict[int, str]) -> list[dict[str, Any]]:
    """In the order in which they are tried."""
    customers = dict(people_words.customers())
    found = provider.rules.select_related("role")
    return [rule(one, customers, groups) for one in found]


def rule(one: ProviderRule, customers: dict[int, str], groups: dict[int, str]) -> dict[str, Any]:
    whom = "everybody"
    if one.customer_id:
        whom = customers.get(one.customer_id, "a customer who left")
    if one.group_id:
        whom = f"group {groups.get(one.group_id, 'that is gone')}"
    return {
        "pk": one.pk,
        "claim": one.claim,
        "value": one.value,
        "role": one.role.label,
        "whom": whom,
    }


def people(provider: Provider) -> list[dict[str, Any]]:
    """Whom it knows here, whoever came last first."""
    found = Identity.objects.filter(provider=provider).select_related("person", "person__role")
    ordered = found.order_by("-used_at", "-pk")[:MOST_PEOPLE]
    return [
        {
            "pk": one.pk,
            "name": one.person.name,
            "email": one.person.email,
            "role": one.person.role.label,
            "subject": one.subject,
            "since": spoken.moment(one.made_at),
            "used": spoken.moment(one.used_at) if one.used_at else "never",
        }
        for one in ordered
    ]


def found(endpoints: Endpoints, keys: int) -> list[dict[str, str]]:
    """What a try has found."""
    return [
        {"label": "Issuer", "value": endpoints.issuer},
        {"label": "Login", "value": endpoints.authorization},
        {"label": "Code to token", "value": endpoints.token},
        {"label": "Keys", "value": f"{endpoints.keys}, {spoken.counted(keys, 'key')}"},
        {"label": "More about people", "value": endpoints.userinfo or "none"},
        {"label": "Signs with", "value": ", ".join(endpoints.algorithms)},
        {"label": "Secret", "value": "in the form" if endpoints.posts_secret else "in the header"},
    ]
