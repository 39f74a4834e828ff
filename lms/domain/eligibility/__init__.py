"""Eligibility for subsidies: facts and a policy's terms in, a tree of findings out. Pure; nothing here refuses a person
training, and nothing decides: the system proposes, an officer decides (domain.md 0.8)."""
