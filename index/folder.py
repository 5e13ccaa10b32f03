"""The store's folder: generations side by side, one pointer to the one that serves, one lock for builders."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from index.generation import Generation
from index.manifest import MANIFEST, damaged
from index.types import SilangError, Text

POINTER, LOCK, GENERATIONS = "CURRENT", "build.lock", "generations"


class StoreFolder:
    """A folder with the generations of one index.

    Readers follow the pointer; a builder writes beside what serves and swaps the pointer with one `rename`, so that
    a build killed at any moment leaves the old generation serving.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._open: tuple[tuple[str, int, int], Generation] | None = None
        self._lock = Lock()

    def exists(self) -> bool:
        """Whether anything was ever indexed here."""
        try:
            return (self.path / POINTER).exists()
        except OSError as error:  # a name that no file can have, a folder that may not be entered
            raise _unreadable(self.path, error) from error

    def current_folder(self) -> Path:
        """Return the folder of the generation that serves; raises SilangError when there is none."""
        try:
            name = (self.path / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            if self.path.exists() and not self.path.is_dir():
                raise SilangError(
                    f"the store {self.path} is a file, not a folder: name another --store",
                    f"indeks {self.path} adalah berkas, bukan folder: sebutkan --store lain",
                ) from error
            raise SilangError(
                f"there is no index in {self.path}: make one with `silang index PATH... --store {self.path}`",
                f"belum ada indeks di {self.path}: buat dengan `silang index PATH... --store {self.path}`",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(self.path, error) from error
        folder = self.path / GENERATIONS / name
        if not name.isdigit() or not folder.is_dir():
            raise damaged(
                folder if name else self.path / GENERATIONS / "?",
                Text(f"{POINTER} names no generation", f"{POINTER} tidak menunjuk isi"),
            )
        return folder

    def current(self) -> Generation:
        """Return the generation that serves now, opened once and opened anew after each swap."""
        with self._lock:
            folder = self.current_folder()
            found = _identity(folder)
            if self._open is None or self._open[0] != found:
                # An older one stays open for whoever still holds it; its files go when the last reader does.
                self._open = found, Generation(folder)
            return self._open[1]

    @contextmanager
    def building(self) -> Iterator[tuple[int, Path]]:
        """Hold the builders' lock and yield (number, empty folder) of the next generation.

        Raises SilangError when another builder holds the lock or the folder cannot be written. Whatever a killed
        builder left is swept away first; an exception inside sweeps this one's folder too.
        """
        generations = self.path / GENERATIONS
        try:
            generations.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / LOCK)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise SilangError(
                f"another `silang index` or `silang remove` is working on {self.path}: wait for it to end, then try again",
                f"`silang index` atau `silang remove` lain sedang bekerja di {self.path}: tunggu sampai selesai, lalu coba lagi",
            ) from error
        except OSError as error:
            raise SilangError(
                f"cannot write to the store {self.path} ({error.strerror or error}): name another --store",
                f"indeks {self.path} tidak bisa ditulisi ({error.strerror or error}): sebutkan --store lain",
            ) from error
        try:
            for left in generations.glob(".building-*"):
                shutil.rmtree(left, ignore_errors=True)
            for pointer in self.path.glob(f".{POINTER}-*"):
                pointer.unlink(missing_ok=True)
            number = max((int(p.name) for p in generations.iterdir() if p.name.isdigit()), default=0) + 1
            folder = generations / f".building-{number:06d}"
            folder.mkdir()
            try:
                yield number, folder
            except (OSError, sqlite3.Error) as error:
                raise SilangError(
                    f"the index in {self.path} could not be written ({error}): free space there; what was indexed stays",
                    f"indeks di {self.path} gagal ditulis ({error}): kosongkan ruang; yang sudah diindeks tetap ada",
                ) from error
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.release()

    def publish(self, number: int, folder: Path) -> None:
        """Make a finished generation the one that serves, and drop all but its predecessor.

        Everything is flushed to disk before the pointer moves, so a power cut finds the old or the new, whole.
        """
        for path in folder.iterdir():
            _flush(path)
        _flush(folder)
        target = self.path / GENERATIONS / f"{number:06d}"
        previous = self.current_folder().name if self.exists() and self._pointer_is_sound() else None
        folder.rename(target)
        _flush(target.parent)
        pointer = self.path / f".{POINTER}-{os.getpid()}"
        pointer.write_text(target.name + "\n", encoding="utf-8")
        _flush(pointer)
        pointer.replace(self.path / POINTER)
        _flush(self.path)
        for old in target.parent.iterdir():
            if old.name not in (target.name, previous):
                shutil.rmtree(old, ignore_errors=True)

    def _pointer_is_sound(self) -> bool:
        with suppress(SilangError):
            return self.current_folder().is_dir()
        return False


def _identity(folder: Path) -> tuple[str, int, int]:
    """What tells a generation from another of the same number, made after the store was deleted."""
    try:
        made = (folder / MANIFEST).stat()
    except OSError:
        return folder.name, 0, 0  # opening it says what is missing
    return folder.name, made.st_ino, made.st_mtime_ns


def _unreadable(path: Path, error: Exception) -> SilangError:
    return SilangError(
        f"the store {path} cannot be read ({error}): check its name and permissions",
        f"indeks {path} tidak bisa dibaca ({error}): periksa nama dan izinnya",
    )


def _flush(path: Path) -> None:
    """Force a file or a folder's entries to disk, where the system can."""
    with suppress(PermissionError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
