"""Small pictures: made of what strangers send, once, by a process that may come down."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from regulars.kernel import files
from regulars.kernel.pictures import child, small


def photo(size: tuple[int, int] = (1600, 900), form: str = "JPEG", **said: Any) -> bytes:
    """A picture that does not compress well."""
    made = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, form, **said)
    return made.getvalue()


def test_a_small_picture_is_made_once_and_goes_with_the_whole_one() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    turned[0x010F] = "Camera of Ada"
    digest = files.store(photo(exif=turned))
    place = small.of(digest)
    assert place is not None
    content = place.read_bytes()
    with Image.open(place) as made:
        assert (made.format, made.size) == ("WEBP", (108, 192))
    assert b"Camera of Ada" not in content and len(content) < 30_000
    place.write_bytes(b"kept")
    assert small.of(digest) == place and place.read_bytes() == b"kept"
    files.remove(digest)
    assert not place.exists()


KINDS = [("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB"), ("PNG", "I;16"), ("PNG", "1")]


@pytest.mark.parametrize(("form", "mode"), KINDS)
def test_every_kind_of_picture_becomes_one(form: str, mode: str) -> None:
    made = BytesIO()
    Image.new(mode, (900, 300)).save(made, form)
    with Image.open(BytesIO(child.made_small(made.getvalue()))) as shown:
        assert shown.size == (576, 192)


def test_what_is_no_picture_or_a_bomb_is_tried_once_and_shown_whole() -> None:
    for content in (b"\x89PNG" + b"x" * 40_000, bomb(), photo((200, 200), "TIFF") + b" " * 40_000):
        digest = files.store(content)
        assert small.of(digest) is None
        assert small.path(digest).read_bytes() == b""
    assert small.of(files.store(photo((40, 40)))) is None  # small already
    assert small.of("0" * 64) is None


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is two thousand million pixels."""

    def chunk(name: bytes, said: bytes) -> bytes:
        return struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 40_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 20_000_000)[:40_000]) + b" " * 20_000


def test_a_picture_is_refused_by_its_size_before_it_is_decoded() -> None:
    with pytest.raises(Image.DecompressionBombError):  # Pillow's own wall, before ours
        child.made_small(bomb())
    assert child.made_small(_large()) == b""


def _large() -> bytes:
    made = BytesIO()
    Image.new("1", (9_000, 6_000)).save(made, "PNG")
    return made.getvalue()
