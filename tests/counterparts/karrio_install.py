"""Karrio, with its own carrier `generic`, which has rates and labels without calling anybody."""

import os
from pathlib import Path

from tests.counterparts.installing import PythonPackages, run

VERSION = "2026.1.32"
PARTS = ("karrio.server", "karrio_server_manager", "karrio_server_events", "karrio_server_graph",
         "karrio_server_pricing", "karrio_server_orders", "karrio_generic")  # fmt: skip
TOKEN = "key_0123456789abcdef0123456789abcdef"
_ACCOUNT = f"""
from django.contrib.auth import get_user_model
from karrio.server.user.models import Token
users = get_user_model().objects
user = users.filter(email="ada@example.com").first() or users.create_superuser("ada@example.com", "x")
Token.objects.filter(user=user).delete()
Token.objects.create(user=user, key="{TOKEN}", test_mode=True)
"""


def environment() -> dict[str, str]:
    """What the server is started with."""
    data = COUNTERPART.folder / "data"
    ours = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}  # it is a Django of its own
    return {
        **{name: text for name, text in os.environ.items() if name not in ours},
        "SECRET_KEY": "of the tests",
        "WORK_DIR": str(data),
        "DATABASE_ENGINE": "sqlite3",
        "DATABASE_NAME": str(data / "db.sqlite3"),
        "DEBUG_MODE": "True",
    }


def build() -> None:
    """Make its tables, which takes some minutes, and the account."""
    (COUNTERPART.folder / "data").mkdir(exist_ok=True)
    for words in (("migrate",), ("shell", "-c", _ACCOUNT)):
        run(COUNTERPART.program("karrio"), *words, env=environment(), cwd=COUNTERPART.folder)
    _ready().touch()


def _ready() -> Path:
    return COUNTERPART.folder / "ready"


COUNTERPART = PythonPackages(
    name="karrio",
    version=VERSION,
    quick=False,
    packages=tuple(f"{part}=={VERSION}" for part in PARTS),
    imports=("karrio.server",),
    prepare=build,
    is_prepared=lambda: _ready().exists(),
)
FOLDER = COUNTERPART.folder
KARRIO = Path(COUNTERPART.program("karrio"))
