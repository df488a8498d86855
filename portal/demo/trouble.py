"""What stops a start, in words for whoever started it."""


class DemoError(Exception):
    """The start cannot go on; the text says why and what to do."""
