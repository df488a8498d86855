"""What a customer's person enters about their mails."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.models import NotificationChoice

How, Kind = NotificationChoice.How, NotificationChoice.Kind
WAYS = ((How.OFF, _("No mail")), (How.AT_ONCE, _("At once")), (How.DAILY, _("Once a day")))
WAYS_OF_DAY = ((How.OFF, _("No mail")), (How.DAILY, _("Once a day")))
LABELS = {
    Kind.QUESTION: (_("We ask you something"), _("An answer of yours lets orders go on.")),
    Kind.TROUBLE: (_("An order is held or late"), _("What is wrong, and how many orders wait.")),
    Kind.SHIPMENT: (_("A shipment was sent"), _("With the number to follow it by.")),
    Kind.STATEMENT: (
        _("The month's statement is ready"),
        _("What we promised and what came of it."),
    ),
    Kind.BILL: (_("We sent you a bill"), _("Each opens line by line.")),
    Kind.DIGEST: (_("The day in figures"), _("Orders, shipments and questions of 24 hours.")),
}


class NotificationForm(forms.Form):
    """How each mail comes, when the mail of the day comes, and a pause."""

    hour = forms.TypedChoiceField(
        label=_("The mail of the day comes at"),
        coerce=int,
        choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
    )
    paused_until = forms.DateField(
        label=_("No mails until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty for no pause. What happens meanwhile stands on your pages."),
        error_messages={"invalid": _("Enter a day, such as 2026-03-14.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            label, about = LABELS[Kind(kind)]
            ways = WAYS_OF_DAY if kind == Kind.DIGEST else WAYS
            self.fields[kind] = forms.ChoiceField(
                label=label, help_text=about, choices=ways, widget=forms.RadioSelect
            )
        self.kinds = list(kinds)

    @property
    def mails(self) -> list[forms.BoundField]:
        return [self[kind] for kind in self.kinds]
