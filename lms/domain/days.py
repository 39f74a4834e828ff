"""Civil days: the same day months later; where midnight lies on the study clock, and how it splits an interval."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Calendar:
    """The policy's calendar at one moment. `ahead_ms`: UTC since 1970 minus the study clock, in ms."""

    zone: ZoneInfo
    ahead_ms: int

    def day_of(self, clock_ms: int) -> date:
        """The civil day in which this reading of the study clock lies; midnight belongs to the new day."""
        return self.moment_of(clock_ms).date()

    def midnights(self, from_ms: int, to_ms: int) -> tuple[int, ...]:
        """The readings of the study clock strictly between the two at which a civil day begins."""
        found = []
        day = self.day_of(from_ms) + timedelta(days=1)
        while (at := self.begin_of(day)) < to_ms:
            found.append(at)
            day += timedelta(days=1)
        return tuple(found)

    def begin_of(self, day: date) -> int:
        """The reading of the study clock at which this civil day begins."""
        return unix_ms(datetime.combine(day, time(), self.zone)) - self.ahead_ms

    def moment_of(self, clock_ms: int) -> datetime:
        """This reading of the study clock as people's clocks in the zone show it."""
        moment = EPOCH + timedelta(milliseconds=clock_ms + self.ahead_ms)
        return moment.astimezone(self.zone)


def calendar(zone: ZoneInfo, now: datetime, now_ms: int) -> Calendar:
    """The calendar that holds while the study clock reads `now_ms` and UTC is `now`."""
    return Calendar(zone, unix_ms(now) - now_ms)


def unix_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it is shorter (31 January → 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
