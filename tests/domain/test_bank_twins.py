"""The same question again, and nearly the same."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import Pair
from lms.domain.bank_twins import NEAR_PERMILLE, Twins, bigrams, content_hash, essence, similarity
from tests.domain.bank_entries import CASE, ENTRIES, FILL, MATCHING, ORDERING, SINGLE, options


def test_the_hash_is_about_what_is_asked_and_right() -> None:
    same = replace(SINGLE, stem="喂饭前 先做什么?", options=tuple(reversed(SINGLE.options)), explanation="别的话")
    assert content_hash(same) == content_hash(SINGLE)
    others = [
        replace(SINGLE, stem="喂饭后先做什么？"),
        replace(SINGLE, options=options("洗手", "开窗", "叫家属", right="B")),
        replace(ORDERING, steps=tuple(reversed(ORDERING.steps))),
        replace(MATCHING, pairs=(Pair("发热", "先别扶"), Pair("摔倒", "量体温"))),
        replace(FILL, blanks=(("37.3",), ("发热", "发烧"))),
        replace(CASE, parts=CASE.parts[:2]),
    ]
    hashes = {content_hash(item) for item in (*(entry.item for entry in ENTRIES), *others)}
    assert len(hashes) == len(ENTRIES) + len(others)


def test_essence_and_bigrams() -> None:
    assert essence(SINGLE) == "喂饭前先做什么叫家属开窗洗手"
    assert "王奶奶82岁" in essence(CASE)
    assert "对错" in essence(CASE)
    assert bigrams("甲乙丙") == {"甲乙", "乙丙"}
    assert (bigrams("甲"), bigrams("")) == ({"甲"}, frozenset())
    assert similarity(bigrams("甲乙丙"), bigrams("甲乙丁")) == 500
    assert similarity(bigrams(""), bigrams("")) == 1000


def test_near_texts_are_found_and_others_not() -> None:
    long = "给失智老人喂饭之前护理员应当先洗手再看看老人的姿势是不是坐直了然后才开始"
    twins = Twins([("other", "完全不同的另一道题目"), ("long", long)])
    assert twins.find(long.replace("应当", "应该")) == "long"
    assert twins.find("毫不相干") is None
    assert twins.find(long, but="long") is None
    assert twins.find(long, but="other") is None
    assert Twins([]).find(long) is None


@given(st.lists(st.text("甲乙丙丁戊己", max_size=40), max_size=12), st.integers())
def test_looking_up_rare_ones_misses_no_twin(texts: list[str], seed: int) -> None:
    dice = random.Random(seed)
    texts = texts + [text.replace("甲", "庚", 1) for text in texts if dice.random() < 0.5]
    keyed = list(enumerate(text for text in texts if text))
    twins = Twins(keyed)
    for key, text in keyed:
        mine = bigrams(text)
        plain = next((k for k, t in keyed[:key] if similarity(mine, bigrams(t)) >= NEAR_PERMILLE), None)
        assert twins.find(text, but=key) == plain
