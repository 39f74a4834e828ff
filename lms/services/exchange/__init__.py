"""Exchange with programs of institutions and authorities: who they are, what they read, write and are told."""
