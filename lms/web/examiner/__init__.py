"""Examiners (考评员) and workplace mentors (带教师傅): who judges by eye and ear."""
