"""English stands beside the Chinese: nothing missing, nothing left over, nothing half translated."""

import re
import tomllib
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from lms.app import App
from lms.parts import Parts
from lms.web.language import counted
from tests.support.browser import session_for
from tests.support.cast import Cast

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "lms/translations/en/LC_MESSAGES/messages.po"
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
SAYING = ("_", "gettext", "counted")
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%.?|\{\w*\}")


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Every sentence that stands in the sources, found as bin/translate finds them."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    loud = {pattern: {"silent": "false"} for pattern, _method in methods}  # so that a broken template fails
    keywords = {**DEFAULT_KEYWORDS, "counted": (1, 1)}
    return {chinese_of(found[2]) for found in extract_from_dir(ROOT, methods, loud, keywords)}


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The catalogue as people edit it."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def chinese_of(source: str | Sequence[str]) -> str:
    """The one Chinese sentence of a message, also where English has two forms of it."""
    return source if isinstance(source, str) else source[0]


def told(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """Chinese → the English for it: one sentence, or one for one and one for many."""
    words = {chinese_of(message.id): message.string or "" for message in catalogue if message.id}
    return {source: (text,) if isinstance(text, str) else tuple(text) for source, text in words.items()}


def held(text: str) -> list[str]:
    """The places where values go into a sentence."""
    return sorted(PLACEHOLDER.findall(text))


def test_every_sentence_is_translated(sentences: set[str], english: Catalog) -> None:
    assert "登录" in sentences
    words = told(english)
    assert sorted(sentences - words.keys()) == []
    assert [source for source, forms in words.items() if not all(form.strip() for form in forms)] == []
    assert [message.id for message in english if message.fuzzy] == []


def test_nothing_is_translated_that_nobody_says(sentences: set[str], english: Catalog) -> None:
    assert sorted(told(english).keys() - sentences) == []
    assert list(english.obsolete) == []


def test_placeholders_are_the_same_on_both_sides(english: Catalog) -> None:
    words = told(english)
    assert any(PLACEHOLDER.search(source) for source in words)
    assert [form for source, forms in words.items() for form in forms if held(form) != held(source)] == []


def test_english_is_written_without_chinese_signs(english: Catalog) -> None:
    assert [form for forms in told(english).values() for form in forms if CHINESE.search(form)] == []


@pytest.mark.parametrize(("n", "words"), [(0, "0 payments"), (1, "1 payment"), (2, "2 payments")])
def test_english_counts_one_as_one(app: App, n: int, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en-GB"}):
        assert counted("%(n)s 笔", n=n) == words
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert counted("%(n)s 笔", n=n) == f"{n} 笔"


def test_the_compiled_catalogue_is_the_written_one(english: Catalog) -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert told(read_mo(file)) == told(english)


def test_no_word_is_translated_once_for_the_life_of_a_process() -> None:
    """What a top-level {% set %} of an imported template holds is worked out for the first reader and kept."""
    parser = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    kept = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        sets = [node for node in parser.parse(path.read_text()).body if isinstance(node, nodes.Assign)]
        calls = [call for node in sets for call in node.find_all(nodes.Call)]
        kept += [(path.name, call.lineno) for call in calls if getattr(call.node, "name", "") in SAYING]
    assert kept == []


class Page(HTMLParser):
    """Gathers what a page says: its text and its spoken attributes, but for what is marked as Chinese."""

    VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "source", "track"))
    SILENT = frozenset(("script", "style"))
    SPOKEN = frozenset(("alt", "aria-label", "label", "placeholder", "title"))

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        chinese = (dict(attrs).get("lang") or "").startswith("zh")
        silent = chinese or tag in self.SILENT or self._silent()
        if tag not in self.VOID:
            self._open.append((tag, silent))
        if not silent:
            self.words += [value for name, value in attrs if value and (name in self.SPOKEN or "-say-" in name)]

    def handle_endtag(self, tag: str) -> None:
        while tag not in self.VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent():
            self.words.append(data.strip())

    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def said_in_english(client: FlaskClient, path: str) -> list[str]:
    """What the page at `path` says to a reader of English, after a reader of Chinese has seen it."""
    client.get(path, headers={"Accept-Language": "zh-CN"})
    markup = client.get(path, headers={"Accept-Language": "en-GB"}).text
    assert '<html lang="en">' in markup
    return Page(markup).words


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "Sign in"),
        ("/accounts/login", "Password"),
        ("/accounts/login/code", "Send me a code"),
        ("/v/", "Verify"),
        ("/v/no-such-code", "No such record"),
        ("/no-such-page", "Back to the front page"),
    ],
)
def test_a_public_page_in_english_shows_no_chinese(client: FlaskClient, path: str, expected: str) -> None:
    said = said_in_english(client, path)
    assert [words for words in said if CHINESE.search(words)] == []
    assert expected in said


@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [
        ("lifang", "/learn/", "See all lessons"),
        ("lifang", "/learn/courses/{enrollment}", "My courses"),
        ("lifang", "/learn/time", "Still to do"),
        ("lifang", "/learn/time/{enrollment}", "Study time by day"),
        ("lifang", "/learn/time/{enrollment}/intervals", "All records"),
        ("lifang", "/learn/records/", "No completion record yet"),
        ("lifang", "/accounts/me", "Signed-in devices"),
        ("wanglei", "/trainer/", "Content fingerprint"),
        ("wanglei", "/trainer/versions/{version}", "Topics"),
        ("wanglei", "/trainer/versions/{version}/analytics", "Not enough learners to show yet"),
        ("zhoumin", "/institution/", "Create a class"),
        ("zhoumin", "/institution/cohorts/{cohort}", "Learners and progress"),
        ("zhoumin", "/institution/reports/completion", "Completion report"),
        ("zhoumin", "/institution/learners/{enrollment}", "Where this time comes from"),
        ("zhoumin", "/institution/learners/{enrollment}/intervals", "All records"),
        ("zhoumin", "/institution/looks", "No inspector has looked yet"),
        ("wujian", "/inspect/", "Look only. Every page you open is on record"),
        ("wujian", "/inspect/cohorts/{cohort}", "Learners and progress"),
        ("wujian", "/inspect/learners/{enrollment}", "Where this time comes from"),
        ("admin", "/platform/", "All institutions"),
        ("admin", "/platform/inspectors/", "Let an inspector in"),
        ("admin", "/platform/jobs", "No jobs yet"),
        ("admin", "/platform/events", "Activity log"),
    ],
)
def test_a_desk_in_english_shows_none_of_our_chinese_sentences(
    client: FlaskClient, parts: Parts, cast: Cast, english: Catalog, who: str, path: str, expected: str
) -> None:
    """Names of people, classes and courses stay Chinese; what comes out of the catalogue does not."""
    session_for(client, parts, getattr(cast, who))
    said = said_in_english(client, path.format_map(vars(cast)))
    ours = re.compile("|".join(".+".join(map(re.escape, PLACEHOLDER.split(source))) for source in told(english)))
    assert [words for words in said if ours.fullmatch(words)] == []
    assert expected in said
