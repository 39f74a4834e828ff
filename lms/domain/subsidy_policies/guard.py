"""The guard against discrimination: region, hukou, age and social insurance may not be preconditions in Liaoning.

Source: 康养职业技能培训计划（辽宁，2021）: 不得以地域、户籍、年龄、社保设前提 (domain.md 4 and 8.1, H).
It holds for every policy of Liaoning, whatever the file says of itself, and for every other policy that names what it
forbids. No term of a policy speaks of the four: so the guard looks at whatever stands where no known word stands, and
at sentences for people.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

from lms.domain.subsidy_policies.faults import Faults, Place

ALL = ("region", "hukou", "age", "social_insurance")
CLAUSE = "康养职业技能培训计划（辽宁）：不得以地域、户籍、年龄、社保设前提"
ALWAYS = frozenset({"LN"})

CHINESE: Mapping[str, tuple[str, ...]] = {
    "region": (
        *("地域", "本地", "外地", "本市", "外市", "本省", "外省", "本县", "本区", "外来人员", "常住", "居住", "暂住"),
        *("就业地", "所在地", "属地", "辖区", "辖内"),
    ),
    "hukou": ("户籍", "户口", "籍贯", "落户", "本籍", "外籍", "城镇户", "农业户", "农村户", "戶籍", "戶口", "籍貫"),
    "age": ("年龄", "年齡", "岁", "歲", "出生", "生日", "年满", "年滿", "大龄", "超龄", "高龄", "生于"),
    "social_insurance": (
        *(
            "社保",
            "社会保险",
            "社会保障",
            "參保",
            "参保",
            "未参保",
            "投保",
            "缴费",
            "缴纳",
            "养老保险",
            "医疗保险",
            "医保",
        ),
        *("失业保险", "工伤保险", "生育保险", "五险", "社會保險"),
    ),
}
TOKENS: Mapping[str, str] = {
    "region": "region regions regional area areas residence residency resident residents domicile locality local "
    "hometown province city district diyu quyu changzhu juzhu",
    "hukou": "hukou huji hujidi household households birthplace native jiguan registered",
    "age": "age ages aged maxage minage agemax agemin agelimit birth birthday birthdate birthyear born nianling older "
    "younger zhousui",
    "social_insurance": "insurance insured insurances socialsecurity security shebao canbao contribution "
    "contributions yibao",
}
LATIN: Mapping[str, frozenset[str]] = {kind: frozenset(words.split()) for kind, words in TOKENS.items()}
HARMLESS = ("社保卡", "社会保障卡", "失业保险基金", "失业保险资金", "失业保险技能提升")
"""Cards that money is paid to, and other funds: no one's precondition."""
DENIED = ("不得", "不限", "不以", "不设", "不看", "不要求", "不问", "无论", "禁止", "取消")
SENTENCES = frozenset({"title", "clause", "note"})
FREE = frozenset({"code", "issuer", "document_number", "source", "verified_by", "based_on", "jurisdiction"})
OWN = frozenset({"forbidden_preconditions"})


def forbidden_in(jurisdiction: str, named: Collection[str]) -> frozenset[str]:
    """What a policy may not ask: all four in Liaoning, elsewhere what it names itself."""
    return frozenset(ALL) if jurisdiction in ALWAYS else frozenset(named)


def check(raw: Any, forbidden: Collection[str], clause: str, known: Collection[str], faults: Faults) -> None:
    """Writes down each place of a file that makes one of these a precondition, with the clause that forbids it.

    `known`: the keys and words that policies may hold, which mean what their term means.
    """
    for place, word, is_sentence in _words(raw, (), known):
        for kind in kinds_of(word, is_sentence=is_sentence):
            if kind in forbidden:
                faults.add(place, "subsidy_precondition", value=word[:60], kind=kind, clause=clause or CLAUSE)


def kinds_of(word: str, *, is_sentence: bool = False) -> list[str]:
    """Which of the four a word speaks of. `is_sentence`: text for people, in which a part that denies it is fine."""
    plain = unicodedata.normalize("NFKC", word)
    parts = re.split(r"[，。；,;！!\n]", plain) if is_sentence else [plain]
    told = [part for part in parts if not (is_sentence and any(sign in part for sign in DENIED))]
    return [kind for kind in ALL if any(_speaks_of(kind, part) for part in told)]


def _speaks_of(kind: str, text: str) -> bool:
    together = re.sub(r"[\W_]", "", text)
    for each in HARMLESS:
        together = together.replace(each, "")
    if any(sign in together for sign in CHINESE[kind]):
        return True
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).casefold()
    tokens = re.findall(r"[a-z]+", parted)
    joined = {one + other for one, other in pairwise(tokens)}
    return not LATIN[kind].isdisjoint({*tokens, *joined})


def _words(raw: Any, place: Place, known: Collection[str]) -> Iterator[tuple[Place, str, bool]]:
    """Every key that is not known, and every text, with its place; whether it is a sentence for people."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            if key in OWN and not place:
                continue
            inside = (*place, key)
            if key not in known:
                yield inside, str(key), False
            yield from _words(value, inside, known)
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            yield from _words(value, (*place, number), known)
    elif isinstance(raw, str) and raw not in known:
        name = next((each for each in reversed(place) if isinstance(each, str)), "")
        if name not in FREE:
            yield place, raw, name in SENTENCES
