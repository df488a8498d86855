"""POST /api/usage/: usage events of other systems, in batches. See docs/usage-api.md."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.api.events import MOST, Batch
from billing.api.key import UsageKey
from billing.domain import accounts, intake
from billing.models import Account, UsageSource
from portal.accounts.rules import OPEN_TO_ALL
from portal.core import clock


class Parser(JSONParser):
    """JSON that is nested without end is refused like any other that is none."""

    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            return super().parse(*args, **options)
        except RecursionError:
            raise ParseError("It is nested too deeply.") from None


class UsageEvents(APIView):
    """Every event is noted once; the answer says of each that was refused why."""

    authentication_classes = [UsageKey]
    permission_classes = [AllowAny]  # the key is the permission
    parser_classes = [Parser]
    renderer_classes = [JSONRenderer]

    def post(self, request: Request) -> Response:
        events = request.data.get("events") if isinstance(request.data, dict) else None
        if not isinstance(events, list) or not 0 < len(events) <= MOST:
            error = f'Send {{"events": […]}} with 1 to {MOST} events.'
            return Response({"error": error}, status=status.HTTP_400_BAD_REQUEST)
        return Response(_take(events, request.auth))


def _take(events: list[Any], source: Any) -> dict[str, Any]:
    accounts.open_missing()
    known = dict(Account.objects.filter(customer_id__isnull=False).values_list("slug", "pk"))
    batch = Batch(events, source=source.code, accounts=known)
    noted = intake.note(batch.events)
    UsageSource.objects.filter(pk=source.pk).update(used_at=clock.now())
    refused = batch.in_place(noted.refused)
    return {
        "added": noted.added,
        "duplicates": noted.duplicates,
        "late": noted.late,
        "refused": [{"at": one.at, "error": one.text} for one in refused],
    }


usage_events = UsageEvents.as_view()
# No person signs in here: the key is asked for instead.
usage_events.required_permissions = (OPEN_TO_ALL,)  # type: ignore[attr-defined]
