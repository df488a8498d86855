"""Published resources: tables, views and files of systems, listed, read and created row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any, Final
from urllib.parse import quote

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from integrations.domain import resource_calls
from integrations.domain.resource_calls import Caller, Opened, OtherRowError, UnfitRowError
from integrations.models import Resource as PublishedResource
from integrations.resources import definition, openapi
from integrations.resources.asking import AskingError
from integrations.resources.openapi import Described
from integrations.resources.relations import RowRefusedError
from portal.api import pages
from portal.api.base import Resource
from portal.api.operation import Free, FreeBody, operation
from portal.api.pages import Page, PageFilters
from portal.api.problems import ProblemError, conflicts, refuse
from portal.core.errors import CrossdockError

_CURSOR: Final = 4_000
_AGAIN_IN: Final = 30  # seconds, where the system says nothing of it
_ABOUT_FILTERS: Final = (
    "Which fields there are, and which it is narrowed and sorted by, says the endpoint's own document,"
    " `openapi.json` beside it: `field=`, `field.from=`, `field.to=` and `field.prefix=`."
)


class PublishedShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    label = serializers.CharField()
    url = serializers.SerializerMethodField()
    creates = serializers.SerializerMethodField(help_text="Whether rows can be created.")

    def get_url(self, one: Any) -> str:
        return f"{base_of(one.endpoint_slug)}{one.slug}/"

    def get_creates(self, one: Any) -> bool:
        return definition.read(one.definition).create is not None


class RowFilters(PageFilters):
    takes_others = True  # the fields of each resource are its own
    limit = serializers.IntegerField(
        min_value=1, max_value=definition.MOST_ROWS, required=False,
        help_text="Rows a page; at most as many as the resource gives, and as have 1 MB together.",
    )  # fmt: skip
    cursor = serializers.CharField(
        required=False, max_length=_CURSOR, help_text="`next` of the page before."
    )
    sort = serializers.CharField(
        required=False, max_length=70, help_text="A field; with - before it the largest first."
    )


def base_of(endpoint: str) -> str:
    """The path below which an endpoint's resources are."""
    return f"/api/v1/resources/{endpoint}/"


class _OfSystem(Resource):
    def only_endpoint(self) -> int | None:
        """The system whose token asks, where it is for one."""
        return getattr(self.request.auth, "endpoint_id", None)

    def there(self, endpoint: str) -> list[PublishedResource]:
        """The endpoint's published resources. Where the caller sees none, there is no such address."""
        found = resource_calls.published(endpoint, only_endpoint=self.only_endpoint())
        if not found:
            raise Http404
        return found

    def open(self, endpoint: str, slug: str) -> Opened:
        found = resource_calls.find(endpoint, slug, only_endpoint=self.only_endpoint())
        if found is None:
            raise Http404
        return Opened(found)

    def caller(self) -> Caller:
        prefix = getattr(self.request.auth, "prefix", "")
        person = self.request.user
        return Caller(person.name, prefix, reads=person.may("resources.read"))


class Published(_OfSystem):
    permissions = {"GET": ("resources.read",)}

    @operation("List the resources of a system", PublishedShape, paged=True)
    def get(self, request: Any, endpoint: str) -> Page:
        found = self.there(endpoint)
        for one in found:
            one.endpoint_slug = endpoint  # type: ignore[attr-defined]
        return pages.sliced(list(found), asked=self.asked, of=request.path)


class PublishedOpenApi(_OfSystem):
    permissions = {"GET": ("resources.read",)}

    @operation("Describe the resources of a system, as OpenAPI 3.1", Free)
    def get(self, request: Any, endpoint: str) -> dict[str, Any]:
        found = self.there(endpoint)
        described = [Described(o.slug, o.label, definition.read(o.definition)) for o in found]
        return openapi.document(f"Resources of {endpoint}", base_of(endpoint), described)


class PublishedRows(_OfSystem):
    permissions = {"GET": ("resources.read",), "POST": ("resources.create",)}

    @operation(
        "List rows of a resource", Free, paged=True, filters=RowFilters, about=_ABOUT_FILTERS,
        errors=(409, 503),
    )  # fmt: skip
    def get(self, request: Any, endpoint: str, slug: str) -> Page:
        with _problems():
            opened = self.open(endpoint, slug)
            sort, filters = self.asked.get("sort", ""), self.asked["others"]
            of = f"{request.path} {opened.resource.edition} {sort} {sorted(filters.items())}"
            cursor = self.asked.get("cursor")
            count = len(resource_calls.asking.order(opened.definition, sort))
            listed = resource_calls.list_rows(
                opened, filters, sort=sort,
                after=pages.opened(cursor, count=count, of=of) if cursor else None,
                limit=self.asked.get("limit", opened.definition.page_size),
            )  # fmt: skip
        return Page(listed.rows, pages.sealed(listed.after, of=of) if listed.after else "")

    @operation(
        "Create a row in a resource", Free, takes=FreeBody, status=201, again=200, errors=(503,),
        about="Answered 201 where it was made, 200 where it is there already and says the same, and 409"
        " where it is there and says something else: asked again, it takes no second effect. Without"
        " `resources.read` the answer has what was given and no more, and a row that another made is 409.",
    )  # fmt: skip
    def post(self, request: Any, endpoint: str, slug: str) -> Response:
        with _problems():
            opened = self.open(endpoint, slug)
            if opened.definition.create is None:
                raise ProblemError("conflict", "Nothing is created here.")
            made = resource_calls.create_row(opened, self.sent, caller=self.caller())
        response = Response(made.row, status=201 if made.is_new else 200)
        response["Location"] = f"{request.path}{quote(made.key, safe='~,')}/"
        return response


class OnePublishedRow(_OfSystem):
    permissions = {"GET": ("resources.read",)}

    @operation(
        "Read a row of a resource", Free, errors=(409, 503),
        about="By its key. Several fields of a key are joined by commas; in them `~` is `~0`, `/` is `~1`"
        " and a comma `~2`.",
    )  # fmt: skip
    def get(self, request: Any, endpoint: str, slug: str, row_key: str) -> dict[str, Any]:
        with _problems():
            found = resource_calls.read_row(self.open(endpoint, slug), row_key)
        if found is None:
            raise Http404
        return found


@contextmanager
def _problems() -> Iterator[None]:
    """What the system says, as problems of this API. What is wrong with it is no affair of callers."""
    try:
        with conflicts(OtherRowError, UnfitRowError):
            yield
    except AskingError as error:
        raise refuse(str(error), at=error.at) from error
    except RowRefusedError as refusal:
        raise refuse(f"The system refuses it: {refusal}") from refusal
    except CrossdockError as error:
        wait = ceil(getattr(error, "retry_after", None) or _AGAIN_IN)
        raise ProblemError("system-away", headers={"Retry-After": str(wait)}) from error
