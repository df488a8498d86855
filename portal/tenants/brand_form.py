"""What a partner enters about its brand."""

import re
from typing import Any, Final

from django import forms

from portal.tenants.branding import PICTURES, Change
from portal.tenants.mail_kinds import MAIL_KINDS, UnknownVariableError, check
from portal.tenants.models import BrandVersion
from portal.tenants.pictures.picture import NotALogoError, Picture
from portal.tenants.pictures.reading import read

_LEGAL_LENGTH: Final = 60_000
_LEGAL_HELP: Final = (
    "A blank line ends a paragraph, # begins a heading, - a list. Addresses become links."
)
_OFF: Final = {"autocomplete": "off"}


def _line(label: str, most: int, help_text: str = "", **attributes: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text,
        widget=forms.TextInput(attrs={**_OFF, **attributes}),
    )  # fmt: skip


def _text(
    label: str, rows: int, help_text: str = "", most: int = 2_000, **attributes: Any
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, **attributes}),
    )  # fmt: skip


def _picture(label: str, help_text: str) -> forms.FileField:
    accepts = {"accept": ".svg,.png,.jpg,.jpeg,.webp"}
    return forms.FileField(
        label=label, required=False, allow_empty_file=True, help_text=help_text,
        widget=forms.FileInput(attrs=accepts),
    )  # fmt: skip


class BrandForm(forms.Form):
    """All of a brand. After `is_valid`, and for the fields that are right before, `change` is what
    `branding.save` takes."""

    name = forms.CharField(
        max_length=80,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": "Enter the name your customers know you by."},
    )
    short_name = _line("Short name", 24, "Where room is small, beside the mark.")
    accent = forms.CharField(
        label="Your colour",
        max_length=7,
        widget=forms.TextInput(attrs={**_OFF, "size": 8, "class": "mono", "data-colour": ""}),
        error_messages={"required": "Enter a colour, such as #0e5a68."},
    )
    logo_light = _picture("Logo", "SVG, PNG, JPEG or WebP, up to 512 KB and 2,000 pixels.")
    logo_dark = _picture("Logo on dark", "Only if the first one is hard to see on dark.")
    icon = _picture(
        "Small icon", "About square. Without one it is made of the logo or the initial."
    )

    login_title = _line("Heading", 80, placeholder="Log in")
    login_words = _text("Words", 3, "Above the fields, for whoever signs in.")

    support_email = forms.EmailField(
        label="E-mail",
        required=False,
        widget=forms.EmailInput(attrs=_OFF),
        error_messages={"invalid": "Enter an address such as help@example.com."},
    )
    support_phone = _line("Phone", 40)
    support_hours = _line("Hours", 120, placeholder="Mon–Fri 8:00–17:00")
    support_address = _text("Address", 3)

    imprint = _text("Imprint", 6, _LEGAL_HELP, _LEGAL_LENGTH)
    privacy = _text("Privacy", 6, "", _LEGAL_LENGTH)
    terms = _text("Terms", 6, "", _LEGAL_LENGTH)

    mail_signature = _text("Signature", 3, "Under every mail. Without one, your name.")
    mail_foot = _text("Legal foot", 2, "In small letters at the end, such as register and seat.")
    pdf_foot = _line("Foot of documents", 200, "On each page of invoices and statements.")

    def __init__(self, data: Any = None, files: Any = None, *, version: BrandVersion) -> None:
        super().__init__(data, files, initial=entered(version))
        self._version = version
        self.pictures: dict[str, Picture] = {}
        for name in PICTURES:
            self.fields[f"no_{name}"] = forms.BooleanField(label="Take it away", required=False)
        for kind, usual in MAIL_KINDS.items():
            about = f"With {', '.join(f'{{{name}}}' for name in usual.variables)}"
            self.fields[f"subject_{kind}"] = _line("Subject", 150, placeholder=usual.subject)
            self.fields[f"opening_{kind}"] = _text(
                "Opening", 2, about, placeholder=usual.opening or "none"
            )

    def clean_accent(self) -> str:
        given = self.cleaned_data["accent"].strip().lower()
        colour = given if given.startswith("#") else f"#{given}"
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise forms.ValidationError("Enter a colour of six digits, such as #0e5a68.")
        return colour

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in PICTURES:
            if given.get(name):
                self._read(name, given[name])
        for kind in MAIL_KINDS:
            for name in (f"subject_{kind}", f"opening_{kind}"):
                self._check(kind, name, given.get(name, ""))
        return given

    def _read(self, name: str, file: Any) -> None:
        try:
            self.pictures[name] = read(file.read())
        except NotALogoError as error:
            self.add_error(name, str(error))

    def _check(self, kind: str, name: str, text: str) -> None:
        try:
            check(kind, text)
        except UnknownVariableError as error:
            self.add_error(name, str(error))

    @property
    def change(self) -> Change:
        """Of the fields that are right: one that is not keeps what the draft has."""
        given = self.cleaned_data
        skipped = {
            *PICTURES,
            *(name for name in given if name.startswith(("no_", "subject_", "opening_"))),
        }
        fields = {name: value for name, value in given.items() if name not in skipped}
        fields["mail_texts"] = self._mail_texts()
        removed = frozenset(name for name in PICTURES if given.get(f"no_{name}"))
        return Change(fields, self.pictures, removed)

    def _mail_texts(self) -> dict[str, dict[str, str]]:
        texts = {}
        for kind in MAIL_KINDS:
            before = self._version.mail_texts.get(kind, {})
            found = {
                part: self.cleaned_data.get(f"{part}_{kind}", before.get(part, ""))
                for part in ("subject", "opening")
            }
            if any(found.values()):
                texts[kind] = {part: text for part, text in found.items() if text}
        return texts


def entered(version: BrandVersion) -> dict[str, Any]:
    """What the form would hold for this version to come out of it; pictures are files and left out."""
    known: dict[str, Any] = {
        name: getattr(version, name, "") for name in BrandForm.base_fields if name not in PICTURES
    }
    for kind, texts in version.mail_texts.items():
        known |= {f"{part}_{kind}": text for part, text in texts.items()}
    return known
