"""What to do about a leak, in words. Pure."""

from portal.pages.brand_scan.surface import Leak
from portal.pages.brand_scan.words import read


def advice(leak: Leak, *, own_words: str = "") -> str:
    """A sentence or two for whoever owns the brand. `own_words`: what the partner wrote in its brand."""
    if leak.kind == "word" and _is_own(leak, own_words):
        return "You wrote it yourselves: change the words under Brand and publish them."
    if leak.kind == "host" and leak.channel in ("mails", "outgoing"):
        return "Mails leave through the platform's server and sender. Set up your own under House, Mail."
    if leak.kind == "host":
        return (
            "A name of somebody else's stands here. Where it is your sub-domain or a link of yours, bring a"
            " domain of your own under House, Domains; otherwise tell whoever runs your platform."
        )
    if leak.kind == "picture":
        return "This is the platform's picture. Upload a logo and an icon of your own under Brand."
    return "This is part of the software: send these lines to whoever runs your platform."


def _is_own(leak: Leak, own_words: str) -> bool:
    spoken = {one.word.lower() for one in read(own_words).found}
    return leak.found.lower() in spoken
