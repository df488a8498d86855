"""Bringing an endpoint from nothing to its first live document: the steps, and the rehearsal. Pure."""
