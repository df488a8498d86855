"""The conversation with the place that was entered."""

from integrations.connectors.flat_files.clients import client

__all__ = ["client"]
