"""The steps in the middle: flows, what is missing, and what codes mean."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from integrations.domain import endpoint_templates, flow_choices, matching
from integrations.domain.onboarding import RefusedError
from integrations.models import Flow, OnboardingRun
from integrations.views.endpoint_words import object_words
from integrations.views.onboarding import act, load, page
from portal.accounts.rules import requires

MOST_CODES = 200


@requires("endpoints.onboard")
def flows(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes where. Only names of choices there are, and latencies there are, are taken."""
    if request.method != "POST":
        return _flows(request, load(pk))
    chosen = {
        name: latency
        for name in request.POST.getlist("flow")
        if (latency := request.POST.get(f"latency-{name}", "")) in (_AT_ONCE, _SOON)
    }

    def verb(run: OnboardingRun) -> None:
        first = "flows" not in run.done
        flow_choices.choose(run, chosen)
        if first:
            endpoint_templates.apply(run)

    return act(request, pk, verb, then="map", show=_flows)


_AT_ONCE, _SOON = Flow.Latency.REALTIME, Flow.Latency.NEAR_REAL_TIME


def _flows(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    latencies = {
        (f.object_type, f.source_id, f.target_id): f.latency
        for f in (flow_choices.flows_of(run) if run.endpoint else [])
    }
    offered = flow_choices.choices(run) if run.endpoint else []
    choices = [
        {
            "name": choice.name,
            "noun": object_words(choice.object_type),
            "source": choice.source.label,
            "target": choice.target.label,
            "chosen": choice.chosen,
            "usual": choice.usual,
            "routed": choice.routed,
            "soon": latencies.get(
                (choice.object_type, choice.source.pk, choice.target.pk),
                endpoint_templates.latency_of(run, choice),
            )
            == _SOON,
        }
        for choice in endpoint_templates.chosen_by(run, offered)
    ]
    context = {
        "choices": choices,
        "latencies": [(_AT_ONCE, "at once"), (_SOON, "every 5 min")],
        "graph": _graph(run, choices),
    }
    return page(request, run, "flows", context, refused=refused, status=409 if refused else 200)


ROW, HIGH, WIDE, BOX = 60, 36, 900, 190


def _graph(run: OnboardingRun, choices: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What goes in on the left, this endpoint in the middle, what comes out on the right."""
    drawn = [choice for choice in choices if choice["chosen"]]
    if not drawn or run.endpoint is None:
        return None
    own = run.endpoint.label
    givers = sorted({c["source"] for c in drawn if c["target"] == own})
    takers = sorted({c["target"] for c in drawn if c["source"] == own})
    high = max(len(givers), len(takers), 1) * ROW
    middle = high / 2
    boxes = [_box(own, (WIDE - BOX) / 2, middle - HIGH / 2, own=True)]
    arrows = []
    for side, names in (("in", givers), ("out", takers)):
        x = 0 if side == "in" else WIDE - BOX
        for n, name in enumerate(names):
            y = (n + 0.5) * high / len(names)
            boxes.append(_box(name, x, y - HIGH / 2))
            arrows.append(_arrow(side, y, middle, _between(drawn, name, own, side)))
    return {"wide": WIDE, "high": high, "boxes": boxes, "arrows": arrows, "own": own}


def _box(label: str, x: float, y: float, *, own: bool = False) -> dict[str, Any]:
    short = label if len(label) <= 24 else label[:23] + "…"
    return {"label": short, "x": x, "y": y, "tx": x + BOX / 2, "ty": y + HIGH / 2 + 4, "own": own}


def _between(drawn: list[dict[str, Any]], name: str, own: str, side: str) -> str:
    ends = (name, own) if side == "in" else (own, name)
    nouns = [c["noun"].lower() for c in drawn if (c["source"], c["target"]) == ends]
    return ", ".join(nouns)


def _arrow(side: str, y: float, middle: float, label: str) -> dict[str, Any]:
    left, right = (BOX, (WIDE - BOX) / 2) if side == "in" else ((WIDE + BOX) / 2, WIDE - BOX)
    y1, y2 = (y, middle) if side == "in" else (middle, y)
    return {"x1": left, "x2": right - 6, "y1": y1, "y2": y2, "label": label,
            "tx": (left + right) / 2, "ty": (y1 + y2) / 2 - 6}  # fmt: skip


@requires("endpoints.onboard")
def map_missing(request: HttpRequest, pk: int) -> HttpResponse:
    """What lacks a source before anything runs, with the way into the editor and back."""
    if request.method == "POST":
        return act(request, pk, flow_choices.accept_mappings, then="match", show=_map)
    return _map(request, load(pk))


def _map(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    slug = run.endpoint.slug if run.endpoint else ""
    needs = [
        {
            **need._asdict(),
            "noun": object_words(need.object_type),
            "way": "from" if need.direction == "in" else "to",
            "url": f"/mappings/{slug}/{need.object_type}/{need.direction}/?onboarding={run.pk}",
        }
        for need in (flow_choices.needs(run) if run.endpoint else [])
    ]
    context = {
        "needs": needs,
        "lacking": sum(bool(need["missing"] or need["faults"]) for need in needs),
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
    }
    return page(request, run, "map", context, refused=refused, status=409 if refused else 200)


@requires("endpoints.onboard")
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """What the system's codes mean here."""
    if request.method != "POST":
        return _match(request, load(pk))
    run = load(pk)
    asked = {asked.table: asked for asked in matching.ask(run)}
    meanings = {
        table: {
            code.code: request.POST.get(f"{table}:{code.code}", "")
            for code in found.open
            if request.POST.get(f"{table}:{code.code}", "").strip()
        }
        for table, found in asked.items()
    }
    try:
        matching.accept(run, meanings, by=request.user.name)  # type: ignore[union-attr]
    except RefusedError as error:
        return _match(request, load(pk), str(error))
    return redirect(f"/onboarding/{pk}/conformance/")


def _match(request: HttpRequest, run: OnboardingRun, refused: str = "") -> HttpResponse:
    tables = [_table(asked) for asked in matching.ask(run)]
    context = {"tables": tables, "open": sum(len(t["open"]) for t in tables)}
    return page(request, run, "match", context, refused=refused, status=409 if refused else 200)


def _table(asked: matching.Asked) -> dict[str, Any]:
    return {
        "name": asked.table,
        "known": sum(bool(code.means) for code in asked.codes),
        "total": len(asked.codes),
        "sure": sum(bool(code.found and code.found.certain) for code in asked.open),
        "open": [_code(asked.table, code) for code in asked.open[:MOST_CODES]],
    }


def _code(table: str, code: matching.Code) -> dict[str, Any]:
    found = code.found
    best = found.ours if found else None
    others = [other.ours for other in found.others] if found else []
    return {
        "field": f"{table}:{code.code}",
        "code": code.code,
        "name": found.remote.name if found else "",
        "count": code.count,
        "proposal": best.code if best and found and found.certain else "",
        "sure": bool(found and found.certain),
        "score": f"{found.score:.2f}" if found and best else "",
        "reason": f"{best.code} {best.name}: {found.reason}"
        if found and best
        else "nothing like it here",
        "choices": [{"code": o.code, "name": o.name} for o in ([best] if best else []) + others],
    }
