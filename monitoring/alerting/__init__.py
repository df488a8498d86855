"""Alerting: whom to tell, when, and in which words. The time comes in as an argument everywhere."""
