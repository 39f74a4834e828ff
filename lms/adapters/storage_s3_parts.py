"""Parts in a bucket: the multipart uploads of S3, and how its complaints are understood."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from lms.adapters.multipart import Part
from lms.adapters.objects import Stat
from lms.domain.errors import NotFound, Unavailable

MISSING = ("404", "NoSuchKey", "NotFound")
NO_UPLOAD = ("NoSuchUpload", "InvalidPart")
BEYOND_END = ("416", "InvalidRange")


class BeyondEnd(Exception):
    """The range asked for begins behind the last byte."""


class S3Parts:
    """The words of PartStore, for a store that holds a client and a bucket."""

    _client: Any

    def begin(self, key: str, content_type: str) -> str:
        """See PartStore."""
        with answering():
            made = self._client.create_multipart_upload(**self._at(key), ContentType=content_type)
        ref: str = made["UploadId"]
        return ref

    def put_part(self, key: str, ref: str, number: int, path: Path) -> str:
        """See PartStore."""
        with answering(), path.open("rb") as body:
            kept = self._client.upload_part(**self._at(key), UploadId=ref, PartNumber=number, Body=body)
        etag: str = kept["ETag"]
        return etag

    def parts(self, key: str, ref: str) -> list[Part]:
        """See PartStore."""
        pages = self._client.get_paginator("list_parts").paginate(**self._at(key), UploadId=ref)
        with answering():
            told = [part for page in pages for part in page.get("Parts", ())]
        return [Part(part["PartNumber"], part["Size"], part["ETag"]) for part in told]

    def part_link(self, key: str, ref: str, number: int, seconds: int) -> str | None:
        """See PartStore. The address is a bearer token for this one part."""
        wanted = {**self._at(key), "UploadId": ref, "PartNumber": number}
        address: str = self._client.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=seconds)
        return address

    def finish(self, key: str, ref: str, parts: Sequence[Part]) -> None:
        """See PartStore."""
        listed = {"Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]}
        try:
            with answering():
                self._client.complete_multipart_upload(**self._at(key), UploadId=ref, MultipartUpload=listed)
        except NotFound:
            if self.stat(key) is None:
                raise

    def abandon(self, key: str, ref: str) -> None:
        """See PartStore."""
        with suppress(NotFound), answering():
            self._client.abort_multipart_upload(**self._at(key), UploadId=ref)

    def stat(self, key: str) -> Stat | None:
        """See Store."""
        raise NotImplementedError

    def _at(self, key: str) -> dict[str, str]:
        raise NotImplementedError


@contextmanager
def answering() -> Iterator[None]:
    """Tell what is missing from what is broken."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code in MISSING:
            raise NotFound("media_not_found") from error
        if code in NO_UPLOAD:
            raise NotFound("upload_not_found") from error
        if code in BEYOND_END:
            raise BeyondEnd from error
        raise Unavailable("storage_unavailable") from error
    except (BotoCoreError, Boto3Error) as error:
        raise Unavailable("storage_unavailable") from error
