"""Secrets come from environment variables: a file only names them, as ${NAME}."""


def variable_of(placeholder: str) -> str:
    """`${STORE_KEY}` names `STORE_KEY`."""
    return placeholder.removeprefix("${").removesuffix("}")


def placeholder_for(endpoint: str, secret: str) -> str:
    """What a written file says for a secret: `${HARBORWEB_CONSUMER_KEY}`."""
    return f"${{{endpoint}_{secret}}}".upper()
