"""Subsidy policies as data: reading them from plain values, guarding them, comparing versions."""
