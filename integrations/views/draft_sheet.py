"""What a page on which a draft is written is made of."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet

from integrations.domain.subjects import Content

MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off"}
Data = Mapping[str, Any] | None


class Sheet(ABC):
    """What is typed for one kind: a form, a table of rows under it, or both.

    `content` is what the draft says afterwards; only after `is_valid`.
    """

    form: forms.Form | None = None
    table: "BaseFormSet[Any] | None" = None
    hints: Sequence[str] = ()
    modes: Sequence[tuple[str, str]] = ()

    def is_valid(self) -> bool:
        parts = [part for part in (self.form, self.table) if part is not None]
        return all(part.is_valid() for part in parts)

    @abstractmethod
    def content(self) -> Content: ...


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """A table of rows, each of which may be taken out."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove"


def is_filled(form: forms.Form) -> bool:
    """Whether a row of a table says something, and is to stay."""
    data = form.cleaned_data
    return bool(data) and not data.get("DELETE")
