"""What a person enters for an application: nothing. Its key is made under API tokens."""

from integrations.connectors.connection import Setting

SETTINGS: tuple[Setting, ...] = ()
