"""What the floor below tells: problems that opened or closed, endpoints that went or came back."""

from integrations.domain.health import EndpointDown, EndpointUp
from integrations.domain.problems import ProblemsClosed, ProblemsOpened
from monitoring.domain import cases
from portal.core.events import subscribe


@subscribe(ProblemsOpened)
def open_cases(event: ProblemsOpened) -> None:
    cases.open_for(event.opened)


@subscribe(ProblemsClosed)
def recount_cases(event: ProblemsClosed) -> None:
    cases.recount(event.fingerprints, actor=event.actor, cause=event.cause)


@subscribe(EndpointDown)
def open_endpoint_case(event: EndpointDown) -> None:
    cases.endpoint_down(event)


@subscribe(EndpointUp)
def close_endpoint_case(event: EndpointUp) -> None:
    cases.endpoint_up(event.endpoint_id)
