"""What happens to support access when something happens below."""

from django_tenants.utils import schema_context

from portal.core.events import subscribe
from portal.support.domain import states
from portal.tenants import lifecycle
from portal.tenants.life import PartnerTurned


@subscribe(PartnerTurned)
def close_with_the_site(event: PartnerTurned) -> None:
    """Whoever acts at a partner that is suspended or archived does not go on once it is open again."""
    if event.state in (lifecycle.SUSPENDED, lifecycle.ARCHIVED):
        with schema_context(event.schema):
            states.end_all(how="the site was closed")
