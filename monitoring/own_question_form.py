"""What a customer's person enters to ask us something."""

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.domain.own_question import LONGEST


class AskUsForm(forms.Form):
    """A question of the customer's own."""

    about = forms.CharField(
        label=_("What is it about?"),
        required=False,
        max_length=80,
        help_text=_("An order, a shipment or an item, if it is about one."),
    )
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}),
        error_messages={"required": _("Write what you want to know.")},
    )
