"""What verdicts are made of, read for many enrollments at once: below the use cases that write it.

Attendance writes study time, and study time asks for the verdict, so reading stands apart from writing.
"""
