"""What happened, by whom: append-only, gapless, in a shape on which a transparency log can rest."""
