"""Documents a customer files."""
