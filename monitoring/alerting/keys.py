"""What makes two alerts one: a key for each cause."""


def of_case(number: int) -> str:
    """Everything that belongs to a case is one alert, however many documents it holds."""
    return f"C-{number}"


def of_watch(rule: int, *, customer: int, endpoint: int | None = None) -> str:
    """A limit that a rule watches, at one customer or at one endpoint of it."""
    return f"W-{rule}/{customer}" + (f"/{endpoint}" if endpoint else "")


def shared(partner: str, key: str) -> str:
    """The key as other services see it, where alerts of several partners may meet."""
    return f"{partner}/{key}"
