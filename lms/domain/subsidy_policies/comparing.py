"""What changed from one version to another: term by term, catalogue line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.domain.subsidies import CatalogueItem, SubsidyPolicy
from lms.domain.subsidy_policies.values import NAMES

HEADER = (
    *("code", "title", "issuer", "document_number", "source", "effective_from", "effective_to", "effective_confidence"),
    *("verified_by", "verified_on", "based_on", "forbidden_preconditions", "forbidden_clause", "note"),
)


@dataclass(frozen=True)
class Change:
    """One difference. `part`: header, term or catalogue; `before`, `after`: what stood there, None for nothing."""

    part: str
    name: str
    before: Any
    after: Any


def compare(before: SubsidyPolicy, after: SubsidyPolicy) -> tuple[Change, ...]:
    """All differences, in the order in which a policy is read; the same policy has none."""
    header = _changes("header", HEADER, {n: getattr(before, n) for n in HEADER}, {n: getattr(after, n) for n in HEADER})
    ones, others = ({name: getattr(each.terms, name) for name in NAMES} for each in (before, after))
    old, new = (_items(each.catalogue) for each in (before, after))
    names = (*old, *(name for name in new if name not in old))
    return (*header, *_changes("term", NAMES, ones, others), *_changes("catalogue", names, old, new))


def _items(catalogue: Iterable[CatalogueItem]) -> dict[str, CatalogueItem]:
    return {each.name: each for each in catalogue}


def _changes(
    part: str, names: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Change, ...]:
    told = (Change(part, name, before.get(name), after.get(name)) for name in names)
    return tuple(each for each in told if each.before != each.after)
