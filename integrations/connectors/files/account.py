"""Which account of which system a connection means. Pure."""

from integrations.connectors.flat_files.places import account_of

__all__ = ["account_of"]
