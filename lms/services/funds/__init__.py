"""Subsidy money: batches, bank files, what the bank answered, the ledger, reconciliation."""
