"""我的身份信息: a learner's own name and documents, what was proposed of them, and who saw her numbers."""

from lms import clock, db
from lms.domain.roles import Role
from lms.services import identity, looks, reveals
from lms.web import access, identity_words
from lms.web.learner.navigation import page

bp = access.blueprint("learner_identity", __name__, Role.LEARNER, url_prefix="/learn/identity")


@bp.get("")
def show() -> str:
    """Her own record, masked, and 谁看过我的信息."""
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    facts = {
        "found": identity.own(session, keyring, actor, now=clock.now()),
        "changes": identity.list_own(session, keyring, actor),
        "seen": reveals.list_of_learner(session, actor),
        "looks": looks.days_of_learner(session, actor),
        "told": identity_words,
    }
    return page("learner/identity.html", "me", **facts)
