"""`lms courses`: check course packages, publish one."""

import os
import sys
from pathlib import Path

import click

from lms import clock, resources
from lms.authoring.manifest import FILE
from lms.authoring.package import read_package
from lms.cli.context import pass_parts
from lms.cli.lint import print_lint
from lms.domain.courses import Course
from lms.parts import Parts
from lms.services import assets, courses, jobs

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh_Hans" if spoken.startswith("zh") else "en"


LANGUAGE = click.option(
    "--language",
    type=click.Choice(["zh_Hans", "en"]),
    default=_language,
    help="Language of the problems; that of the terminal when left out.",
)


@click.group("courses", help="Check and publish course packages.")
def group() -> None:
    """The `lms courses` commands."""


@group.command("check", help="Check course packages: those in the folders given, or all that are shipped.")
@click.argument("folders", nargs=-1, type=FOLDER)
@LANGUAGE
def check(folders: tuple[Path, ...], language: str) -> None:
    """`lms courses check`: `path:line: problem` for each problem; exit code 1 when there is one."""
    chosen = _chosen(folders)
    results = [_read(folder, language) for folder in chosen]
    problems = sum(count for _, count in results)
    lessons = sum(len(course.lessons) for course, _ in results if course)
    click.echo(f"{len(chosen)} courses, {lessons} lessons in those without fault, {problems} problems")
    sys.exit(1 if problems else 0)


@group.command("lint", help="What an author should look at; coverage of the eight topics; how plain each lesson reads.")
@click.argument("folders", nargs=-1, type=FOLDER)
@click.option("--lessons/--no-lessons", default=True, help="Print the measure of each lesson.")
def lint(folders: tuple[Path, ...], lessons: bool) -> None:
    """`lms courses lint`: exit code 1 when something blocks the release of a course."""
    results = [print_lint(folder, lessons=lessons) for folder in _chosen(folders)]
    sys.exit(0 if all(results) else 1)


@group.command("publish", help="Freeze the course in FOLDER as its next version and queue its videos.")
@click.argument("folder", type=FOLDER)
@LANGUAGE
@pass_parts
def publish(parts: Parts, folder: Path, language: str) -> None:
    """`lms courses publish`: refuses a package with problems."""
    course, problems = _read(folder, language)
    if course is None:
        click.echo(f"not published: {problems} problems", err=True)
        sys.exit(1)
    for asset in {each.name: each for lesson in course.lessons for each in lesson.assets}.values():
        assets.keep_as_is(parts.store, asset, (folder / asset.name).read_bytes())
    with parts.database.transaction() as session:
        version = courses.publish(session, course, now=clock.now())
        queued = jobs.pending(session)
    for job_id in queued:
        parts.bell.ring(job_id)
    click.echo(f"{course.slug} version {version.number} {version.content_hash}")
    click.echo(f"{len(queued)} videos queued")


def _chosen(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """The folders given, or those of all shipped courses."""
    return folders or tuple(sorted(place.parent for place in resources.find("courses").glob(f"*/{FILE}")))


def _read(folder: Path, language: str) -> tuple[Course | None, int]:
    """The course in a folder and how many problems it has; these are printed."""
    course, problems = read_package(folder)
    for problem in problems:
        click.echo(f"{_shown(folder)}/{problem.located(language)}")
    return course, len(problems)


def _shown(folder: Path) -> Path:
    """The folder as seen from here, which is what editors can open."""
    whole = folder.resolve()
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole
