"""The command line `silang`: its grammar, and what becomes of an error. What each command does is in `ui/commands.py`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from index.types import SilangError
from ui import commands
from ui.commands import DONE, FAILED, complain
from ui.messages import interface_language, say


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line; usage errors leave with exit code 2."""
    root = argparse.ArgumentParser(
        prog="silang",
        description="Answers questions from news articles with cited excerpts; shows every side when sources disagree. "
        "| Menjawab pertanyaan dari artikel berita dengan kutipan; menampilkan semua sisi bila sumber berbeda.",
    )
    known = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
        sub = known.add_parser(name, help=help_, description=help_)
        sub.set_defaults(run=run, usage=sub.error)
        sub.add_argument(
            "--store", type=Path, metavar="DIR", default=None,
            help="folder of the index (default: $SILANG_STORE, else .silang) | folder indeks",
        )  # fmt: skip
        return sub

    def reader_and_judge(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--reader", metavar="NAME",
            help="extractive question answering model, by name or folder (default: $SILANG_READER, else the bundled "
            "one) | model pembaca",
        )  # fmt: skip
        sub.add_argument(
            "--judge", metavar="NAME",
            help="natural language inference model, by name or folder (default: $SILANG_JUDGE, else the bundled one) "
            "| model penilai",
        )  # fmt: skip

    def model(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--model", metavar="NAME",
            help="sentence-transformers model, by name or folder (default: $SILANG_MODEL, else the store's, else the "
            "bundled one) | model penyemat",
        )  # fmt: skip

    sub = command("index", commands.index_articles, "read articles and index them | membaca dan mengindeks artikel")
    sub.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files or folders; - reads JSONL from stdin | berkas atau folder",
    )
    sub.add_argument(
        "--rebuild", action="store_true",
        help="make the index anew of PATHs alone, or without PATH of the articles it holds | buat ulang indeks",
    )  # fmt: skip
    model(sub)
    sub = command("ask", commands.ask, "answer a question | menjawab pertanyaan")
    sub.add_argument("question", nargs="?", metavar="QUESTION")
    sub.add_argument(
        "--batch", metavar="FILE", help='JSONL with {"id", "question"} lines; - is stdin | banyak pertanyaan'
    )
    sub.add_argument("--json", action="store_true", help="print the answer as JSON | cetak sebagai JSON")
    sub.add_argument(
        "--source", action="append", default=[], metavar="OUTLET",
        help="only of this outlet (repeatable) | hanya dari media ini (boleh berulang)",
    )  # fmt: skip
    sub.add_argument(
        "--language", action="append", default=[], metavar="CODE",
        help="only articles in it (repeatable) | hanya artikel berbahasa ini (boleh berulang)",
    )  # fmt: skip
    sub.add_argument(
        "--since",
        metavar="YYYY-MM-DD",
        type=_date,
        help="only published on or after this day | terbit pada atau sesudah tanggal ini",
    )
    sub.add_argument(
        "--until",
        metavar="YYYY-MM-DD",
        type=_date,
        help="only published on or before this day | terbit pada atau sebelum tanggal ini",
    )
    model(sub)
    reader_and_judge(sub)
    sub = command("show", commands.show, "print an article's stored text, byte for byte | mencetak teks artikel")
    sub.add_argument("article", metavar="ARTICLE_ID")
    sub = command("articles", commands.list_articles, "list what is indexed | daftar artikel yang diindeks")
    sub.add_argument("--json", action="store_true", help="a JSON object a line | satu objek JSON per baris")
    sub = command("remove", commands.remove, "take articles out of the index | menghapus artikel dari indeks")
    sub.add_argument("articles", nargs="+", metavar="ARTICLE_ID")
    sub = command("chat", commands.chat, "serve the chat page | membuka halaman obrolan")
    sub.add_argument("--host", default="127.0.0.1")
    sub.add_argument("--port", type=_port, default=7860, metavar="1-65535")
    sub.add_argument(
        "--auth", type=Path, metavar="FILE", help="ask for a name and password of these accounts | minta nama dan sandi"
    )
    sub.add_argument("--mcp", action="store_true", help="also serve MCP tools: ask, search, show | layani alat MCP")
    model(sub)
    reader_and_judge(sub)
    sub = known.add_parser("account", help="add an account for `silang chat --auth` | menambah akun")
    sub.set_defaults(run=commands.add_account)
    sub.add_argument("name", metavar="NAME")
    sub.add_argument("--auth", type=Path, required=True, metavar="FILE")
    sub.add_argument(
        "--role",
        choices=["reader", "editor"],
        default="reader",
        help="an editor may change the index (default: reader) | editor boleh mengubah indeks",
    )
    sub = command("eval", commands.evaluate, "run a question set and print the measures | menjalankan set pertanyaan")
    sub.add_argument(
        "cases",
        nargs="?",
        type=Path,
        metavar="CASES",
        help="sample (default), events, english, typed or short, or a .jsonl, .json or .csv",
    )
    sub.add_argument(
        "--from-feedback", type=Path, metavar="FILE",
        help="write what was rated on the chat page there, as cases to check | tulis penilaian sebagai kasus",
    )  # fmt: skip
    sub.add_argument(
        "--report", type=Path, metavar="DIR", help="also write report.html, summary.json, answers.jsonl | tulis laporan"
    )
    sub.add_argument(
        "--peers", action="store_true", help="beside other rules on the same passages | bandingkan dengan aturan lain"
    )
    sub.add_argument(
        "--gate", action="store_true", help="fail where a measure is below its floor | gagal jika ukuran turun"
    )
    sub.add_argument("--set-floors", action="store_true", help="keep these measures as floors | simpan sebagai batas")
    sub.add_argument("--lower", action="store_true", help="let --set-floors lower a floor | izinkan batas turun")
    sub.add_argument("--fresh", action="store_true", help="ask again what was kept of earlier runs | tanyakan ulang")
    sub.add_argument("--json", action="store_true", help="print the measures as JSON | cetak ukuran sebagai JSON")
    model(sub)
    reader_and_judge(sub)
    return root


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("bad_date", interface_language(), text=text)) from error


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(say("bad_port", interface_language(), text=text))
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when done, 1 after one line on stderr. argparse leaves with 2 on wrong usage."""
    options = parser().parse_args(arguments)
    language = interface_language()
    try:
        code = int(options.run(options))
        sys.stdout.flush()  # here, where a closed pipe is caught, and not when the interpreter ends
        return code
    except SilangError as error:
        complain(error.say(language))
    except BrokenPipeError:
        # The reader of our output has gone (`silang articles | head`): nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        complain(say("interrupted", language))
    except Exception as error:  # noqa: BLE001 (a person gets one line; who mends the program asks for the rest)
        if os.environ.get("SILANG_DEBUG"):
            raise
        complain(say("unforeseen", language, error=f"{type(error).__name__}: {error}"))
    return FAILED
