"""A partner's endpoint with an old ERP behind it, and a resource that two people published."""

from typing import Any

from django_tenants.utils import schema_context

from integrations.domain import resources
from integrations.models import Endpoint, Resource
from tests.api.asking import maker
from tests.people import Site
from tests.resources.database import PARTS


def endpoint(
    site: Site, url: str, *, customer_id: int | None = None, slug: str = "erp"
) -> Endpoint:
    with schema_context(site.schema):
        return Endpoint.objects.create(
            customer_id=customer_id or site.harbor, slug=slug, label="Old ERP", connector="sql",
            settings={"url": url},
        )  # fmt: skip


def publish(
    site: Site, of: Endpoint, *, slug: str = "parts", draft: dict[str, Any] | None = None
) -> Resource:
    """Written by an engineer, published by an admin."""
    with schema_context(site.schema):
        made = resources.begin(
            of, slug=slug, label="Parts", draft=draft or PARTS, author=maker(site, "engineer")
        )
        return resources.publish(made.pk, actor=maker(site, "admin"), edition=made.edition)
