"""Which column of a bank statement (银行流水) says what: banks name them as they like.

What a customer of a bank is credited (贷方) came in, what she is debited (借方) went out.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from lms.domain.roster_columns import Area, Grid, Heading, find_heading, plain


class Column(StrEnum):
    """What a statement tells of one movement."""

    DAY = "day"
    WORDS = "words"
    IN = "in"
    OUT = "out"
    AMOUNT = "amount"
    SIDE = "side"
    BALANCE = "balance"
    NAME = "name"
    ACCOUNT = "account"
    SERIAL = "serial"
    RECEIPT = "receipt"


TITLES = {  # of several that name the same, the one told first here
    Column.DAY: "交易日期 记账日期 入账日期 交易日 记账日 发生日期 会计日期 账务日期 日期 交易时间 date",
    Column.WORDS: "摘要 交易摘要 摘要说明 用途 附言 交易附言 备注 交易说明",
    Column.IN: "收入 收入金额 贷方 贷方金额 贷方发生额 存入 存入金额 转入 转入金额 收款金额 入账金额 贷",
    Column.OUT: "支出 支出金额 借方 借方金额 借方发生额 支取 支取金额 转出 转出金额 付款金额 出账金额 借",
    Column.AMOUNT: "交易金额 发生额 金额",
    Column.SIDE: "借贷标志 借贷方向 借贷 收支 收支标志 收付标志 收支方向 借贷标识",
    Column.BALANCE: "余额 账户余额 当前余额 本次余额 交易后余额 账面余额",
    Column.NAME: "对方户名 对方名称 对方账户名称 对方单位名称 对方账户名 对手户名 收付款人名称 收/付方名称",
    Column.ACCOUNT: "对方账号 对方账户 对方银行账号 对手账号 收付款人账号 收/付方账号 对方卡号/账号",
    Column.SERIAL: "流水号 交易流水号 交易流水 核心流水号 银行流水号 柜员流水号 业务流水号",
    Column.RECEIPT: "回单号 银行回单号 电子回单号 回单编号 电子回单编号 凭证号 凭证号码 回单号码",
}
_NAMED = {plain(name): (field, at) for field, names in TITLES.items() for at, name in enumerate(names.split())}


def columns_of(titles: Mapping[int, str]) -> dict[Column, int]:
    """Which column says what, by its title; headings on several rows count by their last lines."""
    found: dict[Column, tuple[int, int]] = {}
    for place, title in sorted(titles.items()):
        named = _named(title)
        if named is not None and (named[0] not in found or named[1] < found[named[0]][0]):
            found[named[0]] = (named[1], place)
    return {field: place for field, (_, place) in found.items()}


def _named(title: str) -> tuple[Column, int] | None:
    lines = title.split("\n")
    told = (_NAMED.get(plain("".join(lines[at:]))) for at in range(len(lines)))
    return next(filter(None, told), None)


def heading_of(grid: Grid, areas: Sequence[Area] = ()) -> Heading:
    """Where the titles stand."""
    return find_heading(grid, areas, columns_of)


def missing(columns: Mapping[Column, int]) -> list[Column]:
    """What a statement cannot do without and this one does not tell: a day, and what came in or went out."""
    lacking = [] if Column.DAY in columns else [Column.DAY]
    two_sided = Column.IN in columns and Column.OUT in columns
    if not two_sided and Column.AMOUNT not in columns:
        lacking.append(Column.IN if Column.OUT in columns else Column.OUT)
    return lacking
