"""What an export does not hold: secrets, and what is of no use anywhere else."""

from collections.abc import Mapping
from typing import Final

# Whole tables: nobody can sign in elsewhere with these, and nobody shall.
TABLES: Final[Mapping[str, str]] = {
    "accounts_authenticator": "secrets of authenticator apps",
    "accounts_keptanswer": "answers to programs, kept for a day",
    "accounts_passkey": "passkeys, which work at this host only",
    "accounts_recoverycode": "recovery codes",
    "accounts_session": "who is signed in now",
    "accounts_tries": "who tried to sign in, kept for a short while",
    "integrations_bite": "what a worker has in hand",
    "monitoring_lease": "who has a case in hand",
}
# Columns: the row is there without them.
COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("accounts_apitoken", "digest"): "of a token",
    ("accounts_invitation", "digest"): "of an invitation's link",
    ("accounts_person", "password"): "the hash of a password",
    ("accounts_provider", "sealed"): "the secret of a provider of sign-ins",
    ("billing_usagesource", "hash"): "of a key",
    ("integrations_authorisation", "sealed"): "tokens of another system",
    ("integrations_endpoint", "secrets"): "credentials of another system",
    ("integrations_endpoint", "breaker"): "what the running connection does",
    ("integrations_secretlink", "digest"): "of a link",
    ("monitoring_alertchannel", "secrets"): "credentials of another system",
    ("monitoring_alertmessage", "link"): "a link that acknowledges",
    ("monitoring_alertmessage", "link_hash"): "of a link",
    ("monitoring_noticemail", "digest"): "of a link",
    ("monitoring_casequestion", "digest"): "of a link",
    ("support_handover", "digest"): "of a link",
    ("webhooks_webhook", "secrets"): "keys that webhooks are signed with",
    ("tenants_domainclaim", "token"): "what proves a domain",
    ("tenants_mailserver", "sealed"): "the password of a mail server",
}
# Bytes that stand in the archive as files of their own.
AS_FILES: Final = ("integrations_payload", "body")


def of_table(table: str) -> list[str]:
    """The columns of a table that are left out."""
    return sorted(column for named, column in COLUMNS if named == table)
