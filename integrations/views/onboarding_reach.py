"""The steps that reach the system: credentials, and what it has."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from integrations.connectors import registry
from integrations.domain import endpoint_templates, onboarding
from integrations.domain.onboarding import RefusedError
from integrations.models import Contract, OnboardingRun
from integrations.views import authorise
from integrations.views.endpoint_words import object_words
from integrations.views.onboarding import act, load, page
from integrations.views.pickup_form import PickupForm
from integrations.views.settings_form import SettingsForm
from portal.accounts.rules import requires
from portal.core.errors import NeedsCredentials
from portal.core.secrets import decrypt

TESTED = {True: "good", False: "bad", None: "due"}


# Orders are routed to a warehouse, and to a supplier that ships to the buyers of our orders. The site of a
# supplier's settings is whose stock it tells of; a warehouse's is what routes call it, too.
WAREHOUSE, PARTNER = "warehouse", "trading partner"


@requires("endpoints.onboard")
def credentials(request: HttpRequest, pk: int) -> HttpResponse:
    """Fields of the connector; saving runs the live test."""
    run = load(pk)
    if request.method != "POST":
        return _credentials(request, run, _form(run))
    form, site = _form(run, request.POST), request.POST.get(_site_name(run), "")[:20]
    pickup = PickupForm(request.POST, stored={}, site=site)
    if not (form.is_valid() and pickup.is_valid()):
        return _credentials(request, run, form, pickup, status=422)
    try:
        onboarding.enter(
            run,
            settings=form.settings,
            secrets=form.secrets,
            site=site,
            pickup=pickup.pickup,
        )
    except RefusedError as error:
        return _credentials(request, run, form, pickup, refused=str(error), status=409)
    onboarding.try_connection(run)
    return redirect(request.path)


def _site_name(run: OnboardingRun) -> str:
    """What the form calls the code that routes know the endpoint by."""
    is_partner = registry.get(run.connector).manifest.category == PARTNER
    return "route_site" if is_partner else "site"


def _form(run: OnboardingRun, data: Any = None) -> SettingsForm:
    settings = run.endpoint.settings if run.endpoint else endpoint_templates.settings_of(run)
    connector = registry.get(run.connector)
    return SettingsForm(data, connector=connector, settings=settings, stored=_stored(run))


def _stored(run: OnboardingRun) -> frozenset[str]:
    """Which secrets are set; none where their key is lost."""
    if run.endpoint is None or not run.endpoint.secrets:
        return frozenset()
    try:
        return frozenset(decrypt(bytes(run.endpoint.secrets)))
    except NeedsCredentials:
        return frozenset()


def _credentials(
    request: HttpRequest,
    run: OnboardingRun,
    form: SettingsForm,
    pickup: PickupForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    checks = [{**c, "shape": TESTED[c["passed"]]} for c in run.facts.get("checks", [])]
    connector = registry.get(run.connector)
    site, stored = (run.endpoint.site, run.endpoint.pickup) if run.endpoint else ("", {})
    context = {
        "form": form,
        "checks": [] if form.errors or refused else checks,
        "failed": any(check["passed"] is False for check in checks),
        "has_secrets": any(setting.secret for setting in connector.settings),
        "has_site": connector.manifest.category in (WAREHOUSE, PARTNER),
        "site_name": _site_name(run),
        "asks_site": all(one.name != _site_name(run) for one in connector.settings),
        "site": site,
        "pickup": pickup or PickupForm(stored=stored, site=site),
        "authorised": authorise.shown(request, run.endpoint),
        "link_url": f"/endpoints/{run.endpoint.slug}/secret-links/" if run.endpoint else "",
    }
    return page(request, run, "credentials", context, refused=refused, status=status)


@requires("endpoints.onboard")
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """The live test again, e.g. after the customer entered their keys."""
    return act(request, pk, onboarding.try_connection, then="credentials", show=_refused_test)


def _refused_test(request: HttpRequest, run: OnboardingRun, text: str) -> HttpResponse:
    return _credentials(request, run, _form(run), refused=text, status=409)


@requires("endpoints.onboard")
def discover(request: HttpRequest, pk: int) -> HttpResponse:
    """What the system has; a POST looks, or takes samples a person brings."""
    run = load(pk)
    if request.method != "POST":
        return _discover(request, run)
    brought = {}
    kind, text = request.POST.get("object_type", ""), request.POST.get("sample", "")
    if text.strip() and kind in registry.get(run.connector).manifest.reads:
        brought = {kind: text.encode()}
    return act(
        request,
        pk,
        lambda found: onboarding.explore(found, brought),
        then="discover",
        show=_discover,
    )


def _discover(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    samples = run.facts.get("samples", {})
    agreed = {
        c.object_type: c.schema for c in Contract.objects.filter(endpoint_id=run.endpoint_id or 0)
    }
    connector = registry.get(run.connector)
    found = [
        {
            **one,
            "noun": object_words(one["object_type"]) if one["object_type"] else one["stream"],
            "fields": len(_leaves(agreed.get(one["object_type"], {}))),
            "sample": _sample(samples.get(one["object_type"], []), request),
        }
        for one in run.facts.get("found", [])
    ]
    context = {
        "found": found,
        "looked": "found" in run.facts,
        "brings": not connector.is_polled,
        "types": sorted(connector.manifest.reads),
        "may_see": request.user.may("payloads.view"),  # type: ignore[union-attr]
    }
    return page(request, run, "discover", context, refused=refused, status=409 if refused else 200)


def _leaves(schema: dict[str, Any]) -> list[str]:
    names = []
    for name, inner in schema.get("properties", {}).items():
        below = inner.get("items", inner) if isinstance(inner, dict) else {}
        names += _leaves(below) or [name]
    return names


def _sample(documents: list[Any], request: HttpRequest) -> list[dict[str, str]]:
    """The first document's fields with their values, for people who may see payloads."""
    if not documents or not request.user.may("payloads.view"):  # type: ignore[union-attr]
        return []
    return [{"path": path, "value": value} for path, value in _values(documents[0], "")][:40]


def _values(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [
            v for name, inner in value.items() for v in _values(inner, f"{path}.{name}".strip("."))
        ]
    if isinstance(value, list):
        return _values(value[0], f"{path}[]") if value else []
    return [] if value in (None, "") else [(path, str(value)[:80])]
