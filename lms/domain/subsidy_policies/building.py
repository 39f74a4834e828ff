"""A subsidy policy, built from the texts, lists and mappings of its file; everything that is wrong is told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.domain.levels import BY_NAME
from lms.domain.subsidies import CatalogueItem, Confidence, SubsidyKind, SubsidyPolicy, Term, Terms
from lms.domain.subsidy_policies import guard
from lms.domain.subsidy_policies.faults import Fault, Faults, Place
from lms.domain.subsidy_policies.values import (
    LONGEST,
    MOST_FEN,
    NAMES,
    NONE,
    READERS,
    Read,
    choice,
    flag,
    mapping,
    several,
    text,
    whole,
    word,
)

CODE = re.compile(r"([A-Z]{2})-[0-9]{4}(-[0-9]{1,2})?")
JURISDICTIONS = ("CN", "LN", "CQ")
KINDS = ("occupation", "new_occupation", "special_skill")
HEADER = ("code", "jurisdiction", "title", "issuer", "document_number", "source", "effective", "terms")
MORE = ("verified_by", "verified_on", "based_on", "forbidden_preconditions", "catalogue", "note")
OF_TERM = ("value", "clause", "source", "confidence", "inherits", "note")
OF_ITEM = ("name", "kind", "levels", "shortage", "amounts")
OF_AMOUNT = ("kind", "level", "fen", "clause", "source", "confidence")
MOST_ITEMS = 200


@dataclass(frozen=True)
class Built:
    """The policy, or None with the faults that kept it from being one."""

    policy: SubsidyPolicy | None
    faults: tuple[Fault, ...]


def build(raw: Any, digest: str = "") -> Built:
    """A policy from plain values, every scalar a text and every empty one None; the guard has its say before all."""
    faults = Faults()
    if not mapping(raw, (), faults, HEADER, MORE):
        return Built(None, _once(faults))
    names = _forbidden(raw.get("forbidden_preconditions"), faults)
    forbidden = guard.forbidden_in(str(raw["jurisdiction"]), names[0])
    said = Faults()
    guard.check(raw, forbidden, names[1], _known_words(), said)
    clause = names[1] or (guard.CLAUSE if forbidden else "")
    policy = _policy(raw, (forbidden, clause), digest, faults)
    told = Faults()
    guarded = {each.place for each in said.found}
    told.found = said.found + [each for each in faults.found if each.place not in guarded]
    return Built(None if told.found else policy, _once(told))


def _once(faults: Faults) -> tuple[Fault, ...]:
    return tuple({(each.place, each.code, str(each.values)): each for each in faults.found}.values())


def _known_words() -> frozenset[str]:
    own = (*HEADER, *MORE, *OF_TERM, *OF_ITEM, *OF_AMOUNT, *NAMES, "from", "to", "values", "n", "scope", "kinds", "all")
    return frozenset(own)


def _policy(raw: Mapping[str, Any], names: tuple[frozenset[str], str], digest: str, faults: Faults) -> SubsidyPolicy:
    begins, ends, sure = _effective(raw["effective"], faults)
    verified = (_optional(raw, "verified_by", faults), _optional_day(raw, "verified_on", faults))
    if (verified[0] == "") != (verified[1] is None):
        faults.add(("verified_by",), "subsidy_verified_half")
    code = text(raw["code"], ("code",), faults) or ""
    place = choice(JURISDICTIONS)(raw["jurisdiction"], ("jurisdiction",), faults) or ""
    if code and not CODE.fullmatch(code):
        faults.add(("code",), "subsidy_code_shape")
    elif code and place and not code.startswith(place):
        faults.add(("code",), "subsidy_code_place", jurisdiction=place)
    based_on = _optional(raw, "based_on", faults)
    if based_on and (based_on == code or not CODE.fullmatch(based_on)):
        faults.add(("based_on",), "subsidy_based_on")
    return SubsidyPolicy(
        code=code,
        jurisdiction=place,
        title=text(raw["title"], ("title",), faults) or "",
        issuer=text(raw["issuer"], ("issuer",), faults) or "",
        document_number=_optional(raw, "document_number", faults),
        source=text(raw["source"], ("source",), faults) or "",
        effective_from=begins,
        effective_to=ends,
        verified_by=verified[0],
        verified_on=verified[1],
        terms=_terms(raw["terms"], faults),
        catalogue=_catalogue(raw.get("catalogue"), faults),
        forbidden_preconditions=names[0],
        forbidden_clause=names[1],
        based_on=based_on,
        digest=digest,
        effective_confidence=sure,
        note=_optional(raw, "note", faults),
    )


def _optional(raw: Mapping[str, Any], key: str, faults: Faults, place: Place = ()) -> str:
    value = raw.get(key)
    return "" if value is None else text(value, (*place, key), faults) or ""


def _optional_day(raw: Mapping[str, Any], key: str, faults: Faults, place: Place = ()) -> date | None:
    value = raw.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "")
    except (TypeError, ValueError):
        faults.add((*place, key), "subsidy_not_day")
        return None


def _effective(raw: Any, faults: Faults) -> tuple[date, date | None, Confidence]:
    """From which day to which, and how sure that is; the first day of the calendar where it cannot be read."""
    if not mapping(raw, ("effective",), faults, ("from", "confidence"), ("to", "note")):
        return date.min, None, Confidence.UNCONFIRMED
    begins, ends = (_optional_day(raw, key, faults, ("effective",)) for key in ("from", "to"))
    sure = word(Confidence)(raw["confidence"], ("effective", "confidence"), faults)
    if begins is None and raw["from"] is None:
        faults.add(("effective", "from"), "subsidy_not_day")
    if begins and ends and ends < begins:
        faults.add(("effective", "to"), "subsidy_ends_before")
    return begins or date.min, ends, sure or Confidence.UNCONFIRMED


def _forbidden(raw: Any, faults: Faults) -> tuple[frozenset[str], str]:
    place: Place = ("forbidden_preconditions",)
    if raw is None or not mapping(raw, place, faults, ("values", "clause", "source", "confidence")):
        return frozenset(), ""
    word(Confidence)(raw["confidence"], (*place, "confidence"), faults)
    names = several(choice(guard.ALL), NONE)(raw["values"], (*place, "values"), faults)
    return names or frozenset(), text(raw["clause"], (*place, "clause"), faults) or ""


def _terms(raw: Any, faults: Faults) -> Terms:
    """Every term stands in the file, the unknown ones without a value."""
    if not mapping(raw, ("terms",), faults, NAMES):
        return Terms()
    return Terms(**{name: _term(raw[name], READERS[name], ("terms", name), faults) for name in NAMES})


def _term(raw: Any, read: Read, place: Place, faults: Faults) -> Term[Any]:
    if raw is None:
        return Term()
    if not mapping(raw, place, faults, (), OF_TERM):
        return Term()
    value = None if raw.get("value") is None else read(raw["value"], (*place, "value"), faults)
    sure = Confidence.UNCONFIRMED
    if raw.get("confidence") is not None:
        sure = word(Confidence)(raw["confidence"], (*place, "confidence"), faults) or sure
    if raw.get("value") is None:
        if sure is not Confidence.UNCONFIRMED:
            faults.add(place, "subsidy_sure_of_nothing")
    else:
        for key in ("clause", "source", "confidence"):
            if raw.get(key) is None:
                faults.add(place, "subsidy_without", key=key)
    inherits = flag(raw["inherits"], (*place, "inherits"), faults) if raw.get("inherits") is not None else True
    clause, source, note = (_optional(raw, key, faults, place) for key in ("clause", "source", "note"))
    return Term(value, clause, sure, source, note, inherits is not False)


def _catalogue(raw: Any, faults: Faults) -> tuple[CatalogueItem, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_ITEMS:
        faults.add(("catalogue",), "subsidy_not_list", empty="", most=MOST_ITEMS)
        return ()
    items = [_item(each, ("catalogue", number), faults) for number, each in enumerate(raw)]
    names = [item.name for item in items]
    for number, name in enumerate(names):
        if name and name in names[:number]:
            faults.add(("catalogue", number, "name"), "subsidy_item_twice", value=name)
    return tuple(items)


def _item(raw: Any, place: Place, faults: Faults) -> CatalogueItem:
    if not mapping(raw, place, faults, ("name", "kind", "shortage"), OF_ITEM):
        return CatalogueItem("", "")
    kind = choice(KINDS)(raw["kind"], (*place, "kind"), faults) or ""
    read = several(choice(list(BY_NAME)), NONE)
    words = frozenset() if raw.get("levels") is None else read(raw["levels"], (*place, "levels"), faults)
    levels = tuple(sorted(BY_NAME[each] for each in words or ()))
    if levels and kind == "special_skill":
        faults.add((*place, "levels"), "subsidy_skill_without_levels")
    return CatalogueItem(
        name=text(raw["name"], (*place, "name"), faults) or "",
        kind=kind,
        levels=levels,
        is_shortage=bool(flag(raw["shortage"], (*place, "shortage"), faults)),
        amounts_fen=_amounts(raw.get("amounts"), (*place, "amounts"), faults),
    )


def _amounts(raw: Any, place: Place, faults: Faults) -> dict[tuple[SubsidyKind, Any], Term[int]]:
    if raw is None:
        return {}
    if not isinstance(raw, list) or not raw:
        faults.add(place, "subsidy_not_list", empty="", most=MOST_ITEMS)
        return {}
    found: dict[tuple[SubsidyKind, Any], Term[int]] = {}
    for number, each in enumerate(raw):
        at = (*place, number)
        if not mapping(each, at, faults, ("kind", "fen", "clause", "source", "confidence"), ("level",)):
            continue
        kind = word(SubsidyKind)(each["kind"], (*at, "kind"), faults)
        label = each.get("level")
        level = BY_NAME.get(label) if isinstance(label, str) else None
        if label is not None and level is None:
            faults.add((*at, "level"), "subsidy_word_unknown", value=str(label)[:LONGEST], allowed=", ".join(BY_NAME))
        sure = word(Confidence)(each["confidence"], (*at, "confidence"), faults)
        clause, source = (text(each[key], (*at, key), faults) or "" for key in ("clause", "source"))
        fen = whole(1, MOST_FEN)(each["fen"], (*at, "fen"), faults)
        if kind and (kind, level) in found:
            faults.add(at, "subsidy_amount_twice")
        if kind and sure and fen:
            found[kind, level] = Term(fen, clause, sure, source)
    return found
