"""Invoices and credit notes as plain values: what they say, in words and in bytes. Pure."""
