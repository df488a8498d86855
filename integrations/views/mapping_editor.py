"""The mapping editor: live values as one types, kept as a draft, asked for as a change request."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors.connector import Direction
from integrations.contracts.lines import lines_of
from integrations.domain import configuration, drafts, samples
from integrations.domain.configuration import Configuration
from integrations.domain.drafts import NotNowError
from integrations.domain.samples import Place
from integrations.domain.subjects import Subject, mapping_key
from integrations.mapping import Row
from integrations.mapping.fields import target_fields
from integrations.models import ChangeRequest, Endpoint, Kind, Version
from integrations.views import change_words, spoken
from integrations.views.mapping_board import board
from portal.accounts.rules import requires

MOST_ROWS, LONGEST_TARGET = 1_000, 300


class Desk:
    """Whose mapping it is, and this person's draft of it, if there is one."""

    def __init__(
        self, request: HttpRequest, endpoint: str, object_type: str, direction: str
    ) -> None:
        found = Endpoint.objects.select_related("customer").filter(slug=endpoint).first()
        if found is None or object_type not in OBJECT_TYPES or direction not in ("in", "out"):
            raise Http404
        self.request, self.endpoint = request, found
        self.config: Configuration = configuration.of(found.customer_id)
        way: Direction = "in" if direction == "in" else "out"
        self.place = Place(self.config.endpoints[found.pk], object_type, way)
        self.subject = Subject(
            found.customer_id, Kind.MAPPING, mapping_key(endpoint, object_type, direction)
        )
        self.draft = ChangeRequest.objects.filter(
            customer_id=found.customer_id, kind=Kind.MAPPING, key=self.subject.key,
            author_id=request.user.pk, state__in=drafts.EDITABLE,
        ).first()  # fmt: skip

    @property
    def url(self) -> str:
        return f"/mappings/{self.subject.key.replace(' ', '/')}/"

    def rows(self) -> list[Row]:
        if self.draft and self.draft.content:
            return [Row(*row) for row in self.draft.content["rows"]]
        place = self.place
        return self.config.rows(place.endpoint.id, place.object_type, place.direction)

    def save(self, rows: list[Row]) -> None:
        """Keep the rows as this person's draft. NotNowError when it was saved elsewhere since."""
        content = {"rows": [list(row) for row in rows]}
        if self.draft is None:
            if rows == self.rows():
                return
            self.draft = drafts.begin(self.subject, author=self.request.user, content=content)
        elif self.draft.content != content:
            edition = self.request.POST.get("edition", "")
            known = int(edition) if edition.isdecimal() else 0
            drafts.save(self.draft, content, edition=known)


@requires("endpoints.view")
def editor(request: HttpRequest, endpoint: str, object_type: str, direction: str) -> HttpResponse:
    desk = Desk(request, endpoint, object_type, direction)
    return _show(desk, desk.rows())


@requires("mappings.edit")
@require_POST
def attempt(request: HttpRequest, endpoint: str, object_type: str, direction: str) -> HttpResponse:
    """Keep what has been typed and show what it gives. Without script the whole page comes back."""
    desk = Desk(request, endpoint, object_type, direction)
    rows, names = _posted(request)
    try:
        desk.save(rows)
    except NotNowError as error:
        return _show(desk, rows, names, refused=str(error), status=409)
    return _show(desk, rows, names)


def _posted(request: HttpRequest) -> tuple[list[Row], list[str]]:
    """The rows of the form, with the names the page gave them. One without a source is none."""
    post = request.POST
    names = [*post.getlist("row"), *[""] * MOST_ROWS]
    given = zip(names, post.getlist("target"), post.getlist("source"), strict=False)
    filled = [
        (name, Row(target.strip(), source.strip()))
        for name, target, source in given
        if source.strip() and 0 < len(target.strip()) <= LONGEST_TARGET
    ][:MOST_ROWS]
    return [row for _, row in filled], [name[:20] for name, _ in filled]


def _show(
    desk: Desk,
    rows: list[Row],
    names: list[str] | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    request = desk.request
    chosen = request.POST.get("sample") or request.GET.get("sample", "0")
    found = samples.load(desk.config, desk.place, at=int(chosen) if chosen.isdecimal() else 0)
    may_see = request.user.may("payloads.view")  # type: ignore[union-attr]
    state = board(desk.config, desk.place, rows, found, may_see=may_see)
    for row, name in zip(state.rows, names or [], strict=False):
        row["n"] = name
    context = {
        "board": state,
        "mapping": _head(desk),
        "samples": [
            {"at": n, "name": name if may_see else "", "chosen": n == found.at}
            for n, name in enumerate(found.names)
        ],
        "edition": desk.draft.edition if desk.draft else 0,
        "change_url": f"/changes/{desk.draft.pk}/" if desk.draft else "",
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
        "may_see": may_see,
        "refused": refused,
        "free": _free(desk, rows),
        "back_url": _back(request),
        "extensions_url": f"/extensions/?customer={desk.endpoint.customer.slug}",
    }
    live_only = request.headers.get("HX-Request") and request.method == "POST"
    name = "integrations/mapping_live.html" if live_only else "integrations/mapping.html"
    return render(request, name, context, status=200 if live_only else status)


def _head(desk: Desk) -> dict[str, Any]:
    mapped = desk.config.mapping(desk.endpoint.pk, desk.place.object_type, desk.place.direction)
    live = mapped.name.rpartition(" ")[2] if mapped and desk.subject.key in mapped.name else ""
    saved = spoken.moment(desk.draft.updated_at, seconds=True) if desk.draft else ""
    return {
        "title": change_words.subject_title(Kind.MAPPING, desk.subject.key).partition(": ")[2],
        "customer": desk.endpoint.customer.name,
        "endpoint": desk.endpoint.label,
        "endpoint_url": f"/endpoints/{desk.endpoint.slug}/",
        "live": f"live {live}" if live else "live is the connector's default",
        "draft": f"{desk.draft}, saved {saved}" if desk.draft else "",
        "url": desk.url,
        "inbound": desk.place.direction == "in",
    }


def _free(desk: Desk, rows: list[Row]) -> list[dict[str, str]]:
    """Targets no row writes yet, to add one."""
    taken = {row.target for row in rows}
    fields = target_fields(schema_of(desk.place.object_type), given=list(taken))
    plain = [{"path": f.path, "help": f.help} for f in fields if f.path not in taken]
    return plain + [one for one in _extended(desk) if one["path"] not in taken]


def _extended(desk: Desk) -> list[dict[str, str]]:
    """The customer's own fields, which a mapping into the hub may write."""
    if desk.place.direction == "out":
        return []
    found = []
    for (entity, namespace), schema in sorted(desk.config.extensions.items()):
        noun, _, line = entity.partition(".")
        if noun == desk.place.object_type:
            place = f"{'lines[].' if line else ''}extensions.{namespace}"
            found += [
                {"path": f"{place}.{one.path}", "help": one.note or "an extension"}
                for one in lines_of(schema)
            ]
    return found


def _back(request: HttpRequest) -> str:
    """Where an onboarding goes on."""
    run = request.GET.get("onboarding", "")
    return f"/onboarding/{int(run)}/map/" if run.isdecimal() and len(run) < 12 else ""


@requires("endpoints.view")
def versions(request: HttpRequest, endpoint: str, object_type: str, direction: str) -> HttpResponse:
    """Every version that was ever live, each against the one before it."""
    desk = Desk(request, endpoint, object_type, direction)
    kept = Version.objects.filter(
        customer=desk.endpoint.customer, kind=Kind.MAPPING, key=desk.subject.key
    ).order_by("-number")[:100]
    before = {v.number: v for v in kept}
    rows = [change_words.version_row(v, before.get(v.number - 1)) for v in kept]
    context = {"mapping": _head(desk), "versions": rows}
    return render(request, "integrations/mapping_versions.html", context)
