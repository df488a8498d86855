"""What usage is counted by: the product's metrics, and one's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from billing.domain import catalogue
from billing.domain.catalogue import NotChangedError
from billing.models import Metric
from billing.views import plan_words
from integrations.views.filters import tabs
from portal.accounts.rules import requires


class MetricForm(forms.Form):
    """A metric of one's own."""

    code = forms.SlugField(
        label="Code", max_length=40, help_text="What plans call it; it stays as it is."
    )
    name = forms.CharField(label="Name", max_length=80)
    unit = forms.CharField(
        label="Unit", max_length=30, help_text="One of it: document, minute, GB."
    )
    kinds = forms.CharField(
        label="Kinds of facts",
        max_length=200,
        help_text="With commas between them: pallet, parcel.",
    )
    aggregation = forms.ChoiceField(label="Counted as", choices=Metric.Aggregation.choices)
    field = forms.CharField(
        label="Field", max_length=40, required=False,
        help_text="Whose different values are counted, or by which what holds over time is kept apart.",
    )  # fmt: skip
    filters = forms.CharField(
        label="Only where", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A line for each property: site = RNO1, RNO2. All lines have to fit.",
    )  # fmt: skip

    def clean_kinds(self) -> list[str]:
        kinds = _listed(self.cleaned_data["kinds"])
        if any(len(one) > 30 for one in kinds):
            raise forms.ValidationError("A kind has 30 characters at most.")
        return kinds

    def clean_filters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in self.cleaned_data["filters"].splitlines():
            name, equals, values = line.partition("=")
            if not line.strip():
                continue
            if not equals or not name.strip() or not _listed(values):
                raise forms.ValidationError(
                    f"{line.strip()[:40]!r} is no line such as site = RNO1."
                )
            found[name.strip()] = _listed(values)
        return found


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


@requires("money.view")
def metrics(request: HttpRequest) -> HttpResponse:
    catalogue.ensure_metrics()
    if request.method != "POST":
        return _page(request, MetricForm())
    if not request.user.may("money.prices"):  # type: ignore[union-attr]
        return _page(
            request, MetricForm(), refused="Metrics are for whoever may change prices.", status=403
        )
    form = MetricForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made = catalogue.add_metric(**form.cleaned_data)
    except NotChangedError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    messages.success(request, f"{made.name} can be counted.")
    return redirect("/plans/metrics/")


def _page(
    request: HttpRequest, form: MetricForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    view = request.GET.get("view", "")
    used = catalogue.used_by()
    found = Metric.objects.filter(archived_at__isnull=view != "archived")
    context = {
        "rows": [_row(one, used.get(one.code, [])) for one in found],
        "tabs": tabs(request, (("", "Counted"), ("archived", "Archived")), chosen=view),
        "form": form,
        "may_edit": request.user.may("money.prices"),  # type: ignore[union-attr]
        "refused": refused,
        "empty": None if found else {"text": "No metric is archived.", "action": None},
    }  # fmt: skip
    return render(request, "billing/plan_metrics.html", context, status=status)


def _row(one: Metric, plans: list[str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "unit": one.unit,
        "counts": _counts(one),
        "kinds": ", ".join(one.kinds),
        "filters": "; ".join(f"{name}: {', '.join(values)}" for name, values in one.filters.items()),
        "origin": "of the product" if catalogue.is_own(one) else "your own",
        "plans": plan_words.named(plans, most=2),
        "archived": bool(one.archived_at),
    }  # fmt: skip


def _counts(one: Metric) -> str:
    if one.aggregation == Metric.Aggregation.UNIQUE:
        return f"different values of {one.field}"
    said = one.get_aggregation_display()
    return f"{said}, apart by {one.field}" if one.field else said


@requires("money.prices")
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive it, or bring it back."""
    metric = Metric.objects.filter(code=slug).first()
    if metric is None:
        raise Http404
    try:
        if metric.archived_at:
            catalogue.bring_back_metric(metric)
            said = f"{metric.name} can be counted again."
        else:
            catalogue.archive_metric(metric)
            said = f"{metric.name} is archived."
    except NotChangedError as error:
        return _page(request, MetricForm(), refused=str(error), status=409)
    messages.success(request, said)
    return redirect("/plans/metrics/")
