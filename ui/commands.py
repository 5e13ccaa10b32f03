"""What each command of `silang` does: from the options that were given to what is printed and the exit code."""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from getpass import getpass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from index.types import Filters, SilangError, Skipped
from ui.messages import interface_language, listed, say

if TYPE_CHECKING:  # the rest is imported where it is used: `silang articles` should not wait for torch
    from index.build import Report
    from index.encoder import SentenceTransformerEncoder
    from index.folder import StoreFolder
    from rag.pipeline import Silang
    from rag.types import Answer

DONE, FAILED = 0, 1
EXAMPLES = 4  # suggested questions on the page


def complain(line: str) -> None:
    """Print one line to stderr."""
    print(f"silang: {' '.join(line.split())}", file=sys.stderr)


def _store(options: argparse.Namespace) -> StoreFolder:
    from index.folder import StoreFolder

    return StoreFolder(options.store or os.environ.get("SILANG_STORE") or ".silang")


def _encoder(options: argparse.Namespace, store: StoreFolder | None = None) -> SentenceTransformerEncoder:
    """The model that was named, else the one that made the store, else the bundled one."""
    from index.encoder import BUNDLED, SentenceTransformerEncoder

    held = store.current().model if store is not None and store.exists() else BUNDLED
    return SentenceTransformerEncoder(options.model or os.environ.get("SILANG_MODEL") or held)


def _silang(options: argparse.Namespace, store: StoreFolder) -> Silang:
    """Silang on a store, with the models that were named or else the bundled ones."""
    from rag.pipeline import Silang

    return Silang.with_defaults(store, _encoder(options, store), *_reader_and_judge(options))


def _reader_and_judge(options: argparse.Namespace) -> tuple[str, str]:
    environment = os.environ
    return options.reader or environment.get("SILANG_READER", ""), options.judge or environment.get("SILANG_JUDGE", "")


def index_articles(options: argparse.Namespace) -> int:
    """Read articles and index them, or embed again what is held."""
    from index.articles import read_paths
    from index.build import build_index
    from ui.progress import Bars

    language, store = interface_language(), _store(options)
    if not options.paths and not options.rebuild:
        options.usage(say("index_usage", language))
    items = read_paths(options.paths) if options.paths else None
    # An index made anew of PATHs may change its model; one made anew of itself keeps it unless told.
    encoder = _encoder(options, None if options.rebuild and options.paths else store)
    with Bars(language) as bars:
        report = build_index(store, items, encoder, rebuild=options.rebuild, progress=bars)
    _print_report(report, language)
    return DONE


def _print_report(report: Report, language: str) -> None:
    values = {name: getattr(report, name) for name in report.__slots__}
    print(say("report", language, **values))
    if report.generation is None:
        print(say("nothing_changed", language))
    if report.replaced:
        print(say("replaced", language, n=len(report.replaced), ids=listed(report.replaced)))
    print(say("holds", language, **values))
    _print_skipped(report.skipped, language)


def _print_skipped(skipped: Sequence[Skipped], language: str) -> None:
    if skipped:
        print(say("skipped", language, n=len(skipped)))
    for item in skipped:
        print(_shown(f"  {item.where}: {item.why.say(language)}"))


def ask(options: argparse.Namespace) -> int:
    """Answer one question, or each line of a file."""
    if (options.question is None) == (options.batch is None):
        options.usage(say("ask_usage", interface_language()))
    filters = Filters(frozenset(options.source), frozenset(options.language), options.since, options.until)
    store = _store(options)
    held = store.current()  # a missing or broken store is told before the model is loaded
    if filters != Filters() and not held.count(filters):
        raise SilangError(
            "no article is left by --source, --language, --since and --until: `silang articles` lists what there is",
            "tidak ada artikel yang tersisa menurut --source, --language, --since, dan --until: `silang articles` "
            "menampilkan yang ada",
        )
    if options.question is not None:
        from rag.question import check_question

        check_question(options.question)
        answer = _silang(options, store).ask(options.question, filters)
        print(json.dumps(answer.to_json(), ensure_ascii=False) if options.json else _as_text(answer))
        return DONE
    with _opened(options.batch) as file:
        silang = _silang(options, store)
        for question_id, question in _batch_questions(file, options.batch):
            answer = replace(silang.reply(question, filters), id=question_id)
            print(json.dumps(answer.to_json(), ensure_ascii=False), flush=True)
    return DONE


def _opened(name: str) -> IO[str]:
    if name == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
    try:
        return Path(name).open(encoding="utf-8-sig")
    except OSError as error:
        raise SilangError(
            f"the questions {name} cannot be read ({error.strerror}): give a JSONL file",
            f"berkas pertanyaan {name} tidak bisa dibaca ({error.strerror}): berikan berkas JSONL",
        ) from error


def _batch_questions(file: IO[str], name: str) -> Iterator[tuple[str | float | None, str]]:
    """Yield (id, question) of each line; a line that is not a question is named on stderr and passed over.

    A number stays one, so that callers find their ids again; anything else becomes text.
    """
    from index.decode import clean

    language = interface_language()
    try:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                complain(say("broken_line", language, file=name, line=number, why=getattr(error, "msg", "too deep")))
                continue
            question = row.get("question") if isinstance(row, dict) else None
            if isinstance(question, str):
                given = row.get("id")
                yield given if given is None or isinstance(given, int | float) else clean(str(given)), clean(question)
            else:
                complain(say("no_question", language, file=name, line=number))
    except UnicodeDecodeError as error:
        raise SilangError(
            f"the questions {name} are not UTF-8 text ({error.reason}): save the file as UTF-8",
            f"berkas pertanyaan {name} bukan teks UTF-8 ({error.reason}): simpan sebagai UTF-8",
        ) from error


def _shown(text: str) -> str:
    """Text without what a terminal would obey: a title may hold escape sequences."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)


def _as_text(answer: Answer) -> str:
    """An answer for a terminal: the reply, then each excerpt with its outlet and date."""
    language = answer.language
    lines = [answer.text, ""]
    listed = answer.citations or answer.related
    for c in listed:
        outlet, day = c.source or say("unnamed", language), c.published or say("undated", language)
        lines += [
            f"[{c.n}] {c.title or c.article} ({outlet}, {day})",
            f"    {' '.join(c.quote.split())}",
            f"    {c.article} {c.start}-{c.end}",
        ]
    return _shown("\n".join(lines).rstrip())


def show(options: argparse.Namespace) -> int:
    """Print an article's stored text."""
    text = _store(options).current().article(options.article).text
    sys.stdout.buffer.write(text.encode("utf-8"))  # print would translate line ends
    sys.stdout.buffer.flush()
    return DONE


def list_articles(options: argparse.Namespace) -> int:
    """List what is indexed."""
    from dataclasses import asdict

    for info in _store(options).current().infos():
        if options.json:
            print(json.dumps(asdict(info), ensure_ascii=False))
        else:
            fields = (
                info.id,
                info.published or "-",
                info.language or "-",
                info.source or "-",
                info.title or "-",
            )
            copy = f"\t({say('copy_of', interface_language(), id=info.copy_of)})" if info.copy_of else ""
            print(_shown("\t".join(" ".join(field.split()) for field in fields) + copy))
    return DONE


def remove(options: argparse.Namespace) -> int:
    """Take articles out of the index."""
    from index.build import remove_articles

    language = interface_language()
    report = remove_articles(_store(options), options.articles)
    values = {name: getattr(report, name) for name in report.__slots__}
    print(say("removed", language, **values))
    print(say("holds", language, **values))
    return DONE


def chat(options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted."""
    from eval.cases import SAMPLE, answerable_from, load_cases
    from ui.app import serve

    store = _store(options)
    infos = store.current().infos()
    examples = [question.question for question in answerable_from(load_cases(SAMPLE), {info.id for info in infos})]
    if not examples:  # no question set goes with these articles: ask about some of them
        examples = [
            say(f"about_{info.language}", "en", title=info.title)
            for info in infos
            if info.title and info.language in ("id", "en")
        ]
    examples = random.Random(0).sample(examples, min(EXAMPLES, len(examples)))
    if options.mcp and find_spec("mcp") is None:
        raise SilangError(
            "--mcp needs the package mcp: install it with `pip install 'silang[mcp]'`",
            "--mcp perlu paket mcp: pasang dengan `pip install 'silang[mcp]'`",
        )
    if options.mcp and options.auth:
        raise SilangError(
            "--mcp does not go with --auth, for its clients cannot sign in: serve them apart",
            "--mcp tidak bisa bersama --auth, karena kliennya tidak bisa masuk: layani terpisah",
        )
    serve(_silang(options, store), options.host, options.port, examples, options.auth, options.mcp)
    return DONE


def add_account(options: argparse.Namespace) -> int:
    """Add an account; the password is asked for, or read from a pipe."""
    from ui.access import account_line, save_account

    language = interface_language()
    password = getpass(say("password", language)) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    save_account(options.auth, account_line(options.name, options.role, password))
    print(say("account_saved", language, name=options.name, role=options.role, file=options.auth))
    return DONE


def evaluate(options: argparse.Namespace) -> int:
    """Run a question set and print the measures, or write out what was rated on the page."""
    from eval.asking import Kept, kept_path
    from eval.gate import falls, set_floors
    from eval.inputs import read_set
    from eval.report import as_text, write_report
    from eval.run import beside_peers, evaluate, question_store
    from rag.pipeline import Silang
    from ui.progress import Bars

    language = interface_language()
    if options.from_feedback:
        return _from_feedback(options, language)
    store = _store(options) if options.store else None
    given = read_set(options.cases or Path("sample"))
    for skipped in given.skipped:  # before anything can fail for the want of it
        print(f"{skipped.where}: {skipped.why.say(language)}", file=sys.stderr)
    models = _reader_and_judge(options)
    with Bars(language) as bars:
        encoder = _encoder(options, store)
        silang = Silang.with_defaults(store or question_store(given.cases, encoder, bars), encoder, *models)
        kept = Kept(kept_path(silang.folder, models), fresh=options.fresh)
        about = {
            "set": given.name,
            "index": str(store.path) if store else "the set's own articles",
            "encoder": encoder.name,
            "reader": models[0] or "bundled",
            "judge": models[1] or "bundled",
        }
        evaluation = evaluate(given.cases, silang, kept, about, bars)
        if options.peers:
            evaluation = beside_peers(evaluation, silang, bars)
    if options.report:
        write_report(evaluation, options.report, given.skipped, language)
        print(say("report_written", language, folder=options.report), file=sys.stderr)
    print(json.dumps(evaluation.to_json(), ensure_ascii=False) if options.json else as_text(evaluation, language))
    if options.set_floors:
        set_floors(evaluation, given.name, options.lower)
    elif options.gate and (lines := falls(evaluation, given.name, language)):
        print("\n".join([say("gate_fell", language), *lines]), file=sys.stderr)
        return FAILED
    return DONE


def _from_feedback(options: argparse.Namespace, language: str) -> int:
    from eval.feedback import feedback_case

    store = _store(options)
    case, left_out = feedback_case(store.path, store.current())
    for question in left_out:
        print(say("feedback_left_out", language, question=question), file=sys.stderr)
    try:
        options.from_feedback.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise SilangError(
            f"cannot write {options.from_feedback} ({error.strerror}): name another file",
            f"{options.from_feedback} tidak bisa ditulis ({error.strerror}): sebutkan berkas lain",
        ) from error
    print(say("feedback_written", language, n=len(case["questions"]), file=options.from_feedback))
    return DONE
