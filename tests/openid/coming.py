"""Coming in by the provider, as a browser does."""

from bs4 import BeautifulSoup

from portal.accounts.models import Provider

BEGIN, BACK = "/login/with/kestrel-id/", "/login/with/kestrel-id/back/"
PROVEN = {"email": "ana@kestrel.test", "email_verified": True, "name": "Ana Ruiz"}


def through(client, local, subject, *, onward=""):
    """To the provider, signed in there, and back."""
    address = client.get(BEGIN, {"next": onward} if onward else {}).url
    return client.get(BACK, local.signs_in(address, subject))


def refused(answer, status=422):
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser").select_one("[role=alert]").text


def change(provider, **fields):
    Provider.objects.filter(pk=provider.pk).update(**fields)
