"""Host names that partners bring along: claimed, proven, looked at, made primary, given up."""
