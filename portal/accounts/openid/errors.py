"""Why somebody is not let in, or a provider cannot be used."""


class OpenIdError(ValueError):
    """`code` is stable and may be counted; the text says what is wrong, and names no secret and no token."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


class UnknownKeyError(OpenIdError):
    """It is signed with a key that is not among those we have: the provider may have new ones."""

    def __init__(self) -> None:
        super().__init__(
            "unknown-key", "The proof is signed with a key that the provider does not publish."
        )
