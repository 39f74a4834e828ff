"""Where files of rights lie in the object store: known from their ids, so that they can be forgotten in any case."""

import uuid


def export_key(export_id: uuid.UUID) -> str:
    """The file of one export; it is only ever sent by us, to whom it is about."""
    return f"personal/{export_id}.zip"
