"""Requests to an S3-compatible bucket: signed, through the one HTTP client, errors named by recovery.

The bucket's name goes into the path, which Amazon and every other maker take; its host is judged by
the guard like any other.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import unquote_plus, urlsplit

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from integrations.transports import aws_signature
from integrations.transports.aws_signature import encoded
from portal.core import clock, http
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response
from portal.core.secrets import Secret

TIMEOUT: Final = (http.CONNECT_TIMEOUT, http.READ_TIMEOUT)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_PAGES: Final = 100
_LARGEST_ANSWER: Final = 4 * 1024 * 1024
_WRONG_KEY: Final = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
)
_ELSEWHERE: Final = frozenset(
    {"AuthorizationHeaderMalformed", "PermanentRedirect", "InvalidRegion"}
)
_LATER: Final = frozenset({"SlowDown", "OperationAborted", "ConditionalRequestConflict"})


@dataclass(frozen=True)
class Bucket:
    """Where a bucket is and who may use it. `plain_because` says why http:// is good enough."""

    endpoint: str
    region: str
    name: str
    key_id: str
    secret: Secret | None
    token: Secret | None = None
    plain_because: str = ""


class Object(NamedTuple):
    """One object of a listing: its key, bytes, and when it was written (seconds since 1970)."""

    key: str
    size: int
    modified: int


class Client:
    """Safe from any thread; connections are pooled by `portal.core.http`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def __repr__(self) -> str:
        return f"Client({self._bucket.name} at {self._bucket.endpoint})"

    def send(
        self,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        most: int | None = None,
        fine: Collection[int] = (),
    ) -> Response:
        """The answer: a 2xx or one of `fine`. `most`: no more bytes of it are read.

        Raises NeedsCredentials (`auth_expired`, `forbidden`, `folder_missing` for the bucket),
        Permanent (`bad_address` for another region) and Retryable.
        """
        base, host = self._place()
        path = f"/{self._bucket.name}/{encoded(key, safe='/')}"
        asked = query or {}
        signed = aws_signature.headers_of(
            aws_signature.Request(
                method, host, path, asked, headers or {}, hashlib.sha256(body).hexdigest()
            ),
            self._key(),
            region=self._bucket.region,
            service="s3",
            at=clock.now(),
        )
        answer = http.request(
            method,
            base + path + (f"?{aws_signature.query_string(asked)}" if asked else ""),
            headers={"Accept-Encoding": "identity", **signed},
            data=body or None,
            timeout=TIMEOUT,
            max_bytes=_LARGEST_ANSWER if most is None else most,
            cut=most is not None,
            decode=False,
        )
        if answer.status not in fine:
            self._must_be_good(answer)
        return answer

    def listing(self, prefix: str, *, most: int | None = None) -> Iterator[Object]:
        """The objects right below `prefix`, which ends in `/`; `most` as one page of up to so many."""
        query = {"list-type": "2", "prefix": prefix, "delimiter": "/", "encoding-type": "url"}
        if most is not None:
            query["max-keys"] = str(most)
        for _ in range(_PAGES):
            page = read_xml(self.send("GET", query=query).body)
            for found in page.iter("Contents"):
                yield _object(found)
            token = page.findtext("NextContinuationToken") or ""
            if most is not None or page.findtext("IsTruncated") != "true" or not token:
                return
            if token == query.get("continuation-token"):
                raise Permanent("The same page of the bucket comes again.", code="refused")
            query["continuation-token"] = token
        raise Permanent(f"{prefix} holds too many files to list.", code="response_too_large")

    def has_below(self, prefix: str) -> bool:
        """Whether anything's key begins with `prefix`, at whatever depth."""
        query = {"list-type": "2", "prefix": prefix, "max-keys": "1", "encoding-type": "url"}
        return read_xml(self.send("GET", query=query).body).find("Contents") is not None

    def copy(self, source: str, target: str) -> None:
        """Write `target` anew from `source`, within the bucket."""
        place = f"/{self._bucket.name}/{encoded(source, safe='/')}"
        answer = self.send("PUT", target, headers={"x-amz-copy-source": place})
        # A copy that fails on the way is answered 200, with the error in the body.
        if read_xml(answer.body).tag != "CopyObjectResult":
            raise Retryable(f"{source} could not be copied: {_said(answer)[1]}", uncertain=True)

    def _place(self) -> tuple[str, str]:
        """The address without a path, and what the Host header says."""
        bucket = self._bucket
        try:
            parts = urlsplit(bucket.endpoint.strip())
            name, port = parts.hostname or "", parts.port
        except ValueError:
            name, port, parts = "", None, urlsplit("")
        rest = parts.path.strip("/") or parts.query or parts.username
        if parts.scheme not in {"http", "https"} or not name.isascii() or not name or rest:
            text = "The address of the store is not like https://s3.example.com."
            raise Permanent(text, code="bad_address")
        if parts.scheme == "http" and not bucket.plain_because:
            text = "The address of the store begins with http://, and no reason is given for that."
            raise Permanent(text, code="bad_address")
        if not _NAME.fullmatch(bucket.name):
            raise Permanent(f"{bucket.name!r} is no name of a bucket.", code="bad_address")
        host = f"[{name}]" if ":" in name else name
        usual = port in {None, 443 if parts.scheme == "https" else 80}
        host = host if usual else f"{host}:{port}"
        return f"{parts.scheme}://{host}", host

    def _key(self) -> aws_signature.Key:
        if not (self._bucket.key_id and self._bucket.secret):
            raise NeedsCredentials("The access key and its secret are not both set.")
        return aws_signature.Key(self._bucket.key_id, self._bucket.secret, self._bucket.token)

    def _must_be_good(self, answer: Response) -> None:
        if not 200 <= answer.status < 300:
            self._refuse(answer)

    def _refuse(self, answer: Response) -> NoReturn:
        code, said = _said(answer)
        store = f"The store answered {answer.status} {code}: {said}".rstrip(": ")
        if code == "NoSuchBucket":
            raise NeedsCredentials(
                f"There is no bucket {self._bucket.name}.", code="folder_missing"
            )
        if code in _WRONG_KEY:
            raise NeedsCredentials(store)
        if code in _ELSEWHERE or answer.status in {301, 307}:
            region = answer.header("x-amz-bucket-region") or said
            text = f"The bucket is not in the region {self._bucket.region}: {region}"
            raise Permanent(text, code="bad_address")
        if code == "RequestTimeTooSkewed":
            raise Retryable(f"Our clock and that of the store differ: {said}")
        if code in _LATER:
            raise Retryable(store, code="rate_limited" if code == "SlowDown" else "unavailable")
        if answer.status == 501:
            raise Permanent(store, code="refused")
        raise_for_recovery(answer)
        raise Permanent(store, code="refused")


def read_xml(body: bytes) -> Any:
    """The root of an answer, names without their namespace. Retryable for what is no XML.

    Entities, of which a few lines make gigabytes, are refused.
    """
    try:
        root = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Permanent("The store's answer holds entities.", code="refused") from error
    except (defusedxml.ElementTree.ParseError, ValueError) as error:
        raise Retryable("The store's answer is not XML.", uncertain=True) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _object(found: Any) -> Object:
    try:
        at = datetime.fromisoformat(found.findtext("LastModified") or "")
        size = int(found.findtext("Size") or "")
    except ValueError as error:
        text = "The store lists a file without its size or time."
        raise Permanent(text, code="refused") from error
    return Object(unquote_plus(found.findtext("Key") or ""), size, int(at.timestamp()))


def _said(answer: Response) -> tuple[str, str]:
    """The code and the words of an error, both empty without."""
    if not answer.body.lstrip().startswith(b"<"):
        return "", ""
    try:
        root = read_xml(answer.body)
    except (Permanent, Retryable):
        return "", ""
    words = " ".join((root.findtext("Message") or "").split())
    return (root.findtext("Code") or "")[:60], words[:200]
