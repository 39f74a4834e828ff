"""Subsidy policies as YAML files: read into `SubsidyPolicy`, each fault told with its line."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lms.authoring.files import unclean_character
from lms.authoring.problems import Notes, Problem
from lms.authoring.yaml_nodes import compose, line_of
from lms.domain.errors import Refused
from lms.domain.subsidies import SubsidyPolicy
from lms.domain.subsidy_policies.building import build
from lms.domain.subsidy_policies.faults import Place
from lms.domain.subsidy_policies.resolving import chain_of, tensions

MOST_BYTES = 200_000
SUFFIX = ".yaml"
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class PolicyFile:
    """One file, read: its text and digest (SHA-256 of its bytes), and the policy or None where `problems` say why."""

    path: str
    text: str
    digest: str
    policy: SubsidyPolicy | None
    problems: tuple[Problem, ...]
    lines: Mapping[Place, int]


def digest_of(text: str) -> str:
    """SHA-256 of a text as it is stored: what a class pins."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_text(text: str, path: str) -> PolicyFile:
    """A policy from its text; `path` names it in problems."""
    problems: list[Problem] = []
    notes, lines = Notes(path, problems), dict[Place, int]()
    policy, digest = None, digest_of(text)
    root = _compose(text, notes)
    if root is not None:
        built = build(_plain(root, (), lines, notes), digest)
        for fault in built.faults:
            notes.add(_line(lines, fault.place), fault.code, **fault.values)
        policy = None if problems else built.policy
    told = tuple(sorted(problems, key=lambda each: each.line))
    return PolicyFile(path, text, digest, policy, told, lines)


def read_file(path: Path, shown: str) -> PolicyFile:
    """The same of a file; a policy stands in the file of its code."""
    notes = Notes(shown, [])
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        notes.add(1, "file_too_big", most=MOST_BYTES)
        return PolicyFile(shown, "", "", None, tuple(notes.problems), {})
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        notes.add(raw[: error.start].count(b"\n") + 1, "file_not_utf8")
        return PolicyFile(shown, "", "", None, tuple(notes.problems), {})
    read = read_text(text, shown)
    if read.policy and path.name != read.policy.code + SUFFIX:
        problem = Problem(shown, read.lines[("code",)], "subsidy_code_file", {"name": read.policy.code + SUFFIX})
        return PolicyFile(shown, text, read.digest, None, (problem,), read.lines)
    return read


def check_together(files: Sequence[PolicyFile], others: Iterable[SubsidyPolicy] = ()) -> tuple[Problem, ...]:
    """What only shows beside the other policies: a code or a first day used twice, a frame that is not there."""
    known = {each.code: each for each in others}
    found: list[Problem] = []
    for file in files:
        if (policy := file.policy) is None:
            continue
        notes = Notes(file.path, found)
        if policy.code in known:
            notes.add(_line(file.lines, ("code",)), "subsidy_code_taken", policy=policy.code)
        for each in known.values():
            if each.code != policy.code and _same_day(each, policy):
                notes.add(_line(file.lines, ("effective", "from")), "subsidy_same_day", policy=each.code)
        known.setdefault(policy.code, policy)
    for file in files:
        if file.policy:
            _check_frame(file, file.policy, known, Notes(file.path, found))
    return tuple(found)


def told_tensions(files: Sequence[PolicyFile], others: Iterable[SubsidyPolicy] = ()) -> tuple[Problem, ...]:
    """Notes, not faults: where a policy is wider than the frame it is based on (domain.md 4)."""
    policies = [each.policy for each in files if each.policy]
    known = {each.code: each for each in (*others, *policies)}
    found: list[Problem] = []
    for file in files:
        if file.policy is None:
            continue
        notes = Notes(file.path, found)
        for frame in chain_of(file.policy, known, max(each.effective_from for each in known.values()))[1:]:
            for term in tensions(file.policy.terms, frame.terms):
                notes.add(_line(file.lines, ("terms", term)), "subsidy_tension", term=term, policy=frame.code)
    return tuple(found)


def _same_day(one: SubsidyPolicy, other: SubsidyPolicy) -> bool:
    return (one.jurisdiction, one.effective_from) == (other.jurisdiction, other.effective_from)


def _check_frame(file: PolicyFile, policy: SubsidyPolicy, known: Mapping[str, SubsidyPolicy], notes: Notes) -> None:
    try:
        chain_of(policy, known, policy.effective_from)
    except Refused as refused:
        notes.add(_line(file.lines, ("based_on",)), refused.code, policy=str(refused.values["policy"]))


def _compose(text: str, notes: Notes) -> Node | None:
    unclean = unclean_character(text)
    if unclean:
        notes.add(text[: unclean[0]].count("\n") + 1, "file_control_character", character=unclean[1])
        return None
    return compose(text, 1, notes)


def _plain(node: Node, place: Place, lines: dict[Place, int], notes: Notes) -> Any:
    """Nodes as texts, lists and mappings: `45`, `true` and `2026-01-31` stay the words that stand there."""
    lines.setdefault(place, line_of(node))
    if isinstance(node, MappingNode):
        return _mapping(node, place, lines, notes)
    if isinstance(node, SequenceNode):
        return [_plain(each, (*place, number), lines, notes) for number, each in enumerate(node.value)]
    if isinstance(node, ScalarNode) and node.tag != _NULL:
        return str(node.value)
    return None


def _mapping(node: MappingNode, place: Place, lines: dict[Place, int], notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else "[…]"
        if name in found:
            notes.add(line_of(key), "subsidy_key_twice", key=name)
        lines[(*place, name)] = line_of(key)
        found[name] = _plain(value, (*place, name), lines, notes)
    return found


def _line(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest one around it that has one."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
