"""The dock under the rows: one row in form mode, what its lookup lacks, what could stand there."""

import json
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from integrations.domain import samples
from integrations.mapping import Row
from integrations.mapping.form import describe, read_form
from integrations.mapping.forms import Form, Lookup, Unit
from integrations.models import LookupTable
from integrations.queries import lookup_seen
from integrations.views import mapping_board, mapping_forms
from integrations.views.mapping_editor import LONGEST_TARGET, Desk
from portal.accounts.rules import requires

MOST_SEEN = 6


@requires("mappings.edit")
@require_POST
def row_form(request: HttpRequest, endpoint: str, object_type: str, direction: str) -> HttpResponse:
    """The dock for a row; with `write`, the source that the posted form says."""
    desk = Desk(request, endpoint, object_type, direction)
    post = request.POST
    row = Row(post.get("target", "")[:LONGEST_TARGET], post.get("source", "").strip())
    kind = post.get("kind", "")
    if "write" in post and kind in mapping_forms.KINDS:
        return _written(request, row, kind)
    said = read_form(row)
    known = type(said).__name__ if row.source else "Field"
    chosen = kind if kind in dict(mapping_forms.kinds_for(row.target)) else known
    same = chosen == known and row.source
    context = {
        "row": {"name": post.get("row", "")[:20], "target": row.target, "source": row.source},
        "url": f"{desk.url}form/",
        "kinds": [
            {"name": name, "label": label, "chosen": name == chosen}
            for name, label in mapping_forms.kinds_for(row.target)
        ],
        "kind": chosen,
        "form": mapping_forms.filled(said) if same else mapping_forms.empty(chosen, row.source),
        "words": describe(said) if row.source else "",
        "tables": _tables(desk),
        "lookup": _lookup(desk, said) if row.source else None,
        "suggestions": [] if row.source else _suggestions(desk, row),
    }
    return render(request, "integrations/mapping_dock.html", context)


def _written(request: HttpRequest, row: Row, kind: str) -> HttpResponse:
    """In words what is written now, or what is wrong; the source travels in a header to the row."""
    form, source = mapping_forms.read(kind, request.POST)
    words = describe(read_form(Row(row.target, source))) if source else ""
    context = {"words": words, "form": form}
    answer = render(request, "integrations/mapping_dock_said.html", context)
    if source:
        said = {"row": request.POST.get("row", "")[:20], "source": source}
        answer["HX-Trigger"] = json.dumps({"row-written": said})
    return answer


def _tables(desk: Desk) -> list[str]:
    return sorted(desk.config.lookups)


def _lookup(desk: Desk, said: Form) -> dict[str, Any] | None:
    """The table the row asks, and the codes that came and have no row in it."""
    name = next(_asked(said), None)
    if name is None:
        return None
    owned = Q(customer=None) | Q(customer=desk.endpoint.customer_id)
    table = LookupTable.objects.filter(owned, name=name).order_by("customer_id").first()
    if table is None:
        return {"name": name, "missing": True}
    view = desk.config.lookups[name]
    seen = lookup_seen.unmapped([table])[table.pk]
    return {
        "name": name,
        "url": f"/lookups/{table.pk}/",
        "rows": len(view.rows),
        "default": table.get_default_display(),
        "seen": [{"code": one.code, "documents": one.documents} for one in seen[:MOST_SEEN]],
        "more": max(0, len(seen) - MOST_SEEN),
    }


def _asked(said: Any) -> Any:
    """The tables a form asks, the outermost first."""
    if isinstance(said, Lookup | Unit):
        yield said.table
    inside = said if isinstance(said, tuple) else [
        getattr(said, name) for name in getattr(said, "__slots__", ())
    ]  # fmt: skip
    for part in inside:
        if isinstance(part, tuple) or hasattr(part, "__slots__"):
            yield from _asked(part)


def _suggestions(desk: Desk, row: Row) -> list[dict[str, Any]]:
    if desk.place.direction == "out":
        return []
    chosen = samples.load(desk.config, desk.place).chosen
    # The editor saves beside asking: the draft may have the source yet that was just removed.
    others = [other for other in desk.rows() if other.target != row.target]
    return mapping_board.suggested(
        desk.config, desk.place, row.target, chosen and chosen.given, others
    )
