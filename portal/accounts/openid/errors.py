"""Why somebody is not let in, or a provider cannot be used."""

from portal.core.words import gettext, gettext_noop


class OpenIdError(ValueError):
    """`code` is stable and may be counted; the text says what is wrong, and names no secret and no token.

    `text` is marked and has a place for each of `values`. It is said in the language of whoever reads it: one
    that is remembered is told to others, too.
    """

    def __init__(self, code: str, text: str, **values: object) -> None:
        self.code, self.text, self.values = code, text, values
        super().__init__(code, text)

    def __str__(self) -> str:
        said = gettext(self.text)
        return said % self.values if self.values else said


class UnknownKeyError(OpenIdError):
    """It is signed with a key that is not among those we have: the provider may have new ones."""

    def __init__(self) -> None:
        super().__init__(
            "unknown-key",
            gettext_noop("The proof is signed with a key that the provider does not publish."),
        )
