"""Questions of every kind, sound, for tests to bend."""

from lms.domain.bank import Entry, Item, ItemType, Pair
from lms.domain.courses import Option


def options(*texts: str, right: str = "A") -> tuple[Option, ...]:
    """Options A, B, C …; `right` names the right ones."""
    return tuple(Option(text, f"关于{text}", "ABCDEFGH"[number] in right) for number, text in enumerate(texts))


SINGLE = Item(ItemType.SINGLE, "喂饭前先做什么？", options("洗手", "开窗", "叫家属"), explanation="手干净，饭才干净。")
MULTIPLE = Item(ItemType.MULTIPLE, "哪些要报告？", options("摔倒", "发热", "吃得香", right="AB"))
TRUE_FALSE = Item(ItemType.TRUE_FALSE, "可以代替老人签字。", options("对", "错", right="B"))
ORDERING = Item(ItemType.ORDERING, "洗手的次序", steps=("湿手", "搓手", "冲洗", "擦干"))
MATCHING = Item(ItemType.MATCHING, "配一配", pairs=(Pair("发热", "量体温"), Pair("摔倒", "先别扶"), Pair("", "喂药")))
FILL = Item(ItemType.FILL, "体温超过 ____ ℃ 叫____。", blanks=(("37.3", "37.3度"), ("发热", "发烧")))
CASE = Item(ItemType.CASE, "王奶奶 82 岁，早上说头晕。", parts=(SINGLE, TRUE_FALSE, FILL))

ENTRIES = tuple(
    Entry(item, "wash", 1 + number % 5, ("基础", "护理"))
    for number, item in enumerate((SINGLE, MULTIPLE, TRUE_FALSE, ORDERING, MATCHING, FILL, CASE))
)
