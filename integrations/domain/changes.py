"""Telling the pipeline and the door that configuration changed."""

from django.db import connection, transaction
from django.db.models import F

from portal.customers.models import Customer
from portal.tenants.current import current_schema

DOOR_CHANNEL = "crossdock_config"


def touch(customer_id: int | None) -> None:
    """Note a change for one customer, or for all when it concerns the whole partner."""
    customers = Customer.objects.all()
    if customer_id is not None:
        customers = customers.filter(pk=customer_id)
    customers.update(config_version=F("config_version") + 1)
    schema = current_schema()
    tell_door(schema)


def tell_door(schema: str) -> None:
    """What the door knows of a partner is no longer so, once the transaction is through."""
    transaction.on_commit(lambda: _tell_door(schema))


def _tell_door(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [DOOR_CHANNEL, schema])
