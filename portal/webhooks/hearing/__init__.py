"""Hearing what the floors below say, and telling it in the words of the catalogue.

Nothing is looked up unless somebody wants to hear of it.
"""

from portal.webhooks.hearing import documents, exceptions, goods, house, money, resources

__all__ = ["documents", "exceptions", "goods", "house", "money", "resources"]
