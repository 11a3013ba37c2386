#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the single TAP tests in the logs of several "meson test" runs.

usage: count-tests.py NAME=testlog.json...

The last line is "N passed, N failed" or "N passed, N failed, N skipped", and
the exit code says whether anything failed. Nothing passes by absence: a run
without a log, a program that prints no plan, stops before the end of its plan
or dies counts as failed.
"""

import json
import re
import sys

PLAN = re.compile(r'^1\.\.(\d+)\s*(?:#\s*skip\b\s*(.*))?$', re.IGNORECASE)
TEST = re.compile(r'^(not )?ok\b\s*(\d*)\s*(.*)$')
DIRECTIVE = re.compile(r'#\s*(skip|todo)\b\s*(.*)$', re.IGNORECASE)
MAX_REASONS = 12
BAIL = re.compile(r'^Bail out!\s*(.*)$')


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.notes = []     # what failed, in words
        self.skips = []     # what was skipped, and why

    def fail(self, note, number=1):
        self.failed += number
        self.notes.append(note)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.notes += other.notes
        self.skips += other.skips

    def __str__(self):
        line = f'{self.passed} passed, {self.failed} failed'
        return line + (f', {self.skipped} skipped' if self.skipped else '')


def count_line(count, program, line):
    """Counts one "ok" or "not ok" line; False when the line is none."""
    match = TEST.match(line)
    if match is None:
        return False
    directive = DIRECTIVE.search(match.group(3))
    kind = directive.group(1).lower() if directive else ''
    name = match.group(3).removeprefix('- ').strip()
    if kind == 'skip':
        count.skipped += 1
        count.skips.append(f'{program}: {name}')
    elif kind == 'todo':
        count.skipped += 1
        count.skips.append(f'{program}: {name}')
    elif match.group(1):
        count.fail(f'{program}: {name}')
    else:
        count.passed += 1
    return True


def count_program(record):
    """Counts one program: a record of meson's testlog.json."""
    count = Count()
    program = record['name']
    planned = None
    seen = 0
    reasons = 0         # so many of the next comments say why the last test failed

    for line in record.get('stdout', '').splitlines():
        before = count.failed
        plan = PLAN.match(line)
        bail = BAIL.match(line)
        if plan:
            planned = int(plan.group(1))
            if planned == 0 and plan.group(2) is not None:
                count.skipped += 1
                count.skips.append(f'{program}: {plan.group(2)}')
        elif bail:
            count.fail(f'{program}: bailed out: {bail.group(1)}')
        elif count_line(count, program, line):
            seen += 1
            reasons = MAX_REASONS if count.failed > before else 0
        elif reasons and line.startswith('#'):
            reasons -= 1
            count.notes.append('  ' + line)

    if planned is None:
        count.fail(f'{program}: printed no plan ({record["result"]})')
    elif seen < planned:
        count.fail(f'{program}: stopped after {seen} of {planned} ({record["result"]})', planned - seen)
    elif seen > planned:
        count.fail(f'{program}: ran {seen} tests, planned {planned}')
    elif count.failed == 0 and record['result'] not in ('OK', 'SKIP', 'EXPECTEDFAIL'):
        # All tests passed, and then: a leak report, a crash at exit, a time-out.
        count.fail(f'{program}: {record["result"]}, exit code {record.get("returncode")}')
    return count


def count_log(path):
    count = Count()
    programs = 0
    try:
        with open(path, encoding='utf-8') as log:
            for line in log:
                if line.strip():
                    count.add(count_program(json.loads(line)))
                    programs += 1
    except FileNotFoundError:
        count.fail('did not run: its build failed, or no test was found')
        return count
    except ValueError as error:
        count.fail(f'unreadable log {path}: {error}')
        return count
    if programs == 0:
        count.fail('ran no test')
    return count


def main(arguments):
    total = Count()
    for argument in arguments:
        name, path = argument.split('=', 1)
        count = count_log(path)
        print(f'{name}: {count}')
        for skip in sorted(set(count.skips)):
            print(f'  skipped: {skip}')
        for note in count.notes:
            print(note if note.startswith('  #') else f'  FAILED: {note}')
        total.add(count)
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
