"""How something of a person is overwritten when she is erased."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from lms.crypto import Keyring

Overwrite = Callable[[Session, Keyring, uuid.UUID, datetime], None]
