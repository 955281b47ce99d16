"""Role colours for charts; hexadecimal, because static renderers do not read OKLCH."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

FONT: Final = "system-ui, ui-sans-serif, 'Segoe UI', 'Noto Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """What each colour is for. Give your own, or change one role with `dataclasses.replace`."""

    surface: str
    line: str
    ink: str
    ink_soft: str
    ink_faint: str
    accent: str
    kinds: dict[str, str] = field(default_factory=dict)
    font: str = FONT

    def config(self) -> dict[str, Any]:
        """Vega-Lite's configuration in these colours; a page may pass its own instead."""
        axis = {
            "labelColor": self.ink_faint, "titleColor": self.ink_faint, "gridColor": self.line,
            "labelFontSize": 11.5, "titleFontSize": 11.5, "titleFontWeight": "normal",
            "domain": False, "ticks": False, "labelPadding": 6, "titlePadding": 10,
        }  # fmt: skip
        title = {
            "color": self.ink, "subtitleColor": self.ink_faint, "anchor": "start", "frame": "group", "fontSize": 14,
            "fontWeight": 600, "subtitleFontSize": 11.5, "offset": 12, "subtitlePadding": 4,
        }  # fmt: skip
        return {"background": self.surface, "font": self.font, "axis": axis, "title": title, "view": {"stroke": None}}

    def tint(self, kind: str) -> str:
        """The surface with a breath of the kind's colour: nobody retained, as opposed to not known yet."""
        colour = self.kinds.get(kind, self.accent)
        return "#" + "".join(f"{round(0.93 * _part(self.surface, i) + 0.07 * _part(colour, i)):02x}" for i in (1, 3, 5))

    def series(self, place: int) -> str:
        """The colour of the nth segment or group, round and round."""
        colours = [self.accent, *(colour for colour in self.kinds.values() if colour != self.accent)]
        return colours[place % len(colours)]


def _part(colour: str, at: int) -> int:
    return int(colour[at : at + 2], 16)


LIGHT: Final = Theme(
    surface="#fdfcf9", line="#e6e3dc", ink="#1a2026", ink_soft="#49515a", ink_faint="#5f676f", accent="#006473",
    kinds={"full": "#6e519d", "classic": "#006473", "rolling": "#965719", "return": "#246e3a", "bracket": "#ae3b4c"},
)  # fmt: skip
DARK: Final = Theme(
    surface="#181c21", line="#292e35", ink="#edebe7", ink_soft="#bdbab3", ink_faint="#9c9890", accent="#57b4c2",
    kinds={"full": "#b49ce1", "classic": "#57b4c2", "rolling": "#e1a263", "return": "#7cc58c", "bracket": "#eb9097"},
)  # fmt: skip
