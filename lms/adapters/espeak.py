"""A program of its own that reads aloud with eSpeak NG, which is GPL and therefore never loaded into our process.

Run by path: `python -I espeak.py PHRASES WAV`. Each line of PHRASES is `pause in ms, tab, text`. WAV is written, and
for each line `start end` in ms is printed.
"""

import ctypes
import re
import sys
import wave
from pathlib import Path

import espeakng_loader

SYNCHRONOUS = 2
BY_CHARACTER = 1
UTF8_AND_PHONEMES = 1 | 0x100
RATE_PARAMETER = 1
WORDS_PER_MINUTE = 180
MANDARIN = b"cmn"
# eSpeak NG 1.52 spells every syllable in -iong, and 儿 inside a word, in English ("xiong one"): those go as phonemes
SYLLABLES = {
    "S;'ong55": "兄凶匈汹胸芎",
    "S;'ong35": "雄熊",
    "tS;h'ong35": "穷琼邛穹茕筇蛩跫銎",
    "tS;'ong214": "窘炯迥",
    "tS;'ong55": "扃冂",
    "@r11": "儿",
}
PHONEMES = str.maketrans({sign: f"[[{sound}]]" for sound, signs in SYLLABLES.items() for sign in signs})
CHILD = re.compile("(?<=[女婴幼孙孤胎])儿|儿(?=[子女童媳孙科])")
RECEIVER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Reader:
    """The library with a Mandarin voice, collecting 16-bit samples."""

    def __init__(self) -> None:
        self.samples = bytearray()
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = str(espeakng_loader.get_data_path()).encode()
        self.samples_per_second: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, folder, 0)
        if self.samples_per_second <= 0 or self._library.espeak_SetVoiceByName(MANDARIN) != 0:
            raise SystemExit("no Mandarin voice")
        self._receiver = RECEIVER(self._receive)  # kept: the library does not own it
        self._library.espeak_SetSynthCallback(self._receiver)
        self._library.espeak_SetParameter(RATE_PARAMETER, WORDS_PER_MINUTE, 0)

    def _receive(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if count > 0:
            self.samples += ctypes.string_at(samples, 2 * count)
        return 0

    def read(self, text: str) -> None:
        """Add the sound of `text`."""
        said = CHILD.sub("[['@r35]]", text).translate(PHONEMES).encode()
        self._library.espeak_Synth(said, len(said) + 1, 0, BY_CHARACTER, 0, UTF8_AND_PHONEMES, None, None)
        self._library.espeak_Synchronize()

    def wait(self, pause_ms: int) -> None:
        """Add silence."""
        self.samples += bytes(2 * (self.samples_per_second * pause_ms // 1000))

    @property
    def now_ms(self) -> int:
        """How long it has read so far."""
        return len(self.samples) * 500 // self.samples_per_second


def main(phrases: str, into: str) -> None:
    """Read all lines of the file `phrases` into the WAV file `into`."""
    reader = Reader()
    for line in Path(phrases).read_text(encoding="utf-8").splitlines():
        pause_ms, text = line.split("\t", 1)
        start_ms = reader.now_ms
        reader.read(text)
        sys.stdout.write(f"{start_ms} {reader.now_ms}\n")
        reader.wait(int(pause_ms))
    with wave.open(into, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(reader.samples_per_second)
        out.writeframes(reader.samples)


if __name__ == "__main__":
    main(*sys.argv[1:])
