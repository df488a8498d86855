"""Publishing tables and views of an endpoint as resources: written by one person, let through by another."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from integrations.connectors import registry
from integrations.connectors.client import HasRelations
from integrations.domain import approval, clients
from integrations.domain.configuration import EndpointConfig, endpoint_config
from integrations.domain.file_tables import FileTables
from integrations.models import Endpoint, Resource, ResourceStep
from integrations.models.resource import RESOURCE_SLUG
from integrations.resources import definition, fitting
from integrations.resources.definition import Definition, DefinitionError
from integrations.resources.relations import Procedure, Relation
from portal.core import clock
from portal.jobs import lanes

LANE = "resources"
State = Resource.State
_NEW = "new"


class ResourceRefusedError(ValueError):
    """It cannot be done so; the text says why and what to do instead."""


def can_have(endpoint: Endpoint) -> bool:
    """Whether the endpoint's kind of system has tables, or kinds of files, that can be published."""
    return bool(registry.get(endpoint.connector).manifest.capabilities & {"resources", "tables"})


def has_files(endpoint: Endpoint) -> bool:
    """Whether what is published of the endpoint are files that come, and no tables that can be asked."""
    return "tables" in registry.get(endpoint.connector).manifest.capabilities


def config_of(endpoint: Endpoint) -> EndpointConfig:
    """The endpoint, ready to use."""
    return endpoint_config(endpoint)


def client_of(endpoint: Endpoint, resource: Resource | None = None) -> HasRelations:
    """The database or the files behind an endpoint that `can_have` resources. Rows of files are those of one
    resource."""
    if has_files(endpoint):
        return FileTables(config_of(endpoint), resource)
    return clients.relating(config_of(endpoint))


def checked(endpoint: Endpoint, given: Any) -> tuple[Definition, list[str]]:
    """The definition, looked at beside what the system has, and its columns that keep times with their
    offset. DefinitionError says what does not fit; the recovery errors when the database cannot be asked."""
    found, client = definition.read(given), client_of(endpoint)
    relation = client.relation(found.relation)
    procedure = _procedure(client, found)
    faults = fitting.faults(found, relation, procedure)
    if not faults and isinstance(client, FileTables):
        faults = client.faults(found)
    if faults:
        raise DefinitionError(*faults)
    return found, _with_offset(relation, procedure)


def _procedure(client: HasRelations, found: Definition) -> Procedure | None:
    name = found.create.procedure if found.create else ""
    return next((one for one in client.procedures() if one.name == name), None) if name else None


def _with_offset(relation: Relation | None, procedure: Procedure | None) -> list[str]:
    columns = [*(relation.columns if relation else ()), *(procedure.takes if procedure else ())]
    return sorted({one.name for one in columns if one.with_offset})


@transaction.atomic
def begin(
    endpoint: Endpoint, *, slug: str, label: str, draft: Mapping[str, Any], author: Any
) -> Resource:
    """A first draft; callers see nothing of it. ResourceRefusedError for a name that is taken or unfit."""
    if not can_have(endpoint):
        raise ResourceRefusedError(f"{endpoint.label} has nothing that could be published.")
    if slug == _NEW:
        raise ResourceRefusedError(
            "This short name stands for the page of a new one. Choose another."
        )
    if not RESOURCE_SLUG.regex.fullmatch(slug) or not label.strip():  # type: ignore[union-attr]
        raise ResourceRefusedError(f"It needs a name and a short name. {RESOURCE_SLUG.message}")
    try:
        with transaction.atomic():
            made = Resource.objects.create(
                customer_id=endpoint.customer_id, endpoint=endpoint, slug=slug,
                label=label.strip()[:80], draft=dict(draft), author=author,
                author_name=author.name[:80],
            )  # fmt: skip
    except IntegrityError:
        raise ResourceRefusedError(f"{endpoint.label} has a resource {slug} already.") from None
    note(made, author.name, "begun")
    return made


@transaction.atomic
def save(
    resource_id: int, draft: Mapping[str, Any], *, label: str, edition: int, author: Any
) -> Resource:
    """Keep what was written over `edition`. What is published stays as it is.

    Whoever saves is the author of all of it, and somebody else publishes it.
    """
    found = _locked(resource_id)
    if found.edition != edition:
        raise ResourceRefusedError("Not saved: it was changed in another window. Load it again.")
    found.draft, found.edition = dict(draft), edition + 1
    found.label = label.strip()[:80] or found.label
    found.author, found.author_name = author, author.name[:80]
    found.save(update_fields=["draft", "edition", "label", "author", "author_name"])
    note(found, author.name, "saved")
    return found


def publish(resource_id: int, *, actor: Any, edition: int) -> Resource:
    """Let the draft that `actor` has read hold for callers, from now on and as a whole.

    ResourceRefusedError where a second person has to do it, DefinitionError where the database has changed.
    """
    looked_at = Resource.objects.select_related("endpoint", "customer").get(pk=resource_id)
    if why := why_not_published(looked_at, actor):
        raise ResourceRefusedError(why)
    found, with_offset = checked(looked_at.endpoint, looked_at.draft)
    with transaction.atomic():
        resource = _locked(resource_id)
        if resource.edition != edition or looked_at.edition != edition:
            raise ResourceRefusedError("It was changed after you opened it. Read it again.")
        _put_live(resource, found, with_offset, actor=actor.name)
        lanes.wake(LANE, str(resource.pk))
    return resource


def why_not_published(resource: Resource, person: Any) -> str:
    """Why this person cannot publish the draft, in a sentence; blank where they can."""
    if resource.draft is None:
        return "There is no draft to publish."
    is_own = resource.author_id == person.pk
    if is_own and approval.by_two(resource.customer, approval.RESOURCE):
        return "Somebody else has to publish what you wrote: it opens a system to callers."
    return ""


def _put_live(resource: Resource, found: Definition, with_offset: list[str], *, actor: str) -> None:
    before = definition.read(resource.definition) if resource.definition else None
    if before is None or resource.state != State.PUBLISHED or _followed(before) != _followed(found):
        resource.cursor = {}
    if before is None or before.relation != found.relation:
        resource.content = ""
    if "telling" in resource.cursor:  # told by the old definition: begin again with that file
        resource.cursor = {name: resource.cursor.get(name, "") for name in ("message", "file")}
    resource.definition, resource.draft = resource.draft, None
    resource.with_offset, resource.state = with_offset, State.PUBLISHED
    resource.published_at, resource.published_by = clock.now(), actor[:80]
    resource.retired_at, resource.failures, resource.last_error = None, 0, ""
    is_followed = found.changed_by or has_files(resource.endpoint)
    resource.due_at = clock.now() if is_followed else None
    resource.edition += 1
    resource.save()
    note(resource, actor, "published", definition_=resource.definition)


def _followed(one: Definition) -> tuple[Any, ...]:
    """What makes the place in a table another place."""
    keys = tuple(field.column for field in one.key_fields)
    return one.relation, one.changed_by, keys


@transaction.atomic
def retire(resource_id: int, *, actor: str) -> Resource:
    """Answer nobody any more and tell of no change. Its definition becomes a draft, to be published again."""
    resource = _locked(resource_id)
    if resource.state != State.PUBLISHED:
        raise ResourceRefusedError(f"{resource.label} is {resource.get_state_display()}.")
    resource.state, resource.retired_at, resource.due_at = State.RETIRED, clock.now(), None
    resource.draft = resource.draft or resource.definition
    resource.definition, resource.content, resource.cursor = None, "", {}
    resource.edition += 1
    resource.save()
    note(resource, actor, "retired")
    return resource


def note(
    resource: Resource, actor: str, verb: str, text: str = "", *, definition_: Any = None
) -> None:
    """Write a step to the resource's history."""
    ResourceStep.objects.create(
        resource=resource, actor=actor[:80], verb=verb, text=text[:300], definition=definition_
    )


def _locked(resource_id: int) -> Resource:
    return Resource.objects.select_for_update(of=("self",)).get(pk=resource_id)
