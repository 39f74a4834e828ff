"""What she did in the class, and what the class is: filing, catalogue, completion, hours, attendance, exam."""

from lms.domain.eligibility.facts import Exam, Facts, plain
from lms.domain.eligibility.findings import Evidence, Finding
from lms.domain.eligibility.telling import TRAINING_RULE, by, met, silent, unmet, unsure
from lms.domain.filings import APPROVED, UNFILED
from lms.domain.policies import MS_PER_MINUTE
from lms.domain.subsidies import CatalogueItem, ReasonCode, SubsidyKind, SubsidyPolicy

SPECIAL_SKILL = "special_skill"
GONE = ("revoked", "superseded")


def item_of(facts: Facts, policy: SubsidyPolicy) -> CatalogueItem | None:
    """The line of the catalogue that the class is under."""
    occupation = plain(facts.training.occupation)
    return next((each for each in policy.catalogue if plain(each.name) == occupation), None) if occupation else None


def knows_no_levels(item: CatalogueItem) -> bool:
    """Whether it has no levels at all (专项职业能力); an occupation without any in the file has unknown ones."""
    return item.kind == SPECIAL_SKILL


def filed(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """E52: the class was filed and approved before it opened."""
    where = (Evidence("class", facts.training.cohort_id),)
    if facts.training.filing in APPROVED:
        return met("filed", "class_filed", TRAINING_RULE, where)
    code = "class_not_filed" if facts.training.filing == UNFILED else "class_not_approved"
    return unmet("filed", code, ReasonCode.CLASS_NOT_FILED, TRAINING_RULE, where)


def catalogue(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E51: occupation and level stand in the catalogue of the policy (补贴目录)."""
    occupation, reason = facts.training.occupation, ReasonCode.OFF_CATALOGUE
    where, clause = (Evidence("class", facts.training.cohort_id),), policy.document_number
    if not policy.catalogue:
        return unsure("catalogue", "catalogue_unknown", reason, clause, where)
    if not plain(occupation):
        return unsure("catalogue", "occupation_unknown", reason, clause, where)
    item = item_of(facts, policy)
    if item is None:
        return unmet("catalogue", "occupation_off_catalogue", reason, clause, where, occupation=occupation)
    if knows_no_levels(item):
        return met("catalogue", "on_catalogue", clause, where, occupation=occupation)
    if not item.levels:
        return unsure("catalogue", "catalogue_levels_unknown", reason, clause, where, occupation=occupation)
    if facts.training.level not in item.levels:
        return unmet("catalogue", "level_off_catalogue", reason, clause, where, occupation=occupation)
    return met("catalogue", "on_catalogue", clause, where, occupation=occupation)


def hundredths(facts: Facts, policy: SubsidyPolicy) -> tuple[int, int]:
    """Class hours (学时) online and in person in hundredths, each rounded down, by the length the policy gives them."""
    minutes = policy.terms.minutes_per_class_hour.value or facts.study.minutes_per_class_hour
    long_ms = minutes * MS_PER_MINUTE
    return facts.study.online_ms * 100 // long_ms, facts.study.in_person_ms * 100 // long_ms


def completion(facts: Facts, policy: SubsidyPolicy, kind: SubsidyKind) -> Finding:  # noqa: ARG001
    """E30: the training is complete by the policy of the class; its record stands."""
    study, where = facts.study, (Evidence("enrollment", facts.enrollment_id),)
    reason = ReasonCode.HOURS_SHORT
    if study.record in GONE:
        return unmet("completion", "record_gone", reason, TRAINING_RULE, where)
    if study.record and study.unmet:
        return unsure("completion", "record_undermined", reason, TRAINING_RULE, where, left=len(study.unmet))
    if study.record:
        return met("completion", "completed", TRAINING_RULE, where)
    if study.unmet:
        tell = unsure if kind is SubsidyKind.LIVING else unmet
        return tell("completion", "not_complete", reason, TRAINING_RULE, where, left=len(study.unmet))
    if study.unsure:
        return unsure("completion", "completion_doubtful", reason, TRAINING_RULE, where, left=len(study.unsure))
    return met("completion", "completed", TRAINING_RULE, where)


def hours(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E30: the class hours that the policy asks for this occupation, or for all ("")."""
    term = policy.terms.class_hours_min
    if term.value is None:
        return silent("hours", "hours_silent", total=_hours(sum(hundredths(facts, policy))))
    asked = {plain(name): least for name, least in term.value.items()}
    least = asked.get(plain(facts.training.occupation), asked.get(""))
    if least is None:
        return silent("hours", "hours_silent", term.clause, total=_hours(sum(hundredths(facts, policy))))
    total, where = sum(hundredths(facts, policy)), (Evidence("enrollment", facts.enrollment_id),)
    values = {"total": _hours(total), "least": least}
    if total >= least * 100:
        return met("hours", "hours_enough", term.clause, where, **values)
    return by(term, unmet("hours", "hours_short", ReasonCode.HOURS_SHORT, "", where, **values))


def _hours(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def online_share(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E31: the online part of the counted hours, in percent rounded up; occupations of knowledge are free of it."""
    term, free = policy.terms.online_share_max, policy.terms.online_free_occupations
    online, in_person = hundredths(facts, policy)
    if term.value is None:
        return silent("online_share", "online_share_silent")
    if plain(facts.training.occupation) in {plain(each) for each in free.value or ()}:
        return met("online_share", "online_share_free", free.clause)
    percent = -(-online * 100 // (online + in_person)) if online + in_person else 0
    values = {"percent": percent, "most": term.value}
    where = (Evidence("enrollment", facts.enrollment_id),)
    if percent <= term.value:
        return met("online_share", "online_share_within", term.clause, where, **values)
    if free.value is None:
        code = "online_share_free_unknown"
        return unsure("online_share", code, ReasonCode.ONLINE_SHARE_OVER, term.clause, where, **values)
    return by(term, unmet("online_share", "online_share_over", ReasonCode.ONLINE_SHARE_OVER, "", where, **values))


def platform(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E31: online study on a listed platform. Who approved the filing saw the resources it names (decision 0157)."""
    term = policy.terms.platform_listed
    if not term.value or not facts.study.online_ms:
        return silent("platform", "platform_not_asked", term.clause)
    where = (Evidence("class", facts.training.cohort_id),)
    if facts.training.filing in APPROVED and facts.training.resources_named:
        return met("platform", "platform_by_filing", term.clause, where)
    return unsure("platform", "platform_unknown", ReasonCode.ONLINE_SHARE_OVER, term.clause, where)


def order(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E33: practice only after the theory online (Yunnan). Days are all that is compared, so a person looks."""
    term, study = policy.terms.online_before_offline, facts.study
    if not term.value:
        return silent("order", "order_not_asked", term.clause)
    if study.theory_until is None or study.practice_from is None or study.practice_from >= study.theory_until:
        return met("order", "order_kept", term.clause)
    values = {"practice": study.practice_from.isoformat(), "theory": study.theory_until.isoformat()}
    where = (Evidence("enrollment", facts.enrollment_id),)
    return unsure("order", "practice_before_theory", ReasonCode.PRACTICE_BEFORE_THEORY, term.clause, where, **values)


def attendance(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E32: percent of the classes held that she attended; a class without meetings in person has none to miss."""
    term, study = policy.terms.attendance_min, facts.study
    if term.value is None:
        return silent("attendance", "attendance_silent")
    if not study.held:
        return silent("attendance", "attendance_no_classes", term.clause)
    where = (Evidence("attendance", facts.enrollment_id),)
    values = {"percent": study.attended * 100 // study.held, "least": term.value}
    if study.attended * 100 >= study.held * term.value:
        return met("attendance", "attendance_enough", term.clause, where, **values)
    return by(term, unmet("attendance", "attendance_low", ReasonCode.ATTENDANCE_LOW, "", where, **values))


def sessions(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """E34: study whose presence check failed and was never made up for. Its hours stand; a person looks at them."""
    missed, where = facts.study.missed_stretches, (Evidence("study", facts.enrollment_id),)
    if missed:
        return unsure("sessions", "sessions_unverified", ReasonCode.SESSION_UNVERIFIED, "", where, n=missed)
    return met("sessions", "sessions_fine", "", where)


def exam(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """E40: the closing examination in theory and practice (结业考核)."""
    state, where = facts.study.exam, (Evidence("scores", facts.enrollment_id),)
    if state is Exam.PASSED:
        return met("exam", "exam_passed", TRAINING_RULE, where)
    if state in (Exam.NOT_ASKED, Exam.DISPUTED):
        return unsure("exam", f"exam_{state.value}", ReasonCode.EXAM_FAILED, TRAINING_RULE, where)
    return unmet("exam", f"exam_{state.value}", ReasonCode.EXAM_FAILED, TRAINING_RULE, where)
