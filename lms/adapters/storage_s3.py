"""A store in a bucket of any S3 service: OSS, COS, OBS, MinIO, Swift, AWS."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lms.adapters.objects import Body, Stat, checked_key
from lms.adapters.storage_s3_parts import BeyondEnd, S3Parts, answering
from lms.domain.errors import NotFound


def s3_client(endpoint: str, region: str, access_key: str, secret_key: str, addressing: str) -> Any:
    """A client that other services than AWS understand: no checksums but the required ones, which OSS, COS and OBS
    may refuse. Gives up after 3 tries, so that no page hangs on it."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


class S3Store(S3Parts):
    """Objects of one bucket, which must exist."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """See Store. Large files go up in parts, several at a time."""
        with answering():
            self._client.upload_file(str(path), self._bucket, checked_key(key), ExtraArgs={"ContentType": content_type})

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        """See Store."""
        with answering():
            self._client.put_object(**self._at(key), Body=content, ContentType=content_type)

    def open(self, key: str, start: int = 0, end: int | None = None) -> Body:
        """See Store."""
        last = "" if end is None else max(end - 1, start)
        wanted = {} if (start, end) == (0, None) else {"Range": f"bytes={start}-{last}"}
        try:
            with answering():
                answer = self._client.get_object(**self._at(key), **wanted)
        except BeyondEnd:
            return Body(io.BytesIO(), 0)
        size = answer["ContentLength"]
        return Body(Connection(answer["Body"]), size if end is None else min(size, max(end - start, 0)))

    def stat(self, key: str) -> Stat | None:
        """See Store."""
        try:
            with answering():
                known = self._client.head_object(**self._at(key))
        except NotFound:
            return None
        return Stat(known["ContentLength"], known["ContentType"], known["ETag"].strip('"'))

    def list(self, prefix: str) -> Iterator[str]:
        """See Store."""
        folder = prefix.rpartition("/")[0]
        if folder:
            checked_key(folder)
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with answering():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"]

    def delete(self, key: str) -> None:
        """See Store."""
        with suppress(NotFound), answering():
            self._client.delete_object(**self._at(key))

    def link(self, key: str, seconds: int) -> str | None:
        """See Store. The address is a bearer token: keep `seconds` short."""
        at = self._at(key)
        address: str = self._client.generate_presigned_url("get_object", Params=at, ExpiresIn=seconds)
        return address

    def healthy(self) -> bool:
        """See Store."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (BotoCoreError, ClientError):
            return False
        return True

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": checked_key(key)}


class Connection:
    """The body of an answer, whose breaking off is an outage like any other."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        with answering():
            chunk: bytes = self._stream.read(size)
        return chunk

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()
