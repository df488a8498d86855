"""Beginning a plan: from nothing, from an example, or as a copy of another."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from billing.catalogue import BUNDLES, WHOLESALE, Bundle, Example
from billing.domain import accounts, catalogue, plans
from billing.models import Plan
from billing.plans import price_words, reading
from billing.views import plan_words
from portal.accounts.rules import requires
from portal.core.currencies import MINOR_UNITS
from portal.tenants.current import is_platform

RESERVED: Final = frozenset({"new", "examples", "metrics"})
_BLANK: Final = {"key": "base", "name": "Monthly fee", "model": "flat", "terms": {"amount": "0"}}


class NewForm(forms.Form):
    """A plan's name, and what it begins with."""

    name = forms.CharField(label="Name", max_length=80, help_text="As it stands on bills.")
    description = forms.CharField(
        label="Description", max_length=300, required=False, help_text="For whoever sells it."
    )
    currency = forms.CharField(
        label="Currency", min_length=3, max_length=3, help_text="By its three letters, such as USD."
    )
    begins = forms.ChoiceField(label="Begins with")
    is_addon = forms.BooleanField(
        label="Add-on", required=False, help_text="Taken beside a plan, not instead of one."
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        copies = [(f"plan:{one.slug}", one.name) for one in Plan.objects.order_by("name")]
        examples = [(f"example:{one.slug}", one.name) for one in _examples()]
        self.fields["begins"].choices = [  # type: ignore[attr-defined]
            ("", "a monthly fee of nothing"),
            *([("A copy of", copies)] if copies else []),
            ("An example", examples),
        ]
        self.fields["begins"].required = False

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError("Write one line of text.")
        return name

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if currency not in MINOR_UNITS:
            raise forms.ValidationError(
                f"There is no currency {currency}. Write a code of ISO 4217, such as USD or EUR."
            )
        return currency


def _bundles() -> tuple[Bundle, ...]:
    return (WHOLESALE,) if is_platform() else BUNDLES


def _examples() -> Iterator[Example]:
    return (one for bundle in _bundles() for one in bundle.examples)


@requires("money.prices")
def new(request: HttpRequest) -> HttpResponse:
    first = {"currency": accounts.entity().currency, "begins": request.GET.get("from", "")}
    form = NewForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        content = {**_content(said["begins"]), "currency": said["currency"]}
        about = {name: said[name] for name in ("description", "is_addon")}
        made = _begin(request, said["name"], content, **about)
        return redirect(f"/plans/{made.slug}/edit/")
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/plan_new.html", {"form": form}, status=status)


def _content(begins: str) -> Mapping[str, Any]:
    kind, _, slug = begins.partition(":")
    if kind == "example":
        return next(one.content for one in _examples() if one.slug == slug)
    if kind == "plan":
        versions = list(Plan.objects.get(slug=slug).versions.all())
        found = plan_words.sold_one(versions) or versions[0]
        content: Mapping[str, Any] = found.content
        return content
    return {"charges": [_BLANK]}


def _begin(request: HttpRequest, name: str, content: Mapping[str, Any], **about: Any) -> Plan:
    catalogue.ensure_metrics()
    version = plans.begin(name, _free_slug(name), content, author=request.user, **about)
    return version.plan


def _free_slug(name: str) -> str:
    """An address that nobody has."""
    base = slugify(name)[:34].strip("-") or "plan"
    taken = RESERVED | set(
        Plan.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    tried = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(one for one in tried if one not in taken)


@requires("money.view")
def examples(request: HttpRequest) -> HttpResponse:
    context = {
        "bundles": [
            {
                "name": bundle.name,
                "about": bundle.about,
                "examples": [_shown(one) for one in bundle.examples],
            }
            for bundle in _bundles()
        ],
        "may_edit": request.user.may("money.prices"),  # type: ignore[union-attr]
    }
    return render(request, "billing/plan_examples.html", context)


def _shown(one: Example) -> dict[str, Any]:
    content = reading.read(one.content)
    return {
        "slug": one.slug,
        "tier": one.tier,
        "name": one.name,
        "description": one.description,
        "charges": plan_words.charges(content, {}),
        "holds": price_words.of_plan(content),
        "currency": content.currency,
    }


@requires("money.prices")
@require_POST
def use(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft that says what the example says, in one's own currency."""
    found = next((one for one in _examples() if one.slug == slug), None)
    if found is None:
        raise Http404
    content = {**found.content, "currency": accounts.entity().currency}
    made = _begin(request, found.name, content, description=found.description)
    messages.success(request, f"{made.name} is a draft. Its prices are examples: make them yours.")
    return redirect(f"/plans/{made.slug}/edit/")
