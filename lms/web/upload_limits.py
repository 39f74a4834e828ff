"""What may be uploaded, as the settings say."""

from lms.domain.uploads import UploadLimits
from lms.web import access

CONTENT_TYPE = "application/octet-stream"


def limits() -> UploadLimits:
    """The limits of this installation."""
    config = access.parts().config
    return UploadLimits(config.upload_max_bytes, config.upload_quota_bytes, config.upload_part_bytes)
