"""Static files: gathered at start under one hashed folder, compressed, cached for a year.

The whole tree lives below its own hash, so ES modules may import each other by plain relative
paths and a changed file changes every address.
"""

import gzip
import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from lms.web.headers import HEADERS

SOURCE = Path(__file__).parent / "static"
ORDER = "css/ORDER"
BUNDLE = "css/site.css"
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt"}
LAYER = re.compile(r"\A@layer [\w, ]+(?:;\s*|\{(.*)\}\s*)\Z", re.DOTALL)
ONE_YEAR_SECONDS = 31_536_000


def _files(source: Path) -> list[Path]:
    return sorted(path for path in source.rglob("*") if path.is_file())


def tree_hash(source: Path = SOURCE) -> str:
    """Names this state of all static files."""
    digest = hashlib.sha256()
    for path in _files(source):
        digest.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(stylesheet(source).encode())
    return digest.hexdigest()[:12]


def stylesheet(source: Path = SOURCE) -> str:
    """All component styles in the one order that `css/ORDER` lists.

    The `@layer` around each file is for people and tools; browsers before 2022 would ignore all it
    holds, and the order of the files says the same.
    """
    names = [line.strip() for line in (source / ORDER).read_text().splitlines()]
    texts = ((source / "css" / name).read_text() for name in names if name and name[0] != "#")
    return "\n".join(LAYER.sub(r"\1", text) for text in texts)


def collect(into: Path, source: Path = SOURCE) -> tuple[str, Path]:
    """(hash, folder) with every file and its compressed twin; made once, then found again."""
    name = tree_hash(source)
    target = into / name
    if not target.exists():
        into.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=into))
        shutil.copytree(source, draft, dirs_exist_ok=True)
        (draft / BUNDLE).write_text(stylesheet(source))
        for path in _files(draft):
            if path.suffix in COMPRESSIBLE:
                Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        _publish(draft, target)
    return name, target


def _publish(draft: Path, target: Path) -> None:
    draft.chmod(0o755)
    try:
        draft.rename(target)
    except OSError:  # another process was faster with the same files
        shutil.rmtree(draft)


def _protect(headers: Headers, _path: str, _url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def install(app: Flask, cache: Path) -> None:
    """Serves the collected files and gives templates `asset('css/site.css')`."""
    name, folder = collect(cache)
    prefix = f"/static/{name}/"

    served = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix=prefix,
        max_age=ONE_YEAR_SECONDS,
        allow_all_origins=False,
        add_headers_function=_protect,
        immutable_file_test=lambda _path, _url: True,
    )
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda path: prefix + path
