"""What other systems may tell the fourth floor."""
