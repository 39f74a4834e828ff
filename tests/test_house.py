"""The house rules that can be checked: arrows, gates, wording, one place that commits, sizes, languages."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from lms.domain.roles import Role
from lms.web import access
from lms.web.wording import SENTENCES

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "lms").rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_MODULE_OF_PAGES = 100


def test_every_import_runs_down() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_route_is_gated_or_declared_public(app: Flask) -> None:
    audiences = {rule.endpoint: access.audience_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    known = {access.PUBLIC, access.SIGNED_IN, *Role}
    assert {endpoint: found for endpoint, found in audiences.items() if found not in known} == {}


NOBODY = "00000000-0000-7000-8000-000000000000"
PUBLIC_ROUTES = {
    "/",
    "/language",
    "/healthz",
    "/readyz",
    "/metrics",
    "/v/",
    "/v/<code>",
    "/v/<code>.json",
    "/v/<code>.jwt",
    "/v/<code>/qr",
    "/credentials/status/<int:number>",
    "/credentials/issuer",
    "/verify",
    "/verify/kangxue.html",
    "/.well-known/did.json",
    "/s/<token>",
    "/notices/",
    "/notices/<uuid:notice_id>",
    "/notices/<uuid:notice_id>/objections",
    "/log/",
    "/log/checkpoints/<int:size>",
    "/accounts/login",
    "/accounts/login/code",
    "/accounts/login/code/entry",
    "/accounts/login/code/resends",
    "/accounts/logout",
    "/api/v1/tokens",
    "/api/",
    "/api/v1/verifications/<code>",
    "/api/v1/openapi.json",
    "/.well-known/jwks.json",
}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_public_routes_are_these_and_no_others(app: Flask) -> None:
    rules = app.url_map.iter_rules()
    found = {rule.rule for rule in rules if access.audience_of(app, rule.endpoint) == access.PUBLIC}
    assert found == PUBLIC_ROUTES


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_nobody_passes_a_gate_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if access.audience_of(app, rule.endpoint) == access.PUBLIC or "GET" not in rule.methods:
            continue
        choices = {name: getattr(converter, "items", None) for name, converter in rule._converters.items()}
        numbers = {name for name, converter in rule._converters.items() if hasattr(converter, "num_convert")}
        values = {name: next(iter(found)) if found else NOBODY for name, found in choices.items()}
        values |= dict.fromkeys(numbers, 1)
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        response = client.get(url)
        assert response.status_code in (302, 401), f"{rule.rule} answered {response.status_code}"


def raised_codes() -> set[str]:
    """Every code that a Refused kind, a Reason or a Remark is made with, anywhere in the sources."""
    kinds = {"Refused", "Reason", "Conflict", "Forbidden", "NotFound", "NotSignedIn", "TooMany", "Unavailable"}
    kinds |= {"Remark", "_doubt"}
    codes = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in kinds and isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.add(first.value)
    return codes


def test_every_code_has_wording() -> None:
    codes = raised_codes()
    assert "lease_lost" in codes
    assert sorted(codes - set(SENTENCES)) == []


def test_only_db_commits() -> None:
    commits = re.compile(r"\.(commit|rollback)\(")
    guilty = [path.name for path in SOURCES if commits.search(path.read_text()) and path.name != "db.py"]
    assert guilty == []


def test_only_the_edges_read_the_clock() -> None:
    reads = re.compile(r"\bclock\.now\(|datetime\.now\(|time\.time\(")
    places = {path.relative_to(ROOT / "lms").parts[0] for path in SOURCES if reads.search(path.read_text())}
    assert places <= {"web", "cli", "worker", "personal.py", "clock.py"}


def test_files_and_functions_stay_short() -> None:
    long_files = [path.name for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long_files == []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno
                assert length <= LONGEST_FUNCTION, f"{path.name}:{node.lineno} {node.name} has {length} lines"


def test_scripts_of_pages_stay_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "lms/web/static/js").glob("*.js")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE_OF_PAGES} == {}


def test_nothing_is_fetched_from_a_third_party() -> None:
    shown = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "lms/web/static").rglob("*.css")]
    shown += list((ROOT / "lms/web/static/js").rglob("*.js"))
    for path in shown:
        assert not re.search(r"""(src|href|url\(|import)\s*[=(]?\s*["']?https?://""", path.read_text()), path


def test_scripts_import_what_their_neighbours_export() -> None:
    """A name that is not there stops a whole page's scripts, silently on a phone."""
    scripts = ROOT / "lms/web/static/js"
    for path in scripts.glob("*.js"):
        for names, source in re.findall(r'import \{([^}]*)\} from "\./([^"]+)"', path.read_text()):
            text = (scripts / source).read_text()
            for name in filter(None, (each.split(" as ")[0].strip() for each in names.split(","))):
                assert re.search(rf"export (async )?(function\*?|const|let|class) {name}\b", text), (path.name, name)


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
