"""How money is billed here: who bills, taxes, rates, costs, and the systems that may send usage."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from billing.api import key as keys
from billing.domain import accounts
from billing.models import ExchangeRate, TaxRate, UsageSource
from billing.views.invoice import this_person
from billing.views.money_settings_forms import (
    EntityForm,
    ExchangeRateForm,
    SourceForm,
    TaxRateForm,
)
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core.decimals import plain_number

MOST_RATES = 50


@requires("money.bill")
def settings(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(
    request: HttpRequest,
    *,
    form: tuple[str, Any] | None = None,
    new_key: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form`: the part and the form that was not taken; `new_key`: of a source, shown this once."""
    forms = {part: _blank(part) for part in ("entity", "tax", "exchange", "source")}
    if form:
        forms[form[0]] = form[1]
    context = {
        "forms": forms,
        "opened": form[0] if form else "",
        "new_key": new_key,
        "entity": accounts.entity(),
        "taxes": [_tax(one) for one in TaxRate.objects.all()[:MOST_RATES]],
        "rates": [_rate(one) for one in ExchangeRate.objects.all()[:MOST_RATES]],
        "sources": [_source(one) for one in UsageSource.objects.all()],
    }
    response = render(request, "billing/settings.html", context, status=status)
    if new_key:
        response["Cache-Control"] = "no-store"
    return response


def _blank(part: str, data: Any = None) -> Any:
    options: dict[str, Any] = {"auto_id": f"{part}_%s"}
    match part:
        case "entity":
            return EntityForm(data, instance=accounts.entity(), **options)
        case "tax":
            return TaxRateForm(data, **options)
        case "exchange":
            return ExchangeRateForm(data, **options)
        case "source":
            return SourceForm(data, **options)
    raise Http404


def _tax(one: TaxRate) -> dict[str, str]:
    return {
        "name": one.name, "code": one.code, "percent": f"{plain_number(one.percent)} %",
        "begins": spoken.day(one.begins),
    }  # fmt: skip


def _rate(one: ExchangeRate) -> dict[str, str]:
    return {
        "said": f"1 {one.base} is {plain_number(one.rate)} {one.quote}",
        "begins": spoken.day(one.begins), "source": one.source,
    }  # fmt: skip


def _source(one: UsageSource) -> dict[str, Any]:
    revoked = one.revoked_at
    return {
        "pk": one.pk,
        "name": one.name,
        "code": one.code,
        "key": f"uk_…{one.hint}",
        "made": f"{spoken.moment(one.created_at)} by {one.created_by}",
        "used": spoken.moment(one.used_at) or "never",
        "state": {"shape": "", "word": f"revoked {spoken.moment(revoked)}"}
        if revoked
        else {"shape": "good", "word": "may send"},
        "may_revoke": revoked is None,
    }


@requires("money.bill")
@require_POST
def save(request: HttpRequest, part: str) -> HttpResponse:
    """The legal entity, a tax rate or an exchange rate."""
    if part == "source":
        raise Http404
    form = _blank(part, request.POST)
    if not form.is_valid():
        return page(request, form=(part, form), status=422)
    if part == "entity":
        form.save()
        said = "The next invoices say it. What is final stays"
    else:
        said = form.keep()
    messages.success(request, said)
    return redirect("/billing/settings/")


@requires("money.bill")
@require_POST
def add_source(request: HttpRequest) -> HttpResponse:
    """A system that may send usage; its key is on the answer and never again."""
    form = _blank("source", request.POST)
    if not form.is_valid():
        return page(request, form=("source", form), status=422)
    try:
        source, key = keys.new_source(
            form.cleaned_data["code"], form.cleaned_data["name"], by=this_person(request)
        )
    except ValidationError:
        form.add_error("code", "Another source has this code. Choose another.")
        return page(request, form=("source", form), status=422)
    return page(request, new_key={"name": source.name, "key": key})


@requires("money.bill")
@require_POST
def revoke_source(request: HttpRequest, pk: int) -> HttpResponse:
    found = UsageSource.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.revoked_at is None:
        keys.revoke(found)
    messages.success(request, f"{found.name} sends nothing any more")
    return redirect("/billing/settings/")
