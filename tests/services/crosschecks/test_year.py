"""A made-up year: made again by its seed, nobody real in it, and what was planted is found."""

from itertools import pairwise

from click.testing import CliRunner

from lms.cli.year import year as command
from lms.domain.crosschecks import fraud
from lms.domain.documents import DocumentType, read
from lms.services.demo import year
from lms.services.demo.year.plan import CHANGE_ON, POLICIES


def test_the_same_seed_makes_the_same_year() -> None:
    one, again, other = (year.make(300, 12, seed) for seed in (7, 7, 8))
    assert one == again
    assert year.live(one) == year.live(again)
    assert one != other


def test_nobody_in_it_is_real_and_numbers_are_well_formed() -> None:
    plan = year.make(300, 12, 7)
    told = [read(DocumentType.RESIDENT_ID, each.number) for each in plan.learners]
    assert all("document_area_unknown" in each.remarks for each in told)


def test_numbers_are_no_twos() -> None:
    numbers = sorted(each.number for each in year.make(5000, 200, 1).learners)
    assert all(one != other for one, other in pairwise(numbers))


def test_the_policy_is_the_one_of_the_opening_day() -> None:
    classes = year.make(300, 40, 7).classes
    assert {each.policy for each in classes} == set(POLICIES)
    assert all((each.policy == POLICIES[1]) == (each.opens_on >= CHANGE_ON) for each in classes)


def test_an_honest_year_bothers_hardly_anybody() -> None:
    plan = year.make(1000, 40, 21)
    honest = year.Plan(plan.seed, plan.learners, plan.classes, ())
    told = year.score(honest, fraud.judge(year.live(honest)))
    assert told.suspected * 50 <= told.honest


def test_the_command_prints_recall_and_honest_people() -> None:
    told = CliRunner().invoke(command, ["--learners", "1000", "--cohorts", "40", "--seed", "3"])
    assert told.exit_code == 0, told.output
    assert told.output.count("recall") == 8
    assert all(f"honest, {what}" in told.output for what in ("suspected:", "held up only", "suspected or held up:"))
