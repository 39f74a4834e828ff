"""QR codes, drawn by segno."""

import segno


def svg_data(text: str) -> str:
    """The text as a QR code in a data: address for an <img>; error correction M, quiet zone of 4."""
    made: str = segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, dark="#0f3d3d")
    return made


def modules(text: str) -> list[list[bool]]:
    """The same code as rows of squares, dark or not, with its quiet zone."""
    made = segno.make(text, error="m", micro=False)
    return [[bool(square) for square in row] for row in made.matrix_iter(border=4)]


def dense_data(text: str) -> str:
    """A long text as a QR code: black on white and with little error correction, which keeps its squares large."""
    made: str = segno.make(text, error="l", micro=False, boost_error=False).svg_data_uri(scale=4, border=4)
    return made
