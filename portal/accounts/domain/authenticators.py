"""Apps that show codes: adding one, and checking what it shows."""

from base64 import b64encode
from io import BytesIO
from typing import Final, NamedTuple

import pyotp
import segno

from portal.accounts.models import Authenticator, Person
from portal.core import clock, secrets
from portal.core.secrets import Secret

SECONDS: Final = 30
_AROUND: Final = (0, -1, 1)  # a phone's clock may be one step off


class Offered(NamedTuple):
    """What a person enters into their app: the secret in groups of four, and the same as a picture (an
    SVG as a data address) and as an address for the app on the same phone."""

    typed: str
    picture: str
    url: str


def new_secret() -> Secret:
    """160 bits in base32."""
    return Secret(pyotp.random_base32())


def offer(secret: Secret, *, account: str, issuer: str) -> Offered:
    """How `secret` gets into an app. `issuer`: the site's name, which the app shows beside the code."""
    text = secret.reveal()
    url = pyotp.TOTP(text).provisioning_uri(name=account, issuer_name=issuer)
    return Offered(" ".join(text[at : at + 4] for at in range(0, len(text), 4)), _picture(url), url)


def _picture(url: str) -> str:
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4, border=2, light="#fff", dark="#000")
    return f"data:image/svg+xml;base64,{b64encode(out.getvalue()).decode()}"


def add(person: Person, secret: Secret, code: str) -> bool:
    """Make it the person's app, in place of another, if `code` is what it shows now."""
    step = _step(secret, code)
    if step is None:
        return False
    Authenticator.objects.filter(person=person).delete()
    Authenticator.objects.create(
        person=person,
        secret=secrets.encrypt({"secret": secret}),
        step=step,
        added_at=clock.now(),
    )
    return True


def use(person: Person, code: str) -> bool:
    """Whether `code` is what the person's app shows. It is used up then, and so is every older one."""
    app = Authenticator.objects.filter(person=person).first()
    step = app and _step(secrets.decrypt(bytes(app.secret))["secret"], code)
    if not app or step is None:
        return False
    unused = Authenticator.objects.filter(pk=app.pk, step__lt=step)
    return unused.update(step=step, used_at=clock.now()) == 1


def remove(person: Person) -> None:
    """Forget the app."""
    for app in Authenticator.objects.filter(person=person):
        app.delete()  # one by one: the audit trail sees it


def _step(secret: Secret, code: str) -> int | None:
    """The time step whose code it is, of those around now."""
    totp, now = pyotp.TOTP(secret.reveal(), interval=SECONDS), clock.now()
    found = None
    for offset in _AROUND:  # all of them: the time it takes says nothing
        if pyotp.utils.strings_equal(totp.at(now, counter_offset=offset), code):
            found = totp.timecode(now) + offset
    return found
