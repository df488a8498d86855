"""Tiers and the features that come with them; what is otherwise for one partner; how long things are kept."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.console.forms import ExceptionForm, PartnerTierForm, TermForm, TierForm
from portal.console.views.partners import found
from portal.tenants import flags
from portal.tenants.flag_kinds import FLAGS
from portal.tenants.models import RetentionTerm, Tier
from portal.tenants.retention_kinds import KINDS


@requires("platform.tiers")
def tiers(request: HttpRequest) -> HttpResponse:
    known = Tier.objects.annotate(number=Count("partners")).order_by("label")
    context = {
        "features": [flag.label for flag in FLAGS.values()],
        "tiers": [
            {
                "label": one.label,
                "url": f"/tiers/{one.slug}/",
                "partners": one.number,
                "has": [name not in one.flags_off for name in FLAGS],
            }
            for one in known
        ],
    }
    return render(request, "platform/tiers.html", context)


@requires("platform.tiers")
def tier(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One tier, or a new one."""
    one = get_object_or_404(Tier, slug=slug) if slug else None
    form = TierForm(request.POST if request.method == "POST" else None, tier=one)
    if form.is_bound and form.is_valid():
        label = form.cleaned_data["label"]
        kept = one or Tier(slug=_free_slug(label))
        kept.label = label
        number = flags.change_tier(kept, off=form.off())
        messages.success(request, f"{label} is kept; {spoken.counted(number, 'partner')} in it")
        return redirect("tiers")
    context = {"form": form, "tier": one}
    return render(request, "platform/tier.html", context, status=422 if form.errors else 200)


def _free_slug(label: str) -> str:
    base = slugify(label)[:24] or "tier"
    taken = set(Tier.objects.values_list("slug", flat=True)) | {"new"}
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, 1000))) if s not in taken)


@requires("platform.tiers")
@require_POST
def put_in_tier(request: HttpRequest, slug: str) -> HttpResponse:
    one = found(slug)
    form = PartnerTierForm(request.POST)
    if form.is_valid():
        chosen, reason = form.cleaned_data["tier"], form.cleaned_data["reason"]
        flags.put_in_tier(one, chosen, actor=_who(request), reason=reason)
        where = f"in {chosen.label}" if chosen else "in no tier: everything is on"
        messages.success(request, f"{one.name} is {where}")
    else:
        messages.error(request, "Nothing was changed: say why.")
    return redirect("partner", slug=slug)


@requires("platform.tiers")
def feature(request: HttpRequest, slug: str, flag: str) -> HttpResponse:
    """Switch one feature for one partner, with the reason."""
    one = found(slug)
    if flag not in FLAGS:
        raise Http404
    form = ExceptionForm(request.POST or None, initial={"is_on": _said(one, flag)})
    if request.method == "POST" and form.is_valid():
        flags.make_exception(
            one, flag, is_on=form.given(), actor=_who(request), reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"{FLAGS[flag].label} for {one.name}: kept")
        return redirect("partner", slug=slug)
    context = {
        "question": f"{FLAGS[flag].label} for {one.name}",
        "verb": "Keep this",
        "danger_text": f"Where it is off: {FLAGS[flag].off}",
        "form": form,
        "back_url": f"/partners/{slug}/",
        "crumbs": [
            {"label": "Partners", "url": "/partners/"},
            {"label": one.name, "url": f"/partners/{slug}/"},
        ],
    }
    return render(request, "asks_first.html", context, status=422 if form.errors else 200)


def _said(one: Any, flag: str) -> str:
    own = one.flag_exceptions.filter(flag=flag).first()
    return ("on" if own.is_on else "off") if own else "tier"


@requires("platform.retention")
def retention(request: HttpRequest) -> HttpResponse:
    """How long things are kept; a POST changes one kind."""
    given = request.POST if request.method == "POST" else None
    asked = request.POST.get("kind", "")
    if given is not None and asked not in KINDS:
        raise Http404
    forms = {kind: TermForm(given if kind == asked else None, kind=kind) for kind in KINDS}
    if given is not None and forms[asked].is_valid():
        RetentionTerm.objects.update_or_create(kind=asked, defaults=forms[asked].cleaned_data)
        messages.success(request, f"{KINDS[asked].label}: kept")
        return redirect("retention")
    context = {
        "kinds": [
            {"kind": name, "label": kind.label, "about": kind.about, "form": forms[name]}
            for name, kind in KINDS.items()
        ]
    }
    status = 422 if given is not None else 200
    return render(request, "platform/retention.html", context, status=status)


def _who(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)
