"""Many certificates at once: in their order, the same as one by one, and no process is left behind."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from lms.adapters import press
from lms.adapters.certificate_pdf import Sheet, write_certificate
from lms.adapters.pdf_signature import PdfSigner
from tests.adapters.test_certificate_pdf import SHEET
from tests.adapters.test_pdf_signature import KEY, status

SHEETS = [replace(SHEET, rows=[("姓名", f"学员{place}𠮟")]) for place in range(press.FEW + 3)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that were started; none may live at the end."""
    known: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[call-overload]
            known.append(self)

    monkeypatch.setattr(press.subprocess, "Popen", Watched)
    yield known
    assert all(each.poll() is not None for each in known)


def printed(sheets: list[Sheet], signer: PdfSigner | None = None) -> list[bytes]:
    return list(press.print_all(iter(sheets), len(sheets), signer))


def test_they_come_in_order_and_as_one_by_one(started: list[subprocess.Popen[bytes]]) -> None:
    assert printed(SHEETS) == [write_certificate(sheet) for sheet in SHEETS]
    assert len(started) == press.PROCESSES


def test_a_few_start_no_process(started: list[subprocess.Popen[bytes]]) -> None:
    assert printed(SHEETS[:2]) == [write_certificate(sheet) for sheet in SHEETS[:2]]
    assert started == []


def test_they_are_signed_there(started: list[subprocess.Popen[bytes]]) -> None:
    made = printed(SHEETS, PdfSigner(KEY, ""))
    assert all(each.startswith(write_certificate(sheet)) for each, sheet in zip(made, SHEETS, strict=True))
    assert status(made[-1]).bottom_line


def test_who_stops_reading_ends_them(started: list[subprocess.Popen[bytes]]) -> None:
    with closing(press.print_all(iter(SHEETS), len(SHEETS), None)) as pages:
        next(pages)
    assert len(started) == press.PROCESSES


def test_a_process_that_dies_is_told(started: list[subprocess.Popen[bytes]]) -> None:
    with closing(press.print_all(iter(SHEETS), len(SHEETS), None)) as pages:
        next(pages)
        for each in started:
            each.kill()
        with pytest.raises(RuntimeError, match="ended early"):
            list(pages)
