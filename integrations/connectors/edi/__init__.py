"""Trading partners, buyers and suppliers, that speak X12 or EDIFACT, in files or AS2 messages."""

from integrations.connectors.connector import Connector
from integrations.connectors.edi import mapper
from integrations.connectors.edi.account import account_of
from integrations.connectors.edi.agreement import answers_orders
from integrations.connectors.edi.client import agreement_of, authorises, client_of, streams_of
from integrations.connectors.edi.envelope import envelope, file_kind
from integrations.connectors.edi.manifest import MANIFEST
from integrations.connectors.edi.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client_of,
    as2=agreement_of,
    streams_of=streams_of,
    envelope=envelope,
    file_kind=file_kind,
    authorises=authorises,
    answers_orders=answers_orders,
)
