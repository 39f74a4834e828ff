"""Cross-checks: outside lists, and flags with their evidence."""
