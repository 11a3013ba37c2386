# SPDX-License-Identifier: LGPL-2.1-or-later
"""An empty Python program that knows GObject: answers packets on its socket. A limit."""

import os

import gi  # noqa: F401: it is what a host of Python components needs at least

while True:
    packet = os.read(3, 64)
    if not packet:
        break
    os.write(3, (int.from_bytes(packet[:4], 'little') + 32).to_bytes(4, 'little') + packet[4:])
