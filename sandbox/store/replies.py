"""Answers in WooCommerce's shapes: errors and pages."""

from typing import Any
from urllib.parse import urlencode

from sandbox.web import Request, Response, json_response


class ApiError(Exception):
    """An error that the API answers in WordPress' JSON form."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "data": {"status": self.status}}

    def response(self) -> Response:
        return json_response(self.as_dict(), status=self.status)


def bad_parameter(name: str) -> ApiError:
    return ApiError(400, "rest_invalid_param", f"Invalid parameter(s): {name}")


def number(request: Request, name: str, *, default: int, most: int) -> int:
    raw = request.query.get(name, str(default))
    if not raw.isdigit() or not 1 <= int(raw) <= most:
        raise bad_parameter(name)
    return int(raw)


def page_response(
    request: Request, bodies: list[str], *, total: int, page: int, per_page: int
) -> Response:
    """A list page from ready JSON texts, with totals and Link headers as WordPress sends them."""
    pages = -(-total // per_page)
    links = []
    if page > 1:
        links.append(_link(request, min(page - 1, pages), "prev"))
    if page < pages:
        links.append(_link(request, page + 1, "next"))
    headers = [
        ("Content-Type", "application/json; charset=UTF-8"),
        ("X-WP-Total", str(total)),
        ("X-WP-TotalPages", str(pages)),
    ]
    if links:
        headers.append(("Link", ", ".join(links)))
    return Response(200, f"[{','.join(bodies)}]".encode(), tuple(headers))


def _link(request: Request, page: int, rel: str) -> str:
    hidden = ("consumer_key", "consumer_secret")
    query = {name: value for name, value in request.query.items() if name not in hidden}
    host = request.headers.get("host", "127.0.0.1")
    return f'<http://{host}{request.path}?{urlencode({**query, "page": page})}>; rel="{rel}"'
