"""Pages of the fourth floor."""
