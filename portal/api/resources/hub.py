"""What all addresses of the hub share: they answer the key of an application, and nobody else."""

from django.http import Http404

from integrations.domain import applications
from integrations.domain.applications import Application
from portal.api.base import Resource, customer_of
from portal.api.problems import ProblemError

_NO_APPLICATION = (
    "This token is not the key of an application. Make one for the application itself."
)


class HubResource(Resource):
    """Works for the application whose key was shown."""

    tokens_only = True

    def application(self) -> Application:
        """The application that asks. One that was removed is not there any more."""
        endpoint_id = getattr(self.request.auth, "endpoint_id", None)
        if endpoint_id is None:
            raise ProblemError("not-allowed", _NO_APPLICATION)
        found = applications.find(endpoint_id, customer_of(self.request))
        if found is None:
            raise Http404
        return found
