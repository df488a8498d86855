"""Recovery codes: ten to keep on paper, each of them good once."""

import hashlib
import hmac
import secrets as random
from typing import Final

from django.db import transaction

from portal.accounts.models import Person, RecoveryCode
from portal.core import clock, secrets

NUMBER: Final = 10
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none is taken for another
_LENGTH: Final = 12  # of 31 letters: 59 bits


def renew(person: Person) -> list[str]:
    """Ten new codes, to be shown once; the old ones are void."""
    codes = ["".join(random.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(NUMBER)]
    now = clock.now()
    with transaction.atomic():
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, digest=_digests(code)[0], made_at=now) for code in codes
        )
    return ["-".join(code[at : at + 4] for at in range(0, _LENGTH, 4)) for code in codes]


def use(person: Person, code: str) -> bool:
    """Whether it is one of the person's codes. It is used up then."""
    plain = "".join(one for one in code.lower() if one.isalnum())
    unused = RecoveryCode.objects.filter(
        person=person, digest__in=_digests(plain), used_at__isnull=True
    )
    return unused.update(used_at=clock.now()) == 1


def left(person: Person) -> int:
    """How many are still good."""
    return RecoveryCode.objects.filter(person=person, used_at__isnull=True).count()


def _digests(code: str) -> list[str]:
    """Under each of the installation's keys, the one in use first."""
    return [
        hmac.new(seed, code.encode(), hashlib.sha256).hexdigest()
        for seed in secrets.seeds("recovery codes")
    ]
