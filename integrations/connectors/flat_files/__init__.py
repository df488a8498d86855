"""Flat files in folders, mailboxes and buckets, by an agreement that a person enters: what the connectors
for such files share."""
