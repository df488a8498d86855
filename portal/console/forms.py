"""What staff enter on the console."""

from typing import Any

from django import forms

from portal.tenants.flag_kinds import FLAGS
from portal.tenants.models import RetentionTerm, Tier
from portal.tenants.retention_kinds import KINDS


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(max_length=300, help_text="It stands in the partner’s history.")


class DeleteForm(ReasonForm):
    """Typed by hand, so that nobody deletes the wrong one."""

    typed = forms.CharField(
        label="The partner’s name", max_length=80, help_text="Type it as it is written above."
    )
    field_order = ("typed", "reason")


class OpenForm(forms.Form):
    """A new partner and its first admin."""

    name = forms.CharField(max_length=80, help_text="What their customers see. They can change it.")
    slug = forms.CharField(
        label="Short name",
        max_length=41,
        help_text="Lower-case letters and digits; becomes the sub-domain. It stays as it is.",
    )
    tier = forms.ModelChoiceField(
        Tier.objects.order_by("label"), required=False, empty_label="none: everything is on"
    )
    admin_name = forms.CharField(label="First admin", max_length=120)
    admin_email = forms.EmailField(
        label="Their mail", max_length=254, help_text="They get a letter with a link to begin."
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip().lower()


class PartnerTierForm(ReasonForm):
    """In which tier a partner is."""

    tier = forms.ModelChoiceField(
        Tier.objects.order_by("label"), required=False, empty_label="none: everything is on"
    )
    field_order = ("tier", "reason")


class ExceptionForm(ReasonForm):
    """One feature for one partner."""

    CHOICES = (("tier", "as the tier says"), ("on", "on, whatever the tier says"),
               ("off", "off, whatever the tier says"))  # fmt: skip
    is_on = forms.ChoiceField(label="This feature is", choices=CHOICES)
    field_order = ("is_on", "reason")

    def given(self) -> bool | None:
        return {"tier": None, "on": True, "off": False}[self.cleaned_data["is_on"]]


class TierForm(forms.Form):
    """A tier's name and what it leaves out."""

    label = forms.CharField(label="Name", max_length=60)
    features = forms.MultipleChoiceField(
        label="It has",
        required=False,
        choices=[(name, flag.label) for name, flag in FLAGS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="What is left out is refused on every page and in the API, and hidden from the rail.",
    )

    def __init__(self, data: Any = None, *, tier: Tier | None = None) -> None:
        self.tier = tier
        off = tier.flags_off if tier else []
        kept = {
            "label": tier.label if tier else "",
            "features": [n for n in FLAGS if n not in off],
        }
        super().__init__(data, initial=kept)

    def clean_label(self) -> str:
        label = str(self.cleaned_data["label"]).strip()
        others = Tier.objects.exclude(pk=self.tier.pk) if self.tier else Tier.objects.all()
        if others.filter(label__iexact=label).exists():
            raise forms.ValidationError("Another tier has this name.")
        return label

    def off(self) -> list[str]:
        return [name for name in FLAGS if name not in self.cleaned_data["features"]]


class TermForm(forms.Form):
    """How long one kind is kept, and within which bounds a partner may choose."""

    days = forms.IntegerField(label="Kept for, days", min_value=1, max_value=36500)
    least = forms.IntegerField(label="A partner may choose from", min_value=1, max_value=36500)
    most = forms.IntegerField(label="to", min_value=1, max_value=36500)

    def __init__(self, data: Any = None, *, kind: str) -> None:
        usual = KINDS[kind]
        kept = RetentionTerm.objects.filter(kind=kind).first() or usual
        super().__init__(
            data, initial={"days": kept.days, "least": kept.least, "most": kept.most}, prefix=kind
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given["least"] <= given["days"] <= given["most"]:
            raise forms.ValidationError("The days have to be within what a partner may choose.")
        return given
