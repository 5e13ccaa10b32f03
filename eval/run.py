"""A question set -> answers and measures: index its articles, ask every question, score, beside other rules if wanted."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG
from sklearn.metrics import roc_auc_score

from eval import intervals
from eval.asking import Asked, Kept, ask_all, throw_away_store
from eval.calibration import Bin, area_under_risk, expected_calibration_error, reliability, risk_coverage
from eval.cases import Case, GoldQuestion, digest
from eval.intervals import Interval, case_counts
from eval.metrics import Measures, is_right, measure, measure_by
from eval.peers import Remembering, peers
from index.build import build_index
from index.encoder import Encoder
from index.folder import StoreFolder
from index.types import SilangError, Text
from index.writer import Progress, silent
from rag.decide import Thresholds
from rag.judge import LearnedJudge
from rag.phrasing import bare
from rag.pipeline import Silang
from rag.question import asked_type
from rag.types import Answer

RETRIEVAL = (nDCG @ 10, R @ 1, R @ 3, R @ 8, RR @ 10)
# Nothing is tuned for a rule: it believes an answer and a conflict from even odds on.
UNTUNED = Thresholds(answers=0.5, heard=0.5, conflict=0.5)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was asked and what came of it, with all measures.

    `groups` are the measures of the questions of each language and of each type of answer that is asked for. `ranking`
    is of articles, over questions that have evidence. `latency` gives (p50, p95) in milliseconds of each stage.
    """

    cases: Sequence[Case]
    asked: Mapping[str, Asked]
    texts: Mapping[str, str]
    overall: Measures
    intervals: Mapping[str, Interval]
    groups: Mapping[str, Mapping[str, Measures]]
    ranking: Mapping[str, float]
    bins: Sequence[Bin]
    answerable_auroc: float | None
    area_under_risk: float
    latency: Mapping[str, tuple[float, float]]
    about: Mapping[str, Any]
    peers: Mapping[str, Measures | Text] = field(default_factory=dict)

    @property
    def questions(self) -> list[GoldQuestion]:
        """All questions, in the order of the set."""
        return [question for case in self.cases for question in case.questions]

    @property
    def answers(self) -> dict[str, Answer]:
        """The answer to each question, by its id."""
        return {name: asked.answer for name, asked in self.asked.items()}

    def right(self, question: GoldQuestion) -> bool:
        """Whether a question came out right."""
        return is_right(question, self.asked[question.id].answer)

    def to_json(self) -> dict[str, Any]:
        """Return all measures as plain JSON."""
        return {
            **asdict(self.overall),
            "intervals": dict(self.intervals),
            "languages": {code: asdict(m) for code, m in self.groups["language"].items()},
            "asks": {name: asdict(m) for name, m in self.groups["asks"].items()},
            "ranking": dict(self.ranking),
            "calibration": {
                "expected_calibration_error": expected_calibration_error(self.bins),
                "area_under_risk": self.area_under_risk,
                "answerable_auroc": self.answerable_auroc,
                "bins": [asdict(b) for b in self.bins],
            },
            "latency_ms": dict(self.latency),
            "peers": {name: m.en if isinstance(m, Text) else asdict(m) for name, m in self.peers.items()},
            "about": dict(self.about),
        }


def question_store(cases: Sequence[Case], encoder: Encoder, progress: Progress = silent) -> StoreFolder:
    """Return an index of a set's own articles, made where it is not kept; raises SilangError when it holds none."""
    articles = [article for case in cases for article in case.articles]
    if not articles:
        raise SilangError(
            "no article of the question set is left to index: mend what was left out of it, or name the store that its "
            "questions ask with --store",
            "tidak ada artikel set pertanyaan yang bisa diindeks: perbaiki yang dilewati, atau sebutkan indeks yang ditanyai "
            "dengan --store",
        )
    store = throw_away_store(articles, encoder.name)
    build_index(store, articles, encoder, progress=progress)
    return store


def evaluate(
    cases: Sequence[Case], silang: Silang, kept: Kept, about: Mapping[str, Any], progress: Progress = silent
) -> Evaluation:
    """Ask the questions of a set and score the answers.

    What `kept` holds is not asked again. `progress` is told of ("ask", done, total).
    """
    questions = [question for case in cases for question in case.questions]
    asked = ask_all(silang, questions, kept, progress)
    texts = stored_texts(silang.folder)
    answers = {name: item.answer for name, item in asked.items()}
    confidence = [asked[q.id].confidence for q in questions]
    rights = [is_right(q, answers[q.id]) for q in questions]
    answerable = [q.expect != "unanswerable" for q in questions]
    found = [asked[q.id].answerable for q in questions]
    return Evaluation(
        cases, asked, texts,
        overall=measure(questions, answers, texts),
        intervals=intervals.intervals(case_counts(cases, answers, texts)),
        groups={
            "language": measure_by(lambda q: q.language, questions, answers, texts),
            "asks": measure_by(lambda q: asked_type(bare(q.question)), questions, answers, texts),
        },
        ranking=ranking(questions, asked),
        bins=reliability(confidence, rights),
        answerable_auroc=round(float(roc_auc_score(answerable, found)), 4) if len({*answerable}) == 2 else None,
        area_under_risk=area_under_risk(risk_coverage(confidence, rights)[1]),
        latency=latency([*answers.values()]),
        about={**about, "questions": digest(cases), **machine()},
    )  # fmt: skip


def ranking(questions: Sequence[GoldQuestion], asked: Mapping[str, Asked]) -> dict[str, float]:
    """Return how high the articles that give the answer stand among those retrieved, by ir_measures."""
    gold = {q.id: {article: 1 for s in q.sides for article, _ in s.evidence} for q in questions}
    gold = {name: articles for name, articles in gold.items() if articles}
    run = {name: {a: 1.0 / place for place, a in enumerate(asked[name].retrieved, 1)} for name in gold}
    if not gold:
        return {}
    return {str(name): round(float(v), 4) for name, v in ir_measures.calc_aggregate(RETRIEVAL, gold, run).items()}


def latency(answers: Sequence[Answer]) -> dict[str, tuple[float, float]]:
    """Return (p50, p95) of the milliseconds of each stage."""
    timings = [answer.timings_ms for answer in answers if len(answer.timings_ms) > 1]
    stages = dict.fromkeys(stage for timing in timings for stage in timing)
    found = {stage: np.percentile([t.get(stage, 0.0) for t in timings], [50, 95]) for stage in stages}
    return {stage: (round(float(p50), 1), round(float(p95), 1)) for stage, (p50, p95) in found.items()}


def beside_peers(evaluation: Evaluation, silang: Silang, progress: Progress = silent) -> Evaluation:
    """Return the evaluation with the measures of other rules on the same passages, or why a rule cannot be tried."""
    judge = silang.judge if isinstance(silang.judge, LearnedJudge) else LearnedJudge()
    reader, questions = Remembering(silang.reader), evaluation.questions
    found: dict[str, Measures | Text] = {}
    for name, make in peers(judge).items():
        try:
            other = replace(silang, reader=reader, judge=make())
        except SilangError as error:
            found[name] = error.text
            continue
        answers: dict[str, Answer] = {}
        for n, question in enumerate(questions, 1):
            given = evaluation.asked[question.id]
            if given.retrieved:
                answers[question.id] = other.conclude(other.find(question.question), UNTUNED)
            else:
                answers[question.id] = given.answer
            progress("peers", n, len(questions))
        found[name] = measure(questions, answers, evaluation.texts)
    return replace(evaluation, peers=found)


def stored_texts(store: StoreFolder) -> dict[str, str]:
    """Return the texts that citations must stand in, by article id."""
    current = store.current()
    return {info.id: current.article(info.id).text for info in current.infos()}


def machine() -> dict[str, Any]:
    """Return what a figure depends on beside the answers: versions, seed, machine, day."""
    libraries = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "numpy")
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "silang": version("silang"),
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
        "machine": f"{platform.system()} {platform.machine()}",
        "bootstrap": f"{intervals.DRAWS} draws over cases, seed {intervals.SEED}",
    }
