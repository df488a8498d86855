"""Logos: read, checked, measured and drawn small. Pure: no Django, no network, no clock."""
