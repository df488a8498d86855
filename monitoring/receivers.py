"""What the floors below tell: problems that opened or closed, endpoints that went or came back."""

from datetime import timedelta

from django_tenants.utils import get_public_schema_name

from integrations.domain.health import EndpointDown, EndpointUp
from integrations.domain.messages import DocumentsMoved
from integrations.domain.problems import ProblemsClosed, ProblemsOpened
from monitoring.domain import alerts, counting, notices, objectives, opening, outages
from portal.core import clock
from portal.core.events import subscribe
from portal.customers.promises import PromisesMade
from portal.jobs import lanes
from portal.tenants.mailing import MailServerTurned
from portal.tenants.opening import PartnerOpened

LANES = (
    "desk", "legs", "expect", "expect_learn", "measure", "recon_clock", "statements", "books", "certificates",
    alerts.LANE, alerts.WATCH_LANE, notices.LANE,
)  # fmt: skip
LEGS_AFTER = timedelta(seconds=2)


@subscribe(ProblemsOpened)
def open_cases(event: ProblemsOpened) -> None:
    opening.open_for(event.opened, taken_back=event.taken_back)


@subscribe(ProblemsClosed)
def recount_cases(event: ProblemsClosed) -> None:
    counting.recount(event.fingerprints, actor=event.actor, cause=event.cause)


@subscribe(EndpointDown)
def open_endpoint_case(event: EndpointDown) -> None:
    opening.endpoint_down(event)
    outages.began(event)


@subscribe(EndpointUp)
def close_endpoint_case(event: EndpointUp) -> None:
    opening.endpoint_up(event.endpoint_id)
    outages.ended(event)


@subscribe(DocumentsMoved)
def follow_orders(_: DocumentsMoved) -> None:
    lanes.wake("legs", at=clock.now() + LEGS_AFTER)


@subscribe(MailServerTurned)
def look_at_mail_server(event: MailServerTurned) -> None:
    if event.schema != get_public_schema_name():
        lanes.wake(alerts.WATCH_LANE)


@subscribe(PromisesMade)
def count_in_new_hours(event: PromisesMade) -> None:
    objectives.follow_hours(event.customer_id, actor=event.actor)


@subscribe(PartnerOpened)
def begin_ticking(event: PartnerOpened) -> None:
    if event.schema != get_public_schema_name():
        for lane in LANES:
            lanes.begin(lane, schema=event.schema)
