"""`python -m tests.counterparts.karrio_install`: a Karrio server in an environment of its own, never in ours.

It brings its own carrier, `generic`, which has rates and labels without calling anybody. Its tables take some
minutes to be made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "2026.1.32"
PARTS = ("karrio.server", "karrio_server_manager", "karrio_server_events", "karrio_server_graph",
         "karrio_server_pricing", "karrio_server_orders", "karrio_generic")  # fmt: skip
HOME = Path(os.environ.get("CROSSDOCK_COUNTERPARTS", Path(tempfile.gettempdir()) / "counterparts"))
FOLDER = HOME / "karrio"
KARRIO = FOLDER / "v" / "bin" / "karrio"
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
    data = FOLDER / "data"
    ours = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}  # it is a Django of its own
    return {
        **{name: text for name, text in os.environ.items() if name not in ours},
        "SECRET_KEY": "of the tests",
        "WORK_DIR": str(data),
        "DATABASE_ENGINE": "sqlite3",
        "DATABASE_NAME": str(data / "db.sqlite3"),
        "DEBUG_MODE": "True",
    }


def install() -> None:
    """Make the environment, the tables and the account, unless they are there."""
    if not works():
        (FOLDER / "data").mkdir(parents=True, exist_ok=True)
        python = KARRIO.with_name("python")
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        wanted = [f"{part}=={VERSION}" for part in PARTS]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
        _karrio("migrate")
    _karrio("shell", "-c", _ACCOUNT)
    (FOLDER / "ready").touch()


def works() -> bool:
    """Whether it is there with its tables."""
    return KARRIO.exists() and (FOLDER / "ready").exists()


def _karrio(*words: str) -> None:
    subprocess.run(
        [str(KARRIO), *words], check=True, env=environment(), cwd=FOLDER, capture_output=True
    )


if __name__ == "__main__":
    install()
    print(f"Karrio {VERSION} works in {FOLDER}")
