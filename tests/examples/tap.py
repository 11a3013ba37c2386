# SPDX-License-Identifier: LGPL-2.1-or-later
"""The least of TAP: each claim is a function, numbered as it runs."""

import sys
import traceback


class Skip(Exception):
    pass


class Plan:
    def __init__(self):
        self._claims = []

    def claim(self, path, summary):
        def add(function):
            self._claims.append((path, summary, function))
            return function
        return add

    def add(self, path, summary, function):
        self._claims.append((path, summary, function))

    def run(self):
        failed = 0
        print('TAP version 13')
        print(f'1..{len(self._claims)}', flush=True)
        for number, (path, summary, function) in enumerate(self._claims, 1):
            print(f'# {summary}')
            try:
                function()
                print(f'ok {number} {path}', flush=True)
            except Skip as reason:
                print(f'ok {number} {path} # SKIP {reason}', flush=True)
            except Exception:
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print(f'# {line}')
                print(f'not ok {number} {path}', flush=True)
        sys.exit(1 if failed else 0)


def equal(got, expected):
    if got != expected:
        raise AssertionError(f'got {got!r}, expected {expected!r}')
