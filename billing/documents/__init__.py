"""Invoices as documents: for people, for spreadsheets, for accounting."""
