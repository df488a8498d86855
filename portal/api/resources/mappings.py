"""Mappings: what is live, what was live, and the asker's draft."""

from typing import Any

from django.db import transaction
from django.http import Http404
from rest_framework import serializers

from integrations.canonical.schema import OBJECT_TYPES
from integrations.domain import configuration, drafts, faults
from integrations.domain.drafts import NotNowError
from integrations.domain.subjects import Subject, mapping_key, owned_by
from integrations.models import Endpoint, Kind, Version
from integrations.views.mapping_editor import LONGEST_TARGET, MOST_ROWS
from integrations.views.mappings import in_use
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page, sliced
from portal.api.problems import conflicts, refuse
from portal.api.resources.changes import ChangeShape
from portal.api.resources.filters import OfCustomer, listed, load
from portal.customers.models import Customer

_MOST_CUSTOMERS = 50
_LONGEST_SOURCE = 20_000


class MappingShape(serializers.Serializer[Any]):
    endpoint = serializers.CharField()
    object_type = serializers.CharField()
    direction = serializers.ChoiceField(choices=["in", "out"])
    customer = serializers.CharField()
    name = serializers.CharField(help_text="With its version; a default has its connector's.")
    rows = serializers.IntegerField()


class RowShape(serializers.Serializer[Any]):
    target = serializers.CharField()
    source = serializers.CharField(help_text="A JSONata expression.")


class MappingDetail(serializers.Serializer[Any]):
    endpoint = serializers.CharField()
    object_type = serializers.CharField()
    direction = serializers.ChoiceField(choices=["in", "out"])
    customer = serializers.CharField()
    name = serializers.CharField()
    rows = RowShape(many=True)


class MappingVersionShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    at = Instant()
    author = serializers.CharField(help_text="Blank: found changed.")
    cause = serializers.CharField()
    rows = serializers.SerializerMethodField()

    def get_rows(self, version: Version) -> list[list[str]]:
        return (version.content or {}).get("rows", [])


class RowBody(Body):
    target = serializers.CharField(max_length=LONGEST_TARGET)
    source = serializers.CharField(max_length=_LONGEST_SOURCE, trim_whitespace=False)


class MappingDraft(Body):
    rows = RowBody(many=True, min_length=1, max_length=MOST_ROWS)


class _Place:
    """Whose mapping an address names; 404 where no document could take it."""

    def __init__(self, slug: str, object_type: str, direction: str) -> None:
        self.endpoint = load(Endpoint.objects.select_related("customer"), slug=slug)
        if object_type not in OBJECT_TYPES or direction not in ("in", "out"):
            raise Http404
        self.object_type, self.direction = object_type, direction
        key = mapping_key(slug, object_type, direction)
        self.subject = Subject(self.endpoint.customer_id, Kind.MAPPING, key)

    def told(self) -> dict[str, Any]:
        config = configuration.of(self.endpoint.customer_id)
        where: Any = (self.endpoint.pk, self.object_type, self.direction)
        mapped = config.mapping(*where)
        rows = config.rows(*where)
        return {
            **_named(
                self.endpoint.customer.slug, self.endpoint.slug, self.object_type, self.direction
            ),
            "name": mapped.name if mapped else "",
            "rows": [{"target": row.target, "source": row.source} for row in rows],
        }


def _named(customer: str, endpoint: str, object_type: str, direction: str) -> dict[str, str]:
    return {
        "customer": customer,
        "endpoint": endpoint,
        "object_type": object_type,
        "direction": direction,
    }


def _in_use(customer: Customer) -> list[dict[str, Any]]:
    config = configuration.of(customer.pk)
    found = []
    for used in in_use(config):
        where = (used.endpoint.id, used.object_type, used.direction)
        mapped = config.mapping(*where)
        found.append({
            **_named(customer.slug, used.endpoint.slug, used.object_type, used.direction),
            "name": mapped.name if mapped else "",
            "rows": len(config.rows(*where)),
        })  # fmt: skip
    return found


class Mappings(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation(
        "List the mappings that flows use", MappingShape, paged=True, filters=OfCustomer,
        about=f"Of one customer, or of the first {_MOST_CUSTOMERS}.",
    )  # fmt: skip
    def get(self, request: Any) -> Page:
        customers = Customer.objects.all()
        if slug := self.asked.get("customer"):
            customers = customers.filter(slug=slug)
            if not customers:
                raise refuse("There is no such customer.", at="customer")
        rows = [row for one in customers[:_MOST_CUSTOMERS] for row in _in_use(one)]
        return sliced(rows, asked=self.asked, of=f"{request.path} {self.asked.get('customer')}")


class OneMapping(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("Read the mapping that is live", MappingDetail)
    def get(self, request: Any, **place: str) -> dict[str, Any]:
        return _Place(**place).told()


class MappingVersions(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("List what was ever live of a mapping", MappingVersionShape, paged=True)
    def get(self, request: Any, **place: str) -> Page:
        subject = _Place(**place).subject
        kept = Version.objects.filter(**owned_by(subject), kind=Kind.MAPPING, key=subject.key)
        return listed(self, kept, "-number")


class MappingDrafts(Resource):
    permissions = {"POST": ("mappings.edit",)}

    @operation(
        "Write your draft of a mapping",
        ChangeShape,
        takes=MappingDraft,
        about="The whole of it. Live once it was tested, approved and published as a change.",
        example={"rows": [{"target": "number", "source": "order_number"}]},
    )
    def post(self, request: Any, **place: str) -> Any:
        subject = _Place(**place).subject
        content = {"rows": [[row["target"], row["source"]] for row in self.sent["rows"]]}
        if wrong := faults.find(subject, content):
            raise refuse(wrong[0], at="/rows")
        with conflicts(NotNowError), transaction.atomic():
            return drafts.begin(subject, author=request.user, content=content)
