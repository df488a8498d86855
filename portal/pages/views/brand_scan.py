"""Looking through the whole house for what is the vendor's, and what came of the last look."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.pages.brand_scan import keeping
from portal.pages.brand_scan.advice import advice
from portal.pages.brand_scan.scanning import STEPS, Result, Told
from portal.pages.brand_scan.surface import CHANNELS
from portal.tenants import branding
from portal.tenants.models import BrandScan, BrandVersion, Partner

_KINDS: Final = {
    "word": "the vendor’s name",
    "host": "somebody else’s host",
    "picture": "a picture",
}


@requires("brand.edit")
def scan(request: HttpRequest) -> HttpResponse:
    """The last scan; posted, a new one begins. While one is at work the page asks for its progress."""
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    if request.method == "POST":
        person: Any = request.user
        if not keeping.begin(partner, by=str(person.name)):
            messages.info(request, "A check is at work already.")
        return redirect("brand-scan")
    own = keeping.last(partner)
    context = {"scan": _shown(own, partner) if own else None}
    if not request.headers.get("HX-Request"):
        return render(request, "brand/scan.html", context)
    if own is None or own.ended_at:
        return HttpResponse(headers={"HX-Refresh": "true"})  # its button and all
    return render(request, "brand/scan_part.html", context)


def _shown(own: BrandScan, partner: Partner) -> dict[str, Any]:
    """What scan_part.html needs."""
    result = Result.read(own.found)
    unfinished = [STEPS[step][0] for step in own.unfinished if step in STEPS] + result.failed
    words = _own_words(branding.published(partner))
    return {
        "is_at_work": own.ended_at is None,
        "progress": {
            "done": len(own.done) + len(own.unfinished), "total": len(STEPS), "text": _progress(own),
        },
        "said": f"{spoken.moment(own.ended_at or own.asked_at)}, asked for by {own.asked_by}",
        "is_clean": not result.leaks and not unfinished,
        "unfinished": unfinished,
        "in_data": result.in_data,
        "channels": [
            {"label": label, "rendered": result.rendered[slug], "leaks": result.leaks_of(slug)}
            for slug, label in CHANNELS.items()
        ],
        "leaks": [_leak(told, words) for told in result.leaks],
    }  # fmt: skip


def _progress(own: BrandScan) -> str:
    label = STEPS[own.at_work][0] if own.at_work in STEPS else "the next part"
    return f"Looking at: {label}"


def _leak(told: Told, own_words: str) -> dict[str, Any]:
    leak = told.leak
    return {
        "channel": CHANNELS[leak.channel],
        "where": leak.where,
        "more": told.times - 1,
        "part": leak.part,
        "what": _KINDS[leak.kind],
        "found": leak.found,
        "excerpt": leak.excerpt,
        "advice": advice(leak, own_words=own_words),
    }


def _own_words(version: BrandVersion) -> str:
    """Everything that the partner wrote in its brand."""
    texts = [version.name, version.short_name, version.login_title, version.login_words, version.imprint,
             version.privacy, version.terms, version.mail_signature, version.mail_foot, version.pdf_foot,
             version.support_address, version.support_hours]  # fmt: skip
    mails = [text for kind in version.mail_texts.values() for text in kind.values()]
    return "\n".join([*texts, *mails])
