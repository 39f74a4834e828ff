"""The voice of sample lessons: eSpeak NG, run as a separate program."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lms.adapters import sandbox
from lms.adapters.narration import Phrase, Span, spoken
from lms.adapters.sandbox import Bounds, CommandFailed
from lms.domain.errors import Unavailable

PROGRAM = Path(__file__).with_name("espeak.py")


class EspeakVoice:
    """A synthetic Mandarin voice, plainly so. Needs the extra `tts`."""

    def __init__(self) -> None:
        if importlib.util.find_spec("espeakng_loader") is None:
            raise Unavailable("voice_missing")

    def record(
        self, phrases: Sequence[Phrase], into: Path, cancelled: Callable[[], bool] = sandbox.never
    ) -> list[Span]:
        """See Voice. Raises Unavailable("voice_missing") where the synthesiser does not run, and Cancelled."""
        told: list[str] = []
        text = into.with_suffix(".txt")
        text.write_text("".join(f"{said.pause_ms}\t{spoken(said.text)}\n" for said in phrases), encoding="utf-8")
        command = [sys.executable, "-I", str(PROGRAM), str(text), str(into)]
        try:
            sandbox.run(command, folder=into.parent, bounds=Bounds(), on_line=told.append, cancelled=cancelled)
        except CommandFailed as error:
            raise Unavailable("voice_missing") from error
        return [Span(*map(int, line.split())) for line in told]
