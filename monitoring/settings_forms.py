"""What a person enters to set up teams and the rules of assignment."""

from typing import Any

from django import forms

from integrations.models import Endpoint
from monitoring import taxonomy
from monitoring.bulk_forms import colleagues, holder, holders
from monitoring.models import AssignmentRule, Team
from portal.accounts.models import Person
from portal.customers.models import Customer

_ANY = "any"


NAME_TAKEN = "There is a team of this name: choose another."


class TeamForm(forms.Form):
    """A name and who is in it."""

    name = forms.CharField(max_length=60)
    members = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each of them finds the team's cases under Mine.",
    )

    def __init__(self, *args: Any, team: Team | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.fields["members"].queryset = colleagues()  # type: ignore[attr-defined]
        if team:
            self.initial = {"name": team.name, "members": list(team.members.all())}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        others = Team.objects.exclude(pk=self.team.pk) if self.team else Team.objects.all()
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return str(name)


class RuleForm(forms.Form):
    """Which new cases, and to whom they go."""

    customer = forms.ModelChoiceField(Customer.objects.none(), required=False, empty_label=_ANY)
    endpoint = forms.ModelChoiceField(Endpoint.objects.none(), required=False, empty_label=_ANY)
    category = forms.ChoiceField(required=False)
    code = forms.ChoiceField(label="Cause", required=False)
    to = forms.ChoiceField(
        label="Goes to", error_messages={"required": "Choose a person or a team."}
    )

    def __init__(self, *args: Any, rule: AssignmentRule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["customer"].queryset = Customer.objects.order_by("name")
        fields["endpoint"].queryset = Endpoint.objects.select_related("customer").order_by(
            "customer__name", "label"
        )
        fields["endpoint"].label_from_instance = endpoint_name
        fields["category"].choices = [("", _ANY), *((c, c) for c in taxonomy.CATEGORIES.values())]
        fields["code"].choices = [("", _ANY), *_causes()]
        fields["to"].choices = [("", "choose"), *holders()]
        if rule:
            self.initial = _initial(rule)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        customer, endpoint = given.get("customer"), given.get("endpoint")
        if customer and endpoint and endpoint.customer_id != customer.pk:
            self.add_error("endpoint", f"{endpoint.label} is not an endpoint of {customer.name}.")
        code, category = given.get("code"), given.get("category")
        if code and category and taxonomy.kind(code).category != category:
            self.add_error("code", f"This cause is of the category {taxonomy.kind(code).category}.")
        return given

    def terms(self) -> dict[str, Any]:
        """See `domain.teams.put_rule`."""
        given = self.cleaned_data
        chosen = holder(given["to"])
        return {
            **{name: given[name] for name in ("customer", "endpoint", "category", "code")},
            "person": Person.objects.filter(pk=chosen.get("person", 0)).first(),
            "team": Team.objects.filter(pk=chosen.get("team", 0)).first(),
        }


def _causes() -> list[tuple[str, str]]:
    return sorted(((k.code, k.label) for k in taxonomy.KINDS.values()), key=lambda one: one[1])


def _initial(rule: AssignmentRule) -> dict[str, Any]:
    kind, pk = ("person", rule.person_id) if rule.person_id else ("team", rule.team_id)
    return {
        "customer": rule.customer_id, "endpoint": rule.endpoint_id, "category": rule.category,
        "code": rule.code, "to": f"{kind}:{pk}",
    }  # fmt: skip


def endpoint_name(endpoint: Endpoint) -> str:
    """An endpoint among those of all customers."""
    return f"{endpoint.customer.name}: {endpoint.label}"
