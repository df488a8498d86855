"""Onboarding: the runs there are, a new one, and the way through the steps."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.connectors import catalogue, registry
from integrations.connectors.connector import Connector
from integrations.domain import endpoint_templates, go_live, onboarding
from integrations.domain.onboarding import RefusedError
from integrations.models import EndpointTemplate, OnboardingRun
from integrations.onboarding import steps
from integrations.onboarding.template import MOST_BYTES, TemplateError, read_template
from integrations.views import spoken
from integrations.views.connectors import counted, matches
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.customers.models import Customer

MOST = 200


@requires("endpoints.onboard")
def runs(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    found = OnboardingRun.objects.select_related("customer", "endpoint").prefetch_related("beats")
    if customer:
        found = found.filter(customer=customer)
    rows = [_row(run) for run in found[:MOST]]
    begin = {"label": "Onboard an endpoint", "url": "/onboarding/new/"}
    nothing = "No endpoint was onboarded here yet."
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "runs": rows,
        "empty": None if rows else {"text": nothing, "action": begin},
    }
    return render(request, "integrations/onboarding/runs.html", context)


def _row(run: OnboardingRun) -> dict[str, Any]:
    done = sum(slug in run.done for slug in steps.SLUGS)
    seconds = sum(beat.seconds for beat in run.beats.all())
    return {
        "label": run.label,
        "url": f"/onboarding/{run.pk}/",
        "customer": run.customer.name,
        "connector": registry.get(run.connector).manifest.label,
        "shape": "good" if run.live_at else "work",
        "word": f"live {spoken.moment(run.live_at)}" if run.live_at else f"{done} of 8 steps",
        "worked": f"{seconds // 60} min" if seconds else "",
        "first_order": spoken.span(run.first_order_at - run.started_at)
        if run.first_order_at
        else "",
        "started": spoken.moment(run.started_at),
        "by": run.started_by,
    }


class BeginForm(forms.Form):
    """Whose system it is, which kind, and what people call it."""

    customer = forms.ModelChoiceField(Customer.objects.all(), to_field_name="slug")
    connector = forms.ChoiceField(widget=forms.HiddenInput)
    label = forms.CharField(
        label="Name", max_length=80, help_text="What your people call it, such as Web store."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(c.slug, c.manifest.label) for c in registry.everyone()]
        self.fields["connector"].choices = choices  # type: ignore[attr-defined]


@requires("endpoints.onboard")
def new(request: HttpRequest) -> HttpResponse:
    """The first step: the catalogue to choose from, then whose it is and its name."""
    chosen = request.POST.get("connector") or request.GET.get("connector", "")
    template = _template(request)
    chosen = template.connector if template else chosen
    text = request.GET.get("q", "").strip()
    whose = {"customer": request.GET.get("customer", "")}
    form = BeginForm(request.POST or None, initial={"connector": chosen, **whose})
    if request.method == "POST" and form.is_valid():
        run = _begin(form, template, by=request.user.name)  # type: ignore[union-attr]
        return redirect(f"/onboarding/{run.pk}/credentials/")
    groups = _groups(text, chosen, whose)
    context = {
        "form": form if chosen else None,
        "groups": groups,
        "search": {
            "name": "q",
            "value": request.GET.get("q", ""),
            "placeholder": "System or format",
        },
        "places": [_place(place, "") for place in steps.rail({}, {}, current="connector")],
        "empty": None if groups else {"text": "No connector matches.", "action": None},
    }
    status = 422 if form.errors else 200
    return render(request, "integrations/onboarding/new.html", context, status=status)


def _template(request: HttpRequest) -> EndpointTemplate | None:
    chosen = request.GET.get("template", "")
    if not chosen.isdecimal() or len(chosen) > 12:
        return None
    return EndpointTemplate.objects.filter(pk=int(chosen)).first()


def _begin(form: BeginForm, template: EndpointTemplate | None, *, by: str) -> OnboardingRun:
    entered = form.cleaned_data
    if template is None:
        return onboarding.begin(**entered, by=by)
    return endpoint_templates.begin_with(
        template, entered["customer"], label=entered["label"], by=by
    )


@requires("endpoints.onboard")
@require_POST
def upload_template(request: HttpRequest) -> HttpResponse:
    """A template from a file; what does not fit is said with its line."""
    file = request.FILES.get("file")
    try:
        text = file.read(MOST_BYTES + 1).decode() if file else ""
        data = read_template(text)
        registry.get(data["connector"])
    except (TemplateError, UnicodeDecodeError, KeyError) as error:
        words = str(error) if isinstance(error, TemplateError) else "The file is no template."
        messages.error(request, f"Not kept. {words}")
    else:
        by = request.user.name  # type: ignore[union-attr]
        kept = endpoint_templates.keep(data["name"], data["connector"], text, by=by)
        messages.success(request, f"Kept as {kept.name}, version {kept.version}")
    return redirect("/onboarding/new/")


@requires("endpoints.onboard")
def download_template(request: HttpRequest, pk: int) -> HttpResponse:
    found = EndpointTemplate.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    answer = HttpResponse(found.text, content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="template-{found.pk}.yaml"'
    return answer


def _entry(connector: Connector, chosen: str, given: dict[str, str]) -> dict[str, Any]:
    asks = {"connector": connector.slug, **{k: v for k, v in given.items() if v}}
    manifest = connector.manifest
    return {
        "label": manifest.label,
        "url": "/onboarding/new/?" + urlencode(asks),
        "about_url": f"/connectors/{connector.slug}/",
        "summary": manifest.summary,
        "can": ", ".join(catalogue.capabilities(manifest)),
        **counted(catalogue.checklist(manifest)),
        "chosen": connector.slug == chosen,
    }


def _groups(text: str, chosen: str, given: dict[str, str]) -> list[dict[str, Any]]:
    """The catalogue by kind of system, as far as a search finds it."""
    found = [
        (category, [_entry(c, chosen, given) for c in connectors if matches(c.manifest, text)])
        for category, connectors in catalogue.by_category()
    ]
    return [{"heading": catalogue.PLURALS[c], "rows": rows} for c, rows in found if rows]


# The way through the steps


def load(pk: int) -> OnboardingRun:
    run = OnboardingRun.objects.select_related("customer", "endpoint").filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


@requires("endpoints.onboard")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one left off."""
    run = load(pk)
    step = steps.next_of(run.done)
    return redirect(f"/onboarding/{pk}/{'live' if run.live_at else step}/")


def page(
    request: HttpRequest,
    run: OnboardingRun,
    step: str,
    context: dict[str, Any],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """One step's page with the rail beside it."""
    if not steps.may_open(run.done, step) and not run.live_at:
        return redirect(f"/onboarding/{run.pk}/{steps.next_of(run.done)}/")
    at = steps.SLUGS.index(step)
    base = f"/onboarding/{run.pk}"
    whole = {
        "run": run,
        "title": steps.STEPS[at].label,
        "question": steps.STEPS[at].question,
        "number": at + 1,
        "connector": registry.get(run.connector).manifest.label,
        "places": [_place(place, base) for place in onboarding.rail(run, step)],
        "beat_url": "" if run.live_at else f"{base}/beat/{step}/",
        "back_url": f"{base}/{steps.SLUGS[at - 1]}/" if at > 1 else "",
        "next_url": f"{base}/{steps.SLUGS[at + 1]}/" if at < 7 and step in run.done else "",
        "refused": refused,
        **context,
    }
    return render(request, f"integrations/onboarding/{step}.html", whole, status=status)


def _place(place: steps.Place, base: str) -> dict[str, Any]:
    shapes = {"done": "good", "current": "open", "open": "waiting", "later": "due"}
    opens = base and place.state in ("done", "open") and place.step.slug != "connector"
    minutes = place.minutes
    return {
        "label": place.step.label,
        "url": f"{base}/{place.step.slug}/" if opens else "",
        "shape": shapes[place.state],
        "word": place.state,
        "current": place.state == "current",
        "minutes": ""
        if minutes is None
        else f"{minutes:.0f} min"
        if minutes >= 1
        else "under 1 min",
    }


def act(
    request: HttpRequest,
    pk: int,
    verb: Callable[[OnboardingRun], Any],
    *,
    then: str,
    show: Callable[[HttpRequest, OnboardingRun, str], HttpResponse],
) -> HttpResponse:
    """Do it and go to step `then`; refused, the page comes back with the reason."""
    run = load(pk)
    try:
        verb(run)
    except RefusedError as error:
        return show(request, load(pk), str(error))
    return redirect(f"/onboarding/{pk}/{then}/")


@requires("endpoints.onboard")
@require_POST
def beat(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Working time, counted while the page is open and used."""
    if step not in steps.SLUGS:
        raise Http404
    text = request.POST.get("seconds", "")
    onboarding.beat(load(pk), step, int(text) if text.isdecimal() and len(text) < 4 else 0)
    return JsonResponse({})


@requires("endpoints.onboard")
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    run = load(pk)
    if not run.certificate:
        raise Http404
    answer = HttpResponse(bytes(run.certificate), content_type="application/pdf")
    name = run.endpoint.slug if run.endpoint else f"endpoint-{run.pk}"
    answer["Content-Disposition"] = f'attachment; filename="certificate-{name}.pdf"'
    return answer


def first_order(run: OnboardingRun) -> str:
    """How long it took from the start to the first live order, in words; "" while there is none."""
    at = go_live.first_order(run)
    return spoken.span(at - run.started_at) if at else ""
