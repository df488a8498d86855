"""Beginning a draft where its subject stands, and the page on which it is written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.domain import drafts, faults
from integrations.domain.drafts import NotNowError
from integrations.domain.subjects import Subject
from integrations.models import ChangeRequest, Kind
from integrations.views import change as change_page
from integrations.views import change_words
from integrations.views.draft_forms import SHEETS, sheet
from integrations.views.draft_sheet import Sheet
from portal.accounts.rules import requires
from portal.customers.models import Customer

_STRAIGHT_FROM: dict[str, dict[str, Any]] = {Kind.RULES: {"rules": []}}


@requires("mappings.edit", "lookups.edit")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """This person's draft of what `kind`, `key` and `customer` name; then on to writing it."""
    subject = _subject(request)
    if not request.user.may(change_words.right_to_edit(subject.kind)):  # type: ignore[union-attr]
        raise Http404
    _, live = drafts.live_content(subject)
    content = _STRAIGHT_FROM.get(subject.kind) if live is None else None
    if live is None and content is None:
        raise Http404
    draft = drafts.begin(subject, author=request.user, content=content)
    return redirect(change_page.edit_url(draft))


def _subject(request: HttpRequest) -> Subject:
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    slug = request.POST.get("customer", "")
    customer = Customer.objects.filter(slug=slug).first()
    if kind not in (*SHEETS, Kind.MAPPING) or (customer is None and (slug or kind != Kind.LOOKUP)):
        raise Http404
    unreadable = "\0" in key or (kind == Kind.MAPPING and len(key.split(" ")) != 3)
    if unreadable or (kind == Kind.RULES and key):
        raise Http404
    return Subject(customer.pk if customer else None, kind, key)


@requires("mappings.edit", "lookups.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the draft. What does not fit is said at its place, and nothing typed is lost."""
    change = change_page.load(pk)
    if not change_words.actions(change, request.user).edit:
        return change_page.page(
            request, change, refused=f"{change} cannot be edited now.", status=409
        )
    if change.kind not in SHEETS or change.content is None:
        return redirect(change_page.edit_url(change) or f"/changes/{pk}/")
    mode = request.GET.get("as", "")
    made = sheet(change.kind, change.content, request.POST or None, mode=mode)
    if request.method != "POST" or not made.is_valid():
        return _page(request, change, made, status=422 if request.method == "POST" else 200)
    try:
        _save(request, change, made)
    except NotNowError as error:
        return _page(request, change_page.load(pk), made, refused=str(error), status=409)
    return redirect(request.get_full_path() if "more" in request.POST else f"/changes/{pk}/")


def _save(request: HttpRequest, change: ChangeRequest, made: Sheet) -> None:
    edition, content = request.POST.get("edition", ""), made.content()
    if content != change.content:
        drafts.save(change, content, edition=int(edition) if edition.isdecimal() else 0)


def _page(
    request: HttpRequest,
    change: ChangeRequest,
    made: Sheet,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    mode = request.GET.get("as", "")
    context = {
        "change": {
            "id": str(change),
            "url": f"/changes/{change.pk}/",
            "title": change_words.title(change),
            "customer": change.customer.name if change.customer else "all customers",
            "edition": change.edition,
        },
        "sheet": made,
        "tabs": [
            {
                "label": label,
                "url": f"?as={name}" if name else request.path,
                "current": mode == name,
            }
            for name, label in made.modes
        ],
        "columns": [field.label for field in _columns(made)],
        "faults": faults.find(drafts.subject_of(change), change.content),
        "refused": refused,
    }
    return render(request, "integrations/draft_edit.html", context, status=status)


def _columns(made: Sheet) -> list[Any]:
    if made.table is None:
        return []
    return [field for field in made.table.empty_form.visible_fields() if field.name != "DELETE"]
