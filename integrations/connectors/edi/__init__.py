"""Trading partners, buyers and suppliers, that speak X12 or EDIFACT in files."""

from integrations.connectors.connector import Connector
from integrations.connectors.edi import mapper
from integrations.connectors.edi.agreement import answers_orders
from integrations.connectors.edi.envelope import envelope
from integrations.connectors.edi.manifest import MANIFEST
from integrations.connectors.edi.settings import SETTINGS
from integrations.connectors.edi_files.account import account_of
from integrations.connectors.edi_files.client import FilesClient

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=FilesClient,
    envelope=envelope,
    answers_orders=answers_orders,
)
