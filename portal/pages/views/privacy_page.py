"""The page on which a customer reads who looked at their data. Runs under the customer's database role."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.views import spoken
from integrations.views.addresses import with_values
from monitoring.views.addresses import number
from portal.core import clock, manner
from portal.customers.models import Customer
from portal.pages.support_forms import ConsentForm, length
from portal.support import endings, looked_at
from portal.support.domain import consent, deciding
from portal.support.domain import ledger as sealed
from portal.support.domain.states import GOOD_FOR
from portal.support.models import LedgerEntry, Rule, SupportAccess
from portal.support.queries import accesses, ledger
from portal.support.queries.ledger import Access

State = SupportAccess.State
_MONTH: Final = "%Y-%m"


def page(
    request: HttpRequest, form: ConsentForm | None = None, *, status: int = 200
) -> HttpResponse:
    by: Any = request.user
    deciding.close_what_is_over(by)
    start = _month(request.GET.get("month", ""))
    end = _next(start)
    rows, more = ledger.begun(by.customer_id, start, end, before=number(request.GET, "before"))
    older = with_values(request, before=str(rows[-1].number)) if more else ""
    terms = consent.of(by.customer_id)
    context = {
        "customer": Customer.objects.filter(pk=by.customer_id).first(),
        "open": [_open(one, request) for one in accesses.open_of(by.customer_id)],
        "month": manner.month(start.date(), with_year=True),
        "months": _months(by.customer_id, start, end),
        "rows": [_row(one, request) for one in rows],
        "refused": ledger.refused(by.customer_id, start, end),
        "pager": {"shown": spoken.counted(len(rows), "access", "accesses"), "older_url": older},
        "decides": by.may("own.consent"),
        "terms": _terms(terms),
        "form": form or ConsentForm.showing(terms),
        "history": [_decision(one) for one in ledger.consents(by.customer_id)],
        "checked": _checked(by.customer_id) if "check" in request.GET else None,
        "check_url": with_values(request, check="1"),
    }
    return render(request, "customer/privacy.html", context, status=status)


def _month(text: str) -> datetime:
    """The first moment of the month in the address, or of this one, in the reader's zone."""
    now = timezone.localtime(clock.now())
    try:
        asked = datetime.strptime(text, _MONTH).replace(tzinfo=now.tzinfo)
    except ValueError:
        asked = now
    zone = timezone.get_current_timezone()
    return datetime(min(max(asked.year, 2000), 9000), asked.month, 1, tzinfo=zone)


def _next(start: datetime) -> datetime:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def _months(customer_id: int, start: datetime, end: datetime) -> dict[str, str]:
    """The addresses of the months around, where there is something to see."""
    first = ledger.first_at(customer_id)
    before = (start - timedelta(days=1)).strftime(_MONTH) if first and first < start else ""
    after = end.strftime(_MONTH) if end <= clock.now() else ""
    return {
        "before": f"?month={before}" if before else "",
        "after": f"?month={after}" if after else "",
    }


def house(access_house: str, request: HttpRequest) -> str:
    """Whose people somebody is, in the partner's words."""
    name = request.brand.name  # type: ignore[attr-defined]
    if access_house == SupportAccess.House.PLATFORM:
        return _("technical support of %(partner)s") % {"partner": name}
    return str(name)


def _open(access: SupportAccess, request: HttpRequest) -> dict[str, Any]:
    good_until = access.granted_at + GOOD_FOR if access.granted_at else None
    return {
        "pk": access.pk,
        "who": access.staff_name,
        "house": house(access.house, request),
        "as_whom": access.person_name,
        "why": access.reason,
        "length": length(access.minutes),
        "asked": spoken.moment(access.asked_at),
        "waits": access.state == State.ASKED,
        "running": access.state == State.RUNNING,
        "until": spoken.moment(access.ends_at or good_until),
    }


def _row(one: Access, request: HttpRequest) -> dict[str, Any]:
    said = one.said
    how = endings.said(str(one.ended.said.get("how", ""))) if one.ended else ""
    ended = _at(one.ended.said.get("ended_at", "")) if one.ended else None
    planned = _at(said.get("until", ""))
    over = ended or (planned if planned and planned <= clock.now() else None)
    return {
        "who": said.get("who", ""),
        "house": house(str(said.get("house", "")), request),
        "as_whom": said.get("as_whom", ""),
        "why": said.get("why", ""),
        "granted_by": endings.said(str(said.get("granted_by", ""))),
        "begun": spoken.moment(one.begun_at),
        "ended": spoken.moment(over) if over else "",
        "running": over is None,
        "how": how,
        "pages": [{"page": looked_at.said(page.page), "times": page.times} for page in one.looked],
    }


def _at(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _terms(terms: consent.Terms) -> str:
    """What they allow now, in a sentence."""
    values = {"length": length(terms.longest), "until": spoken.moment(terms.until)}
    if terms.rule == Rule.NEVER:
        return _("Nobody may look. Who asks is refused at once.")
    if terms.rule == Rule.ALWAYS and terms.until:
        return _("They may look without asking, %(length)s at most, until %(until)s.") % values
    if terms.rule == Rule.ALWAYS:
        return _("They may look without asking, %(length)s at most.") % values
    return _("You are asked each time, and they may look for %(length)s at most.") % values


def _decision(entry: LedgerEntry) -> dict[str, str]:
    said = entry.said
    until = _at(said.get("until", ""))
    terms = consent.Terms(Rule(said["rule"]), int(said["longest"]), until)
    return {"at": spoken.moment(entry.at), "by": str(said.get("who", "")), "words": _terms(terms)}


def _checked(customer_id: int) -> dict[str, str]:
    """Whether the ledger is as it was written, in a sentence."""
    found = sealed.check(customer_id)
    if found.flaw:
        return {"state": "bad", "words": found.flaw.sentence}
    words = _("All %(number)s rows are as they were written.") % {
        "number": manner.number(found.length)
    }
    return {"state": "good", "words": words, "head": str(found.head)}
