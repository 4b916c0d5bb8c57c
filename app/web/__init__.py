"""What all pages share: guards, the acting person, answers, idempotency, errors, page context."""
