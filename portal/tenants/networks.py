"""Which private networks outgoing connections may reach: what platform staff set."""

from django.conf import settings
from django.db import connection
from django_tenants.utils import get_public_schema_name, schema_context

from portal.tenants.models import AllowedNetwork


def allowed() -> list[str]:
    """The entries of the installation's settings and of the platform console.

    Asked seldom (a verdict stands for half a minute), and also from delivery threads: a connection
    opened just for this is closed again.
    """
    ours = connection.connection is None
    try:
        with schema_context(get_public_schema_name()):
            stored = list(AllowedNetwork.objects.values_list("network", flat=True))
    finally:
        if ours:
            connection.close()
    return [*settings.ALLOWED_NETWORKS, *stored]
