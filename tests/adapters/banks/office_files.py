"""Office files made by hand: a zip of parts, and a Word document that numbers by itself."""

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def numbered_document(stems: list[str], options: list[str], *, by_style: bool) -> bytes:
    """Questions without a typed number: Word writes 1., 2. and A., B. itself, by paragraph or by style."""

    def paragraph(text: str, level: int) -> str:
        by = f'<w:pStyle w:val="L{level}"/>' if by_style else _number(level)
        return f"<w:p><w:pPr>{by}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    body = "".join(paragraph(stem, 0) + "".join(paragraph(option, 1) for option in options) for stem in stems)
    levels = _level(0, "decimal", "%1.") + _level(1, "upperLetter", "%2.")
    numbering = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    styles = '<w:style w:styleId="L0"><w:basedOn w:val="Base"/></w:style>'
    styles += f'<w:style w:styleId="Base"><w:pPr>{_number(0)}</w:pPr></w:style>'
    styles += f'<w:style w:styleId="L1"><w:pPr>{_number(1)}</w:pPr></w:style>'
    return packed(
        {
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>".encode(),
            "word/numbering.xml": f"<w:numbering {W}>{numbering}</w:numbering>".encode(),
            "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>".encode(),
        }
    )


def _number(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'


def _level(level: int, form: str, text: str) -> str:
    told = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{level}">{told}</w:lvl>'
