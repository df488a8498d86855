"""What a person enters."""

from integrations.connectors.flat_files.settings import SETTINGS

__all__ = ["SETTINGS"]
