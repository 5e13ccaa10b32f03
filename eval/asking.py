"""Questions -> what Silang makes of each, kept on disk, so that a run that was interrupted goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import index
import rag
from eval.cases import GoldQuestion
from index.bundled import cache_root
from index.folder import StoreFolder
from index.types import Article, SilangError
from index.writer import Progress
from rag.decide import TUNED, confidence, decide
from rag.pipeline import Silang
from rag.question import check_question
from rag.types import Answer

STORES = 4  # throw-away indexes that are kept, the last used


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: its answer, how sure of the outcome Silang is, and what stood behind it.

    `confidence` as in `rag.decide.confidence`; `answerable` is the probability that anything answers; `retrieved`
    are the ids of the articles whose passages were read, in the order of the first of each. All [0, 1].
    """

    answer: Answer
    confidence: float
    answerable: float
    retrieved: tuple[str, ...]

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Asked:
        """Return what `to_json` gave."""
        return cls(Answer.from_json(row["answer"]), row["confidence"], row["answerable"], tuple(row["retrieved"]))

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object of all fields."""
        return {**asdict(self), "answer": self.answer.to_json()}


def ask(silang: Silang, question: GoldQuestion) -> Asked:
    """Ask one question."""
    try:
        check_question(question.question)
    except SilangError:
        return Asked(silang.reply(question.question), 1.0, 0.0, ())  # the answer says why it cannot be asked
    found = silang.find(question.question)
    decision = decide(found.voices, found.relate, TUNED, found.answerable)
    sure = confidence(found.answerable, found.voices, found.relate, decision)
    retrieved = tuple(dict.fromkeys(passage.article.id for passage in found.passages))
    return Asked(silang.conclude(found), round(sure, 4), round(found.answerable, 4), retrieved)


def ask_all(silang: Silang, questions: Sequence[GoldQuestion], kept: Kept, progress: Progress) -> dict[str, Asked]:
    """Ask what is not kept already; `progress` is told of ("ask", done, total)."""
    asked: dict[str, Asked] = {}
    for n, question in enumerate(questions, 1):
        found = kept.get(question.question)
        if found is None:
            found = ask(silang, question)
            kept.put(question.question, found)
        asked[question.id] = replace(found, answer=replace(found.answer, id=question.id))
        progress("ask", n, len(questions))
    return asked


class Kept:
    """Answers of one index under one setting, a JSON line each; every question is written as soon as it is answered."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        self._held = dict(_lines(path))
        cut = path.is_file() and not path.read_bytes().endswith(b"\n")
        self._end = b"\n" if cut else b""  # of a line that was cut off

    def get(self, question: str) -> Asked | None:
        """Return what was made of a question before."""
        return self._held.get(question)

    def put(self, question: str, asked: Asked) -> None:
        """Keep it."""
        self._held[question] = asked
        line = json.dumps({"question": question, **asked.to_json()}, ensure_ascii=False) + "\n"
        with self._path.open("ab") as file:
            file.write(self._end + line.encode())
        self._end = b""


def _lines(path: Path) -> Iterator[tuple[str, Asked]]:
    """Yield what a file keeps; a line that was cut off when the run was killed is asked again."""
    for line in path.read_bytes().split(b"\n") if path.is_file() else ():
        try:
            row = json.loads(line)
            yield row["question"], Asked.from_json(row)
        except (ValueError, KeyError, TypeError):
            continue


def cache_folder() -> Path:
    """Return where evaluations keep what they would otherwise do again."""
    return cache_root() / "eval"


def _code(*packages: ModuleType) -> str:
    """Return a digest of all that packages hold but what only trains."""
    digest = hashlib.sha256()
    for package in packages:
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in (".py", ".safetensors") and path.relative_to(root).parts[0] != "training":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(model: str) -> list[str]:
    """Return the files of a model that is named by its folder, with their sizes and times of change."""
    folder = Path(model)
    files = sorted(folder.rglob("*")) if model and folder.is_dir() else []
    return [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files if path.is_file()]


def kept_path(store: StoreFolder, models: Sequence[str]) -> Path:
    """Return the file for the answers of an index with these models.

    It is another file once the index, a model, a line of code or a library is another.
    """
    held = store.current()
    files = [file for model in (*models, held.model) for file in _files(model)]
    libraries = [version(name) for name in ("torch", "transformers", "sentence-transformers", "faiss-cpu")]
    parts = [*models, held.model, files, held.manifest.files, _code(index, rag), Path(__file__).read_text(), libraries]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return cache_folder() / "answers" / f"{digest[:24]}.jsonl"


def throw_away_store(articles: Sequence[Article], model: str) -> StoreFolder:
    """Return the folder for an index of a set's own articles; the least recently used of such folders go."""
    parts = (model, _files(model), _code(index), [replace(article, path=None) for article in articles])
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
    folder = cache_folder() / "stores" / digest
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    for old in sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[STORES:]:
        shutil.rmtree(old, ignore_errors=True)
    return StoreFolder(folder)
