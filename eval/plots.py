"""Measures -> drawings as SVG text, by matplotlib: risk and coverage, reliability, confusion, kinds, latency."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.calibration import Bin
from eval.metrics import EXPECTED

INK, PALE, GOOD, BAD = "#1f2937", "#d1d5db", "#0f766e", "#b45309"
# Words stay words, so that the page gives them its font, and none of them is read as mathematics.
STYLE = {
    "svg.fonttype": "none", "font.size": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": PALE,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "silang",
    "text.parse_math": False,
}  # fmt: skip


def _drawn(figure: Figure, says: str) -> str:
    """Return a figure as an SVG element that a screen reader reads as `says`."""
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{says}" ', 1)


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def risk_coverage_plot(
    coverage: npt.NDArray[np.float64], risk: npt.NDArray[np.float64], says: Mapping[str, str]
) -> str:
    """The share that is wrong among the surest so many outcomes."""
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(3.6, 2.6)
        axes.plot(coverage, risk, color=GOOD)
        axes.set(
            xlim=(0, 1), ylim=(0, max(0.05, float(risk.max()) * 1.1)), xlabel=says["coverage"], ylabel=says["risk"]
        )
        return _drawn(figure, says["risk_coverage"])


def reliability_plot(bins: Sequence[Bin], says: Mapping[str, str]) -> str:
    """Confidence against the share that is right; the size of a dot is that of its bin."""
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(3.6, 2.6)
        axes.plot([0, 1], [0, 1], color=PALE, linestyle="--")
        most = max((b.n for b in bins), default=1)
        axes.plot([b.confidence for b in bins], [b.right for b in bins], color=GOOD, linewidth=1)
        axes.scatter([b.confidence for b in bins], [b.right for b in bins], [20 + 120 * b.n / most for b in bins], GOOD)
        axes.set(xlim=(0, 1.03), ylim=(0, 1.05), xlabel=says["confidence"], ylabel=says["right"])
        return _drawn(figure, says["reliability"])


def confusion_plot(confusion: Mapping[str, int], says: Mapping[str, str]) -> str:
    """What was expected in rows, what was said in columns."""
    expects, statuses = list(EXPECTED), list(EXPECTED.values())
    table = np.array([[confusion.get(f"{e}->{s}", 0) for s in statuses] for e in expects])
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(3.6, 2.6)
        shares = table / np.maximum(table.sum(1, keepdims=True), 1)
        axes.imshow(shares, cmap="Greens", vmin=0, vmax=1, aspect="auto")
        for (row, column), n in np.ndenumerate(table):
            dark = shares[row, column] > 0.6
            axes.text(column, row, str(n), ha="center", va="center", color="white" if dark else INK, fontsize=11)
        axes.set_xticks(range(3), [says[s] for s in statuses])
        axes.set_yticks(range(3), [says[e] for e in expects])
        axes.tick_params(length=0)
        return _drawn(figure, says["confusion"])


def kinds_plot(by_kind: Mapping[str, tuple[int, int]], says: Mapping[str, str]) -> str:
    """The share that is right of each kind, with its numbers."""
    names = sorted(by_kind, key=lambda kind: by_kind[kind][0] / max(1, by_kind[kind][1]))
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(7.4, 0.6 + 0.24 * len(names))
        shares = [by_kind[kind][0] / max(1, by_kind[kind][1]) for kind in names]
        axes.barh(names, [1] * len(names), color=PALE, height=0.6, alpha=0.5)
        axes.barh(names, shares, color=GOOD, height=0.6)
        for place, kind in enumerate(names):
            axes.text(1.01, place, "{} / {}".format(*by_kind[kind]), va="center", fontsize=8)
        axes.set(xlim=(0, 1.12), xticks=[0, 0.5, 1])
        axes.spines["bottom"].set_visible(False)
        return _drawn(figure, says["by_kind"])


def latency_plot(latency: Mapping[str, tuple[float, float]], says: Mapping[str, str]) -> str:
    """Milliseconds of each stage: the bar to the median, the line to the 95th percentile."""
    names = [name for name in latency if name != "total" and latency[name][1] >= 1]
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(7.4, 0.6 + 0.26 * len(names))
        p50, p95 = ([latency[name][i] for name in names] for i in (0, 1))
        axes.barh(names, p50, color=GOOD, height=0.55)
        axes.hlines(names, p50, p95, color=BAD, linewidth=2)
        axes.invert_yaxis()
        axes.set(xlabel="ms (p50, p95)")
        return _drawn(figure, says["latency"])
