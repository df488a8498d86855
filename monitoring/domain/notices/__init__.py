"""Mails to a customer's people: what they chose, what there is to tell, and sending it.

What happens tells of itself where it happens (`telling`), or is gathered by the lane (`gathering`), so that
the way of documents does nothing for it.
"""

LANE = "notices"
