"""How two processes part what they say: each piece with its length before it."""

import struct

LENGTH = struct.Struct("!Q")
