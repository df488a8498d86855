"""The resources lane: a page of what changed in one published table, told before its cursor moves."""

from integrations.domain import file_changes, resources
from integrations.domain import resource_telling as telling
from integrations.models import Endpoint, Resource
from integrations.resources import asking, changes, definition
from integrations.resources.changes import Position
from integrations.resources.relations import RowRefusedError
from portal.core import breaker, clock
from portal.core.errors import CrossdockError
from portal.jobs.kinds import Turn


def due() -> list[int]:
    """The resources to be looked at now."""
    found = Resource.objects.filter(due_at__lte=clock.now())
    return list(found.order_by("due_at").values_list("pk", flat=True))


def follow(resource_id: int) -> Turn:
    """Read one page behind the cursor, tell of it and move on, in one transaction. Returns the rows told."""
    resource = Resource.objects.select_related("endpoint").filter(pk=resource_id).first()
    if resource is None or resource.due_at is None:
        return Turn(0)
    if resource.due_at > clock.now():
        return Turn(0, resource.due_at)
    if _is_off(resource.endpoint):
        return telling.put_off(resource, telling.EVERY)
    if resources.has_files(resource.endpoint):
        return file_changes.follow(resource)
    return _follow_table(resource)


def _follow_table(resource: Resource) -> Turn:
    if breaker.from_json(resource.endpoint.breaker.get("state")).state == "open":
        return telling.put_off(resource, telling.EVERY)
    try:
        shown, client = definition.read(resource.definition), resources.client_of(resource.endpoint)
        if not resource.cursor:
            rows = client.read_rows(changes.newest(shown))
            return _move(resource, changes.Step([], changes.begin(shown, rows)), [])
        position = Position.of(resource.cursor)
        rows = client.read_rows(changes.reading(shown, position))
        step = changes.step(shown, position, rows)
        told = [
            telling.told(shown, row, client.zone, is_deleted=asking.is_deleted(row))
            for row in step.told
        ]
    except (CrossdockError, RowRefusedError) as error:
        return telling.failed(resource, str(error))
    return _move(resource, step, told)


def _is_off(endpoint: Endpoint) -> bool:
    return endpoint.state != Endpoint.State.ACTIVE or not resources.can_have(endpoint)


def _move(resource: Resource, step: changes.Step, told: list[telling.RowChanged]) -> Turn:
    position = step.position
    return telling.move(resource, told, cursor=position.kept(), again=position.within)
