"""What a rule's record makes of it: it may act, only suggests again, or is switched off."""

from typing import Final, NamedTuple

SUGGESTING: Final = "suggesting"
MAY_ACT: Final = "may_act"  # suggesting, and right so often that somebody may let it act
ACTING: Final = "acting"
OFF: Final = "off"
AT_WORK: Final = (SUGGESTING, ACTING)

MOST_REVERSED: Final = 1
MOST_HELD_AGAIN: Final = 0.05


class Score(NamedTuple):
    """A rule's record since it was last let to work.

    `right`: suggestions that were right, since the last that was not, of which `needed` let it act.
    `reversed`: how often people took back what it did or suggested. Of what it let go by itself,
    `same_cause` documents were held again for the cause it should have ended; `held_again` of
    `let_go` documents were held again for any cause, over its last 20 firings.
    """

    state: str
    right: int = 0
    needed: int = 30
    reversed: int = 0
    same_cause: int = 0
    let_go: int = 0
    held_again: int = 0


class Verdict(NamedTuple):
    """The state a rule has from now on; the reason where it has lost something."""

    state: str
    reason: str = ""


def verdict(score: Score) -> Verdict:
    """The next state of a rule: "suggesting", "may_act", "acting" or "off". One that is neither
    suggesting nor acting stays what it is."""
    if score.state not in AT_WORK:
        return Verdict(score.state)
    misfired = _misfired(score)
    if misfired:
        return Verdict(OFF, misfired)
    if score.state == ACTING and score.reversed:
        return Verdict(SUGGESTING, "A person took back what it did.")
    if score.state == SUGGESTING and score.right >= score.needed:
        return Verdict(MAY_ACT)
    return Verdict(score.state)


def _misfired(score: Score) -> str:
    if score.same_cause:
        were = "document it let go was" if score.same_cause == 1 else "documents it let go were"
        return f"{score.same_cause:,} {were} held again for the same cause."
    if score.reversed > MOST_REVERSED:
        return f"People took back {score.reversed:,} times what it did."
    if score.held_again > MOST_HELD_AGAIN * score.let_go:
        were = "was" if score.held_again == 1 else "were"
        return (
            f"{score.held_again:,} of the last {score.let_go:,} documents it let go {were} held again:"
            f" more than {MOST_HELD_AGAIN * 100:.0f} % is too many."
        )
    return ""
