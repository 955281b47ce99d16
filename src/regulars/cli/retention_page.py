"""`regulars retention --html` and `--svg`: one file with everything in it and no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from regulars.cli.retention_shown import definition, percent
from tenure import Curve, Retention
from tenure.kinds import Kind
from tenure.periods import label

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1a2026, #edebe7); --faint: light-dark(#5f676f, #9c9890);
  --line: light-dark(#e6e3dc, #292e35); }
body { background: light-dark(#fdfcf9, #181c21); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, sans-serif;
  margin: 40px auto; max-width: 1080px; padding: 0 24px; }
h1 { font-size: 1.6rem; letter-spacing: -.01em; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p, li, caption { color: var(--faint); }
figure { margin: 24px 0; overflow-x: auto; } svg { max-width: 100%; height: auto; border-radius: 10px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
th, td { padding: 4px 9px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, caption { text-align: left; } caption { padding: 4px 9px; }
"""


def to_svg(answer: Retention, *, kind: Kind) -> str:
    """The curves as a picture."""
    import vl_convert

    return vl_convert.vegalite_to_svg(answer.chart(kind).to_dict())


def to_html(answer: Retention, *, kind: Kind, kinds: Sequence[Kind], notes: Sequence[str]) -> str:
    """One file with everything in it and no script: curves, cohorts, and the table under each."""
    import vl_convert

    pictures = [answer.chart(kind), answer.chart(kind, form="cohorts")]
    curves, cohorts = (vl_convert.vegalite_to_svg(picture.to_dict()) for picture in pictures)
    told = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Retention</title><style>{_STYLE}</style><h1>Retention</h1>"
        f"<p>{escape(str(answer.question))}</p>"
        f"<figure>{curves}</figure>{_html_curves(answer, kinds)}"
        f"<h2>{escape(kind.capitalize())}: {escape(definition(answer, kind))}</h2>"
        f"<figure>{cohorts}</figure>{_html_cohorts(answer, kind)}<ul>{told}</ul></html>\n"
    )


def _html_curves(answer: Retention, kinds: Sequence[Kind]) -> str:
    parts = []
    for segment in answer.segment_names:
        which = ... if answer.segments is None else segment
        lines = [_html_curve(kind, answer.curve(kind, segment=which)) for kind in kinds]
        head = "".join(f"<th>{n}</th>" for n in range(1, answer.periods + 1))
        caption = "All cohorts for which the period has ended" + (
            "" if answer.segments is None else f" · {escape(str(segment))}"
        )
        parts.append(
            f'<div class="scroll"><table><caption>{caption}</caption>'
            f"<tr><th></th>{head}</tr>{''.join(lines)}</table></div>"
        )
    return "".join(parts)


def _html_curve(kind: Kind, curve: Curve) -> str:
    cells = "".join(f"<td>{_reading(curve, n)}</td>" for n in range(1, len(curve.period)))
    return f"<tr><th>{kind}{', provisional' if curve.provisional.any() else ''}</th>{cells}</tr>"


def _reading(curve: Curve, n: int) -> str:
    if not curve.at_risk[n]:
        return ""
    interval = f"{percent(curve.low[n])}–{percent(curve.high[n])}"
    return f"{percent(curve.rate[n])}<br><small>{interval}<br>n {curve.at_risk[n]:,}</small>"


def _html_cohorts(answer: Retention, kind: Kind) -> str:
    rate, (low, high) = answer.rate(kind), answer.interval(kind)
    lines = []
    for row in range(len(answer.sizes)):
        cells = "".join(
            f'<td title="{percent(low[row, n])} to {percent(high[row, n])}">{percent(rate[row, n])}</td>'
            for n in range(1, answer.periods + 1)
        )
        name = label(answer.cohorts[row], answer.question.period)
        who = name if answer.segments is None else f"{escape(str(answer.segments[row]))} · {name}"
        lines.append(f"<tr><th>{who}</th><td>{answer.sizes[row]:,}</td>{cells}</tr>")
    head = "".join(f"<th>{n}</th>" for n in range(1, answer.periods + 1))
    return f'<div class="scroll"><table><tr><th>Cohort</th><th>n</th>{head}</tr>{"".join(lines)}</table></div>'
