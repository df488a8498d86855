"""The partner's brand: what shows, the draft, and the versions. Pictures are uploaded on its page."""

from typing import Any, Final

from rest_framework.exceptions import ValidationError

from portal.api.base import Resource
from portal.api.operation import Nothing, operation
from portal.api.pages import Page
from portal.api.problems import conflicts
from portal.api.resources.brand_shapes import (
    BrandChange,
    BrandDraftShape,
    BrandEdition,
    BrandVersionShape,
    given,
    wrong,
)
from portal.api.resources.filters import listed, load
from portal.tenants import branding
from portal.tenants.brand_form import BrandForm, entered
from portal.tenants.branding import NotBrandedError
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import BrandVersion

_EDIT: Final = ("brand.edit",)


class Brand(Resource):
    permissions = {"GET": _EDIT}

    @operation("Read the brand that shows", BrandVersionShape)
    def get(self, request: Any) -> BrandVersion:
        return branding.published(request.tenant)


class BrandDraft(Resource):
    permissions = {"GET": _EDIT, "PATCH": _EDIT}

    @operation("Read the brand's draft", BrandDraftShape)
    def get(self, request: Any) -> BrandVersion:
        return branding.draft(request.tenant)

    @operation(
        "Change the brand's draft",
        BrandDraftShape,
        takes=BrandChange,
        matched=True,
        about="What is left out stays as it is. Nobody else sees it until it is published. The colours of"
        " both themes are made of `accent`, so that text in them and on them can be read. Pictures are"
        " uploaded on the brand's page; here they are taken away.",
        example={"name": "Kestrel Point", "accent": "#0e5a68", "support_hours": "Mon–Fri 8:00–17:00"},
    )  # fmt: skip
    def patch(self, request: Any) -> BrandVersion:
        draft = branding.draft(request.tenant)
        _must_be_kinds(self.sent.get("mail_texts", {}))
        form = BrandForm(given(draft, self.sent, entered(draft)), {}, version=draft)
        if not form.is_valid():
            raise ValidationError(wrong(form.errors))
        with conflicts(NotBrandedError):
            return branding.save(
                request.tenant, form.change, edition=draft.edition, by=request.user.name
            )


def _must_be_kinds(texts: dict[str, Any]) -> None:
    if unknown := [kind for kind in texts if kind not in MAIL_KINDS]:
        text = f"There is no such kind of mail. There are: {', '.join(MAIL_KINDS)}."
        raise ValidationError({"mail_texts": {kind: [text] for kind in unknown}})


class PublishBrand(Resource):
    permissions = {"POST": _EDIT}

    @operation(
        "Publish the brand's draft",
        BrandVersionShape,
        takes=BrandEdition,
        about="It shows everywhere from the next request on. 409 where the draft was changed since.",
        example={"edition": 3},
    )
    def post(self, request: Any) -> BrandVersion:
        with conflicts(NotBrandedError):
            return branding.publish(
                request.tenant, edition=self.sent["edition"], by=request.user.name
            )


class DiscardBrandDraft(Resource):
    permissions = {"POST": _EDIT}

    @operation(
        "Throw the brand's draft away",
        BrandDraftShape,
        takes=Nothing,
        about="Answers what a new one would begin with. What is published stays.",
    )
    def post(self, request: Any) -> BrandVersion:
        branding.discard(request.tenant)
        return branding.draft(request.tenant)


class BrandVersions(Resource):
    permissions = {"GET": _EDIT}

    @operation(
        "List what was published of the brand", BrandVersionShape, paged=True, about="Newest first."
    )
    def get(self, request: Any) -> Page:
        return listed(self, _versions(request), "-number")


class OneBrandVersion(Resource):
    permissions = {"GET": _EDIT}

    @operation("Read a version of the brand", BrandVersionShape)
    def get(self, request: Any, number: int) -> BrandVersion:
        return _version(request, number)


class BrandVersionAgain(Resource):
    permissions = {"POST": _EDIT}

    @operation(
        "Publish an older version of the brand again",
        BrandVersionShape,
        takes=Nothing,
        about="As a new version, which is answered. The draft stays as it is.",
    )
    def post(self, request: Any, number: int) -> BrandVersion:
        _version(request, number)
        with conflicts(NotBrandedError):
            return branding.go_back(request.tenant, number, by=request.user.name)


def _versions(request: Any) -> Any:
    return branding.history(request.tenant).select_related(*branding.PICTURES)


def _version(request: Any, number: int) -> BrandVersion:
    found: BrandVersion = load(_versions(request), number=number)
    return found
