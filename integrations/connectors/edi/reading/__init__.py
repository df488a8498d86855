"""Documents of a trading partner, in either syntax, as what the mappings take. Pure."""
