"""Subsidy money: fen, batches of payments, the double-entry ledger (专账资金发放台账), reconciliation (定期对账)."""
