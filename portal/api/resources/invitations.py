"""Invitations: who was asked to sign in here, asking somebody, and taking that back."""

from typing import Any, Final

from django.db.models import OuterRef, Subquery
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal import letters
from portal.accounts.domain import inviting, reach
from portal.accounts.domain.inviting import TakenError
from portal.accounts.domain.reach import RefusedError
from portal.accounts.invitation_forms import InviteForm
from portal.accounts.models import Invitation
from portal.accounts.models.invitation import OPEN
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, Nothing, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError, refusals, refuse
from portal.api.resources.filters import OfCustomer, listed, load, narrowed, of_customer
from portal.customers.models import Customer

_MANAGE: Final = ("people.manage",)
_LINK_LEFT: Final = "The letter brings a link that works once, for seven days."


class InvitationShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField(source="role.slug")
    customer = serializers.CharField(
        source="customer_slug", allow_null=True, help_text="Null: of the partner."
    )
    invited_by = serializers.CharField()
    invited_at = Instant()
    expires_at = Instant()


class SentInvitationShape(InvitationShape):
    problem = serializers.CharField(help_text="Why no letter went out; blank: one did.")
    link = serializers.CharField(
        allow_null=True,
        help_text="To be brought by hand where no letter went out. Shown this once; null in the answer to a"
        " repeat.",
    )  # fmt: skip


class InvitationFilters(OfCustomer):
    role = serializers.SlugField(required=False, max_length=40)


class NewInvitation(Body):
    email = serializers.CharField(max_length=254)
    name = serializers.CharField(max_length=80)
    role = serializers.SlugField(
        max_length=40, help_text="One whose rights the token has itself, or of customers' people."
    )
    customer = serializers.SlugField(
        required=False, max_length=41, help_text="Of whom; for the roles of customers' people."
    )


def _invitations() -> Any:
    of = Customer.objects.filter(pk=OuterRef("customer_id")).values("slug")[:1]
    found = Invitation.objects.filter(OPEN).select_related("role")
    return found.annotate(customer_slug=Subquery(of))


def _sent(request: Any, invitation: Invitation, token: str) -> Any:
    """Send its letter; only where nobody took that is the link said."""
    brought = letters.bring(request, invitation, token)
    said = load(_invitations(), pk=invitation.pk)
    said.problem, said.link = brought.problem, brought.url if brought.problem else None
    return said


class Invitations(Resource):
    permissions = {"GET": _MANAGE, "POST": _MANAGE}

    @operation(
        "List open invitations", InvitationShape, paged=True, filters=InvitationFilters,
        about="Newest first, also those whose seven days are over.",
    )  # fmt: skip
    def get(self, request: Any) -> Page:
        found = of_customer(self, _invitations(), lookup="customer_id")
        return listed(self, narrowed(self, found, {"role": "role__slug"}), "-pk")

    @operation(
        "Invite somebody",
        SentInvitationShape,
        takes=NewInvitation,
        status=201,
        shown_once=("link",),
        about=_LINK_LEFT,
        example={"email": "mira@harbor.example", "name": "Mira Lund", "role": "viewer", "customer": "harbor"},
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        given, role = self._entered(request.user)
        with refusals(RefusedError, at="/role"), refusals(TakenError, at="/email"):
            made = inviting.invite(
                request.user,
                email=given["email"],
                name=given["name"],
                role=role,
                customer_id=given.get("customer"),
            )
        return _sent(request, *made)

    def _entered(self, by: Any) -> tuple[dict[str, Any], Any]:
        """What the page's form makes of it, and the role."""
        roles = {role.slug: role for role in reach.roles_within(by)}
        customers = list(Customer.objects.values_list("pk", "name", "slug"))
        role = roles.get(self.sent["role"])
        if role is None:
            raise refuse(
                f"That is no role you can give. There are: {', '.join(roles) or 'none'}.",
                at="/role",
            )
        slug = self.sent.get("customer")
        pk = next((pk for pk, _, theirs in customers if theirs == slug), "")
        if slug and not pk:
            raise refuse("There is no such customer.", at="/customer")
        form = InviteForm(
            {**self.sent, "role": role.pk, "customer": pk},
            roles=list(roles.values()),
            customers=[(one, name) for one, name, _ in customers],
        )
        if not form.is_valid():
            raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
        return form.cleaned_data, role


class OneInvitation(Resource):
    permissions = {"GET": _MANAGE}

    @operation("Read an open invitation", InvitationShape)
    def get(self, request: Any, pk: int) -> Any:
        return load(_invitations(), pk=pk)


class ResendInvitation(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Send an invitation again",
        SentInvitationShape,
        takes=Nothing,
        shown_once=("link",),
        about=f"{_LINK_LEFT} The link before is dead.",
    )
    def post(self, request: Any, pk: int) -> Any:
        return _sent(request, *_open(inviting.resend, request.user, pk))


class WithdrawInvitation(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Take an invitation back", None, takes=Nothing, about="Its link lets nobody in any more."
    )
    def post(self, request: Any, pk: int) -> None:
        _open(inviting.withdraw, request.user, pk)


def _open(verb: Any, by: Any, pk: int) -> Any:
    """What the verb makes of an open invitation; whoever may do less than its role is refused."""
    load(_invitations(), pk=pk)
    try:
        return verb(by, pk)
    except Invitation.DoesNotExist:  # accepted or withdrawn this moment
        raise ProblemError("not-found") from None
    except RefusedError as error:
        raise ProblemError("not-allowed", str(error)) from None
