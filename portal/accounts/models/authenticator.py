"""An app that shows codes."""

from django.db import models

from portal.accounts.models.person import Person


class Authenticator(models.Model):
    """The authenticator app of a person (RFC 6238). `step` is that of the last code that was used."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="authenticator")
    secret = models.BinaryField(help_text="Encrypted.")
    step = models.BigIntegerField()
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"authenticator app of {self.person_id}"
