"""The partners: the list, one of them with its history, and opening another."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_tenants.utils import get_public_schema_name

from integrations.views import spoken
from portal.accounts.domain.reach import RefusedError
from portal.accounts.rules import requires
from portal.console.domain import deleting
from portal.console.domain import opening as openings
from portal.console.forms import OpenForm, PartnerTierForm
from portal.console.models import Opening
from portal.console.queries import schemas
from portal.console.views import words
from portal.jobs.queries import Load, loads
from portal.tenants.models import Partner

NOTHING_YET = "No partner yet."
_EVENTS = 100


@requires("platform.partners")
def partners(request: HttpRequest) -> HttpResponse:
    found = (
        Partner.objects.exclude(schema_name=get_public_schema_name())
        .select_related("tier")
        .prefetch_related("domains")
        .order_by("name")
    )
    work = loads()
    rows = [_row(partner, work.get(partner.schema_name, Load())) for partner in found]
    action = {"label": "Open a partner", "url": "/partners/open/"}
    under_way = Opening.objects.filter(state__in=Opening.UNDER_WAY).order_by("pk")
    context = {
        "facts": [{"value": len(rows), "after": "partner" if len(rows) == 1 else "partners"}],
        "partners": rows,
        "openings": [{"name": o.name, "url": f"/partners/openings/{o.pk}/"} for o in under_way],
        "empty": None if rows else {"text": NOTHING_YET, "action": action},
    }
    return render(request, "platform/partners.html", context)


def _row(partner: Partner, work: Load) -> dict[str, Any]:
    host = next((d.domain for d in partner.domains.all() if d.is_primary), "")
    current = partner.schema_fingerprint == schemas.fingerprint()
    alive = partner.state != Partner.State.DELETED
    return {
        "name": partner.name,
        "host": host or partner.slug,
        "url": f"/partners/{partner.slug}/",
        "state": words.state(partner),
        "tier": partner.tier.label if partner.tier else "",
        "opened": spoken.day(partner.opened_at.date()),
        "shape": ("good" if current else "risk") if alive else "",
        "word": ("up to date" if current else "to be migrated") if alive else "dropped",
        "running": work.running,
        "due": work.due,
        "oldest": spoken.age(work.oldest),
        "failed": work.failed,
    }


@requires("platform.partners")
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """One: its state and what can be done, exports, features, and all that happened to it."""
    one = found(slug)
    person: Any = request.user
    host = next((d.domain for d in one.domains.all() if d.is_primary), "")
    exports = list(one.exports.select_related("partner").order_by("-pk")[:20])
    running = next((words.progress(export) for export in exports if words.progress(export)), None)
    context = {
        "partner": one,
        "state": words.state(one),
        "facts": _facts(one, host, words.url_of(request, host)),
        "verbs": words.verbs(one) if person.may("platform.life") else [],
        "may_life": person.may("platform.life"),
        "may_tiers": person.may("platform.tiers"),
        "deleted": one.state == Partner.State.DELETED,
        "hinders": deleting.hinders(one),
        "exports": [words.export(export) for export in exports],
        "progress": running,
        "features": words.features(one),
        "tier_form": PartnerTierForm(initial={"tier": one.tier_id}),
        "events": [words.event(e) for e in one.events.order_by("-at", "-pk")[:_EVENTS]],
    }
    return render(request, "platform/partner.html", context)


def _facts(one: Partner, host: str, url: str) -> list[dict[str, str]]:
    since = one.state_since or one.opened_at
    facts = [
        {"label": "Since", "value": spoken.moment(since)},
        {"label": "Opened", "value": spoken.day(one.opened_at.date())},
        {"label": "Tier", "value": one.tier.label if one.tier else "none: everything is on"},
    ]
    if host:
        facts.append({"label": "Site", "value": "", "url": url, "link": host})
    if one.migrated_at:
        facts.append({"label": "Migrated", "value": spoken.moment(one.migrated_at)})
    return facts


def found(slug: str) -> Partner:
    """A partner by its slug, also a deleted one; the platform itself is none."""
    if slug == get_public_schema_name():
        raise Http404
    return get_object_or_404(Partner.objects.select_related("tier"), schema_name=slug)


@requires("platform.life")
def open_one(request: HttpRequest) -> HttpResponse:
    """Ask for a new partner."""
    person: Any = request.user
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = openings.ask(**form.cleaned_data, actor=person.name, asker_id=person.pk)
        except openings.NotOpenedError as error:
            field = "admin_email" if isinstance(error, openings.OwnStaffError) else "slug"
            form.add_error(field, str(error))
        else:
            return redirect("opening", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "platform/open.html", {"form": form}, status=status)


@requires("platform.life")
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an opening is; the page asks again until it is over."""
    one = get_object_or_404(Opening, pk=pk)
    if one.state == Opening.State.DONE and not one.trouble:
        messages.success(request, f"{one.name} is open. The letter went to {one.admin_email}")
        return _on_to(request, f"/partners/{one.slug}/")
    context = {
        "opening": one,
        "steps": _steps(one),
        "under_way": one.state in Opening.UNDER_WAY,
        "url": f"/partners/{one.slug}/" if one.state == Opening.State.DONE else "",
        "may_have_link": openings.may_have_link(one, request.user.pk),  # type: ignore[arg-type]
    }
    return render(request, "platform/opening.html", context)


@requires("platform.life")
@require_POST
def opening_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The first admin's link, once, to be brought by hand: for whoever opened the partner."""
    one = get_object_or_404(Opening, pk=pk)
    if not openings.may_have_link(one, request.user.pk):  # type: ignore[arg-type]
        raise PermissionDenied
    context: dict[str, Any] = {"opening": one, "url": f"/partners/{one.slug}/"}
    status = 200
    try:
        context["link"] = openings.new_link(one)
    except RefusedError as error:
        context["refused"], status = str(error), 422
    page = render(request, "platform/opening_link.html", context, status=status)
    page["Cache-Control"] = "no-store"
    return page


def _on_to(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, also from a part of one that asks again by itself."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(url)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = url
    return response


def _steps(one: Opening) -> list[dict[str, str]]:
    state = Opening.State(one.state)
    made = {Opening.State.DONE: ("good", "made"), Opening.State.FAILED: ("bad", "not made")}
    letter = ("risk", "not sent") if one.trouble else ("good", "sent")
    shape, word = made.get(state, ("work", "being made"))
    asked = {"label": "Asked for", "shape": "good", "word": f"by {one.asked_by}"}
    site = {"label": "Schema, sub-domain and roles", "shape": shape, "word": word}
    if state != Opening.State.DONE:
        letter = ("due", "afterwards") if state in Opening.UNDER_WAY else ("due", "not sent")
    return [
        asked,
        site,
        {"label": "Letter to the first admin", "shape": letter[0], "word": letter[1]},
    ]
