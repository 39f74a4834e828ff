"""What programs of institutions and authorities read and write: pages of records, and learners entered."""

import uuid
from typing import Any

from flask import Response, current_app, jsonify, request
from pydantic import BaseModel

from lms import clock, db
from lms.domain.exchange import Scope
from lms.domain.roles import Role
from lms.services.exchange import kept, reading, writing
from lms.services.exchange.feed import Asked
from lms.services.exchange.kept import Kept
from lms.services.exchange.reading import RESOURCES, Resource
from lms.services.exchange.records import Reading, Record
from lms.services.exchange.writing import Newcomer
from lms.web import access
from lms.web.access import GatedBlueprint
from lms.web.api.openapi import Error, body, described, query
from lms.web.api.shapes import SHAPES, EnrollmentBody, EnrollmentRecord, KeyHeader, PageQuery, RemovedAnswer
from lms.web.api.study_parts import REFUSALS, idempotency_key
from lms.web.wording import sentence

READ: dict[int, type[BaseModel]] = {404: Error}

institutions = access.blueprint("api_exchange", __name__, Role.INSTITUTION, url_prefix="/api/v1")
authorities = access.blueprint("api_authority", __name__, Role.INSPECTOR, url_prefix="/api/v1/authority")


def _add(bp: GatedBlueprint, role: Role, resource: Resource) -> None:
    """The page and the single record of a resource, for one audience."""
    shape, page_shape = SHAPES[resource.name]
    name, tag = resource.name.replace("-", "_"), "authority" if role is Role.INSPECTOR else "institution"
    marks = access.writes if role is Role.INSPECTOR else _unmarked  # an authority's look is on record

    @described(None, {200: page_shape} | READ, tag, asked=PageQuery)
    def list_records() -> Any:
        return _page(role, resource)

    list_records.__doc__ = f"{page_shape.__doc__} All of them, page by page, or what changed since."
    rule = f"/{resource.name}"
    bp.add_url_rule(rule, f"list_{name}", marks(access.for_programs(resource.scope)(list_records)), methods=["GET"])
    if resource.name == "learners":
        return

    @described(None, {200: shape} | READ, tag)
    def get_record(subject_id: uuid.UUID) -> Any:
        found = reading.one(_reading(), access.actor(), role, resource, subject_id)
        return _fresh(jsonify(_worded(found)))

    get_record.__doc__ = f"{shape.__doc__} One, by the id of its {'cohort' if name == 'cohorts' else 'enrollment'}."
    view = marks(access.for_programs(resource.scope)(get_record))
    bp.add_url_rule(f"{rule}/<uuid:subject_id>", f"get_{name}", view, methods=["GET"])


def _unmarked(view: Any) -> Any:
    return view


for _resource in RESOURCES:
    _add(institutions, Role.INSTITUTION, _resource)
    _add(authorities, Role.INSPECTOR, _resource)


def _reading() -> Reading:
    return Reading(db.current(), access.parts().keyring, clock.now())


def _page(role: Role, resource: Resource) -> Response:
    said, on = query(PageQuery), _reading()
    start = reading.start_of(on, resource, said.cursor, said.changed_since)
    asked = Asked(start, said.cohort, said.limit)
    found = reading.page(on, access.actor(), role, resource, asked)
    return _fresh(
        jsonify(
            items=[_worded(each) for each in found.items],
            removed=found.removed,
            next=found.following,
            changed_since=found.changed_since,
        )
    )


def _worded(record: Record) -> Record:
    """A record whose reasons say in a sentence what their codes mean."""
    if "unmet" not in record:
        return record
    return record | {name: [_reason(each) for each in record[name]] for name in ("unmet", "unsure")}


def _reason(reason: Record) -> Record:
    return reason | {"message": sentence(reason["code"], reason["values"])}


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@institutions.post("/enrollments")
@access.for_programs(Scope.WRITE_ENROLLMENTS)
@described(EnrollmentBody, {201: EnrollmentRecord} | REFUSALS, "institution", headers=KeyHeader)
def create_enrollment() -> Response:
    """Enter a learner into a cohort: she is registered once, whichever institutions she studies at.

    With an `Idempotency-Key` header, asking again within 24 hours gets the same bytes; the same key with another body
    is refused (409).
    """
    said = body(EnrollmentBody)
    who = Newcomer(said.name, said.document_type, said.number, said.phone)
    return _once(201, lambda: writing.enroll(_reading(), access.actor(), said.cohort, who))


@institutions.delete("/enrollments/<uuid:subject_id>")
@access.for_programs(Scope.WRITE_ENROLLMENTS)
@described(None, {200: RemovedAnswer} | REFUSALS, "institution", headers=KeyHeader)
def delete_enrollment(subject_id: uuid.UUID) -> Response:
    """Take a learner out of a cohort she was entered in by mistake; refused once she has studied."""

    def remove() -> Record:
        writing.remove(_reading(), access.actor(), subject_id)
        return {"enrollment": subject_id, "removed": True}

    return _once(200, remove)


def _once(status: int, do: Any) -> Response:
    """Does a write, once for each `Idempotency-Key`: the same request again gets the same bytes."""
    key, actor, session = idempotency_key(), access.actor(), db.current()
    if key is None:
        return _told(Kept(status, current_app.json.dumps(do())))
    asked = f"{request.method} {request.path}\n".encode() + request.get_data()
    answer = kept.take(session, access.parts().keyring, actor, key, asked, now=clock.now())
    if answer is None:
        answer = Kept(status, current_app.json.dumps(do()))
        kept.keep(session, actor, key, answer)
    return _told(answer)


def _told(answer: Kept) -> Response:
    return _fresh(Response(answer.body, status=answer.status, mimetype="application/json"))
