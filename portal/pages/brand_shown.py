"""A brand as every template reads it."""

import hashlib
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from portal.tenants import prose
from portal.tenants.brand import Brand, Logo

LEGAL = {"imprint": _("Imprint"), "privacy": _("Privacy"), "terms": _("Terms")}


def shown(brand: Brand) -> dict[str, Any]:
    """{name, short, initial, logo|None, logo_dark|None, alone, css_url, icons, version, login {title, parts},
    support|None, legal [{label, url}]}; `alone`: the logo holds the name."""
    version = stylesheet_version(brand)
    return {
        "name": brand.name,
        "short": brand.short_name or brand.name,
        "initial": brand.initial,
        "logo": _logo(brand.logo),
        "logo_dark": _logo(brand.logo_dark),
        "alone": brand.logo is not None and brand.logo.is_wide,
        "version": version,
        "css_url": f"/brand.css?v={version}",
        "icons": {
            size: f"/brand/icon-{size}.png?v={icon_version(brand)}" for size in ("32", "180")
        },
        "login": {"title": brand.login_title, "parts": prose.parts(brand.login_words)},
        "support": support(brand),
        "legal": [
            {"label": label, "url": f"/legal/{name}/"}
            for name, label in LEGAL.items()
            if getattr(brand.legal, name)
        ],
    }


def support(brand: Brand) -> dict[str, Any] | None:
    """{email, phone, phone_url, hours, address [text]}; None where nobody is named."""
    found = brand.support
    if not any(found):
        return None
    digits = "".join(sign for sign in found.phone if sign.isdigit() or sign == "+")
    return {
        "email": found.email,
        "phone": found.phone,
        "phone_url": f"tel:{quote(digits)}" if digits else "",
        "hours": found.hours,
        "address": found.address.splitlines(),
    }


def stylesheet_version(brand: Brand) -> str:
    """Changes with the colours, so that the stylesheet can be kept for a year."""
    return _digest(repr(brand.colours))


def icon_version(brand: Brand) -> str:
    return _digest(repr((brand.colours, brand.initial, brand.icon, brand.logo and brand.logo.pk)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _logo(logo: Logo | None) -> dict[str, Any] | None:
    return logo._asdict() if logo else None
