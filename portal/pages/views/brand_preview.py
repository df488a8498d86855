"""The draft of a brand on real pages with made-up content, framed by the brand page and by nothing else.

They carry no script and are inert: they are to be looked at. None of them asks for anybody's data.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from billing.documents import invoice
from integrations.documents.typeset import first_page
from portal.accounts.forms import LoginForm
from portal.accounts.rules import requires
from portal.pages import brand_sample_mails, brand_samples, context
from portal.pages.brand_shown import shown
from portal.pages.middleware import POLICY
from portal.tenants import brand as brands
from portal.tenants import branding, letterhead
from portal.tenants.brand import Brand
from portal.tenants.colour import stylesheet
from portal.tenants.letter import LOGO, in_brand
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import BrandVersion
from portal.tenants.site import site_of

SURFACES: Final = {
    "desk": "Desk", "portal": "Customer's portal", "login": "Login", "mail": "Mail", "pdf": "PDF",
}  # fmt: skip
_FRAMED: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# A mail has its styles in place and runs nothing.
_MAIL: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
_PER_INCH: Final = 110


@requires("brand.edit")
@xframe_options_sameorigin
def preview(request: HttpRequest, surface: str) -> HttpResponse:
    """One surface in the draft; `theme` is light or dark, `kind` the mail's."""
    if surface not in _SURFACES:
        raise Http404
    draft = branding.draft(request.tenant)  # type: ignore[attr-defined]
    response = _SURFACES[surface](request, draft)
    response.headers.setdefault("Content-Security-Policy", _FRAMED)
    return response


@requires("brand.edit")
def css(request: HttpRequest) -> HttpResponse:
    """The draft's colours."""
    draft = branding.draft(request.tenant)  # type: ignore[attr-defined]
    return HttpResponse(stylesheet(brands.colours(draft)), content_type="text/css")


@requires("brand.edit")
def paper(request: HttpRequest) -> HttpResponse:
    """The first page of a made-up invoice as a picture."""
    draft = branding.draft(request.tenant)  # type: ignore[attr-defined]
    content = brand_samples.invoice(brands.read(draft))
    data = invoice.data(content, letterhead.of(draft))
    return HttpResponse(first_page(invoice.TEMPLATE, data, per_inch=_PER_INCH), "image/png")


def _desk(request: HttpRequest, draft: BrandVersion) -> HttpResponse:
    return _page(request, "monitoring/desk.html", draft, brand_samples.desk())


def _portal(request: HttpRequest, draft: BrandVersion) -> HttpResponse:
    return _page(request, "customer/orders.html", draft, brand_samples.portal())


def _login(request: HttpRequest, draft: BrandVersion) -> HttpResponse:
    form = LoginForm()
    form.fields["username"].widget.attrs.pop("autofocus", None)
    return _page(request, "login.html", draft, {"form": form})


def _pdf(request: HttpRequest, draft: BrandVersion) -> HttpResponse:
    url = f"/brand/preview/paper.png?v={draft.edition}"
    return _page(request, "brand/paper.html", draft, {"paper_url": url})


def _mail(request: HttpRequest, draft: BrandVersion) -> HttpResponse:
    kind = request.GET.get("kind", "invoice")
    if kind not in MAIL_KINDS:
        raise Http404
    site = site_of(request.tenant)._replace(name=draft.name)  # type: ignore[attr-defined]
    made = in_brand(
        kind, brands.read(draft), site, brand_sample_mails.variables(kind), brand_sample_mails.context(kind)
    )  # fmt: skip
    html = made.html
    for one in made.inline:
        within = base64.b64encode(one.body).decode()
        html = html.replace(f"cid:{LOGO}", f"data:{one.content_type};base64,{within}")
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _MAIL
    return response


def _page(
    request: HttpRequest, template: str, draft: BrandVersion, sample: dict[str, Any]
) -> HttpResponse:
    theme = request.GET.get("theme", "light")
    whole = {
        "theme": theme if theme in context.THEMES else "light",
        "brand": _shown(brands.read(draft), draft),
        "still": True,
        **sample,
    }
    request._shell = whole  # type: ignore[attr-defined] # instead of asking for what waits
    return render(request, template, whole)


def _shown(brand: Brand, draft: BrandVersion) -> dict[str, Any]:
    return {**shown(brand), "css_url": f"/brand/preview/brand.css?v={draft.edition}", "icons": None}


_SURFACES: Final[Mapping[str, Callable[[HttpRequest, BrandVersion], HttpResponse]]] = {
    "desk": _desk, "portal": _portal, "login": _login, "mail": _mail, "pdf": _pdf,
}  # fmt: skip
