"""The picture that Zalo's lists need, drawn here so that no file has to be fetched elsewhere."""

import struct
import zlib
from functools import cache
from typing import Final

from fastapi import APIRouter, Response

PICTURE_PATH: Final = "/webhooks/anh/mot-cua.png"
_WIDTH, _HEIGHT = 560, 280
_WALL, _DOOR, _LIGHT = b"\x1d\x4e\x89", b"\xf4\xf1\xe8", b"\xe0\xb0\x3c"


def picture_route() -> APIRouter:
    """The picture, to be kept by whoever fetches it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PICTURE_PATH)
    def picture() -> Response:
        headers = {"Cache-Control": "public, max-age=604800"}
        return Response(door(), media_type="image/png", headers=headers)

    return routes


@cache
def door() -> bytes:
    """One door in a wall: một cửa."""
    rows = b"".join(b"\x00" + _row(line) for line in range(_HEIGHT))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _row(line: int) -> bytes:
    if line < _HEIGHT // 5:
        return _WALL * _WIDTH
    side, opening = _WIDTH * 2 // 5, _WIDTH - 2 * (_WIDTH * 2 // 5)
    handle = _LIGHT if _HEIGHT * 3 // 5 < line < _HEIGHT * 3 // 5 + 14 else _DOOR
    inside = _DOOR * (opening - 26) + handle * 14 + _DOOR * 12
    return _WALL * side + inside + _WALL * side


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
