"""What a person enters for a warehouse that speaks our REST shape."""

from integrations.connectors import access
from integrations.connectors.connection import Setting

SETTINGS = (
    Setting(
        "url",
        "Base address",
        "What stands before /orders and the other paths, such as https://api.warehouse.example.com/v1.",
        kind="url",
        place=True,
    ),
    Setting(
        "token",
        "Token",
        "Sent as Authorization: Bearer. Not needed where a token address is entered.",
        secret=True,
        required=False,
    ),
    Setting(
        "site",
        "Site",
        "The code of the warehouse for documents that name none.",
        required=False,
        default="",
    ),
    *access.SETTINGS,
)
