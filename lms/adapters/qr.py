"""QR codes, drawn by segno."""

import segno


def svg_data(text: str) -> str:
    """The text as a QR code in a data: address for an <img>; error correction M, quiet zone of 4."""
    made: str = segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, dark="#0f3d3d")
    return made
