"""Keys that a device or a password manager holds."""

from django.db import models

from portal.accounts.models.person import Person


class Passkey(models.Model):
    """A WebAuthn credential of a person. `host` is where it was made: it works nowhere else."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=253)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField(help_text="Attested credential data, with the public key.")
    uses = models.BigIntegerField(default=0, help_text="The key's own count; 0: it does not count.")
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name
