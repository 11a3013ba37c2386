# SPDX-License-Identifier: LGPL-2.1-or-later
"""An empty Python program that has gi: answers packets on its socket. A limit.

With an argument it also has a class, as every component in Python does.
"""

import os
import sys

import gi  # noqa: F401

if len(sys.argv) > 1:
    from gi.repository import GObject

    class Empty(GObject.Object):
        pass

while True:
    packet = os.read(3, 64)
    if not packet:
        break
    os.write(3, (int.from_bytes(packet[:4], 'little') + 32).to_bytes(4, 'little') + packet[4:])
