"""Cross-checks: outside lists matched by keyed index, and patterns of fraud. What they find must be looked
at; nothing here refuses anybody."""
