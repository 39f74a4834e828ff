"""Checks what a dossier tells of subsidies: each frozen line by its hash, each step by the chain it stands in, and what
was made public and paid by the lines it is about."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from lms.verifier.hashes import sha256

LINES, STEPS, FILES = "21-补贴/1-申请明细.csv", "21-补贴/2-办理经过.csv", "21-补贴/办理内容"
NOTICES, PAYMENTS = "21-补贴/3-公示.csv", "21-补贴/4-拨付.csv"
ASSEMBLED = ("make", "refresh")
BEIJING = timezone(timedelta(hours=8))
HIDDEN = "（已隐去）"
Row = dict[str, str]
Sums = dict[tuple[str, str], tuple[int, int]]
"""By claim and round: how many lines a step assembled, and what they came to in fen."""


def check(names: set[str], rows: Callable[[str], Iterable[Row]], read: Callable[[str], bytes]) -> Iterator[str]:
    """One sentence for each thing that is not as it was; `rows` and `read` give a table and a file of the archive."""
    frozen: dict[tuple[str, str], str] = {}
    sums: Sums = {}
    yield from _steps(names, rows, read, frozen, sums)
    for count, row in enumerate(rows(LINES) if LINES in names else (), 2):
        body, digest = row["固定内容"], row["固定内容 SHA-256"]
        is_told = body != HIDDEN
        if (is_told and sha256(body) != digest) or frozen.get((row["申请编号"], row["明细编号"])) != digest:
            yield f"{LINES} line {count}: is not the line that was frozen"
        elif is_told and not _agrees(row, json.loads(body)):
            yield f"{LINES} line {count}: its columns are not what the frozen line tells"
    yield from _summed(names, rows, sums)
    yield from _beside(names, rows)


def _summed(names: set[str], rows: Callable[[str], Iterable[Row]], sums: Sums) -> Iterator[str]:
    """Words that are for an authority's eyes are held back: their sums are checked by what the step said of all."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows(LINES) if LINES in names else ():
        found.setdefault((row["申请编号"], row["第几次汇总"]), []).append(row["金额（元）"])
    for (claim, number), amounts in found.items():
        lines, fen = sums.get((claim, number), (0, 0))
        told = sum(_fen(each) for each in amounts)
        if lines == len(amounts) and told != fen:
            yield f"{LINES}: the lines of {claim}, round {number}, come to {told} fen, its step says {fen}"


def _steps(
    names: set[str],
    rows: Callable[[str], Iterable[Row]],
    read: Callable[[str], bytes],
    frozen: dict[tuple[str, str], str],
    sums: Sums,
) -> Iterator[str]:
    last: dict[str, tuple[int, str]] = {}
    listed = set()
    for count, row in enumerate(rows(STEPS) if STEPS in names else (), 2):
        name, claim = f"{FILES}/{row['办理内容文件']}", row["申请编号"]
        listed.add(name)
        text = read(name).decode() if name in names else ""
        number, previous = last.get(claim, (0, ""))
        last[claim] = (number + 1, row["校验码"])
        if sha256(text) != row["校验码"]:
            yield f"{STEPS} line {count}: {name} is not the step that was taken"
            continue
        told = json.loads(text)
        if (told["claim"], told["number"], told["previous"]) != (claim, number + 1, previous):
            yield f"{STEPS} line {count}: is not bound to the step before it"
        at = f"{datetime.fromisoformat(told['at']).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
        if [row["第几步"], _plain(row["意见"]), row["时间（北京）"]] != [str(told["number"]), _plain(told["note"]), at]:
            yield f"{STEPS} line {count}: its columns are not what the step tells"
        if told["act"] in ASSEMBLED:
            facts = told["facts"]
            frozen.update({(claim, line): digest for line, digest in facts["lines"].items()})
            sums[claim, str(facts["round"])] = (len(facts["lines"]), facts["amount_fen"])
    more = {each for each in names if each.startswith(f"{FILES}/")} - listed
    yield from (f"{each}: no step names it" for each in sorted(more))


def _beside(names: set[str], rows: Callable[[str], Iterable[Row]]) -> Iterator[str]:
    """What was shown and paid is of a line of the same learner, with its sums."""
    lines = list(rows(LINES) if LINES in names else ())
    shown = {(row["申请编号"], row["序号"], row["标准（元）"], row["金额（元）"]) for row in lines}
    for count, row in enumerate(rows(NOTICES) if NOTICES in names else (), 2):
        if (row["申请编号"], row["序号"], row["标准（元）"], row["金额（元）"]) not in shown:
            yield f"{NOTICES} line {count}: shows what no line asks for"
    asked = {(row["申请编号"], row["明细编号"], row["序号"], row["金额（元）"]) for row in lines}
    for count, row in enumerate(rows(PAYMENTS) if PAYMENTS in names else (), 2):
        if (row["申请编号"], row["明细编号"], row["序号"], row["金额（元）"]) not in asked:
            yield f"{PAYMENTS} line {count}: tells of what no line asks for"


def _agrees(row: Row, told: dict[str, Any]) -> bool:
    sums = [_hundredths(told[name]) for name in ("standard_fen", "amount_fen", "class_hour_hundredths")]
    days = [told["first_on"], told["last_on"], told["certificate_on"] or ""]
    words = [_plain(told["occupation"]), _plain(told["certificate"] or "")]
    return (
        [row["标准（元）"], row["金额（元）"], row["课时"]] == sums
        and [row["开始日期"], row["结束日期"], row["发证日期"]] == days
        and [_plain(row["培训职业（工种）"]), _plain(row["证书编号"])] == words
    )


def _fen(yuan: str) -> int:
    digits = yuan.replace(".", "")
    return int(digits) if digits.isdecimal() else 0


def _hundredths(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _plain(text: str) -> str:
    """Without the sign that keeps a sheet from reading a text as a formula."""
    return text.lstrip("'")
