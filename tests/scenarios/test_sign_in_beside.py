"""Many tries at once: the database counts them one after the other, in however many processes."""

import pytest

from portal.accounts.domain import lockout
from portal.accounts.domain.lockout import LockedError, Tried, WrongError
from portal.accounts.models import Tries
from tests.scenarios.passes import side_by_side

pytestmark = pytest.mark.db
AT_ONCE = 12


@pytest.fixture
def _swept(site):
    yield
    Tries.objects.all().delete()


@pytest.mark.usefixtures("_swept")
def test_of_twelve_wrong_tries_at_once_five_are_looked_at():
    looked, refused = [], []

    def attempt() -> None:
        try:
            lockout.checked(Tried("192.0.2.1", "beside@kestrel.test"), lambda: looked.append(1))
        except LockedError:
            refused.append(1)
        except WrongError:
            pass

    side_by_side(*[attempt] * AT_ONCE)
    assert (len(looked), len(refused)) == (5, 7)
