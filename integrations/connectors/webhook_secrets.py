"""The secret that a sender signs webhooks with, and the old one that passes while it is changed."""

from integrations.connectors.connection import Connection, Setting

_NAME = "webhook_secret"
_OLD_NAME = "webhook_secret_old"


def settings(help_text: str) -> tuple[Setting, Setting]:
    """The two fields a person fills in; `help_text` says where the system has the secret."""
    return (
        Setting(_NAME, "Webhook secret", help_text, secret=True, required=False, stays=True),
        Setting(
            _OLD_NAME,
            "Old webhook secret",
            "Still taken while the secret is being changed. Empty it afterwards.",
            secret=True,
            required=False,
            stays=True,
            seldom=True,
        ),
    )


def of(connection: Connection) -> list[str]:
    """Those that were entered, the current one first."""
    entered = (connection.secrets.get(name) for name in (_NAME, _OLD_NAME))
    return [secret.reveal() for secret in entered if secret]
