"""What a trailer repeats of its header: a reference, and how many came between. Shared by X12 and EDIFACT."""


def control_flaw(code: str, header: str, trailer: str) -> str | None:
    """`code` where the two references differ, a warning where only their padding does."""
    if header == trailer and header:
        return None
    same = header.lstrip("0") == trailer.lstrip("0") and header.isdigit() and trailer.isdigit()
    return "control_padding" if same else code


def stated(text: str) -> int | None:
    """The count that a trailer states; None where it states none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
