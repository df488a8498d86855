"""The desk keeps itself current: a small question every few seconds, answered when there is news."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from monitoring.models import ExceptionCase
from monitoring.queries import choice as choices
from monitoring.queries import desk as queries
from monitoring.queries import pulse, saved
from monitoring.queries.desk import Page
from monitoring.queries.pulse import MOST_KNOWN, Pulse
from monitoring.queries.tally import tally
from monitoring.views import addresses, choosing, desk_bar
from monitoring.views.desk_rows import Row, rows
from portal.accounts.rules import requires
from portal.core import manner

# How long a case may be on its way into the database when a page is made: what began then and was not
# there yet is new.
_ON_ITS_WAY: Final = timedelta(seconds=10)
_NOTHING_NEW: Final = 204
_KEPT: Final = ("at", "before", "after", "began", "known")


@requires("desk.view")
def beat(request: HttpRequest) -> HttpResponse:
    """204 as long as nothing has changed; else the rows that have, the figures, and how many are new."""
    shown = _marks(request.GET)
    felt = pulse.feel(list(shown), fresh=_fresh(request, list(shown)))
    changed = [number for number in shown if felt.marks.get(number, "") != shown[number]]
    if not changed and request.GET.get("news", "") == _news(felt):
        return HttpResponse(status=_NOTHING_NEW)
    return _told(request, felt, shown=shown, changed=changed)


def _told(
    request: HttpRequest, felt: Pulse, *, shown: dict[int, str], changed: list[int]
) -> HttpResponse:
    person: Any = request.user
    choice, views = choosing.read(request.GET), saved.of(request.user)
    counted = tally(person, matching=choices.IS_OPEN, saved=choosing.conditions(views, person))
    cases = queries.numbered(changed, at=choosing.moment(request.GET))
    marks = {**shown, **{number: felt.marks.get(number, "") for number in changed}}
    context = {
        **desk_bar.head(request, counted, views, choice=choice),
        "bulk_actions": desk_bar.bulk_actions(person),
        "cases": rows(request, cases),
        "live": _live(request.GET, marks=marks, news=_news(felt), new=felt.new),
    }
    return render(request, "monitoring/desk_news.html", context)


def context(
    request: HttpRequest, page: Page, shown: list[Row], *, at: datetime, since: str
) -> dict[str, Any]:
    """What a page that was just made has to ask about later. `since`: the pulse before it was made."""
    marks = {row["pk"]: row["mark"] for row in shown}
    is_whole = page.newer is None and page.older is None
    is_fresh = "at" not in request.GET
    known = pulse.just_opened(since=at - _ON_ITS_WAY) if is_fresh else []
    began = at - _ON_ITS_WAY if is_fresh and len(known) < MOST_KNOWN else at
    address = request.GET.copy()
    address["at"] = choosing.stamp(at)
    address["began"] = "" if is_whole else choosing.stamp(began)
    address["known"] = ",".join(str(n) for n in known if n not in marks)
    return _live(address, marks=marks, news=f"{since}.0", new=0)


def _live(address: QueryDict, *, marks: dict[int, str], news: str, new: int) -> dict[str, Any]:
    """The element that asks: what it shows and what it was last told stand in its address."""
    asked = {name: address.get(name, "") for name in _KEPT}
    said = {
        **asked,
        "shown": ",".join(f"{number}:{mark}" for number, mark in marks.items()),
        "news": news,
    }
    chosen = choosing.written(address)
    query = urlencode({name: value for name, value in said.items() if value})
    return {
        "url": f"/desk/pulse/?{chosen}&{query}" if chosen else f"/desk/pulse/?{query}",
        "new": f"{manner.number(new)}{'+' if new == pulse.MOST_NEW else ''}" if new else "",
        "new_url": f"/desk/?{chosen}" if chosen else "/desk/",
    }


def _news(felt: Pulse) -> str:
    return f"{felt.since}.{felt.new}"


def _marks(query: QueryDict) -> dict[int, str]:
    """The cases somebody sees, each with its mark. More than a page has nobody sees."""
    pairs = [part.partition(":") for part in query.get("shown", "").split(",")[: queries.SIZE]]
    return {int(n): mark for n, _, mark in pairs if _is_number(n)}


def _fresh(request: HttpRequest, shown: Sequence[int]) -> QuerySet[ExceptionCase]:
    """The cases of the choice that are not on the page. Of a page that is not the whole list: those
    that began after its order was made."""
    wanted = choices.wanted(choosing.read(request.GET), request.user)
    found = ExceptionCase.objects.filter(wanted).exclude(pk__in=shown)
    began = choosing.moment_in(request.GET, "began")
    if began is None:
        return found
    known = [n for n in request.GET.get("known", "").split(",")[:MOST_KNOWN] if _is_number(n)]
    return found.filter(began_at__gt=began).exclude(pk__in=[int(n) for n in known])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= addresses.MOST_DIGITS
