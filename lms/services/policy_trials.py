"""The simulator: a version of a policy run against past cohorts, and who changes and why."""
