"""The brand as programs read and write it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from portal.api.fields import Instant
from portal.api.operation import Body
from portal.tenants.branding import PICTURES, TEXTS
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import BrandVersion

_LINES = tuple(name for name in TEXTS if name not in ("name", "mail_texts"))
_MAILS = f"By kind of mail: {', '.join(MAIL_KINDS)}."


class PictureShape(serializers.Serializer[Any]):
    media_type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class PicturesShape(serializers.Serializer[Any]):
    """New ones are uploaded on the brand's page."""

    logo_light = PictureShape(allow_null=True)
    logo_dark = PictureShape(allow_null=True)
    icon = PictureShape(allow_null=True)


class ColoursShape(serializers.Serializer[Any]):
    """`accent` as it is used in each theme, so that it can be read; ink is for text on it."""

    accent_light = serializers.CharField()
    accent_ink_light = serializers.CharField()
    accent_dark = serializers.CharField()
    accent_ink_dark = serializers.CharField()
    accent_quiet = serializers.BooleanField(
        help_text="It is close to the colour of a state, and is used sparingly."
    )


class MailTextsShape(serializers.Serializer[Any]):
    subject = serializers.CharField(required=False)
    opening = serializers.CharField(required=False)


class BrandShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    accent = serializers.CharField(help_text="As it was given.")
    colours = ColoursShape(source="*")
    pictures = PicturesShape(source="*")
    mail_texts = serializers.DictField(
        child=MailTextsShape(), help_text=f"The partner's own words. {_MAILS}"
    )
    saved_at = Instant(allow_null=True)
    saved_by = serializers.CharField(source="actor")

    def get_fields(self) -> dict[str, Any]:
        texts = {name: serializers.CharField() for name in _LINES}
        return {**super().get_fields(), **texts}


class BrandVersionShape(BrandShape):
    published_at = Instant(allow_null=True, help_text="Null: the site opened with it.")
    note = serializers.CharField(help_text="Such as: version 3 again.")


class BrandDraftShape(BrandShape):
    edition = serializers.IntegerField(
        help_text="Grows with each save; 0: nothing is saved, it is what a draft would begin with."
    )


class MailTextsChange(Body):
    """Blank: the usual words again."""

    subject = serializers.CharField(required=False, allow_blank=True)
    opening = serializers.CharField(required=False, allow_blank=True)


class BrandChange(Body):
    """How long each may be and what may stand in it, the page's form says: it is asked here, too."""

    name = serializers.CharField(required=False, allow_blank=True)
    accent = serializers.CharField(required=False, allow_blank=True, help_text="Such as #0e5a68.")
    mail_texts = serializers.DictField(
        child=MailTextsChange(), required=False, help_text=f"Those that change. {_MAILS}"
    )
    without = serializers.ListField(
        child=serializers.ChoiceField(choices=list(PICTURES)),
        required=False,
        max_length=len(PICTURES),
        help_text="Pictures to take away.",
    )

    def get_fields(self) -> dict[str, Any]:
        texts = {
            name: serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
            for name in _LINES
        }
        return {**super().get_fields(), **texts}


class BrandEdition(Body):
    edition = serializers.IntegerField(
        min_value=1, max_value=10**9, help_text="Of the draft as it was read."
    )


def given(version: BrandVersion, sent: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What the page's form would be posted with: `kept` of the version, changed by what was sent."""
    more = {name: sent[name] for name in (*_LINES, "name", "accent") if name in sent}
    for kind, texts in sent.get("mail_texts", {}).items():
        more |= {f"{part}_{kind}": text for part, text in texts.items()}
    more |= {f"no_{name}": True for name in sent.get("without", ())}
    return {**kept, **more}


def wrong(errors: Mapping[str, Any]) -> dict[str, Any]:
    """The form's errors by where the fields stand in the body."""
    found: dict[str, Any] = {}
    for name, texts in errors.items():
        part, _, kind = name.partition("_")
        if kind in MAIL_KINDS:
            found.setdefault("mail_texts", {}).setdefault(kind, {})[part] = list(texts)
        else:
            found[name] = list(texts)
    return found
