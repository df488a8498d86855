"""What the tests' FTP server takes. Apart from it: nobody else wants to import its libraries."""

USER, PASSWORD = "portal", "pw 7"
