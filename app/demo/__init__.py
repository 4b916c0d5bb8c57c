"""The demo consortium: plainly fictional organizations, their people, data, proposals and grants."""
