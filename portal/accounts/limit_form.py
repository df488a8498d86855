"""What a person chooses about for whom somebody works."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from portal.accounts.domain.limits import WorksFor

EVERYBODY, SOME = "everybody", "some"
_GONE: Final = {"invalid_choice": "One of these is gone, or not yours to give. Choose again."}
Named = Sequence[tuple[int, str]]


class LimitForm(forms.Form):
    """Everybody, or some customers and groups. After `is_valid`, `works_for` is what was chosen.

    `customers` and `groups` are (id, name) of those that may be given; `whole`: whether everybody may.
    """

    reach = forms.ChoiceField(widget=forms.RadioSelect, label="Works for")
    customers = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Customers", error_messages=_GONE
    )
    groups = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Groups", error_messages=_GONE
    )

    def __init__(
        self,
        data: Any = None,
        *,
        customers: Named,
        groups: Named,
        chosen: WorksFor | None,
        whole: bool,
    ) -> None:
        kept = {
            "reach": SOME if chosen or not whole else EVERYBODY,
            "customers": [str(one) for one in chosen.customers] if chosen else [],
            "groups": [str(one) for one in chosen.groups] if chosen else [],
        }
        super().__init__(data, initial=kept)
        self.works_for: WorksFor | None = None
        ways = [(EVERYBODY, "everybody")] if whole else []
        fields: Any = self.fields
        fields["reach"].choices = [*ways, (SOME, "these customers and groups only")]
        fields["customers"].choices = [(str(pk), name) for pk, name in customers]
        fields["groups"].choices = [(str(pk), name) for pk, name in groups]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors or given.get("reach") == EVERYBODY:
            return given
        chosen = WorksFor(
            frozenset(map(int, given["customers"])), frozenset(map(int, given["groups"]))
        )
        if not chosen.customers and not chosen.groups:
            self.add_error("customers", "Choose at least one customer or group.")
        self.works_for = chosen
        return given
