"""The mail server that a partner's mails go out through."""

from typing import Final, cast

from django.db import models

from portal.core import smtp
from portal.core.secrets import Secret, decrypt
from portal.tenants.models.partner import Partner

REFUSES_AFTER: Final = 3  # mails in a row that it did not take


class MailServer(models.Model):
    """A partner's own. `sealed` holds the password and is never shown. It is used only while `is_on`, which a
    test that went through allows; `refused_in_row` counts what it did not take since it last took one."""

    class Tls(models.TextChoices):
        STARTTLS = "starttls", "STARTTLS (usually port 587)"
        TLS = "tls", "TLS from the start (usually port 465)"
        NONE = "none", "none (inside a network of one's own)"

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="mail_server")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    tls = models.CharField(max_length=8, choices=Tls, default=Tls.STARTTLS)
    user = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField(null=True)
    from_address = models.EmailField(max_length=254)
    from_name = models.CharField(max_length=80)
    reply_to = models.EmailField(max_length=254, blank=True)
    dkim_selector = models.CharField(max_length=63, blank=True)
    is_on = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True)
    tested_by = models.CharField(max_length=150, blank=True)
    refused_in_row = models.PositiveIntegerField(default=0)
    refused_since = models.DateTimeField(null=True)
    last_said = models.CharField(max_length=500, blank=True)
    dns_records = models.JSONField(default=list)
    dns_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def from_domain(self) -> str:
        return self.from_address.rpartition("@")[2].lower()

    @property
    def refuses(self) -> bool:
        """It takes nothing any more."""
        return self.is_on and self.refused_in_row >= REFUSES_AFTER

    def as_server(self) -> smtp.Server:
        """To send through. NeedsCredentials where no key of the installation opens the password."""
        password = decrypt(bytes(self.sealed))["password"] if self.sealed else Secret("")
        tls = cast(smtp.Tls, self.tls)
        return smtp.Server(self.host, self.port, tls, self.user, password, ehlo=self.from_domain)


def in_use() -> models.QuerySet[MailServer]:
    """Those that mails go out through: switched on, and part of what their partner has."""
    return MailServer.objects.filter(is_on=True).exclude(partner__flags_off__contains=["own_mail"])
