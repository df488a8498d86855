"""A third-party warehouse: an SFTP server with X12 in and out, and a stock of its own."""
