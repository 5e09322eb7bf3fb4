"""Pictures in a bucket of an S3-compatible object store: the only door to botocore.

The bucket is private, and nobody but this process asks it: a page gets its pictures from us, after
our own check of who may see them. What was put is read back and compared, since some servers take
a body whose checksum is wrong and repeat that checksum when asked (rclone's does).
"""

import base64
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from audit.core.clock import now

from .storage import StorageAway, StorageFull, Stored, checked_key

log = logging.getLogger(__name__)

ABSENT = {"NoSuchKey", "404"}
FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"}
FULL_STATUS = 507
WAITING = {"connect_timeout": 3, "read_timeout": 10, "retries": {"total_max_attempts": 2}}


@dataclass(frozen=True)
class Bucket:
    """Where it is and how to get in; all from the administrator's settings."""

    endpoint: str
    name: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    path_style: bool = True


class BucketStorage:
    """Storage in a bucket. One request puts a whole picture, so there is all of it or none."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket.name
        self._client = _client(bucket)

    def put(self, key: str, content: bytes, *, sealed: bool = False) -> None:
        """`sealed` adds nothing here: who may write to the bucket is for its policy to say."""
        digest = hashlib.sha256(content).digest()
        with _plainly("put", checked_key(key)):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType="application/octet-stream",
                ChecksumSHA256=base64.b64encode(digest).decode(),
            )
        try:
            with self.open(key) as file:
                arrived = hashlib.sha256(file.read()).digest()
        except FileNotFoundError:
            arrived = b""
        if arrived != digest:
            log.error("the bucket did not keep %s as it was sent", key)
            raise StorageAway

    def open(self, key: str) -> BinaryIO:
        with _plainly("open", checked_key(key)):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            return BytesIO(answer["Body"].read())

    def exists(self, key: str) -> bool:
        try:
            self._head(key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        with _plainly("delete", checked_key(key)):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def stored(self) -> Iterator[Stored]:
        with _plainly("list", self._bucket):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
            for page in pages:
                for one in page.get("Contents", ()):
                    age = (now() - one["LastModified"]).total_seconds()
                    yield Stored(one["Key"], one["Size"], age)

    def age_seconds(self, key: str) -> float:
        return float((now() - self._head(key)["LastModified"]).total_seconds())

    def sweep(self, older_than_seconds: float = 3600) -> int:
        """Nothing: a picture is put by one request, which leaves no half."""
        return 0

    def _head(self, key: str) -> dict[str, Any]:
        with _plainly("head", checked_key(key)):
            found: dict[str, Any] = self._client.head_object(Bucket=self._bucket, Key=key)
            return found


@contextmanager
def _plainly(act: str, what: str) -> Iterator[None]:
    """Errors as `Storage` promises them; the log says what the server said."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code in ABSENT:
            raise FileNotFoundError(what) from error
        log.error("bucket: %s of %s failed: %s, status %s", act, what, code, status)
        raise (StorageFull if code in FULL or status == FULL_STATUS else StorageAway) from error
    except BotoCoreError as error:
        log.error("bucket: %s of %s failed: %s", act, what, type(error).__name__)
        raise StorageAway from error


@lru_cache(maxsize=4)
def _client(bucket: Bucket) -> Any:
    """One for the process: it keeps its connections, and threads may share it."""
    return botocore.session.Session().create_client(
        "s3",
        region_name=bucket.region,
        endpoint_url=bucket.endpoint,
        aws_access_key_id=bucket.key_id,
        aws_secret_access_key=bucket.secret,
        config=Config(
            s3={"addressing_style": "path" if bucket.path_style else "virtual"},
            max_pool_connections=16,
            **WAITING,
        ),
    )
