"""The brand: its draft beside what it will look like, published as a whole."""

from itertools import zip_longest
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import clock
from portal.pages import brand_words
from portal.pages.views.brand_preview import SURFACES
from portal.tenants import branding
from portal.tenants.brand_form import BrandForm
from portal.tenants.branding import PICTURES, NotBrandedError
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import BrandVersion

_SECTIONS: Final = (
    ("look", "Name and look", ("name", "short_name", "accent")),
    ("login", "Login page", ("login_title", "login_words")),
    ("support", "Whom to ask", ("support_email", "support_phone", "support_hours", "support_address")),
    ("legal", "Legal texts", ("imprint", "privacy", "terms")),
    ("documents", "Mails and documents", ("mail_signature", "mail_foot", "pdf_foot")),
)  # fmt: skip
_MOST_SHOWN: Final = 50  # versions


@requires("brand.edit")
def brand(request: HttpRequest) -> HttpResponse:
    """The fields and the previews; posted, the draft is saved as it stands in the form."""
    draft = branding.draft(request.tenant)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, draft, BrandForm(version=draft))
    form = BrandForm(request.POST, request.FILES, version=draft)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    try:
        _save(request, form)
    except NotBrandedError as error:
        return _page(request, draft, form, refused=str(error), status=409)
    if request.POST.get("do") == "publish":
        return redirect("brand-publish")
    messages.success(request, "The draft is saved. Nobody else sees it yet.")
    return redirect(_here(request))


@requires("brand.edit")
@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """While somebody types: what is right is kept in the draft, and the previews are shown anew."""
    draft = branding.draft(request.tenant)  # type: ignore[attr-defined]
    form, refused = BrandForm(request.POST, request.FILES, version=draft), ""
    form.is_valid()
    try:
        draft = _save(request, form)
    except NotBrandedError as error:
        refused = str(error)
    context = {**_shown(request, draft, form), "refused": refused, "oob": True}
    return render(request, "brand/live.html", context)


@requires("brand.edit")
def publish(request: HttpRequest) -> HttpResponse:
    """What will change, in words; posted, it does."""
    partner: Any = request.tenant  # type: ignore[attr-defined]
    refused = ""
    if request.method == "POST":
        try:
            made = branding.publish(partner, edition=_edition(request), by=_name(request))
            messages.success(request, f"Version {made.number} shows everywhere now.")
            return redirect("brand")
        except NotBrandedError as error:
            refused = str(error)
    draft = branding.draft(partner)
    said = brand_words.changes(branding.published(partner), draft)
    context = {"said": said, "draft": _head(draft), "edition": draft.edition, "refused": refused}
    return render(request, "brand/publish.html", context, status=409 if refused else 200)


@requires("brand.edit")
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    if branding.discard(request.tenant):  # type: ignore[attr-defined]
        messages.success(request, "The draft is thrown away. What is published stays.")
    return redirect("brand")


@requires("brand.edit")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    return _again(request, branding.undo, number)


@requires("brand.edit")
@require_POST
def go_back(request: HttpRequest, number: int) -> HttpResponse:
    return _again(request, branding.go_back, number)


def _again(request: HttpRequest, verb: Any, number: int) -> HttpResponse:
    partner: Any = request.tenant  # type: ignore[attr-defined]
    try:
        made = verb(partner, number, by=_name(request))
    except NotBrandedError as error:
        draft = branding.draft(partner)
        return _page(request, draft, BrandForm(version=draft), refused=str(error), status=409)
    messages.success(request, f"Version {made.number} shows everywhere now: {made.note}.")
    return redirect("brand")


def _save(request: HttpRequest, form: BrandForm) -> BrandVersion:
    partner: Any = request.tenant  # type: ignore[attr-defined]
    return branding.save(partner, form.change, edition=_edition(request), by=_name(request))


def _page(
    request: HttpRequest,
    draft: BrandVersion,
    form: BrandForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_shown(request, draft, form),
        "sections": [
            {"slug": slug, "title": title, "fields": [form[name] for name in names]}
            for slug, title, names in _SECTIONS
        ],
        "mails": [
            {"label": kind.label, "fields": [form[f"subject_{slug}"], form[f"opening_{slug}"]],
             "own": slug in draft.mail_texts}
            for slug, kind in MAIL_KINDS.items()
        ],
        "refused": refused,
        **_past(request),
    }  # fmt: skip
    return render(request, "brand/brand.html", context, status=status)


def _shown(request: HttpRequest, draft: BrandVersion, form: BrandForm) -> dict[str, Any]:
    """What changes while somebody types."""
    view = request.POST.get("view") or request.GET.get("view", "")
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    view = view if view in SURFACES else "desk"
    kind = kind if kind in MAIL_KINDS else "invoice"
    return {
        "draft": _head(draft),
        "edition": draft.edition,
        "form": form,
        "pairs": brand_words.pairs(draft),
        "quiet": brand_words.quiet(draft),
        "logo_said": brand_words.logo(draft),
        "pictures": [_picture(form, draft, name) for name in PICTURES],
        "view": view,
        "kind": kind,
        "tabs": [
            {"label": label, "url": f"?view={slug}", "current": slug == view}
            for slug, label in SURFACES.items()
        ],
        "kinds": [
            {"label": about.label, "url": f"?view=mail&kind={slug}", "current": slug == kind}
            for slug, about in MAIL_KINDS.items()
        ]
        if view == "mail"
        else [],
        "frames": _frames(view, kind, draft.edition),
    }


def _frames(view: str, kind: str, edition: int) -> list[dict[str, str]]:
    """Mail and paper are always light."""
    themes = ("light",) if view in ("mail", "pdf") else ("light", "dark")
    more = f"&kind={kind}" if view == "mail" else ""
    return [
        {
            "url": f"/brand/preview/{view}/?theme={theme}&v={edition}{more}",
            "title": f"{SURFACES[view]}, {theme}",
        }
        for theme in themes
    ]


def _picture(form: BrandForm, draft: BrandVersion, name: str) -> dict[str, Any]:
    image = getattr(draft, name)
    ending = "svg" if image and image.media_type.endswith("svg+xml") else "png"
    return {
        "field": form[name],
        "remove": form[f"no_{name}"],
        "image": image,
        "url": f"/brand/logo-{image.pk}.{ending}" if image else "",
        "dark": name == "logo_dark",
    }


def _head(draft: BrandVersion) -> dict[str, Any]:
    return {
        "number": draft.number,
        "is_kept": bool(draft.edition),
        "said": f"draft saved {spoken.moment(draft.saved_at)} by {draft.actor}"
        if draft.edition
        else "",
    }


def _past(request: HttpRequest) -> dict[str, Any]:
    """{history, undo}: what was published, newest first, and whether the last can be taken back."""
    partner: Any = request.tenant  # type: ignore[attr-defined]
    found = list(branding.history(partner)[: _MOST_SHOWN + 1])
    rows = [
        brand_words.row(one, before, shows=one.pk == partner.published_brand)
        for one, before in zip_longest(found, found[1:])
    ]
    until = branding.undo_until(partner)
    undo = None
    if until:
        left = int((until - clock.now()).total_seconds())
        undo = {
            "url": f"/brand/{found[0].number}/undo/", "number": found[0].number, "until": until.isoformat(),
            "left": f"{left // 60}:{left % 60:02d}",
        }  # fmt: skip
    return {"history": rows[:_MOST_SHOWN], "undo": undo}


def _here(request: HttpRequest) -> str:
    view, kind = request.POST.get("view", ""), request.POST.get("kind", "")
    if view not in SURFACES:
        return "/brand/"
    chosen = f"&kind={kind}" if view == "mail" and kind in MAIL_KINDS else ""
    return f"/brand/?view={view}{chosen}"


def _edition(request: HttpRequest) -> int:
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _name(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)
