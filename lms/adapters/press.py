"""Many certificates at once: two processes draw and sign, this one reads what they made, in order.

Python draws and signs on one core, so there are two. What goes to a process: a line of JSON with the key, then one a
sheet; what comes back: four bytes of length and the file, in the order of the sheets.
"""

import base64
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, Any, cast

from lms.adapters.certificate_pdf import Sheet, write_certificate
from lms.adapters.pdf_signature import PdfSigner

PROCESSES = 2
AHEAD = 2  # sheets a process has been sent, so that none waits for us
FEW = 8  # a process needs a second to begin
LENGTH = 4
ENDED = "a process that draws certificates ended early"


def print_one(sheet: Sheet, signer: PdfSigner | None) -> bytes:
    """One certificate as a file, signed where there is a signer."""
    pdf = write_certificate(sheet)
    return signer.sign(pdf) if signer else pdf


def print_all(sheets: Iterable[Sheet], many: int, signer: PdfSigner | None) -> Generator[bytes, None, None]:
    """The files of the sheets, in their order; `many`: how many there will be. RuntimeError when a process ended early.

    Whoever stops reading ends the processes.
    """
    if many <= FEW:
        yield from (print_one(sheet, signer) for sheet in sheets)
        return
    with ExitStack() as stack:
        started = [stack.enter_context(_drawer(signer)) for _ in range(PROCESSES)]
        idle = deque(started * AHEAD)
        busy: deque[_Drawer] = deque()
        for sheet in sheets:
            if not idle:
                yield busy[0].take()
                idle.append(busy.popleft())
            at_work = idle.popleft()
            at_work.send(asdict(sheet))
            busy.append(at_work)
        yield from (each.take() for each in busy)


@dataclass(frozen=True)
class _Drawer:
    """The two ends of a process that draws."""

    into: IO[bytes]
    out: IO[bytes]

    def send(self, told: dict[str, Any]) -> None:
        try:
            self.into.write(json.dumps(told).encode() + b"\n")
            self.into.flush()
        except BrokenPipeError:
            raise RuntimeError(ENDED) from None

    def take(self) -> bytes:
        head = self.out.read(LENGTH)
        pdf = self.out.read(int.from_bytes(head))
        if len(head) < LENGTH or len(pdf) < int.from_bytes(head):
            raise RuntimeError(ENDED)
        return pdf


@contextmanager
def _drawer(signer: PdfSigner | None) -> Iterator[_Drawer]:
    """One that draws, with no setting of ours in its environment; ended however we leave."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    plain["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", "lms.adapters.press"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=plain) as started:
        drawer = _Drawer(cast("IO[bytes]", started.stdin), cast("IO[bytes]", started.stdout))
        try:
            pkcs12, password = signer.key if signer else (b"", "")
            drawer.send({"pkcs12": base64.b64encode(pkcs12).decode(), "password": password})
            yield drawer
        finally:
            started.kill()
            with suppress(BrokenPipeError):
                drawer.into.close()


def serve(lines: IO[bytes], out: IO[bytes]) -> None:
    """What such a process does, until nobody sends it anything more."""
    key = json.loads(lines.readline())
    pkcs12 = base64.b64decode(key["pkcs12"])
    signer = PdfSigner(pkcs12, key["password"]) if pkcs12 else None
    for line in lines:
        pdf = print_one(Sheet(**json.loads(line)), signer)
        out.write(len(pdf).to_bytes(LENGTH) + pdf)
        out.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
