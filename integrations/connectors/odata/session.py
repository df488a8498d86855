"""The token against forged requests that SAP's gateway wants with every change, and its session.

It is fetched by a GET with `x-csrf-token: Fetch`, is good only with the cookies that come along, and
ends with the session: a change is then refused with 403 and `x-csrf-token: Required`, without effect.
"""

import re
import threading
from collections.abc import Callable, Mapping
from typing import Final

from portal.core.response import Response

TOKEN: Final = "x-csrf-token"  # noqa: S105 - the name of a header
_FETCH: Final = {TOKEN: "Fetch"}
# Several cookies come joined by commas, and the dates in them hold commas too.
_COOKIE: Final = re.compile(r"(?:^|,)\s*([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100})=([^;,\s]{0,4000})")


class CsrfSession:
    """One session. Safe from any thread. `fetch` sends the GET with the headers it is given, and raises
    for an answer that is not good. No representation shows the token or a cookie."""

    def __init__(self, fetch: Callable[[Mapping[str, str]], Response]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._headers: Mapping[str, str] | None = None

    def headers(self) -> Mapping[str, str]:
        """What a change carries. A system that gives no token wants none."""
        with self._lock:
            if self._headers is None:
                self._headers = _carried(self._fetch(_FETCH))
            return self._headers

    def drop(self, refused: Mapping[str, str]) -> None:
        """Forget a session that the system ended, unless there is another by now."""
        with self._lock:
            if self._headers is refused:
                self._headers = None

    def __repr__(self) -> str:
        return "CsrfSession()"


def is_required(answer: Response) -> bool:
    """Whether a change was refused for want of a good token."""
    return answer.status == 403 and (answer.header(TOKEN) or "").lower() == "required"


def _carried(answer: Response) -> dict[str, str]:
    token = answer.header(TOKEN) or ""
    cookies = "; ".join(
        f"{name}={value}" for name, value in _COOKIE.findall(answer.header("Set-Cookie") or "")
    )
    return {name: value for name, value in ((TOKEN, token), ("Cookie", cookies)) if value}
