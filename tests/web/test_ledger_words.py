"""Every verdict, class and state of the ledger has its words, with a reason and what to do next."""

from lms.domain.statements import CheckState
from lms.domain.study import EvidenceClass, StudyVerdict
from lms.services.ledger import STATES
from lms.web import ledger_words


def test_every_verdict_is_told_with_what_to_do_next() -> None:
    assert {each.value for each in StudyVerdict} - ledger_words.LEDGER_WORDS.keys() == set()
    assert all(str(why) and str(todo) for why, todo in ledger_words.LEDGER_WORDS.values())


def test_every_class_and_every_state_has_words() -> None:
    assert list(ledger_words.CLASSES) == list(ledger_words.CLASS_NOTES) == [each.value for each in EvidenceClass]
    assert set(ledger_words.CHECKS) == {each.value for each in CheckState}
    assert ledger_words.STATES.keys() == STATES.keys()
