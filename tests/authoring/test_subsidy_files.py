"""Subsidy policies as files: those that are shipped are sound, and every fault is told with its line."""

import string
from dataclasses import fields
from pathlib import Path

import pytest

from lms import resources
from lms.authoring.subsidy_files import PolicyFile, check_together, digest_of, read_file, read_text, told_tensions
from lms.authoring.subsidy_wording import SUBSIDY_WORDING
from lms.domain.subsidies import Confidence, CountScope, ExcludedGroup, Fund, PersonGroup, SubsidyKind
from lms.domain.subsidy_policies import guard

SHIPPED = sorted(resources.find("subsidies").glob("*.yaml"))
FORBIDDEN = frozenset({"region", "hukou", "age", "social_insurance"})


def shipped(code: str) -> PolicyFile:
    return read_file(resources.find("subsidies") / f"{code}.yaml", f"{code}.yaml")


def edited(code: str, before: str, after: str) -> PolicyFile:
    text = shipped(code).text
    assert before in text
    return read_text(text.replace(before, after, 1), f"{code}.yaml")


def line(file: PolicyFile, mark: str) -> int:
    return file.text[: file.text.index(mark)].count("\n") + 1


def told(file: PolicyFile) -> list[tuple[int, str]]:
    return [(each.line, each.code) for each in file.problems]


def test_four_policies_are_shipped_and_sound() -> None:
    files = [read_file(path, path.name) for path in SHIPPED]
    assert [path.stem for path in SHIPPED] == ["CN-2023", "CQ-2024", "LN-2021", "LN-2023"]
    assert [each for file in files for each in file.problems] == []
    assert check_together(files) == ()


def test_where_a_policy_is_wider_than_its_frame_is_told_and_is_no_fault() -> None:
    files = [read_file(path, path.name) for path in SHIPPED]
    assert [(each.path, each.code, each.values) for each in told_tensions(files)] == [
        ("LN-2021.yaml", "subsidy_tension", {"term": "allowed_groups", "policy": "CN-2023"})
    ]


def test_the_digest_is_of_the_text_as_it_stands() -> None:
    file = shipped("LN-2021")
    assert file.policy
    assert file.policy.digest == file.digest == digest_of(file.text)
    changed = edited("LN-2021", "verified_by:\n", "verified_by:  \n")
    assert changed.digest != file.digest


def test_the_national_frame_says_what_its_document_says() -> None:
    policy = shipped("CN-2023").policy
    assert policy
    assert policy.terms.allowed_groups.value == frozenset(PersonGroup)
    assert policy.terms.excluded_groups.value == frozenset({ExcludedGroup.ESTABLISHMENT})
    limit = policy.terms.count_limit.value
    assert limit
    assert (limit.n, limit.scope, limit.kinds) == (3, CountScope.LIFETIME, frozenset({SubsidyKind.TRAINING}))
    assert "第五条" in policy.terms.count_limit.clause
    assert policy.terms.exclusive_funds.value == frozenset({Fund.UNEMPLOYMENT})


def test_liaoning_is_open_to_anybody_and_forbids_preconditions() -> None:
    policy = shipped("LN-2021").policy
    assert policy
    assert policy.terms.allowed_groups.value == frozenset()
    assert policy.forbidden_preconditions == FORBIDDEN
    online = shipped("LN-2023").policy
    assert online
    assert (online.terms.minutes_per_class_hour.value, online.terms.online_share_max.value) == (45, 50)


def test_the_catalogue_names_twenty_three_and_no_amount_that_nobody_found() -> None:
    policy = shipped("LN-2021").policy
    assert policy
    kinds = [each.kind for each in policy.catalogue]
    assert [kinds.count(kind) for kind in ("occupation", "new_occupation", "special_skill")] == [9, 3, 11]
    short = {each.name for each in policy.catalogue if each.is_shortage}
    assert short == {"健康照护师", "养老护理员", "家政服务员", "育婴员", "保育师"}
    assert not any(each.amounts_fen for each in policy.catalogue)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_value_says_where_it_is_from_and_nobody_claims_to_have_verified(path: Path) -> None:
    policy = read_file(path, path.name).policy
    assert policy
    assert (policy.verified_by, policy.verified_on) == ("", None)
    for each in fields(policy.terms):
        term = getattr(policy.terms, each.name)
        if term.is_known:
            assert term.clause
            assert term.source
        else:
            assert term.confidence is Confidence.UNCONFIRMED


SHARE = "    value: 50\n"
FAULTS = [
    ("LN-2023", SHARE, "    value: 50%\n", ("    value: 50%", "subsidy_not_whole")),
    ("LN-2023", SHARE, "    value: 101\n", ("    value: 101", "subsidy_number_outside")),
    ("LN-2023", SHARE, "    value: [50]\n", ("    value: [50]", "subsidy_not_whole")),
    ("LN-2023", SHARE, "    value:\n", ("  online_share_max:", "subsidy_sure_of_nothing")),
    ("LN-2023", "  allowed_groups:\n", "", ("terms:", "subsidy_key_missing")),
    ("LN-2023", "  allowed_groups:\n", "  allowed_groups: 3\n", ("  allowed_groups: 3", "subsidy_not_mapping")),
    (
        "LN-2023",
        "  count_limit:\n",
        "  count_limit:\n  count_limit:\n",
        ("  count_limit:\n  same", "subsidy_key_twice"),
    ),
    ("LN-2023", "  fund:\n", "  fond:\n", ("  fond:", "subsidy_key_unknown")),
    ("LN-2023", "    value: true\n", "    value: 是\n", ("    value: 是", "subsidy_not_flag")),
    ("LN-2023", "  from: 2023-01-28\n", "  from: 2023-1-28\n", ("  from: 2023-1-28", "subsidy_not_day")),
    ("LN-2023", "  from: 2023-01-28\n", "  from:\n", ("  from:", "subsidy_not_day")),
    ("LN-2023", "  confidence: L\n", "  to: 2022-01-01\n  confidence: L\n", ("  to: 2022", "subsidy_ends_before")),
    ("LN-2023", "verified_by:\n", "verified_by: 某人\n", ("verified_by: 某人", "subsidy_verified_half")),
    ("LN-2023", "code: LN-2023\n", "code: LN2023\n", ("code: LN2023", "subsidy_code_shape")),
    ("LN-2023", "code: LN-2023\n", "code: CQ-2023\n", ("code: CQ", "subsidy_code_place")),
    ("LN-2023", "based_on: LN-2021\n", "based_on: LN-2023\n", ("based_on: LN-2023", "subsidy_based_on")),
    ("LN-2023", "based_on: LN-2021\n", "based_on: [LN-2021]\n", ("based_on: [", "subsidy_not_text")),
    ("LN-2023", "title: 线", f"title: {'线' * 501}", ("title: 线", "subsidy_text_length")),
    ("CN-2023", "[establishment]", "[civil]", ("[civil]", "subsidy_word_unknown")),
    ("CN-2023", "[establishment]", "[]", ("    value: []", "subsidy_not_list")),
    ("CN-2023", "[establishment]", "[establishment, establishment]", ("[establishment, est", "subsidy_entry_twice")),
    ("CN-2023", "      n: 3\n", "      n: 0\n", ("      n: 0", "subsidy_number_outside")),
    (
        "LN-2021",
        "  - name: 家政服务员\n",
        "  - name: 养老护理员\n",
        ("  - name: 养老护理员\n    kind: occupation\n    shortage: true\n    levels:\n", "subsidy_item_twice"),
    ),
]


@pytest.mark.parametrize(("code", "before", "after", "fault"), FAULTS)
def test_a_fault_is_told_with_its_line(code: str, before: str, after: str, fault: tuple[str, str]) -> None:
    file, (mark, name) = edited(code, before, after), fault
    assert file.policy is None
    assert (line(file, mark), name) in told(file)


def test_a_value_without_its_clause_is_a_fault() -> None:
    file = edited("LN-2023", "    clause: 辽宁省2023年线上职业技能培训通知：每课时45分钟\n", "")
    assert told(file) == [(line(file, "  minutes_per_class_hour:"), "subsidy_without")]


SKILL = "  - name: 母婴护理\n    kind: special_skill\n    shortage: false\n    amounts:\n"
AMOUNT = "      - {kind: training, fen: 150000, clause: 某文, source: 某处, confidence: M}\n"


def test_amounts_are_whole_fen_and_once_for_each_kind_and_level() -> None:
    sound = edited("LN-2021", SKILL, SKILL + AMOUNT)
    assert sound.policy
    item = next(each for each in sound.policy.catalogue if each.name == "母婴护理")
    assert item.amounts_fen[SubsidyKind.TRAINING, None].value == 150_000
    assert "subsidy_amount_twice" in {each.code for each in edited("LN-2021", SKILL, SKILL + AMOUNT * 2).problems}
    broken = edited("LN-2021", SKILL, SKILL + AMOUNT.replace("150000", "1500.00"))
    assert [each.code for each in broken.problems] == ["subsidy_not_whole"]
    wrong = edited("LN-2021", SKILL, SKILL + AMOUNT.replace("fen:", "level: 九级, fen:"))
    assert [each.code for each in wrong.problems] == ["subsidy_word_unknown"]
    levelled = edited("LN-2021", SKILL, SKILL + "    levels: [五级]\n")
    assert [each.code for each in levelled.problems] == ["subsidy_skill_without_levels"]


def test_a_precondition_in_liaoning_is_refused_with_the_clause() -> None:
    file = edited("LN-2021", "  excluded_groups:\n", "  max_age: 60\n  excluded_groups:\n")
    assert told(file) == [(line(file, "  max_age:"), "subsidy_precondition")]
    assert "不得以地域、户籍、年龄、社保设前提" in file.problems[0].text()


def test_the_guard_needs_no_word_in_the_file() -> None:
    text = shipped("LN-2023").text
    start, end = text.index("forbidden_preconditions:"), text.index("terms:")
    silent = text[:start] + text[end:]
    policy = read_text(silent, "x").policy
    assert policy
    assert (policy.forbidden_preconditions, policy.forbidden_clause) == (FORBIDDEN, guard.CLAUSE)
    asking = read_text(silent.replace("  allowed_groups:\n", "  allowed_groups:\n    value: [本市户籍]\n"), "x")
    assert "subsidy_precondition" in {each.code for each in asking.problems}


def test_files_are_checked_beside_each_other() -> None:
    one, other = shipped("LN-2023"), edited("LN-2023", "code: LN-2023\n", "code: LN-2023-2\n")
    codes = {each.code for each in check_together([one, other, shipped("LN-2021")])}
    assert codes == {"subsidy_same_day", "subsidy_frame_unknown"}  # CN-2023 is not among them
    assert "subsidy_code_taken" in {each.code for each in check_together([one, one])}
    circle = edited("LN-2021", "based_on: CN-2023\n", "based_on: LN-2023\n")
    assert "subsidy_frame_circle" in {each.code for each in check_together([one, circle])}


def test_a_file_is_named_after_its_code(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(shipped("LN-2021").text)
    assert told(read_file(path, "mine.yaml")) == [(2, "subsidy_code_file")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"code: \xff", "file_not_utf8"),
        (b"code: a\x00b", "file_control_character"),
        (b"a: [", "yaml_broken"),
        (b"", "yaml_empty"),
        (b"- a\n- b\n", "subsidy_not_mapping"),
        (b"a: &x 1\n", "yaml_alias"),
        (b"#" * 200_001, "file_too_big"),
    ],
)
def test_what_is_no_policy_at_all_is_told(tmp_path: Path, raw: bytes, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    file = read_file(path, "x.yaml")
    assert file.policy is None
    assert [each.code for each in file.problems] == [code]


@pytest.mark.parametrize(("chinese", "english"), SUBSIDY_WORDING.values(), ids=SUBSIDY_WORDING)
def test_both_languages_are_filled_by_the_same_values(chinese: str, english: str) -> None:
    blanks = [{name for _, name, _, _ in string.Formatter().parse(each) if name} for each in (chinese, english)]
    assert blanks[0] <= blanks[1]
