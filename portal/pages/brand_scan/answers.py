"""What an answer of the site is: which channel it leaves by, and what is seen of it."""

from email.message import Message
from typing import Final, NamedTuple

from django.http import HttpResponse

from portal.pages.brand_scan.surface import Surface
from portal.pages.brand_scan.walking import Visit

_FILES: Final = ("/static/", "/brand.css", "/brand/icon-", "/brand/logo-")
_PACKAGED: Final = ("drf_spectacular_sidecar/", "django_htmx/", "rest_framework/", "plotly-")
_DOWNLOADS: Final = ("text/csv", "application/zip", "application/vnd.", "text/plain", "application/json",
                     "application/x-ndjson", "application/yaml", "application/xml", "text/xml")  # fmt: skip


class Seen(NamedTuple):
    """Something that was looked at. `route` and `status`: of a page, which it was and how it answered."""

    surface: Surface
    route: str = ""
    status: int = 0


def seen(visit: Visit, *, channel: str) -> Seen:
    """`channel`: of whose pages, unless the answer is a file, a document or the API's."""
    return Seen(surface(visit, channel=channel), visit.route, visit.answer.status_code)


def surface(visit: Visit, *, channel: str) -> Surface:
    answer, path = visit.answer, visit.address.partition("?")[0]
    media_type = answer.headers.get("Content-Type", "")
    found = _channel(path, answer, media_type, usual=channel)
    cookies = [("Set-Cookie", one.OutputString()) for one in answer.cookies.values()]
    return Surface(
        found, visit.address, answer.content, media_type,
        headers=(*((name, value) for name, value in answer.items()), *cookies),
        name=_file_name(answer),
        is_data=found in ("api", "downloads") and not _is_about_the_api(path),
        is_packaged=path.startswith("/static/") and path[len("/static/") :].startswith(_PACKAGED),
    )  # fmt: skip


def _channel(path: str, answer: HttpResponse, media_type: str, *, usual: str) -> str:
    if media_type.startswith("application/pdf"):
        return "papers"
    if path.startswith("/api/"):
        return "api_errors" if answer.status_code >= 400 else "api"
    if path.startswith(_FILES):
        return "files"
    is_file = "attachment" in answer.headers.get("Content-Disposition", "")
    return "downloads" if is_file or media_type.startswith(_DOWNLOADS) else usual


def _is_about_the_api(path: str) -> bool:
    return path.startswith(("/api/docs/", "/api/problems/", "/api/v1/schema/"))


def _file_name(answer: HttpResponse) -> str:
    head = Message()
    head["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    return head.get_filename("") or ""
