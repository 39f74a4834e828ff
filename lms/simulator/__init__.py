"""Learners, honest and cheating, who study over HTTP as phones do, and the account of what it earned them.

It speaks the public API only and imports nothing of the server, so that it cannot agree with it by accident.
"""
