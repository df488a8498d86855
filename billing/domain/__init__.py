"""Verbs of the fourth floor."""
