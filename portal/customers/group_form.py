"""What a person enters about a group of customers."""

from typing import Any

from django import forms

from portal.customers.models import Customer, CustomerGroup


class GroupForm(forms.Form):
    """Label, kind and members. After `is_valid`, `cleaned_data` is what `groups.make` takes."""

    label = forms.CharField(
        label="Name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the group a name, such as West coast."},
    )
    kind = forms.ChoiceField(label="Groups by", choices=CustomerGroup.Kind.choices)
    members = forms.ModelMultipleChoiceField(
        label="Customers",
        queryset=Customer.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these customers is gone. Choose again."},
    )

    def __init__(self, data: Any = None, *, group: CustomerGroup | None = None) -> None:
        kept = (
            {"label": group.label, "kind": group.kind, "members": group.members.all()}
            if group
            else {"kind": CustomerGroup.Kind.CONTRACT}
        )
        super().__init__(data, initial=kept)
        self._group = group
        self.fields["members"].queryset = Customer.objects.all()  # type: ignore[attr-defined]

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        others = CustomerGroup.objects.filter(label__iexact=label)
        if self._group:
            others = others.exclude(pk=self._group.pk)
        if others.exists():
            raise forms.ValidationError(f"There is a group {label} already. Choose another name.")
        return label
