"""How people study, and how they cheat: one class a behaviour."""

from lms.simulator.learners.base import Habits, Learner
from lms.simulator.learners.chain_cheats import ClockChanges, GapInflater, OfflineDouble
from lms.simulator.learners.honest import Honest, Plain
from lms.simulator.learners.offline import Offline
from lms.simulator.learners.online_cheats import (
    AlwaysBusy,
    ChallengeGuesser,
    ForgedRanges,
    OneShotFinish,
    ParallelDevices,
    PausedTime,
    PerfectBot,
    SessionFarming,
    Timers20x,
)
from lms.simulator.learners.replay import Replay

__all__ = ["CHEATS", "HONEST", "Habits", "Learner"]

HONEST: tuple[type[Learner], ...] = (Honest, Plain, Offline)
CHEATS: tuple[type[Learner], ...] = (
    OneShotFinish,
    ForgedRanges,
    Replay,
    ParallelDevices,
    Timers20x,
    SessionFarming,
    ClockChanges,
    PerfectBot,
    AlwaysBusy,
    ChallengeGuesser,
    GapInflater,
    OfflineDouble,
    PausedTime,
)
