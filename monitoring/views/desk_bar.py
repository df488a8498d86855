"""What stands over the list: figures, tabs, filters, what can be done to many cases at once."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest

from integrations.views import spoken
from integrations.views.filters import asked_for, search
from monitoring.models import SavedView
from monitoring.queries import options
from monitoring.queries.choice import ME, NOBODY, Choice
from monitoring.queries.options import Option
from monitoring.queries.tally import Tally
from monitoring.views import addresses, choosing, words
from portal.core.manner import number

TABS: Final = (
    ("", "All open"), ("mine", "Mine"), ("free", "Free"), ("today", "Cut-off today"),
    ("back", "Came back"), ("waiting", "Waiting"), ("snoozed", "Snoozed"), ("s1", "S1"),
    ("closed", "Closed today"),
)  # fmt: skip
FILTERS: Final = (("customer", "Customer"), ("cause", "Cause"), ("endpoint", "Endpoint"))
MORE: Final = (("severity", "Severity"), ("holder", "Whose"), ("tag", "Tag"))
_CURRENCIES: Final = 2
_DESK: Final = "/desk/"


def head(
    request: HttpRequest, tally: Tally, saved: Sequence[SavedView], *, choice: Choice
) -> dict[str, Any]:
    """What changes over the list while one looks at it; and the saved view one is in, if any."""
    own = _own(request, saved)
    return {
        "facts": _facts(tally),
        "tabs": _tabs(tally, saved, own=own, choice=choice),
        "saving": _saving(request, own=own, choice=choice),
    }


def _own(request: HttpRequest, saved: Sequence[SavedView]) -> SavedView | None:
    here = choosing.written(request.GET, searched=False)
    return next((view for view in saved if view.query == here), None)


def _saving(
    request: HttpRequest, *, own: SavedView | None, choice: Choice
) -> dict[str, Any] | None:
    """To save the filters under a name, or to delete the view one is in."""
    person: Any = request.user
    may_share = person.may("desk.work") and not person.is_limited
    if own is not None:
        may_delete = own.person_id is not None or may_share
        return (
            {"delete_url": f"/desk/views/{own.pk}/delete/", "name": own.name}
            if may_delete
            else None
        )
    query = choosing.written(request.GET, searched=False)
    narrows = choice._replace(text="").narrows
    if not narrows:
        return None
    return {
        "url": "/desk/views/", "query": query, "may_share": may_share, "searched": bool(choice.text)
    }  # fmt: skip


def _facts(tally: Tally) -> list[dict[str, Any]]:
    """The figures beside the title."""
    if not tally.cases:
        return []
    of = tally.stake.as_of
    once = f"each order once, as of {spoken.moment(of, seconds=True)}" if of else "each order once"
    return [
        {"value": number(tally.cases), "after": "open"},
        {"value": number(tally.documents), "after": "documents held"},
        *(
            {"value": words.money(amount, currency), "after": "at risk", "title": once}
            for currency, amount in tally.stake.amounts[:_CURRENCIES]
        ),
        {"before": "oldest", "value": spoken.age(tally.oldest)},
    ]


def _tabs(
    tally: Tally, saved: Sequence[SavedView], *, own: SavedView | None, choice: Choice
) -> list[dict[str, Any]]:
    """The views of the house, then those that people have saved, each with its count."""
    built_in = [
        _tab(label, view_url(key), tally.views[key], current=own is None and key == choice.view)
        for key, label in TABS
    ]
    return built_in + [
        _tab(view.name, f"{_DESK}?{view.query}", count, current=view == own)
        for view, count in zip(saved, tally.saved, strict=True)
    ]


def _tab(label: str, url: str, count: int, *, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "count": number(count), "current": current}


def view_url(view: str) -> str:
    """The address of a view without filters."""
    return f"{_DESK}?view={view}" if view else _DESK


def bar(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    """The context of components/filter_bar.html, beside the tabs."""
    known = options.options(customer=choice.customer)
    more = [_select(request, name, label, known) for name, label in MORE]
    return {
        "filters": [
            _with_groups(_select(request, name, label, known), known) for name, label in FILTERS
        ],
        "more": more,
        "more_label": ", ".join(filter(None, (_chosen(select) for select in more))),
        "search": search(request, "Order, PO, SKU, case"),
        "kept": addresses.kept(request, "view"),
        "clear_url": view_url(choice.view) if choice.narrows else "",
    }


def _select(request: HttpRequest, name: str, label: str, known: Sequence[Option]) -> dict[str, Any]:
    chosen = asked_for(request.GET) if name == "customer" else request.GET.get(name, "")
    found = dict(_fixed(name)) | {one.value: _label(one) for one in known if one.filter == name}
    is_known = chosen in ("", *found) or chosen in {one.value for one in known}
    shown = found if is_known else {**found, chosen: chosen}
    return {
        "name": name,
        "label": label,
        "active": bool(chosen),
        "chosen": chosen,
        "options": [
            {"value": value, "label": text, "chosen": value == chosen}
            for value, text in shown.items()
        ],
    }


def _with_groups(select: dict[str, Any], known: Sequence[Option]) -> dict[str, Any]:
    """The select of customers has a second section where there are groups."""
    groups = {one.value: one.label for one in known if one.filter == "group"}
    if select["name"] != "customer" or not groups:
        return select
    chosen = next((value for value in groups if value == select["chosen"]), "")
    options = [
        {"value": value, "label": label, "chosen": value == chosen}
        for value, label in groups.items()
    ]
    customers = {"label": "Customers", "options": select["options"]}
    return {
        **select,
        "options": [],
        "sections": [customers, {"label": "Groups", "options": options}],
    }


def _fixed(name: str) -> list[tuple[str, str]]:
    """What a filter can be set to whatever is open."""
    if name == "severity":
        return [(str(severity), f"S{severity}") for severity in range(1, 5)]
    return [(ME, "Mine"), (NOBODY, "Nobody's")] if name == "holder" else []


def _label(option: Option) -> str:
    if option.filter == "cause":
        return words.kind(option.value)
    return f"{option.label}, {option.of}" if option.of else option.label


def _chosen(select: dict[str, Any]) -> str:
    return next((one["label"] for one in select["options"] if one["chosen"]), "")


def bulk_actions(person: Any) -> list[dict[str, str]]:
    """What can be done to the selected cases. None for people who only look."""
    if not person.may("desk.work"):
        return []
    actions = (
        ("assign", "Assign", "A"), ("acknowledge", "Acknowledge", ""), ("wait", "Wait", "W"),
        ("snooze", "Snooze", ""), ("retry", "Retry", ""), ("skip", "Skip", "S"),
    )  # fmt: skip
    return [
        {"name": "verb", "value": verb, "label": label, "key": key} for verb, label, key in actions
    ]
