"""Charts of answers: for pages as a specification in colour roles, for files as SVG and PNG."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import tenure
from tenure import charts
from tenure.themes import LIGHT, Theme

# A page draws in its own theme: it puts each role's present colour in the role's place.
ON_A_PAGE = Theme(
    surface="var(--color-surface)",
    line="var(--color-line)",
    ink="var(--color-ink)",
    ink_soft="var(--color-ink-soft)",
    ink_faint="var(--color-ink-faint)",
    accent="var(--color-classic)",  # as in the library's own themes: so that groups never get the same colour twice
    kinds={kind: f"var(--color-{kind})" for kind in tenure.KINDS},
)


def on_a_page(answer: Any, **choices: Any) -> dict[str, Any]:
    """Vega-Lite of anything of tenure's that draws itself, for a page: as wide as its place, titled by the page."""
    return _fitted(answer.chart(theme=ON_A_PAGE, title=" ", **choices).to_dict(validate=False))


def as_file(answer: Any, form: Literal["svg", "png"], **choices: Any) -> bytes:
    """The same as a picture that stands alone, with its title and its note."""
    return _rendered(answer.chart(width=760, height=320, **choices).to_dict(), form)


def bars_on_a_page(draw: Callable[[Theme], dict[str, Any]]) -> dict[str, Any]:
    """A specification drawn in a theme, for a page."""
    return _fitted(draw(ON_A_PAGE))


def bars_as_file(draw: Callable[[Theme], dict[str, Any]], form: Literal["svg", "png"], *, title: str) -> bytes:
    """The same as a picture that stands alone."""
    return _rendered(draw(LIGHT) | {"title": title, "width": 760, "height": 320, "padding": 16}, form)


def _rendered(drawn: dict[str, Any], form: Literal["svg", "png"]) -> bytes:
    import vl_convert

    if form == "svg":
        return vl_convert.vegalite_to_svg(drawn).encode()
    return vl_convert.vegalite_to_png(drawn, scale=2)


def _fitted(drawn: dict[str, Any]) -> dict[str, Any]:
    drawn.pop("title", None)
    return drawn | {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}


@dataclass(frozen=True, slots=True)
class Curves:
    """Which curves to draw: one answer, the kind that carries the interval band."""

    answer: tenure.Retention
    kind: Any

    def specification(self) -> dict[str, Any]:
        """Vega-Lite for a page: as wide as its place, titled by the page.

        Not validated here, which would take longer than everything else about it; tests draw it.
        """
        return _fitted(charts.curves(self.answer, kind=self.kind, theme=ON_A_PAGE, title="").to_dict(validate=False))

    def picture(self, form: Literal["svg", "png"]) -> bytes:
        """A file that stands alone, with its title and its note."""
        return _rendered(charts.curves(self.answer, kind=self.kind, width=760, height=320).to_dict(), form)
