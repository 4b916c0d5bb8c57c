"""Organizations, their people, the roles held in them, invitations and signing in."""
