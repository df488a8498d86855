"""One endpoint: its health, and what a person may do to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrations.connectors import registry
from integrations.connectors.client import Check
from integrations.connectors.connection import Setting
from integrations.connectors.connector import Connector
from integrations.domain import attend, resources
from integrations.models import Endpoint, Flow, OnboardingRun
from integrations.queries import acknowledgements as acknowledged
from integrations.queries import (
    case_links,
    drifting,
    endpoint_health,
    flow_traffic,
    pauses,
    volumes,
)
from integrations.queries.endpoint_health import Hour, Queue, Speed
from integrations.views import acknowledgements, as2_panel, authorise, spoken, traffic_charts
from integrations.views.endpoint_words import breaker_facts, condition, object_words
from integrations.views.endpoints import milliseconds
from integrations.views.pickup_form import pickup_words
from portal.accounts.rules import requires
from portal.core import breaker, clock, manner
from portal.core.charts.shown import shown
from portal.core.manner import number

BAR, SLOT = 32, 10
_MOST_LINES = 3  # of what was entered, shown whole
FEW_HOURS = 3
TESTED = {True: "good", False: "bad", None: "due"}  # None: a line that could not be tried


@requires("endpoints.view")
def endpoint(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _load(slug))


@requires("endpoints.manage")
@require_POST
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    found = _load(slug)
    attend.pause(found)
    messages.success(request, f"{found.label} is paused. Documents for it wait")
    return redirect(f"/endpoints/{slug}/")


@requires("endpoints.manage")
@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    found = _load(slug)
    attend.resume(found)
    messages.success(request, f"{found.label} goes on. What waited is sent in order")
    return redirect(f"/endpoints/{slug}/")


@requires("endpoints.manage")
@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Tries the connection now and shows each line of it. Changes nothing, so it may be repeated."""
    found = _load(slug)
    return _page(request, found, checks=attend.test(found))


def _load(slug: str) -> Endpoint:
    found = Endpoint.objects.select_related("customer").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Endpoint, *, checks: list[Check] | None = None
) -> HttpResponse:
    connector = registry.get(found.connector)
    hours = endpoint_health.hours(found.pk)
    context = {
        "endpoint": _head(found, connector),
        "endpoints_url": "/endpoints/",
        **_actions(request, found),
        "test": _test(checks) if checks is not None else None,
        "notice": _notice(found),
        "onboarding": _onboarding(request, found),
        "pause_note": _pause_note(request, found),
        "facts": _facts(found),
        "webhook": _webhook(request, found, connector),
        "as2": as2_panel.shown(found),
        "authorised": authorise.shown(request, found),
        "breaker": breaker_facts(found),
        "settings": shown_settings(found, connector),
        "refusals": [
            {**r, "last": spoken.moment(r["last"])} for r in endpoint_health.refusals(found.pk)
        ],
        "errors": _errors(found),
        "flows": _flows(found),
        "resources": _resources(found),
        "acknowledgements": _acknowledgements(found),
        "contracts": _contracts(found),
        "strip": _strip(hours),
        "answers": _answers(found),
        "hours": [
            {**h._asdict(), "at": spoken.moment(h.at)}
            for h in reversed(hours)
            if h.received or h.sent
        ],
    }
    return render(request, "integrations/endpoint.html", context)


def _answers(found: Endpoint) -> dict[str, Any] | None:
    """How long it took to answer in the last 24 h; None where nobody asked it anything."""
    window = endpoint_health.day(clock.now())
    delays = volumes.delays(window, kind="answer", endpoint_id=found.pk).get((), {})
    return shown(traffic_charts.answers(delays, window)) if delays else None


def _head(found: Endpoint, connector: Connector) -> dict[str, str]:
    received = endpoint_health.last_received([found.pk]).get(found.pk)
    now = condition(found, received=received)
    return {
        "name": found.label,
        "customer": found.customer.name,
        "connector": connector.manifest.label,
        "connector_url": f"/connectors/{connector.slug}/",
        "shape": now.shape,
        "word": now.word,
        "since": now.since,
    }


def _actions(request: HttpRequest, found: Endpoint) -> dict[str, str]:
    if not request.user.may("endpoints.manage"):  # type: ignore[union-attr]
        return {}
    base = f"/endpoints/{found.slug}"
    state = breaker.from_json(found.breaker.get("state")).state
    paused = found.state == Endpoint.State.PAUSED
    return {
        "pause_url": "" if paused else f"{base}/pause/",
        "resume_url": f"{base}/resume/" if paused or state != "closed" else "",
        "test_url": f"{base}/test/",
    }


def _test(checks: list[Check]) -> dict[str, Any]:
    lines = [{"shape": TESTED[c.passed], "word": _tested(c)} for c in checks]
    good = all(c.passed is not False for c in checks)
    return {"state": "good" if good else "bad", "lines": lines}


def _tested(check: Check) -> str:
    words = f"{check.name}: {check.text}"
    return f"{words} {check.remedy}" if check.remedy else words


def _pause_note(request: HttpRequest, found: Endpoint) -> str:
    """What a pause does, said before; who paused it, after."""
    if found.state == Endpoint.State.PAUSED:
        name = pauses.paused_by(found.pk)
        by = f"Paused by {name}" if name else "Paused"
        return f"{by}. What is meant for it waits, and goes out in order when it is resumed."
    if not request.user.may("endpoints.manage"):  # type: ignore[union-attr]
        return ""
    text = "A pause stops fetching from it, and what is meant for it waits here."
    if found.site:
        text += (
            " New orders go to other warehouses where the rules allow it; those that only this one"
            " can ship wait for it."
        )
    return text


def _onboarding(request: HttpRequest, found: Endpoint) -> dict[str, str] | None:
    run = OnboardingRun.objects.filter(endpoint=found, live_at=None).first()
    if run is None or not request.user.may("endpoints.onboard"):  # type: ignore[union-attr]
        return None
    text = "It is being onboarded: only test orders go through it."
    return {"text": text, "url": f"/onboarding/{run.pk}/"}


def _notice(found: Endpoint) -> dict[str, Any] | None:
    """Why it does not work now, with the case that waits for a person."""
    state = breaker.from_json(found.breaker.get("state")).state
    if state == "closed" or not found.last_error:
        return None
    case = case_links.of_endpoints([found.pk]).get(found.pk)
    return {
        "state": "bad" if state == "open" else "risk",
        "text": f"{spoken.moment(found.last_error_at)}: {found.last_error}",
        "link": {"label": case.id, "url": case.url} if case else None,
    }


def _facts(found: Endpoint) -> list[dict[str, str]]:
    queue = endpoint_health.queues([found.pk]).get(found.pk, Queue())
    speed = endpoint_health.speeds([found.pk]).get(found.pk, Speed())
    oldest = f", oldest {spoken.age(queue.oldest)}" if queue.oldest else ""
    rows = [
        ("Last good call", spoken.moment(found.last_good_at, seconds=True) or "none"),
        ("Waiting", f"{queue.waiting}{oldest}"),
        ("Held", str(queue.held)),
        ("p50, p95", _speed(speed, called=found.last_good_at is not None)),
        ("Limit", f"{found.rate_per_second:g} calls/s, {found.concurrency} at once"),
    ]
    if found.site:
        rows.append(("Site", found.site))
    if found.pickup:
        rows.append(("Pickup", pickup_words(found)))
    return [{"label": label, "value": value} for label, value in rows]


def _speed(speed: Speed, *, called: bool) -> str:
    if speed.p50 is None:
        return "not measured" if called else "no call yet"
    return f"{milliseconds(speed.p50)}, {milliseconds(speed.p95)} ms"


def _webhook(request: HttpRequest, found: Endpoint, connector: Connector) -> str:
    """The address a sender is given; it works on every host name of the installation."""
    if not {"webhook", "as2"} & connector.manifest.capabilities:
        return ""
    partner = request.tenant.schema_name  # type: ignore[attr-defined]
    return request.build_absolute_uri(f"/in/{partner}/{found.slug}")


def shown_settings(
    found: Endpoint, connector: Connector, *, whole: bool = False
) -> list[dict[str, str]]:
    """What was entered; of secrets only whether there are any, of long texts how long unless `whole`."""
    shown = [
        {"label": s.label, "value": _entered(s, found.settings[s.name], whole=whole)}
        for s in connector.settings
        if not s.secret and found.settings.get(s.name) not in (None, "", [])
    ]
    secrets = "set, not shown" if found.secrets else "none set"
    return [*shown, {"label": "Secrets", "value": secrets}]


def _entered(setting: Setting, value: Any, *, whole: bool) -> str:
    lines = value.splitlines() if isinstance(value, str) else value
    if not whole and setting.kind in ("lines", "document") and len(lines) > _MOST_LINES:
        return f"{len(lines)} lines"
    return setting.said(value)


def _errors(found: Endpoint) -> list[dict[str, Any]]:
    """Problems by code, then failed tries that will be repeated."""
    tries = [{**t, "code": "will retry"} for t in endpoint_health.failed_tries(found.pk)]
    return [
        {**error, "last": spoken.moment(error["last"])}
        for error in [*endpoint_health.problem_codes(found.pk), *tries]
    ]


def _contracts(found: Endpoint) -> list[dict[str, Any]]:
    """The types this endpoint sends, with what was agreed about each."""
    agreed = dict(found.contracts.values_list("object_type", "agreed_at"))
    drifts = drifting.counts(found.pk)
    sent = Flow.objects.filter(source=found).values_list("object_type", flat=True)
    return [
        {
            "text": object_words(name),
            "url": f"/endpoints/{found.slug}/contracts/{name}/",
            "since": spoken.moment(agreed[name]) if name in agreed else "",
            "drift": drifts.get(name, 0),
        }
        for name in sorted({*agreed, *sent})
    ]


def _flows(found: Endpoint) -> list[dict[str, Any]]:
    queues = flow_traffic.queues()
    both = Flow.objects.filter(source=found) | Flow.objects.filter(target=found)
    return [
        {
            "text": f"{object_words(f.object_type)}, {f.source.label} → {f.target.label}",
            "url": "/flows/",
            "direction": "in" if f.source_id == found.pk else "out",
            "waiting": queues.get(f.pk, Queue()).waiting,
            "shape": "good" if f.enabled else "snoozed",
            "word": "on" if f.enabled else "off",
        }
        for f in both.select_related("source", "target")
    ]


def _acknowledgements(found: Endpoint) -> dict[str, Any] | None:
    """Where the answers of a partner stand; None for a system that gives none."""
    if not acknowledgements.can_have(found):
        return None
    counts = acknowledged.counts(found)
    words = [f"{count} {state}" for state, count in counts.items() if count]
    return {
        "url": f"/endpoints/{found.slug}/acknowledgements/",
        "said": ", ".join(words) or "none overdue, none refused",
        "is_bad": bool(words),
    }


_PUBLISHED = {
    False: "Tables and views as resources of the API",
    True: "Files as resources of the API",
}


def _resources(found: Endpoint) -> dict[str, Any] | None:
    """How many of its tables or kinds of files are published; None where it has neither."""
    if not resources.can_have(found):
        return None
    states = list(found.resources.values_list("state", flat=True))
    told = f"{states.count('published')} published of {len(states)}" if states else "none yet"
    return {
        "url": f"/endpoints/{found.slug}/resources/",
        "said": told,
        "what": _PUBLISHED[resources.has_files(found)],
    }


def _strip(hours: list[Hour]) -> dict[str, Any] | None:
    """A bar for each hour; None where too few hours have any to be compared."""
    most = max(hour.received + hour.sent for hour in hours)
    if sum(bool(hour.received + hour.sent) for hour in hours) < FEW_HOURS:
        return None
    total = sum(hour.received + hour.sent for hour in hours)
    slots = []
    for n, hour in enumerate(hours):
        count = hour.received + hour.sent
        height = max(round(BAR * count / most), 2) if count else 0
        part = "bad" if hour.held else ""
        slots.append({"x": n * SLOT, "y": 36 - height, "height": height, "part": part})
    axis = [manner.time(timezone.localtime(hours[n].at)) for n in (0, 6, 12, 18)]
    text = f"{spoken.counted(total, 'document')} in 24 h, at most {number(most)} in an hour"
    return {"slots": slots, "axis": [*axis, "now"], "text": text, "table_url": ""}
