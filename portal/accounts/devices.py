"""What a browser calls itself, in words that its owner recognises."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_SCRIPT: Final = gettext_noop("A script")
# The first that fits: every browser claims to be the ones before it, too.
_BROWSERS: Final = (
    (r"\bEdgA?/|\bEdgiOS/", "Edge"),
    (r"\bOPR/|\bOPT/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrome/|\bCriOS/|\bHeadlessChrome/", "Chrome"),
    (r"\bVersion/[\d.]+ .*Safari/", "Safari"),
    (r"\bcurl/|\bpython-requests/", _SCRIPT),
)
_SYSTEMS: Final = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMacintosh\b|\bMac OS X\b", "Mac"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b", "Linux"),
)


def in_words(agent: str) -> str:
    """ "Firefox on Windows"; "Unknown browser" for what says nothing we know."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if browser == _SCRIPT:
        browser = _(browser)
    if not browser:
        return _("A browser on %(system)s") % {"system": system} if system else _("Unknown browser")
    return (
        _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
        if system
        else browser
    )


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for pattern, word in known if re.search(pattern, agent)), "")
