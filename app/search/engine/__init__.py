"""The index of the catalog, derived from the database: what is in it, how it follows, how it ranks. The one door to tantivy.

Queries build on it; nothing here knows who asks, only which audiences he belongs to. It can be deleted at any time.
"""
