"""Who may open the page and who may change the index: accounts with hashed passwords in a file."""

from __future__ import annotations

import asyncio
import ipaddress
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import gradio as gr
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from index.types import SilangError

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = ("reader", "editor")


class Access:
    """Accounts of a file with a `name:role:hash` line each (Argon2id, RFC 9106); without a file everybody may read.

    Without accounts only a page served on the loopback address lets its visitors change the index.
    """

    def __init__(self, path: Path | None = None, host: str = "127.0.0.1") -> None:
        self._accounts = _read(path) if path else {}
        self.required = path is not None
        self._open = path is None and _is_loopback(host)
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("")  # an unknown name costs as much time as a known one

    async def sign_in(self, name: str, password: str) -> bool:
        """As `check`, in a thread of its own: hashing takes long on purpose, and the page is to go on meanwhile."""
        return await asyncio.to_thread(self.check, name, password)

    def check(self, name: str, password: str) -> bool:
        """Whether the password is that of the account."""
        _, hashed = self._accounts.get(name, ("reader", self._nobody))
        try:
            return self._hasher.verify(hashed, password) and name in self._accounts
        except (VerificationError, InvalidHashError):
            return False

    def may_change(self, request: gr.Request) -> bool:
        """Whether who makes the request may change the index.

        Not a page of another site that is open in an editor's browser; and without accounts no visitor from elsewhere
        that a proxy on this machine lets through, nor one to whom another name was given for this address.
        """
        headers = request.headers
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return False
        if self.required:
            return self._accounts.get(request.username or "", ("reader", ""))[0] == "editor"
        forwarded = any(name.lower().startswith(("forwarded", "x-forwarded")) for name in headers)
        asked = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        return self._open and not forwarded and _is_loopback(asked)


def account_line(name: str, role: Role, password: str) -> str:
    """Return the line of an account; raises SilangError for a name that cannot stand in one, or an empty password."""
    if not name or ":" in name or name != name.strip() or "\n" in name or not password:
        raise SilangError(
            f"an account needs a name without a colon and a password, not {name!r}: choose others",
            f"akun perlu nama tanpa titik dua dan kata sandi, bukan {name!r}: pilih yang lain",
        )
    return f"{name}:{role}:{PasswordHasher().hash(password)}"


def save_account(path: Path, line: str) -> None:
    """Add an account to the file, in place of one of the same name. Only the owner may read the file.

    Raises SilangError where it cannot be read or written.
    """
    name = line.split(":", 1)[0]
    kept = [held for held in _lines(path) if held.split(":", 1)[0] != name] if path.exists() else []
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.touch(mode=0o600)
        temporary.write_text("".join(f"{held}\n" for held in [*kept, line]), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise SilangError(
            f"the accounts {path} cannot be written ({error.strerror or error}): name another --auth file",
            f"akun {path} tidak bisa ditulis ({error.strerror or error}): sebutkan berkas --auth lain",
        ) from error


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise SilangError(
            f"the accounts {path} cannot be read ({error}): make them with `silang account NAME --auth {path}`",
            f"akun {path} tidak bisa dibaca ({error}): buat dengan `silang account NAMA --auth {path}`",
        ) from error


def _read(path: Path) -> dict[str, tuple[Role, str]]:
    accounts: dict[str, tuple[Role, str]] = {}
    for number, line in enumerate(_lines(path), 1):
        name, role, hashed = (*line.split(":", 2), "", "")[:3]
        known = next((r for r in ROLES if r == role), None)
        if not name or known is None or not hashed.startswith("$argon2"):
            raise SilangError(
                f"{path}:{number}: not an account: make one with `silang account NAME --auth {path}`",
                f"{path}:{number}: bukan akun: buat dengan `silang account NAMA --auth {path}`",
            )
        accounts[name] = (known, hashed)
    if not accounts:
        raise SilangError(
            f"{path} holds no account: make one with `silang account NAME --auth {path}`",
            f"{path} tidak memuat akun: buat dengan `silang account NAMA --auth {path}`",
        )
    return accounts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
