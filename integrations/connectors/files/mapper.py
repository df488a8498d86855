"""Flat files one to one, until somebody maps them. Pure."""

from integrations.connectors.flat_files import mapper

MAPPINGS = mapper.MAPPINGS
STREAMS = mapper.STREAMS
split, read, remote_id = mapper.split, mapper.read, mapper.remote_id
