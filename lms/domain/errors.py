"""What the rules forbid: refusals that carry a code and the values its wording needs."""


class Refused(Exception):
    """A rule said no. `code` is worded in `lms/web/wording.py`; `values` fill the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({told})" if told else self.code


class NotFound(Refused):
    """It does not exist, or it is not yours: the two look the same from outside."""

    def __init__(self, code: str = "not_found", **values: object) -> None:
        super().__init__(code, **values)


class Conflict(Refused):
    """True a moment ago, no longer: somebody or something else got there first."""


class Forbidden(Refused):
    """The person is known, and may not do this."""


class NotSignedIn(Refused):
    """Nobody is signed in, or the sign-in has ended."""


class TooMany(Refused):
    """Tried too often; `retry_after_seconds` says when it makes sense to try again."""

    def __init__(self, code: str, *, retry_after_seconds: int, **values: object) -> None:
        super().__init__(code, retry_after_seconds=retry_after_seconds, **values)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refused):
    """A part we rest on does not answer; nothing was recorded, trying again is safe."""
