"""The catalogue: which kinds of systems can be connected, what each can do, and how far it was proven."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from integrations.connectors import catalogue, registry
from integrations.connectors.catalogue import Check, State
from integrations.connectors.connection import GIVEN, Setting
from integrations.connectors.connector import Connector
from integrations.connectors.manifest import CATEGORIES, Manifest
from integrations.models import Endpoint
from integrations.views.endpoint_words import object_words
from integrations.views.filters import search
from portal.accounts.rules import requires

SHAPES: Final[dict[State, str]] = {"done": "good", "todo": "waiting", "exempt": "due"}
_HEADS: Final[dict[State, str]] = {
    "done": "Done",
    "todo": "Not done yet",
    "exempt": "Does not apply",
}


@requires("endpoints.view")
def connectors(request: HttpRequest) -> HttpResponse:
    """All connectors by category."""
    text = request.GET.get("q", "").strip()
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in CATEGORIES else ""
    groups = [
        {"heading": catalogue.PLURALS[category], "rows": rows}
        for category, found in catalogue.by_category()
        if chosen in ("", category)
        if (rows := [_row(c.manifest) for c in found if matches(c.manifest, text)])
    ]
    clear = {"label": "Clear filters", "url": request.path}
    context = {
        "facts": [{"value": sum(len(g["rows"]) for g in groups), "after": "connectors"}],
        "filters": [_kinds(chosen)],
        "search": search(request, "System or format"),
        "clear_url": request.path if text or chosen else "",
        "groups": groups,
        "empty": None if groups else {"text": "No connector matches.", "action": clear},
    }
    return render(request, "integrations/connectors.html", context)


def matches(manifest: Manifest, text: str) -> bool:
    """Whether a search finds it: every word somewhere in what it says of itself."""
    said = f"{manifest.label} {manifest.category} {manifest.summary} {manifest.slug}".lower()
    return all(word in said for word in text.lower().split())


def _kinds(chosen: str) -> dict[str, Any]:
    options = [
        {"value": one, "label": catalogue.PLURALS[one], "chosen": one == chosen}
        for one in CATEGORIES
    ]
    every = {"value": "", "label": "Every kind", "chosen": not chosen}
    return {"name": "kind", "label": "Kind", "options": [every, *options], "active": bool(chosen)}


def _row(manifest: Manifest) -> dict[str, Any]:
    checks = catalogue.checklist(manifest)
    return {
        "label": manifest.label,
        "url": f"/connectors/{manifest.slug}/",
        "summary": manifest.summary,
        "comes": _nouns(manifest.reads),
        "goes": _nouns(manifest.writes),
        "can": ", ".join(catalogue.capabilities(manifest)),
        **counted(checks),
    }


def counted(checks: list[Check]) -> dict[str, str]:
    """A checklist as a shape and words: green where nothing is left to do."""
    wanted = [check for check in checks if check.state != "exempt"]
    done = sum(check.state == "done" for check in wanted)
    shape = "good" if done == len(wanted) else "waiting"
    return {"shape": shape, "word": f"{done} of {len(wanted)} checks"}


def _nouns(kinds: Iterable[str]) -> str:
    known = catalogue.OBJECT_TYPES
    if set(kinds) == set(known):
        return "every type"
    nouns = dict.fromkeys(object_words(kind).lower() for kind in known if kind in kinds)
    return ", ".join(nouns) or "none"


@requires("endpoints.view")
def connector(request: HttpRequest, slug: str) -> HttpResponse:
    """One connector: what it exchanges, what it wants, its checklist and its notes."""
    try:
        found = registry.get(slug)
    except (KeyError, registry.BrokenConnectorError):
        raise Http404 from None
    manifest, checks = found.manifest, catalogue.checklist(found.manifest)
    may = request.user.may("endpoints.onboard")  # type: ignore[union-attr]
    context = {
        "connector": {"label": manifest.label, "summary": manifest.summary, **counted(checks)},
        "crumbs": [{"label": "Connectors", "url": "/connectors/"}, {"label": _kind(manifest)}],
        "onboard_url": f"/onboarding/new/?{urlencode({'connector': slug})}" if may else "",
        "facts": [
            {"label": "How", "value": ", ".join(catalogue.capabilities(manifest))},
            {"label": "Signs in by", "value": manifest.auth},
            {"label": "In use", "value": _used(Endpoint.objects.filter(connector=slug).count())},
        ],
        "ways": _ways(manifest),
        "checks": [
            {"heading": _HEADS[state], "items": items}
            for state in catalogue.STATES
            if (items := [_item(check) for check in checks if check.state == state])
        ],
        "settings": [
            {"heading": heading, "rows": rows}
            for heading, seldom in (
                ("What is entered", False),
                ("Advanced: most leave it as it is", True),
            )
            if (rows := [_setting(s, found) for s in found.settings if s.seldom is seldom])
        ],
        "notes": notes(slug),
    }
    return render(request, "integrations/connector.html", context)


def _ways(manifest: Manifest) -> list[dict[str, Any]]:
    """What comes and goes, by its name: what is counted and what may be sold are both called stock."""
    rows: dict[str, dict[str, Any]] = {}
    for one in catalogue.ways(manifest):
        noun = object_words(one.object_type)
        row = rows.setdefault(noun, {"noun": noun, "comes": False, "goes": False})
        row["comes"], row["goes"] = row["comes"] or one.comes, row["goes"] or one.goes
    return list(rows.values())


def _kind(manifest: Manifest) -> str:
    return catalogue.PLURALS[manifest.category]


def _used(count: int) -> str:
    return {0: "by no endpoint yet", 1: "by 1 endpoint"}.get(count, f"by {count} endpoints")


def _item(check: Check) -> dict[str, str]:
    return {"text": check.item, "note": check.note, "shape": SHAPES[check.state]}


def _setting(setting: Setting, connector: Connector) -> dict[str, Any]:
    return {
        "label": setting.label,
        "help": setting.help,
        "wanted": _wanted(setting, connector),
        "default": "" if setting.default in (None, "", (), []) else setting.said(setting.default),
    }


def _wanted(setting: Setting, connector: Connector) -> str:
    needed = "yes" if setting.required and setting.default is None else "no"
    if setting.when is None:
        return needed
    other = next(s for s in connector.settings if s.name == setting.when[0])
    values = ["entered" if one == GIVEN else other.said(one) for one in setting.fitting]
    where = f"where “{other.label}” is {' or '.join(values)}"
    return where if setting.required else f"no, and only {where}"


@cache
def notes(slug: str) -> SafeString:
    """The README of a connector without its title, as HTML. It comes with the code, and markup in it
    is shown as text all the same."""
    text = registry.readme(slug)
    body = text.partition("\n")[2] if text.startswith("# ") else text
    # What may be wider than the page scrolls in its own box, which the keyboard must reach, too.
    made = re.sub("<(pre|table)>", r'<\1 tabindex="0">', _markdown().render(body))
    return mark_safe(made)  # noqa: S308 - made by a renderer that passes no markup


def _markdown() -> MarkdownIt:
    reads = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Links lead to files of the source, which no page has.
    reads.disable(["link", "image", "autolink"])
    return reads
