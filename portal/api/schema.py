"""The OpenAPI document: made of what the views declare, and of nothing else."""

from typing import Any, Final

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from portal.api import canonical
from portal.api.pages import PageFilters
from portal.core import problem_json

_ALWAYS: Final = (400, 401, 403, 405, 406, 422, 429, 500)
_WRITES: Final = (409, 413, 415)


class ProblemErrors(serializers.Serializer[Any]):
    """Where something is wrong: a JSON pointer into the body, or a parameter's name."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(help_text="A page about this kind of problem, on this site.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, and what to do.")
    errors = ProblemErrors(many=True, required=False)
    reference = serializers.CharField(required=False, help_text="For support.")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How whoever asks says who they are."""

    target_class = "portal.api.authentication.TokenOrSession"
    name = ["token", "session"]  # type: ignore[assignment]

    def get_security_definition(self, auto_schema: Any) -> Any:
        return [
            {"type": "http", "scheme": "bearer", "description": "A token of this site."},
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        ]


class FreeObject(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """What has no fields of its own is any object."""

    target_class = "portal.api.operation.Free"
    match_subclasses = True

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        return "AnyBody" if direction == "request" else "AnyObject"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {}}


class ResourceSchema(AutoSchema):
    """Reads `operation` and `permissions` of a view's method."""

    @property
    def _declared(self) -> Any:
        return getattr(self.view, self.method.lower()).operation

    @property
    def _scopes(self) -> tuple[str, ...]:
        wanted: tuple[str, ...] = self.view.permissions[self.method]
        return wanted

    def get_operation_id(self) -> str:
        words = [self.method.lower()]
        for part in self.path.removeprefix("/api/v1/").strip("/").split("/"):
            words.append(f"by_{part.strip('{}')}" if part.startswith("{") else part)
        return "_".join(words).replace("-", "_").replace(".", "_")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_summary(self) -> str:
        return str(self._declared.summary)

    def get_description(self) -> str:
        scopes = [one for one in self._scopes if "." in one]
        needs = f"Scope: {' or '.join(f'`{one}`' for one in scopes)}." if scopes else ""
        return "\n\n".join(part for part in (self._declared.about, needs) if part)

    def is_deprecated(self) -> bool:
        return self.view.deprecation is not None

    def get_auth(self) -> list[Any]:
        scopes = [one for one in self._scopes if "." in one]
        by_session = [] if self.view.tokens_only else [{"session": scopes}]
        return [{"token": scopes}, *by_session]

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scopes": [one for one in self._scopes if "." in one]}

    def _get_serializer_name(self, serializer: Any, *args: Any, **options: Any) -> str:
        name: str = super()._get_serializer_name(serializer, *args, **options)
        return name.replace("Shape", "")

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        declared, found = self._declared, []
        shape = declared.filters or (PageFilters if declared.paged else None)
        if shape:
            found.append(shape)
        if self.method == "GET":
            found.append(_header("If-None-Match", "An ETag: answered 304 where it still holds."))
        if declared.matched:
            found.append(_header("If-Match", "The ETag that was read.", required=True))
        if self.method == "POST":
            found.append(_header("Idempotency-Key", "A repeat with it gets the first answer."))
        return found

    def get_request_serializer(self) -> Any:
        takes = self._declared.takes
        if component := getattr(takes, "component", ""):
            return {"application/json": {"$ref": f"#/components/schemas/{component}"}}
        return takes

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {self._success(): self._answer()}
        if self._declared.again:
            answers[str(self._declared.again)] = self._answer()
        if self.method == "GET":
            answers["304"] = OpenApiResponse(description="As you have it.")
        for status in self._statuses():
            kind = problem_json.KINDS[problem_json.slug_of(status)]
            answers[(str(status), problem_json.CONTENT_TYPE)] = OpenApiResponse(
                Problem, description=kind.title
            )
        return answers

    def _success(self) -> Any:
        declared = self._declared
        if isinstance(declared.answer, str):
            return ("200", declared.answer)
        return "204" if declared.answer is None else str(declared.status)

    def _answer(self) -> Any:
        declared = self._declared
        if declared.answer is None:
            return OpenApiResponse(description="Done.")
        if isinstance(declared.answer, str):
            return OpenApiResponse(bytes, description="The file.")
        if declared.paged:
            return OpenApiResponse(_list_of(declared.answer), description="A page of them.")
        return OpenApiResponse(declared.answer, description="Done.")

    def _statuses(self) -> list[int]:
        declared = self._declared
        found = {*_ALWAYS, *declared.errors}
        if "{" in self.path:
            found.add(404)
        if self.method != "GET":
            found |= set(_WRITES)
        if declared.matched:
            found |= {412, 428}
        return sorted(found)

    def get_examples(self) -> list[Any]:
        if self._declared.example is None:
            return []
        return [OpenApiExample("Example", value=self._declared.example, request_only=True)]


def _header(name: str, about: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, required=required, description=about
    )


_LISTS: dict[Any, Any] = {}


def _list_of(shape: Any) -> Any:
    """`{items: […], next}` of a shape."""
    if shape not in _LISTS:
        name = f"{shape.__name__}Page"
        _LISTS[shape] = type(
            name,
            (serializers.Serializer,),
            {
                "items": shape(many=True),
                "next": serializers.CharField(
                    allow_null=True, help_text="`cursor` of the next page; null at the end."
                ),
            },
        )
    return _LISTS[shape]


def only_ours(endpoints: Any) -> Any:
    """The operations of this API: usage has keys and a page of its own."""
    return [one for one in endpoints if one[0].startswith("/api/v1/") and "schema" not in one[0]]


def with_headers(result: Any, generator: Any, request: Any, public: Any) -> Any:
    """What every answer carries; the errors, which are the same everywhere, each said once."""
    errors: dict[str, Any] = {}
    for methods in result["paths"].values():
        for method, said in methods.items():
            for status, answer in said["responses"].items():
                answer["headers"] = _headers(method, status)
                if status >= "400":
                    errors[f"E{status}"] = answer
                    said["responses"][status] = {"$ref": f"#/components/responses/E{status}"}
    result["components"]["schemas"] |= canonical.components()
    result["components"]["responses"] = dict(sorted(errors.items()))
    result["components"]["headers"] = {
        name: {"description": about, "schema": {"type": "string"}, "required": required}
        for name, (about, required) in _HEADERS.items()
    }
    return result


_HEADERS: Final = {
    "X-Request-Id": ("Yours, or a new one: tell support.", True),
    "RateLimit": ("How many requests are left, and when all are back.", False),
    "RateLimit-Policy": ("How many there are.", False),
    "ETag": ("The version of what was read.", True),
    "Link": ("The next page.", False),
    "Retry-After": ("Seconds to wait.", False),
    "Idempotency-Replayed": ("true: the answer of the first time.", False),
    "WWW-Authenticate": ("Bearer.", True),
    "Allow": ("The methods there are.", True),
}


def _headers(method: str, status: str) -> dict[str, Any]:
    names = ["X-Request-Id", "RateLimit", "RateLimit-Policy"]
    if method == "get" and status in ("200", "304"):
        names += ["ETag", "Link"] if status == "200" else ["ETag"]
    if method == "post" and status < "300":
        names.append("Idempotency-Replayed")
    names += {"401": ["WWW-Authenticate"], "405": ["Allow"]}.get(status, [])
    if status in ("409", "429", "503"):
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def document() -> dict[str, Any]:
    """The whole, as OpenAPI 3.1 has it."""
    made: dict[str, Any] = SchemaGenerator(urlconf="portal.urls").get_schema(public=True)  # type: ignore[no-untyped-call]
    return made
