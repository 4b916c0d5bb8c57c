"""Mail as people meet it: what each wants when, which mails went to them, and the replies that come back."""
