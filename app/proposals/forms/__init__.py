"""What people type into proposals and reviews, checked for shape."""
