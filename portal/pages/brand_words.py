"""A brand in words: what its colour is used as and why, how its logo is seen, what a version changes."""

from collections.abc import Iterator
from typing import Any, Final

from integrations.views import spoken
from portal.tenants import colour
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import BrandVersion
from portal.tenants.pictures.measuring import NEEDED

_TEXTS: Final = {
    "login_title": "The heading of the login page",
    "login_words": "The words on the login page",
    "imprint": "The imprint",
    "privacy": "The privacy text",
    "terms": "The terms",
    "mail_signature": "The signature of mails",
    "mail_foot": "The legal foot of mails",
    "pdf_foot": "The foot of documents",
}
_SUPPORT: Final = ("support_email", "support_phone", "support_hours", "support_address")
_LOGOS: Final = {
    "logo_light": "The logo",
    "logo_dark": "The logo on dark",
    "icon": "The small icon",
}


def pairs(version: BrandVersion) -> list[dict[str, Any]]:
    """[{theme, given, used, ratio, why}]: the colour as it was given, and as each theme uses it."""
    made = colour.derive(version.accent)
    return [
        _pair("light", version.accent, made.accent_light, colour.LIGHT),
        _pair("dark", version.accent, made.accent_dark, colour.DARK),
    ]


def _pair(name: str, given: str, used: str, theme: colour.Theme) -> dict[str, Any]:
    ratio, before = _worst(used, theme), _worst(given, theme)
    why = ""
    if used != given:
        moved = "darker" if theme is colour.LIGHT else "lighter"
        why = (
            f"{moved}: as given, text in it would have {before:.1f} : 1, and 4.5 : 1 can be read"
            if before < colour.MINIMUM
            else "a little quieter, so that text on it and beside it can be read"
        )
    return {"theme": name, "given": given, "used": used, "ratio": f"{ratio:.1f} : 1", "why": why}


def _worst(accent: str, theme: colour.Theme) -> float:
    wash = colour.mix(accent, theme.surface, theme.wash)
    return min(colour.contrast(accent, ground) for ground in (*theme.grounds, wash))


def quiet(version: BrandVersion) -> str:
    """Why the colour is used sparingly; blank where it is not."""
    if not colour.derive(version.accent).quiet:
        return ""
    return (
        "Your colour is close to one that says late, at risk or kept. So that it never reads as a state, it"
        " is used for the logo, the main button and the focus; links are underlined ink."
    )


def logo(version: BrandVersion) -> list[str]:
    """How the logos are seen, one sentence for each that has something to say."""
    light, dark = version.logo_light, version.logo_dark
    if light is None and dark is None:
        return []
    return [
        *_seen((light or dark), "on_light", "light"),
        *_seen((dark or light), "on_dark", "dark"),
    ]


def _seen(image: Any, name: str, theme: str) -> Iterator[str]:
    ratio = getattr(image, name)
    if image.covered:
        yield f"On {theme}, it brings its own ground ({ratio:.1f} : 1 on it)."
    elif ratio < NEEDED:
        yield f"On {theme}, it has {ratio:.1f} : 1 and gets a plate of the other ground."
    else:
        yield f"On {theme}, it has {ratio:.1f} : 1."


def changes(old: BrandVersion, new: BrandVersion) -> list[str]:
    """What is different in `new`, a sentence each; empty for the same."""
    return list(_changes(old, new))


def _changes(old: BrandVersion, new: BrandVersion) -> Iterator[str]:
    if new.name != old.name:
        yield f"The name is {new.name}, was {old.name}"
    if new.short_name != old.short_name:
        yield f"The short name is {new.short_name or 'the name'}, was {old.short_name or 'the name'}"
    if new.accent != old.accent:
        yield f"The colour is {new.accent}, was {old.accent}"
    for name, said in _LOGOS.items():
        yield from _picture(said, getattr(old, f"{name}_id"), getattr(new, f"{name}_id"))
    if any(getattr(new, name) != getattr(old, name) for name in _SUPPORT):
        yield "Whom to ask is another"
    for name, said in _TEXTS.items():
        yield from _text(said, getattr(old, name), getattr(new, name))
    for kind, about in MAIL_KINDS.items():
        if new.mail_texts.get(kind, {}) != old.mail_texts.get(kind, {}):
            yield f"The mail “{about.label}” begins with other words"


def _picture(said: str, old: int | None, new: int | None) -> Iterator[str]:
    if old != new:
        yield f"{said} is {'new' if old is None else 'another' if new else 'taken away'}"


def _text(said: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        verb = "new" if not old else "changed" if new else "taken away"
        yield f"{said} {'are' if said.endswith(('words', 'terms')) or ' words ' in said else 'is'} {verb}"


def row(version: BrandVersion, before: BrandVersion | None, *, shows: bool) -> dict[str, Any]:
    """A version in the history."""
    said = changes(before, version) if before else []
    return {
        "number": version.number,
        "at": spoken.moment(version.published_at) if version.published_at else "",
        "actor": version.actor,
        "name": version.name,
        "accent": version.accent,
        "said": "; ".join([version.note, *said]) if version.note else "; ".join(said),
        "shows": shows,
    }
