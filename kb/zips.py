"""What a ZIP package raises that is broken, in its directory or a member; what cannot be read is an `OSError`."""

from __future__ import annotations

import struct
import zipfile
import zlib

BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)
