# SPDX-License-Identifier: LGPL-2.1-or-later
"""One run: its events with their times, the answers, the comparison.

The C program prints the same, character by character.
"""

import time

NAMES = ['Downfall', 'Fourth Coffee']


class Run:
    def __init__(self):
        self.total = 0
        self._events = []
        self._prices = {}
        self._rows = []
        self._n_answered = 0
        self._n_worked = 0
        self._start = time.monotonic()

    def sent(self, shop):
        self._happened('request sent', NAMES[shop])

    def answered(self, shop, prices):
        """The shop's prices, as a dict."""
        self._prices[shop] = prices
        self._happened(self._nth() + ' ready', NAMES[shop])

    def failed(self, shop, cause):
        self._happened(self._nth() + ' failed', NAMES[shop], cause)

    def worked(self):
        """The program did something else while the shops had the word."""
        self._n_worked += 1

    @property
    def complete(self):
        return self._n_answered == len(NAMES)

    @property
    def n_columns(self):
        return len(self._prices)

    def compare(self):
        items = {item for prices in self._prices.values() for item in prices}
        self._rows = [self._compare_item(item) for item in sorted(items)]
        self._happened('compared')

    def print_events(self):
        width = max(map(len, NAMES))
        for what, shop, seconds, cause in self._events:
            print(f'  {what:13}  {shop:{width}} {seconds * 1000:8.1f} ms' + (f'   {cause}' if cause else ''))
        print(f'  meanwhile the program did {self._n_worked} other things')

    def print_prices(self):
        if not self._prices:
            print('  no shop told its prices')
            return
        rows = [('drink', *NAMES, 'cheaper')] + self._rows
        item_width, *widths = (max(len(row[n]) for row in rows) for n in range(3))
        for item, first, second, cheaper in rows:
            print(f'  {item:{item_width}}  {first:>{widths[0]}}  {second:>{widths[1]}}  {cheaper}')

    def _nth(self):
        self._n_answered += 1
        return ('first', 'second')[self._n_answered - 1]

    def _happened(self, what, shop='', cause=None):
        self.total = time.monotonic() - self._start
        self._events.append((what, shop, self.total, cause))

    def _compare_item(self, item):
        prices = [self._prices.get(shop, {}).get(item) for shop in range(len(NAMES))]
        cells = ['-' if price is None else f'{price:.2f}' for price in prices]
        return (item, *cells, self._find_cheaper(prices))

    @staticmethod
    def _find_cheaper(prices):
        first, second = prices
        if second is None or first is not None and first < second:
            return NAMES[0]
        if first is None or second < first:
            return NAMES[1]
        return 'same'
