"""A made-up year: planned from a seed, lived as plain facts with known fraud in it, and scored against the patterns."""

from lms.services.demo.year.life import live
from lms.services.demo.year.plan import Fate, Learner, Plan, Planned, Plant, make
from lms.services.demo.year.scoring import Score, Scored, score

__all__ = ["Fate", "Learner", "Plan", "Planned", "Plant", "Score", "Scored", "live", "make", "score"]
