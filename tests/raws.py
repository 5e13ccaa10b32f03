"""What a reader makes of a file, for the tests of the readers."""

from __future__ import annotations

import io
from collections.abc import Callable

from index.raw import Raw
from index.types import Skipped

BODY = "Pemerintah kota menutup jembatan lama itu sejak Senin pagi karena tiang penyangganya retak."
SECOND = "Warga diminta memakai jalan memutar sampai perbaikan selesai pada akhir bulan, kata camat."
LIMIT = 1_000_000


def read(reader: Callable[..., object], data: bytes | str, limit: int = LIMIT) -> list[Raw | Skipped]:
    return list(reader(io.BytesIO(data if isinstance(data, bytes) else data.encode()), "f", limit))


def only(reader: Callable[..., object], data: bytes | str) -> Raw:
    (item,) = read(reader, data)
    assert isinstance(item, Raw), item
    return item


def why(item: Raw | Skipped) -> str:
    assert isinstance(item, Skipped), item
    assert item.why.id and item.why.id != item.why.en
    return item.why.en
