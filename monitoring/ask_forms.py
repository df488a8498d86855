"""What a person enters to ask a customer something."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from monitoring.domain.answers import LONGEST_ANSWER, LONGEST_LABEL
from monitoring.models import CaseQuestion

LASTS = (("1", "1 day"), ("3", "3 days"), ("7", "7 days"), ("14", "14 days"))
MOST_ANSWERS = 6


class AskForm(forms.Form):
    """The question, to whom, and for how long."""

    text = forms.CharField(
        label="Question",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text="In the customer's words: no codes and no names of systems.",
        error_messages={"required": "Write the question."},
    )
    form = forms.ChoiceField(label="Answered with", choices=CaseQuestion.Form)
    email = forms.EmailField(
        label="Send it to",
        required=False,
        widget=forms.EmailInput(attrs={"list": "people", "autocomplete": "off"}),
        help_text="Left empty, you send the link yourself.",
    )
    days = forms.ChoiceField(label="Lasts", choices=LASTS, initial="3")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people:
            known = ", ".join(f"{name} {email}" for name, email in people)
            self.fields["email"].help_text += f" Their people: {known}."


class AnswerForm(forms.Form):
    """One answer: what it says, and what it does."""

    label = forms.CharField(label="Answer", max_length=LONGEST_LABEL, required=False)
    then = forms.ChoiceField(label="Then", required=False)
    value = forms.CharField(label="With", max_length=200, required=False)

    def __init__(self, *args: Any, deeds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["then"].choices = deeds  # type: ignore[attr-defined]


AnswerFormSet = forms.formset_factory(
    AnswerForm, extra=0, max_num=MOST_ANSWERS, absolute_max=MOST_ANSWERS
)


class ReplyForm(forms.Form):
    """What a customer answers: the number of an option, or a text."""

    choice = forms.IntegerField(required=False, min_value=0)
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("With a remark, somebody reads it before anything goes on."),
    )
    by = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
