"""The files of a warehouse, with columns called as our fields. Pure."""

from typing import Final

from integrations.connectors.connector import Mappings
from integrations.connectors.flat_files import mapper

READS: Final = ("adjustment", "inventory", "receipt", "return", "shipment")
WRITES: Final = ("inbound_shipment", "order", "product")
MAPPINGS: Mappings = {
    (object_type, direction): rows
    for (object_type, direction), rows in mapper.MAPPINGS.items()
    if object_type in (READS if direction == "in" else WRITES)
}
STREAMS = mapper.STREAMS
split, read, remote_id = mapper.split, mapper.read, mapper.remote_id
