"""A question set -> answers and measures: index its articles in a throw-away store, ask every question, score."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.cases import Case, GoldQuestion
from eval.metrics import Measures, by_language, measure
from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import SilangError
from index.writer import Progress, silent
from rag.pipeline import Silang
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Answers in the questions' order, and their measures: over all, and for each language."""

    answers: tuple[Answer, ...]
    overall: Measures
    languages: dict[str, Measures]

    def to_json(self) -> dict[str, Any]:
        """Return measures and languages as plain JSON."""
        return {**asdict(self.overall), "languages": {code: asdict(m) for code, m in self.languages.items()}}


def evaluate(
    cases: list[Case],
    encoder: SentenceTransformerEncoder,
    store: StoreFolder | None = None,
    reader: str = "",
    judge: str = "",
    *,
    progress: Progress = silent,
) -> Evaluation:
    """Ask the questions of a set and score the answers.

    They are asked of `store` where one is given, else of a throw-away index of the set's own articles; raises
    SilangError when there is neither. `reader` and `judge` as in `Silang.with_defaults`. `progress` is told of the building, then of ("ask", done, total).
    """
    articles = [article for case in cases for article in case.articles]
    questions = [question for case in cases for question in case.questions]
    with ExitStack() as stack:
        if store is None:
            if not articles:
                raise SilangError(
                    "the question set holds no articles: name the store that its questions ask with --store",
                    "set pertanyaan tidak memuat artikel: sebutkan indeks yang ditanyai dengan --store",
                )
            store = StoreFolder(stack.enter_context(TemporaryDirectory(prefix="silang-eval-")))
            build_index(store, articles, encoder, progress=progress)
        silang = Silang.with_defaults(store, encoder, reader, judge)
        answers = [_ask(silang, question, progress, n, len(questions)) for n, question in enumerate(questions, 1)]
        texts = stored_texts(store) | {article.id: article.text for article in articles}
    found = {question.id: answer for question, answer in zip(questions, answers, strict=True)}
    return Evaluation(tuple(answers), measure(questions, found, texts), by_language(questions, found, texts))


def _ask(silang: Silang, question: GoldQuestion, progress: Progress, n: int, total: int) -> Answer:
    answer = silang.reply(question.question, question_id=question.id)
    progress("ask", n, total)
    return answer


def stored_texts(store: StoreFolder) -> dict[str, str]:
    """Return the texts that citations must stand in, by article id."""
    current = store.current()
    return {info.id: current.article(info.id).text for info in current.infos()}


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """Write `answers.jsonl` (a JSON answer a line) and `summary.json` (the measures) into a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(answer.to_json(), ensure_ascii=False) + "\n" for answer in evaluation.answers)
        (folder / "answers.jsonl").write_text("".join(lines), encoding="utf-8")
        summary = json.dumps(evaluation.to_json(), ensure_ascii=False, indent=2) + "\n"
        (folder / "summary.json").write_text(summary, encoding="utf-8")
    except OSError as error:
        raise SilangError(
            f"the report cannot be written to {folder} ({error}): name another --report",
            f"laporan tidak bisa ditulis ke {folder} ({error}): sebutkan --report lain",
        ) from error
