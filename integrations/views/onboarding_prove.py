"""The last steps: a test order goes round, and the endpoint goes live."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from integrations.domain import conformance, endpoint_templates, go_live
from integrations.domain.conformance import Leg
from integrations.domain.onboarding import RefusedError
from integrations.models import ConformanceRun, OnboardingRun
from integrations.views import spoken
from integrations.views.onboarding import act, first_order, load, page
from portal.accounts.rules import requires

SHAPES = {"passed": "good", "failed": "bad", "waiting": "waiting"}


@requires("endpoints.onboard")
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """The rehearsal; the page follows it by itself."""
    return _prove(request, load(pk))


def _newest(run: OnboardingRun) -> ConformanceRun | None:
    return run.conformance.select_related("run__customer", "run__endpoint").first()


def _prove(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    begun = _newest(run)
    legs = conformance.look(begun) if begun else []
    run.refresh_from_db(fields=["done"])
    source = conformance.source_of(run) if run.endpoint else None
    context = {
        "begun": begun,
        "legs": [_leg(leg) for leg in legs],
        "running": begun is not None and begun.ended_at is None,
        "passed": sum(leg.state == "passed" for leg in legs),
        "skus": conformance.skus(run),
        "placed_at": source.label if source and conformance.can_place(run) else "",
        "source": source.label if source else "",
        "dirty": bool(begun and begun.remote_id and begun.ended_at and not begun.cleaned_at),
    }
    return page(
        request, run, "conformance", context, refused=refused, status=409 if refused else 200
    )


def _leg(leg: Leg) -> dict[str, Any]:
    return {**leg._asdict(), "shape": SHAPES[leg.state]}


@requires("endpoints.onboard")
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    sku = request.POST.get("sku", "").strip()
    number = request.POST.get("number", "").strip()

    def verb(run: OnboardingRun) -> None:
        if not (sku or number):
            raise RefusedError("Say which item the test order asks for, or which order it is.")
        conformance.start(run, sku=sku, number=number)

    return act(request, pk, verb, then="conformance", show=_prove)


@requires("endpoints.onboard")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the round as it is."""

    def verb(run: OnboardingRun) -> None:
        begun = _newest(run)
        if begun and begun.ended_at is None:
            conformance.end(begun)

    return act(request, pk, verb, then="conformance", show=_prove)


@requires("endpoints.onboard")
@require_POST
def clean_up(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(run: OnboardingRun) -> None:
        begun = _newest(run)
        left = conformance.clean_up(begun) if begun else ""
        if left:
            raise RefusedError(left)
        messages.success(request, "The test order is taken away")

    return act(request, pk, verb, then="conformance", show=_prove)


@requires("endpoints.onboard")
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist and the sign-off; afterwards the certificate and the measured time."""
    if request.method != "POST":
        return _live(request, load(pk))
    partner = request.tenant  # type: ignore[attr-defined]

    def verb(run: OnboardingRun) -> None:
        by = request.user.name  # type: ignore[union-attr]
        go_live.go_live(run, by=by, partner=partner.name, colour=partner.accent_light)

    return act(request, pk, verb, then="live", show=_live)


@requires("endpoints.onboard")
@require_POST
def save_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was set up for the next customer."""

    def verb(run: OnboardingRun) -> None:
        name = request.POST.get("name", "").strip()
        if not name:
            raise RefusedError("Give the template a name.")
        by = request.user.name  # type: ignore[union-attr]
        made = endpoint_templates.save(run, name=name[:80], by=by)
        messages.success(request, f"Saved as template {made.name}, version {made.version}")

    return act(request, pk, verb, then="live", show=_live)


def _live(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    points = [] if run.live_at else go_live.checklist(run)
    seconds = sum(run.beats.values_list("seconds", flat=True))
    context = {
        "points": [{"shape": "good" if p.passed else "bad", "word": p.text} for p in points],
        "ready": all(point.passed for point in points),
        "live_at": spoken.moment(run.live_at),
        "took": spoken.span(run.live_at - run.started_at) if run.live_at else "",
        "worked": f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s",
        "first_order": first_order(run),
    }
    return page(request, run, "live", context, refused=refused, status=409 if refused else 200)
