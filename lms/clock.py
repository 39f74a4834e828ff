"""Wall time in UTC, civil days, and the counter that no wall-clock step can move."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
CHINA = ZoneInfo("Asia/Shanghai")
_PROCESS_BOOT_ID = f"process-{time.time_ns()}"


def now() -> datetime:
    """The present moment in UTC. Only the edges of the house call this."""
    return datetime.now(UTC)


def civil_day(moment: datetime, zone: ZoneInfo = CHINA) -> date:
    """The calendar day of `moment` where the policy lives."""
    return moment.astimezone(zone).date()


def begin_of_day(day: date, zone: ZoneInfo = CHINA) -> datetime:
    """The midnight with which a civil day begins where the policy lives."""
    return datetime.combine(day, time_of_day(), zone)


def end_of_day(day: date, zone: ZoneInfo = CHINA) -> datetime:
    """The midnight with which a civil day ends where the policy lives: the first moment that is not in it."""
    return datetime.combine(day + timedelta(days=1), time_of_day(), zone)


def boot_counter_ms() -> int:
    """Milliseconds since the machine started, sleep included; unmoved by steps of the wall clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


def boot_id() -> str:
    """Names the present run of the machine; where the system has no such name, of this process."""
    if BOOT_ID_FILE.exists():
        return BOOT_ID_FILE.read_text().strip()
    return _PROCESS_BOOT_ID


def names_machine(boot: str) -> bool:
    """Whether a boot id is that of a whole machine, shared by its processes."""
    return not boot.startswith("process-")


def wall_ms() -> int:
    """UTC in milliseconds since 1970, only ever a first base for the study clock."""
    return time.time_ns() // 1_000_000
