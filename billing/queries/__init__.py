"""Questions of the fourth floor."""
