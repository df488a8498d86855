"""What OpenID Connect asks of whoever relies on a provider. Pure: no HTTP, no database, no clock.

The words of its errors are for a person at the login page, or for whoever looks after signing in.
"""
