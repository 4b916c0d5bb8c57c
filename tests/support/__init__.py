"""What tests stand on: databases, the application, a mail server, a running server, a browser. No test is in here."""
