"""CMS compressed data (RFC 3274), opened no further than it may grow."""

import zlib
from typing import Final

from asn1crypto import cms

from integrations.formats.as2.disposition import DECOMPRESSION_FAILED, NotTaken
from integrations.formats.as2.structures import content_of, reading

_DAMAGED: Final = "The compressed content is damaged."


class TooLarge(NotTaken):
    """What is inside is larger than may be taken."""


def compress(content: bytes) -> bytes:
    """Compressed data as DER."""
    compressed = cms.CompressedData(
        {
            "version": "v0",
            "compression_algorithm": {"algorithm": "zlib"},
            "encap_content_info": {"content_type": "data", "content": zlib.compress(content)},
        }
    )
    return cms.ContentInfo({"content_type": "compressed_data", "content": compressed}).dump()


def decompress(der: bytes, *, largest: int) -> bytes:
    """The content, of at most `largest` bytes. Raises NotTaken."""
    with reading(DECOMPRESSION_FAILED, "The compressed content"):
        _, compressed = content_of(der)
        algorithm = compressed["compression_algorithm"]["algorithm"].native
        if algorithm != "zlib":
            text = f"Content compressed with {algorithm} is not read."
            raise NotTaken(DECOMPRESSION_FAILED, text)
        packed = bytes(compressed["encap_content_info"]["content"])
    return _unpacked(packed, largest)


def _unpacked(packed: bytes, largest: int) -> bytes:
    opened = zlib.decompressobj()
    try:
        content = opened.decompress(packed, largest + 1)
    except zlib.error as error:
        raise NotTaken(DECOMPRESSION_FAILED, _DAMAGED) from error
    if len(content) > largest:
        text = f"The compressed content is larger than {largest} bytes."
        raise TooLarge(DECOMPRESSION_FAILED, text)
    if not opened.eof or opened.unused_data:
        raise NotTaken(DECOMPRESSION_FAILED, _DAMAGED)
    return content
