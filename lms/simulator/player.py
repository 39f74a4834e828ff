"""A player: content goes on second for second while it plays, and stands still while it does not."""

import time


class Player:
    """The position in one lesson, in milliseconds of content."""

    def __init__(self, duration_ms: int) -> None:
        self.duration_ms = duration_ms
        self._stood_at = 0
        self._since: float | None = None
        self._until = time.monotonic()

    def play(self) -> None:
        """Goes on from where it stands."""
        if self._since is None:
            self._since = time.monotonic()

    def pause(self) -> None:
        """Stands still."""
        self._stood_at, self._until = self.where()
        self._since = None

    def where(self) -> tuple[int, float]:
        """The position, and the moment at which it was reached."""
        if self._since is None:
            return self._stood_at, self._until
        now = time.monotonic()
        position = self._stood_at + int((now - self._since) * 1000)
        if position < self.duration_ms:
            return position, now
        return self.duration_ms, self._since + (self.duration_ms - self._stood_at) / 1000

    @property
    def position(self) -> int:
        """Where it is now."""
        return self.where()[0]
