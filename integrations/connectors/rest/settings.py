"""What a person enters for a system that is described."""

from integrations.connectors import access
from integrations.connectors.connection import Setting
from integrations.connectors.described import description

SETTINGS = (
    Setting(
        "url",
        "Base address",
        "What stands before every path of the description, such as https://api.example.com/v1.",
        kind="url",
        place=True,
    ),
    Setting(
        "description",
        "Description",
        "YAML: how calls show who we are, which lists are polled, how documents are written and what"
        " errors mean. The how-to “Describe a REST system” has one to begin with.",
        kind="document",
        check=description.complaint,
    ),
    Setting(
        "token",
        "Token or key",
        "Sent as the description's `auth` says.",
        secret=True,
        required=False,
    ),
    Setting(
        "user",
        "User name",
        "For Basic authentication.",
        secret=True,
        required=False,
    ),
    Setting(
        "password",
        "Password",
        "For Basic authentication.",
        secret=True,
        required=False,
    ),
    *access.SETTINGS,
)
