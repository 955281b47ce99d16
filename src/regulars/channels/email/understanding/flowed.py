"""format=flowed (RFC 3676): lines that were broken for transport, put together again."""

from __future__ import annotations


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Paragraphs on one line each; quoted ones keep their marks, and `-- ` stays a line of its own."""
    lines: list[str] = []
    flowing_depth: int | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content
        is_signature = content == "-- "
        if flowing_depth == depth and not is_signature and lines:
            lines[-1] = (lines[-1][:-1] if deletes_space else lines[-1]) + content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        flowing_depth = depth if content.endswith(" ") and not is_signature else None
    return "\n".join(lines)
