"""Mails leave by one way, which knows whose server they go through."""

import re

import pytest

from portal import env

pytestmark = pytest.mark.pure
_AROUND = re.compile(
    r"from portal\.core import (?:.*\b)?mail\b|portal\.core\.mail import .*\bsend|django\.core\.mail import"
)
_WAY = {"portal/core/mail.py", "portal/core/smtp.py", "portal/tenants/mailing/sending.py"}


def test_nothing_sends_a_mail_around_the_partners_own_server():
    found = {
        str(file.relative_to(env.ROOT))
        for folder in ("portal", "integrations", "monitoring", "billing")
        for file in (env.ROOT / folder).rglob("*.py")
        if _AROUND.search(file.read_text())
    }
    assert found <= _WAY
    assert "portal/tenants/mailing/sending.py" in found
