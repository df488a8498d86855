"""A published resource of a customer, with a row that somebody had made."""

from integrations.models import Endpoint, Resource, ResourceHour, ResourceRow, ResourceStep
from portal.core import clock


def plant(endpoint: Endpoint, text: str) -> Resource:
    said = {
        "relation": text,
        "key": ["number"],
        "fields": [{"name": "number", "column": text, "type": "string"}],
    }
    resource = Resource.objects.create(
        customer_id=endpoint.customer_id, endpoint=endpoint, slug=text, label=text, author_name=text,
        state=Resource.State.PUBLISHED, definition=said, draft=said, published_by=text,
        published_at=clock.now(), with_offset=[text], cursor={"after": [text]}, last_error=text, content=text,
    )  # fmt: skip
    ResourceStep.objects.create(
        resource=resource, actor=text, verb=text[:20], text=text, definition=said
    )
    ResourceRow.objects.create(
        resource=resource,
        actor=text,
        token=text,
        key=text,
        digest=text[:20],
        outcome=ResourceRow.Outcome.MADE,
    )
    ResourceHour.objects.create(resource=resource, hour=clock.now(), calls=1)
    return resource
