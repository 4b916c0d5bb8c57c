"""Sealed documents: HTML to PDF/A, the seal, keys, QR code, ODRL policy, and judging a file that someone brings.

The one door to WeasyPrint is `render`, the doors to pyHanko are `seal` and `inspect`. Knows nothing of any table.
"""
