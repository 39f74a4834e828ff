"""The page for checking QR codes as one file that needs no network: styles, scripts and keys are all inside."""

import re

from markupsafe import escape

from lms.web import assets

SCRIPTS = ("vendor/nacl-fast-1.0.3.min.js", "js/credential-qr.js", "js/offline.js")
MODULE_WORDS = re.compile(r"^import [^;]+;\n|^export (?=function|const)", re.MULTILINE)
ICON = re.compile(r"<svg\b.*?</svg>", re.DOTALL)  # drawn from a file of the site, which is out of reach
SHELL = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="page plain">
<main class="width"><div class="stack wide"><h1>{title}</h1><p>{lead}</p>{tool}</div></main>
<script>{script}</script>
</body>
</html>
"""


def script() -> str:
    """The scripts as one classic one: pages opened from a disk may not load modules."""
    vendor, *own = ((assets.SOURCE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    body = "\n".join(MODULE_WORDS.sub("", text) for text in own)
    whole = f'{vendor}\n(function () {{\n"use strict";\n{body}\n}})();\n'
    if "</script" in whole.lower():
        raise ValueError("a script must not end itself")
    return whole


def page(language: str, title: str, lead: str, tool: str) -> str:
    """The whole file. `tool`: the rendered template of the form, which is markup already."""
    return SHELL.format(
        language=escape(language),
        title=escape(title),
        lead=escape(lead),
        style=assets.stylesheet(),
        tool=ICON.sub("", tool),
        script=script(),
    )
