"""What can be read and done over the API: a file for each noun."""
