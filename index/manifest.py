"""What a generation says of itself: model, settings, counts, and the sums by which damage is seen."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from index.types import SilangError, Text

FORMAT = 1  # raise it when what is stored changes, so that an older program says so instead of misreading
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made with, and what it holds; `files` maps a name to (bytes, SHA-256)."""

    generation: int
    model: str
    dimension: int
    chunk_tokens: int
    created: str
    silang: str
    articles: int
    chunks: int
    copies: int
    files: dict[str, tuple[int, str]]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it as JSON into a generation's folder."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @staticmethod
    def read(folder: Path) -> Manifest:
        """Read and check it; raises SilangError for one that is missing, broken or of a newer version."""
        try:
            stated: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            version = int(stated["format"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise damaged(folder, Text(f"{MANIFEST} cannot be read", f"{MANIFEST} tidak bisa dibaca")) from error
        if version > FORMAT:
            raise SilangError(
                f"the store {folder.parent.parent} was written by a newer Silang ({stated.get('silang', '?')}, store format "
                f"{version}; this one reads up to {FORMAT}): upgrade Silang, or name another --store",
                f"indeks {folder.parent.parent} ditulis oleh Silang yang lebih baru ({stated.get('silang', '?')}, format "
                f"{version}; versi ini membaca sampai {FORMAT}): perbarui Silang, atau sebutkan --store lain",
            )
        try:
            files = {str(name): (int(size), str(digest)) for name, (size, digest) in stated.pop("files").items()}
            return Manifest(files=files, **stated)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise damaged(folder, Text(f"{MANIFEST} lacks something", f"{MANIFEST} tidak lengkap")) from error

    def verify(self, folder: Path) -> None:
        """Compare the files with their sums; raises SilangError when one is missing, cut short or changed."""
        for name, (size, digest) in self.files.items():
            path = folder / name
            if not path.is_file():
                raise damaged(folder, Text(f"{name} is missing", f"{name} tidak ada"))
            if path.stat().st_size != size:
                found = path.stat().st_size
                raise damaged(
                    folder,
                    Text(f"{name} has {found} bytes, not {size}", f"{name} berisi {found} bita, bukan {size}"),
                )
            if checksum(path) != digest:
                raise damaged(
                    folder, Text(f"{name} does not match its checksum", f"{name} tidak cocok dengan sidiknya")
                )


def checksum(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def damaged(folder: Path, what: Text) -> SilangError:
    """The error for a store that cannot be read as it is."""
    return SilangError(
        f"the store {folder.parent.parent} is damaged ({folder.name}: {what.en}): restore it from a copy, "
        f"or build it again with `silang index --rebuild PATH... --store {folder.parent.parent}`",
        f"indeks {folder.parent.parent} rusak ({folder.name}: {what.id}): pulihkan dari salinan, "
        f"atau buat ulang dengan `silang index --rebuild PATH... --store {folder.parent.parent}`",
    )
