import pytest

from portal.pages.brand_scan.advice import advice
from portal.pages.brand_scan.surface import Leak

pytestmark = pytest.mark.pure


def leak(channel: str = "staff", kind: str = "word", found: str = "Crossdock") -> Leak:
    return Leak(channel, "/x/", "text", kind, found, f"by {found}")


@pytest.mark.parametrize(
    ("given", "own_words", "told"),
    [
        (leak(), "", "part of the software"),
        (leak(), "We run Crossdock", "You wrote it yourselves"),
        (leak(), "across the docks", "part of the software"),
        (leak("mails", "host", "platform.net"), "", "under House, Mail"),
        (leak("staff", "host", "platform.net"), "", "under House, Domains"),
        (leak("files", "picture", "the platform’s picture"), "", "under Brand"),
    ],
)
def test_each_kind_of_leak_is_told_with_what_to_do(given: Leak, own_words: str, told: str) -> None:
    assert told in advice(given, own_words=own_words)
