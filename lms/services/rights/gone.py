"""What stands where something of a person was erased."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from lms.crypto import Keyring

GONE = "（已删除）"

Overwrite = Callable[[Session, Keyring, uuid.UUID, datetime], None]
