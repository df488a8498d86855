"""Conversations in OData, versions 2 and 4, for the connectors whose systems speak it. No connector."""
