"""The Objects port on one S3 bucket. Etags are S3's own; of unencrypted and SSE-S3 objects the MD5 of the content.

**Lost answers.** A put that is sent again and refused, because its condition does not hold any more, reads what is
there: if that is its own bytes and type, it was us.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.storage import checks
from chalicelib.storage.aws import faults
from chalicelib.storage.aws.clients import Clients
from chalicelib.storage.aws.signing import signed_form, signed_url
from chalicelib.storage.ports import NotFound, ObjectConflict, ObjectInfo, StorageError, Unavailable, Upload

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
RESUMES = 4
PART_BYTES = 8 << 20
"""S3 takes parts of 5 MB and more, the last one may be shorter; at most 10,000 of them."""


@dataclass(eq=False)
class AwsObjects:
    """`prefix`: of every key in the bucket, with a slash at its end, when the bucket is shared."""

    clients: Clients
    bucket: str
    prefix: str = ""
    clock: Callable[[], float] = time.time

    # -- reading

    def get(self, key: str) -> bytes:
        def read(**asked: Any) -> bytes:
            data: bytes = self.clients.s3.get_object(**asked)["Body"].read()
            return data

        return bytes(self._ask(read, key))

    def stream(self, key: str, chunk_bytes: int = 1 << 20, *, start: int = 0) -> Iterator[bytes]:
        part = {"Range": f"bytes={start}-"} if start else {}
        try:
            # Here, so that a missing object is said at the call.
            answer = self._ask(self.clients.s3.get_object, key, **part)
        except Unavailable as away:
            if not isinstance(away.__cause__, faults.Refused) or away.__cause__.status != 416:
                raise
            return iter(())  # nothing is left behind that byte
        size = start + answer["ContentLength"]

        def chunks() -> Iterator[bytes]:
            body, sent = answer["Body"], start
            for tried in range(RESUMES + 1):
                try:
                    while chunk := body.read(chunk_bytes):
                        sent += len(chunk)
                        yield chunk
                    return
                except Exception as error:
                    faults.judge(error)  # raises what is no fault of the connection
                    if tried == RESUMES:
                        raise Unavailable(f"object {key} broke off after {sent} bytes") from error
                # The rest of the same version: an object that was replaced meanwhile is refused.
                same = {"Range": f"bytes={sent}-", "IfMatch": answer["ETag"]}
                if sent >= size:
                    return
                body = self._ask(self.clients.s3.get_object, key, **same)["Body"]

        return chunks()

    def head(self, key: str) -> ObjectInfo | None:
        try:
            answer = self._ask(self.clients.s3.head_object, key)
        except NotFound:
            return None
        return ObjectInfo(
            key,
            answer["ContentLength"],
            answer["ETag"].strip('"'),
            answer.get("ContentType", ""),
            answer["LastModified"].timestamp(),
        )

    def list(
        self, prefix: str, *, after: str | None = None, limit: int = checks.MAX_PAGE
    ) -> tuple[tuple[ObjectInfo, ...], str | None]:
        """S3's lists do not say content types: they are empty here."""
        checks.check_limit(limit)
        asked = {"Bucket": self.bucket, "Prefix": self.prefix + prefix, "MaxKeys": limit}
        if after is not None:
            asked["StartAfter"] = self.prefix + after
        answer = faults.ask(self.clients.s3.list_objects_v2, **asked)
        found = tuple(
            ObjectInfo(
                entry["Key"][len(self.prefix) :],
                entry["Size"],
                entry["ETag"].strip('"'),
                "",
                entry["LastModified"].timestamp(),
            )
            for entry in answer.get("Contents", ())
        )
        return found, found[-1].key if answer.get("IsTruncated") and found else None

    # -- writing

    def put(
        self, key: str, data: bytes, *, content_type: str, if_absent: bool = False, if_match: str | None = None
    ) -> ObjectInfo:
        checks.check_object_key(key)
        conditions: dict[str, str] = {}
        if if_absent:
            conditions["IfNoneMatch"] = "*"
        if if_match is not None:
            conditions["IfMatch"] = f'"{if_match}"'
        try:
            answer = faults.call(
                self.clients.s3.put_object,
                Bucket=self.bucket,
                Key=self.prefix + key,
                Body=data,
                ContentType=content_type,
                **conditions,
            )
        except faults.Refused as refused:
            if not conditions or refused.status not in (404, 412):
                raise faults.rejected(refused) from refused
            found = self.head(key)
            if refused.doubtful and found is not None and self._is_own(found, data, content_type):
                return found
            raise ObjectConflict(
                key, expected_etag=if_match, found_etag=None if found is None else found.etag
            ) from refused
        etag = answer["ETag"].strip('"')
        found = self.head(key)  # S3 tells when it took the object to be written only to those who read it
        if found is not None and found.etag == etag:
            return found
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")  # somebody has replaced it already
        at = parsedate_to_datetime(date).timestamp() if date else self.clock()
        return ObjectInfo(key, len(data), etag, content_type, at)

    def put_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> ObjectInfo:
        """Up to PART_BYTES in one put, more in parts; the etag of an object in parts is no hash of its content."""
        checks.check_object_key(key)
        pieces = _pieces(chunks)
        first = next(pieces, b"")
        second = next(pieces, None)
        if second is None:
            return self.put(key, first, content_type=content_type)
        upload = self._write(self.clients.s3.create_multipart_upload, key, ContentType=content_type)["UploadId"]
        try:
            parts = []
            for number, piece in enumerate(itertools.chain((first, second), pieces), 1):
                sent = self._write(self.clients.s3.upload_part, key, UploadId=upload, PartNumber=number, Body=piece)
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            return self._complete(key, upload, parts)
        except BaseException:
            with contextlib.suppress(StorageError):  # what cannot be taken back, the bucket's rule drops after a day
                self._write(self.clients.s3.abort_multipart_upload, key, UploadId=upload)
            raise

    def _complete(self, key: str, upload: str, parts: Sequence[Mapping[str, Any]]) -> ObjectInfo:
        asked = {"UploadId": upload, "MultipartUpload": {"Parts": parts}}
        try:
            faults.call(self.clients.s3.complete_multipart_upload, Bucket=self.bucket, Key=self.prefix + key, **asked)
        except faults.Refused as refused:
            # After a lost answer the upload is not there any more, because it has become the object.
            if not (refused.doubtful and refused.code == "NoSuchUpload"):
                raise faults.rejected(refused) from refused
        found = self.head(key)
        if found is None:
            raise Unavailable(f"object {key} was deleted while it was written")
        return found

    def _write(self, send: Callable[..., Any], key: str, **asked: Any) -> Any:
        return faults.ask(send, Bucket=self.bucket, Key=self.prefix + key, **asked)

    def keep(self, key: str, data: bytes, content_type: str) -> None:
        """Put what nobody changes under a key that names its content: no condition, and nothing to answer."""
        checks.check_object_key(key)
        self._write(self.clients.s3.put_object, key, Body=data, ContentType=content_type)

    def delete(self, key: str) -> None:
        try:
            faults.call(self.clients.s3.delete_object, Bucket=self.bucket, Key=self.prefix + key)
        except faults.Refused as refused:
            if refused.code not in MISSING:
                raise faults.rejected(refused) from refused

    # -- presigned addresses

    def presign_get(
        self, key: str, *, expires_s: int, content_type: str | None = None, filename: str | None = None
    ) -> str:
        """
        An absolute address. It begins at a quarter of its term, rounded down, and ends one quarter later than asked, so
        that an object keeps its address for that long. Signed by temporary credentials, it also ends when they do.
        """
        checks.check_object_key(key)
        step = max(1, expires_s // 4)
        query = {}
        if content_type:
            query["response-content-type"] = content_type
        if filename:
            query["response-content-disposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        return signed_url(
            f"{self._address()}/{quote(self.prefix + key, safe='/-_.~')}",
            query,
            self.clients.current_credentials(),
            region=self.clients.current_region(),
            start=math.floor(self.clock() / step) * step,
            expires_s=expires_s + step,
        )

    def presign_upload(self, key: str, *, max_bytes: int, content_type: str, expires_s: int) -> Upload:
        """A form to post: S3 refuses a file that is longer, or of another type, before it is there."""
        checks.check_object_key(key)
        if max_bytes < 1:
            raise ValueError(f"max_bytes is at least 1, got {max_bytes}")
        fields = signed_form(
            self.bucket,
            {"key": self.prefix + key, "Content-Type": content_type},
            [["content-length-range", 0, max_bytes]],
            self.clients.current_credentials(),
            region=self.clients.current_region(),
            start=int(self.clock()),
            expires_s=expires_s,
        )
        return Upload(key, self._address(), "POST", fields=fields)

    def origin(self) -> str:
        """Scheme and host of the addresses, which the page's policy has to allow."""
        parts = urlsplit(self._address())
        return f"{parts.scheme}://{parts.netloc}"

    def _address(self) -> str:
        if self.clients.endpoint_url:
            return f"{self.clients.endpoint_url.rstrip('/')}/{self.bucket}"
        return f"https://{self.bucket}.s3.{self.clients.current_region()}.amazonaws.com"

    def _ask(self, send: Callable[..., Any], key: str, **more: Any) -> Any:
        try:
            return faults.call(send, Bucket=self.bucket, Key=self.prefix + key, **more)
        except faults.Refused as refused:
            if refused.code in MISSING:
                raise NotFound(f"there is no object {key}") from refused
            raise faults.rejected(refused) from refused

    def _is_own(self, found: ObjectInfo, data: bytes, content_type: str) -> bool:
        if (found.size, found.content_type) != (len(data), content_type):
            return False
        if found.etag == hashlib.md5(data, usedforsecurity=False).hexdigest():
            return True
        return self.get(found.key) == data  # encrypted by a key of the owner, the etag is no hash of the content


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of PART_BYTES or, after the first 1,000, of eight times that: 650 GB in all."""
    held, size, made = [], 0, 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= (PART_BYTES if made < 1000 else 8 * PART_BYTES):
            yield b"".join(held)
            held, size, made = [], 0, made + 1
    if held:
        yield b"".join(held)
