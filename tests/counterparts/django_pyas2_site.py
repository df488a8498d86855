"""A partner's site that runs django-pyas2, in an environment of its own: settings, addresses and commands.

`python django_pyas2_site.py prepare '<json>'` makes its database, itself and us as its partner;
`... sent` prints what became of what it sent, `... inbox` what it took; `gunicorn django_pyas2_site:site()`
serves it. All in the folder AS2_FOLDER.
"""

import json
import os
import sys
from pathlib import Path

FOLDER = Path(os.environ["AS2_FOLDER"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_pyas2_site")

SECRET_KEY = "a counterpart's"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "pyas2.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.admin",
    "django.contrib.messages",
    "django.contrib.sessions",
    "pyas2",
]
# Its admin pages are not served here.
SILENCED_SYSTEM_CHECKS = [
    "admin.E402", "admin.E404", "admin.E408", "admin.E409", "admin.E410", "admin.W411",
]  # fmt: skip
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "site.sqlite3"}}
# Not PYAS2["DATA_DIR"]: absolute paths are suspicious to Django, and senders see a bare 400.
MEDIA_ROOT = FOLDER / "media"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
PYAS2 = {"MDN_URL": os.environ.get("AS2_MDN_URL", "")}


def site():
    """The application gunicorn serves."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def prepare(wanted):
    """A database with one organisation and one partner."""
    from django.core.management import call_command
    from pyas2.models import Organization, Partner, PrivateKey, PublicCertificate

    call_command("migrate", verbosity=0)
    key = PrivateKey.objects.create(name="theirs", key=wanted["key"].encode(), key_pass="")
    certificate = PublicCertificate.objects.create(
        name="ours", certificate=wanted["certificate"].encode(), verify_cert=False
    )
    Organization.objects.create(
        name="Them", as2_name=wanted["theirs"], encryption_key=key, signature_key=key
    )
    Partner.objects.create(
        name="Us", as2_name=wanted["ours"], target_url=wanted["url"], encryption="aes_256_cbc",
        encryption_cert=certificate, signature="sha256", signature_cert=certificate, mdn=True,
        mdn_mode="SYNC", mdn_sign="sha256", keep_filename=True,
    )  # fmt: skip
    return {}


def change(fields):
    """Change how it speaks to us."""
    from pyas2.models import Partner

    Partner.objects.update(**fields)
    return {}


def sent(_):
    """State and words of each message it sent, the newest last."""
    return _messages("OUT")


def inbox(_):
    """The same of what came, with the payload of what it took."""
    return _messages("IN")


def _messages(direction):
    from pyas2.models import Message

    return [
        {"id": m.message_id, "state": m.status, "words": m.detailed_status or "",
         "payload": m.payload.open().read().decode("latin-1") if m.payload else ""}
        for m in Message.objects.filter(direction=direction).order_by("pk")
    ]  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    given = json.loads(sys.argv[2]) if len(sys.argv) > 2 else None
    verbs = {"prepare": prepare, "change": change, "sent": sent, "inbox": inbox}
    print(json.dumps(verbs[sys.argv[1]](given)))
