"""`lms courses lint`: what an author should look at, the coverage of the eight topics, how plain each lesson reads."""

from pathlib import Path

import click

from lms.authoring.package import read_package
from lms.authoring.plain_language import Reading
from lms.authoring.reader import facts_of, measure_course
from lms.domain.courses import Course, Topic
from lms.domain.lint import LintFacts, coverage, lint


def print_lint(folder: Path, *, lessons: bool) -> bool:
    """Prints the lint of a course package; False if the package has problems or a finding blocks release."""
    course, problems = read_package(folder)
    if course is None:
        click.echo(f"{folder}: {len(problems)} problems, see lms courses check")
        return False
    readings = measure_course(course)
    facts = LintFacts(reading={slug: facts_of(reading) for slug, reading in readings.items()})
    findings = lint(course, facts)
    click.echo(f"{course.slug}: {len(course.modules)} modules, {len(course.lessons)} lessons")
    _print_matrix(course)
    _print_reading(readings, lessons=lessons)
    told = [each for each in findings if each.code != "few_variants"]  # the exam bank is not in the package
    for finding in told:
        place = finding.lesson or finding.module or course.slug
        values = " ".join(f"{name}={value}" for name, value in finding.values.items())
        click.echo(f"  {'BLOCKS' if finding.blocks else 'look'} {place}: {finding.code} {values}")
    return not any(finding.blocks for finding in told)


def _print_matrix(course: Course) -> None:
    """One row a module, one column a topic: how many lessons."""
    matrix = coverage(course)
    click.echo("  " + " ".join(["module".ljust(12), *(topic.value.rjust(10) for topic in Topic)]))
    for slug, counts in matrix.items():
        click.echo("  " + " ".join([slug.ljust(12), *(str(counts[topic]).rjust(10) for topic in Topic)]))
    sums = {topic: sum(counts[topic] for counts in matrix.values()) for topic in Topic}
    click.echo("  " + " ".join(["all".ljust(12), *(str(sums[topic]).rjust(10) for topic in Topic)]))
    full = "full" if all(sums.values()) else "NOT FULL"
    click.echo(f"  coverage: {full}")


def _print_reading(readings: dict[str, Reading], *, lessons: bool) -> None:
    shown = list(readings.items()) if lessons else []
    for slug, reading in shown:
        rare = "、".join(word for word, _ in reading.outside.most_common(6))
        figures = (
            f"{reading.characters_a_sentence:5.1f} characters a sentence, {100 * reading.outside_share:4.1f} % outside"
        )
        click.echo(f"  {slug.ljust(40)} {figures} {rare}")
    sentences = sum(reading.sentences for reading in readings.values()) or 1
    characters = sum(reading.characters for reading in readings.values())
    words = sum(reading.words for reading in readings.values()) or 1
    outside = sum(reading.outside.total() for reading in readings.values())
    length, share = characters / sentences, 100 * outside / words
    click.echo(f"  all lessons: {length:.1f} characters a sentence, {share:.1f} % of words outside the common list")
