"""Groups of customers: which there are, who is in them, and how much goes by them."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from monitoring.queries import group_uses
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page
from portal.api.problems import conflicts
from portal.api.resources.filters import listed, load
from portal.customers import groups
from portal.customers.group_form import GroupForm
from portal.customers.models import Customer, CustomerGroup

_MOST = 10_000  # customers in one group


class CustomerGroupShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=CustomerGroup.Kind.values)
    members = serializers.SerializerMethodField(help_text="Short names of customers.")
    uses = serializers.IntegerField(help_text="People who work for it, and rules of alerts.")
    made_by = serializers.CharField()
    made_at = Instant()
    changed_by = serializers.CharField()
    changed_at = Instant()

    def get_members(self, group: CustomerGroup) -> list[str]:
        return sorted(customer.slug for customer in group.members.all())


class CustomerGroupChange(Body):
    label = serializers.CharField(required=False)
    kind = serializers.ChoiceField(choices=CustomerGroup.Kind.values, required=False)
    members = serializers.ListField(
        child=serializers.CharField(max_length=41),
        required=False,
        max_length=_MOST,
        help_text="All of them, by their short names.",
    )


class NewCustomerGroup(CustomerGroupChange):
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=CustomerGroup.Kind.values)


def _groups() -> Any:
    return CustomerGroup.objects.prefetch_related("members")


def _with_uses(rows: list[Any]) -> list[Any]:
    used = group_uses.uses([group.pk for group in rows])
    for group in rows:
        group.uses = len(used.get(group.pk, ()))
    return rows


def _load(slug: str) -> Any:
    return _with_uses([load(_groups(), slug=slug)])[0]


def _entered(sent: dict[str, Any], group: CustomerGroup | None) -> dict[str, Any]:
    """What the page's form makes of it."""
    given: dict[str, Any] = {}
    if group:
        members = [customer.pk for customer in group.members.all()]
        given = {"label": group.label, "kind": group.kind, "members": members}
    given |= {name: sent[name] for name in ("label", "kind") if name in sent}
    if "members" in sent:
        given["members"] = _customers(sent["members"])
    form = GroupForm(given, group=group)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    return form.cleaned_data


def _customers(slugs: list[str]) -> list[int]:
    found = dict(Customer.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    wrong = {
        at: ["There is no such customer."] for at, slug in enumerate(slugs) if slug not in found
    }
    if wrong:
        raise ValidationError({"members": wrong})
    return list(found.values())


class CustomerGroups(Resource):
    permissions = {"GET": ("customers.view",), "POST": ("customers.edit",)}

    @operation("List groups of customers", CustomerGroupShape, paged=True)
    def get(self, request: Any) -> Page:
        found = listed(self, _groups(), "slug")
        return found._replace(rows=_with_uses(found.rows))

    @operation(
        "Make a group of customers",
        CustomerGroupShape,
        takes=NewCustomerGroup,
        status=201,
        about="Its short name is made of the label and stays.",
        example={"label": "West coast", "kind": "region", "members": ["harbor"]},
    )
    def post(self, request: Any) -> Any:
        made = groups.make(**_entered(self.sent, None), by=request.user.name)
        return _load(made.slug)


class OneCustomerGroup(Resource):
    permissions = {
        "GET": ("customers.view",), "PATCH": ("customers.edit",), "DELETE": ("customers.edit",),
    }  # fmt: skip

    @operation("Read a group of customers", CustomerGroupShape)
    def get(self, request: Any, slug: str) -> Any:
        return _load(slug)

    @operation(
        "Change a group of customers",
        CustomerGroupShape,
        takes=CustomerGroupChange,
        matched=True,
        about="What is left out stays as it is. Whoever works for it has the new members at once.",
        example={"members": ["harbor", "maris"]},
    )
    def patch(self, request: Any, slug: str) -> Any:
        group = _load(slug)
        groups.change(group, **_entered(self.sent, group), by=request.user.name)
        return _load(slug)

    @operation(
        "Delete a group of customers",
        None,
        about="Its customers stay. 409 while something goes by it; the detail says what.",
    )
    def delete(self, request: Any, slug: str) -> None:
        group = _load(slug)
        used = group_uses.uses([group.pk]).get(group.pk, [])
        with conflicts(groups.GroupUsedError):
            groups.delete(group, used=[use.words for use in used])
