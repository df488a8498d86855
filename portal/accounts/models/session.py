"""Who is signed in where: a session is a row that says so."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from portal.accounts.models.person import Person


class Session(AbstractBaseSession):
    """A browser somebody is signed in with, or one that is half-way there and has no person yet.

    The columns are what the session's own data say (see `session_store`), so that sessions can be listed
    and ended by person. Ending one is deleting its row.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    how = models.CharField(max_length=80, blank=True, help_text="In which way they signed in.")
    address = models.CharField(max_length=45, blank=True, help_text="Where the browser was.")
    agent = models.CharField(max_length=300, blank=True, help_text="What it called itself.")
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="Written once a minute at most.")

    class Meta:
        ordering = ["-seen_at"]
