"""A token, or the session of a browser with its CSRF token."""

from typing import Any

from rest_framework.authentication import CSRFCheck, SessionAuthentication
from rest_framework.request import Request

from portal.api.problems import ProblemError


class TokenOrSession(SessionAuthentication):
    """The middleware knows who asks; what is left is that another site's page cannot."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        asked = request._request
        if token := getattr(asked, "api_token", None):
            return asked.user, token
        if not asked.user.is_authenticated:
            return None
        self.enforce_csrf(asked)
        return asked.user, None

    def enforce_csrf(self, request: Any) -> None:
        check = CSRFCheck(lambda _: None)  # type: ignore[arg-type, return-value]
        check.process_request(request)
        if check.process_view(request, None, (), {}):
            raise ProblemError("forged")

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
