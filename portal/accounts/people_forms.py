"""Who somebody is here, and what a role is called."""

from collections.abc import Sequence
from typing import Any

from django import forms

from portal.accounts.models import Person, Role

_NOT_OFFERED = {"invalid_choice": "That is not offered. Choose one of the list."}


class PersonForm(forms.Form):
    """Name and role. `roles` are those that may be given to the person, theirs among them."""

    name = forms.CharField(max_length=80)
    role = forms.TypedChoiceField(coerce=int, error_messages=_NOT_OFFERED)

    def __init__(self, data: Any = None, *, person: Person, roles: Sequence[Role]) -> None:
        super().__init__(data, initial={"name": person.name, "role": person.role_id})
        self.fields["role"].choices = [(role.pk, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["role"].help_text = "There is no other role you can give them."


class RoleNameForm(forms.Form):
    """What a role is called."""

    label = forms.CharField(label="Name", max_length=60)


class NewRoleForm(RoleNameForm):
    """A role that begins as the copy of another."""

    copy_of = forms.TypedChoiceField(
        label="Copy of",
        coerce=int,
        error_messages=_NOT_OFFERED,
        help_text="It begins with the same rights; change them in the matrix.",
    )

    def __init__(
        self, data: Any = None, *, roles: Sequence[Role], chosen: int | None = None
    ) -> None:
        super().__init__(data, initial={"copy_of": chosen})
        self.fields["copy_of"].choices = [(role.pk, role.label) for role in roles]  # type: ignore[attr-defined]
