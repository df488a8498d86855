"""What the mappings give, as documents for a trading partner in either syntax. Pure."""
