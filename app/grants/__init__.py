"""A grant: the signed permission of one data partner to one member. Issue, letter, verify, suspend, revoke, close, register."""
