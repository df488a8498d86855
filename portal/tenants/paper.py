"""What stands around a printed document. Pure."""

from typing import Final, NamedTuple


class Letterhead(NamedTuple):
    """`logo` are its bytes, of `media_type` and that size in pixels, on a dark `plate` where paper would
    swallow it. `foot` and `questions` (whom to ask) stand on each page."""

    logo: bytes = b""
    media_type: str = ""
    width: int = 0
    height: int = 0
    plate: bool = False
    foot: str = ""
    questions: str = ""


PLAIN: Final = Letterhead()
