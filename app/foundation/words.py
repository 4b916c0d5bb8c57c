"""Marks sentences of the rules tables for translation without translating them there."""


def N_(sentence: str) -> str:  # noqa: N802 - the name that translation tools look for
    """Return the sentence unchanged; the page that shows it asks gettext for its translation."""
    return sentence
