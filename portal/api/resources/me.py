"""Who asks, and what they may."""

from typing import Any

from rest_framework import serializers

from portal.accounts.rules import SIGNED_IN
from portal.api import limits
from portal.api.base import Resource, customer_of
from portal.api.fields import Instant
from portal.api.operation import operation
from portal.customers.models import Customer


class LimitShape(serializers.Serializer[Any]):
    burst = serializers.IntegerField(help_text="Requests at once.")
    per_second = serializers.FloatField(help_text="Requests a second, on and on.")


class TokenShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    prefix = serializers.CharField()
    expires_at = Instant()


class MeShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.CharField()
    customer = serializers.CharField(allow_null=True, help_text="Whose rows are seen; null: all.")
    scopes = serializers.ListField(child=serializers.CharField())
    token = TokenShape(allow_null=True, help_text="Null: a browser's session.")
    limits = LimitShape(allow_null=True)


class Me(Resource):
    permissions = {"GET": (SIGNED_IN,)}

    @operation("Who asks: scopes, customer and limits", MeShape)
    def get(self, request: Any) -> dict[str, Any]:
        person, token = request.user, request.auth
        scopes = person.role.permissions if person.granted is None else person.granted
        customer = Customer.objects.filter(pk=customer_of(request) or 0).first()
        return {
            "name": person.name,
            "email": person.email,
            "customer": customer.slug if customer else None,
            "scopes": sorted(scopes),
            "token": token,
            "limits": {"burst": int(limits.BURST), "per_second": limits.RATE} if token else None,
        }
