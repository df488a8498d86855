"""Host names."""

from django_tenants.models import DomainMixin


class Domain(DomainMixin):
    """A host name that leads to a partner's site."""
