"""The process that makes one small picture: its bytes in, the small one out, nothing when there is none to make.

Pictures come from strangers, and decoders have faults: this process holds no secret, writes no file, has
little memory and little time, and ends with the picture.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
MOST_MEMORY, MOST_SECONDS = 1 << 30, 10
WIDTH, HEIGHT = 640, 192  # twice what the thread shows


def main() -> None:
    """Whatever goes wrong, the answer is empty or the process is gone: the whole picture is shown then."""
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_FSIZE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.stdout.buffer.write(made_small(sys.stdin.buffer.read()))


def made_small(content: bytes) -> bytes:
    """The first frame, upright, without what the camera wrote beside it. Its size is looked at before it is decoded."""
    with Image.open(BytesIO(content), formats=FORMATS) as whole:
        if whole.width * whole.height > MOST_PIXELS:
            return b""
        whole.draft("RGB", (WIDTH * 2, HEIGHT * 2))  # a JPEG is decoded no larger than is needed
        upright = ImageOps.exif_transpose(whole)
        upright.thumbnail((WIDTH, HEIGHT))
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    small = BytesIO()
    Image.frombytes(plain.mode, plain.size, plain.tobytes()).save(small, "WEBP", quality=80)
    return small.getvalue()


if __name__ == "__main__":
    main()
