# SPDX-License-Identifier: LGPL-2.1-or-later
"""How far the answers are, in one line of a terminal that is drawn again and again; of nothing else."""

import sys

from coffee_run import NAMES

WIDTH = 20


class Bar:
    def __init__(self):
        self._fractions = [0.0] * len(NAMES)

    def set(self, shop, fraction):
        self._fractions[shop] = fraction
        if sys.stdout.isatty():
            print('\r' + ''.join(map(self._draw, NAMES, self._fractions)), end='', flush=True)

    def tell(self, shop, progress):
        """What a call tells of its progress."""
        self.set(shop, progress.done / progress.total if progress.total else 0.0)

    def clear(self):
        """The line is free for something else."""
        if sys.stdout.isatty():
            print('\r\033[K', end='')

    @staticmethod
    def _draw(name, fraction):
        full = int(min(max(fraction, 0), 1) * WIDTH + 0.5)
        return f'  {name} [{"#" * full:{WIDTH}}]'
