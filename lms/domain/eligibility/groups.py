"""Evidence of groups: which paper shows which group, who may say what of it, and when it counts (domain.md 4).

A word of the institution is not enough for money: whoever trains her does not verify that she is to be paid for.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role
from lms.domain.subsidies import ExcludedGroup, PersonGroup

NUMBER = re.compile(r"[0-9A-Z\u4e00-\u9fff()（）〔〕\[\]/.\-]{4,60}")
Group = PersonGroup | ExcludedGroup


class Paper(StrEnum):
    """Which paper it is."""

    UNEMPLOYMENT = "unemployment_register"  # 失业登记
    MONITORED_LIST = "monitored_list"  # 防止返贫监测名单
    DIPLOMA = "diploma"  # 毕业证
    RURAL_REGISTER = "rural_register"  # 农村转移就业登记
    HARDSHIP = "hardship_register"  # 就业困难人员认定
    DISABILITY = "disability"  # 残疾证
    MINIMUM_LIVING = "minimum_living"  # 低保证
    CONTRACT = "labour_contract"  # 劳动合同
    POST_RECORD = "post_record"  # 编制证明
    PENSION_RECORD = "pension_record"  # 领取养老金证明
    SCHOOL_RECORD = "school_record"  # 学籍证明


class State(StrEnum):
    """What is known of an entry: the last word holds, all words stay."""

    ENTERED = "entered"
    SEEN = "seen"
    VERIFIED = "verified"
    REFUTED = "refuted"
    WITHDRAWN = "withdrawn"


PAPERS: Mapping[Group, tuple[Paper, ...]] = {
    PersonGroup.MONITORED: (Paper.MONITORED_LIST,),
    PersonGroup.GRADUATE: (Paper.DIPLOMA,),
    PersonGroup.SCHOOL_LEAVER: (Paper.DIPLOMA,),
    PersonGroup.RURAL_WORKER: (Paper.RURAL_REGISTER,),
    PersonGroup.UNEMPLOYED: (Paper.UNEMPLOYMENT,),
    PersonGroup.HARDSHIP: (Paper.HARDSHIP, Paper.DISABILITY, Paper.MINIMUM_LIVING),
    PersonGroup.EMPLOYEE: (Paper.CONTRACT,),
    ExcludedGroup.ESTABLISHMENT: (Paper.POST_RECORD,),
    ExcludedGroup.PENSIONER: (Paper.PENSION_RECORD,),
    ExcludedGroup.STUDENT: (Paper.SCHOOL_RECORD,),
}
WORDS: Mapping[tuple[Role, State], frozenset[State]] = {
    (Role.INSTITUTION, State.SEEN): frozenset({State.ENTERED}),
    (Role.OFFICER, State.VERIFIED): frozenset({State.ENTERED, State.SEEN, State.REFUTED}),
    (Role.OFFICER, State.REFUTED): frozenset({State.ENTERED, State.SEEN, State.VERIFIED}),
}
"""Which desk may say what, and after which word."""
OPEN = (State.ENTERED, State.SEEN)


@dataclass(frozen=True)
class Entry:
    """An entry as somebody types it from the paper; `number` may be empty."""

    group: Group
    paper: Paper
    valid_from: date
    valid_until: date | None = None
    number: str = ""


def group_named(code: str) -> Group:
    """The group of a code, of either kind; ValueError for any other."""
    return PersonGroup(code) if code in set(PersonGroup) else ExcludedGroup(code)


def check_entry(entry: Entry, today: date) -> str:
    """The number as it is kept, "" for none.

    Refused: group_paper where the paper does not show the group, group_day for one that begins in days to come,
    group_validity for one that ends before it begins, group_number for its length (4–60) or strange signs.
    """
    if entry.paper not in PAPERS[entry.group]:
        raise Refused("group_paper")
    if entry.valid_from > today:
        raise Refused("group_day")
    if entry.valid_until is not None and entry.valid_until < entry.valid_from:
        raise Refused("group_validity")
    number = re.sub(r"\s", "", entry.number).upper()
    if number and NUMBER.fullmatch(number) is None:
        raise Refused("group_number")
    return number


def words_of(desk: Role, state: State) -> tuple[State, ...]:
    """What a desk may say of an entry in this state, in the order of the states."""
    return tuple(word for word in State if state in WORDS.get((desk, word), frozenset()))


def check_word(desk: Role, state: State, word: State) -> None:
    """Forbidden: group_desk for a word this desk may not say; Conflict: group_step where it cannot follow."""
    if (desk, word) not in WORDS:
        raise Forbidden("group_desk")
    if state not in WORDS[desk, word]:
        raise Conflict("group_step")


def check_withdrawal(state: State) -> None:
    """Whoever entered it may take it back until it is decided on; Conflict: group_step."""
    if state not in OPEN:
        raise Conflict("group_step")


@dataclass(frozen=True)
class Hands:
    """Through whose hands an entry has gone, each by the living person behind the account."""

    entered_by: uuid.UUID
    spoke: frozenset[uuid.UUID]
    person_ids: frozenset[uuid.UUID]

    def check(self, me: uuid.UUID, word: State) -> None:
        """Forbidden: group_own, group_second_person: nobody verifies her own, or what she entered or saw herself."""
        if me in self.person_ids:
            raise Forbidden("group_own")
        if me == self.entered_by or (word is not State.SEEN and me in self.spoke):
            raise Forbidden("group_second_person")
