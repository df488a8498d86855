"""What the environment decides, read once. Imports no Django.

Variables: DATABASE_URL (else the embedded server), CROSSDOCK_DATABASE_NAME, CROSSDOCK_DATA (folder for
keys and files),
CROSSDOCK_SECRET_KEY, CROSSDOCK_ENCRYPTION_KEYS (comma separated, first encrypts), CROSSDOCK_HOSTS,
CROSSDOCK_PORT, CROSSDOCK_DEBUG, CROSSDOCK_WORKERS, CROSSDOCK_REDIS_URL, CROSSDOCK_ALLOWED_NETWORKS,
CROSSDOCK_EMAIL_URL, CROSSDOCK_EMAIL_FROM, CROSSDOCK_EDGE, CROSSDOCK_EDGE_ADDRESSES, CROSSDOCK_DNS,
CROSSDOCK_TLS_ASK_FROM, CROSSDOCK_ALLOWED_FILES (files and folders of this machine that an endpoint's
database or files may be in; {partner} in one is the partner's schema).
"""

import base64
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
APP_ROLE = "crossdock_app"
CUSTOMER_ROLE = "crossdock_customer"
LIMITED_ROLE = "crossdock_limited"
# Ten times the default, with which workers are started for questions that are answered sooner without.
_PARALLEL_SETUP_COST = 10_000
OWNER_COMMANDS = frozenset(
    {
        "migrate",
        "migrate_schemas",
        "migrate_partners",
        "makemigrations",
        "open_partner",
        "sqlmigrate",
        "flush",
    }
)

NO_DATABASE_COMMANDS = frozenset({"edi", "translate"})


class UnfitSettingError(ValueError):
    """A variable holds what cannot be meant; the message names it and says what to do."""


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes and on mean yes."""
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def listing(name: str, default: str = "") -> list[str]:
    """A comma separated variable as a list without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def data_folder() -> Path:
    """Where keys and files of this installation live."""
    folder = Path(os.environ.get("CROSSDOCK_DATA", ROOT / ".data"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_secret(variable: str, file_name: str) -> str:
    """The secret in `variable`, or one made on the first start and kept in the data folder."""
    if value := os.environ.get(variable):
        return value
    path = data_folder() / file_name
    if not path.exists():
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(made)
    return path.read_text()


def choose_database_role(argv: list[str]) -> None:
    """Commands that change tables run as their owner; everything else as a role that owns nothing."""
    if len(argv) > 1 and argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("CROSSDOCK_DATABASE_ROLE", "owner")
    if len(argv) > 1 and argv[1] in NO_DATABASE_COMMANDS:
        os.environ["CROSSDOCK_DATABASE_ROLE"] = "none"


def database_url() -> str:
    """DATABASE_URL, or the embedded server's after starting it."""
    if url := os.environ.get("DATABASE_URL"):
        if not url.startswith(("postgresql://", "postgres://")):
            raise UnfitSettingError(
                "DATABASE_URL has to start with postgresql://, such as"
                " postgresql://crossdock@db.example/crossdock. Other databases are not used."
            )
        return url
    from portal import embedded

    return embedded.url(name=os.environ.get("CROSSDOCK_EMBEDDED", "main"))


def database(*, owner: bool | None = None) -> dict[str, Any]:
    """Django's DATABASES entry. Not the owner unless asked: see design, tenancy."""
    role = os.environ.get("CROSSDOCK_DATABASE_ROLE")
    if role == "none":
        return {"ENGINE": "django.db.backends.dummy"}
    if owner is None:
        owner = role == "owner"
    parts = urlsplit(database_url())
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {key: query[key] for key in query if key not in {"host", "port"}}
    if not owner:
        options["options"] = f"-c role={APP_ROLE} -c parallel_setup_cost={_PARALLEL_SETUP_COST}"
    return {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": os.environ.get("CROSSDOCK_DATABASE_NAME") or parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": query.get("port") or str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
