"""Outputs: read before publication, cleared by their bytes, published with their address."""
