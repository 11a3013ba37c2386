#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The counting of tests: nothing passes by absence. usage: ... COUNT-TESTS.PY"""

import json
import os
import subprocess
import sys
import tempfile

CASES = [
    ('two passed', [('1..2\nok 1 a\nok 2 b\n', 'OK')], '2 passed, 0 failed', 0),
    ('one of two failed', [('1..2\nok 1 a\nnot ok 2 b\n', 'FAIL')], '1 passed, 1 failed', 1),
    ('a skip is neither', [('1..2\nok 1 a\nok 2 b # SKIP no network\n', 'OK')], '1 passed, 0 failed, 1 skipped', 0),
    ('a known fault is neither', [('1..2\nok 1 a\nnot ok 2 b # TODO later\n', 'OK')], '1 passed, 0 failed, 1 skipped', 0),
    ('a whole program may be skipped', [('1..1\nok 1 a\n', 'OK'), ('1..0 # SKIP no valgrind\n', 'SKIP')],
     '1 passed, 0 failed, 1 skipped', 0),
    ('the plan may come last', [('ok 1 a\nok 2 b\n1..2\n', 'OK')], '2 passed, 0 failed', 0),
    ('a program that dies', [('1..3\nok 1 a\n', 'ERROR')], '1 passed, 2 failed', 1),
    ('a program without a plan', [('', 'OK'), ('1..1\nok 1 a\n', 'OK')], '1 passed, 1 failed', 1),
    ('a program that hangs', [('1..2\nok 1 a\n', 'TIMEOUT')], '1 passed, 1 failed', 1),
    ('a leak after the last test', [('1..1\nok 1 a\n', 'FAIL')], '1 passed, 1 failed', 1),
    ('more tests than planned', [('1..1\nok 1 a\nok 2 b\n', 'ERROR')], '2 passed, 1 failed', 1),
    ('a bail out', [('1..1\nBail out! no memory\n', 'ERROR')], '0 passed, 2 failed', 1),
    ('subtests are not counted again', [('1..1\n# Subtest: a\n    ok 1 - inner\n    1..1\nok 1 a\n', 'OK')], '1 passed, 0 failed', 0),
    ('an empty log', [], '0 passed, 1 failed', 1),
    ('no log at all', None, '0 passed, 1 failed', 1),
]


def count(program, records):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'testlog.json')
        if records is not None:
            with open(path, 'w', encoding='utf-8') as log:
                for stdout, result in records:
                    log.write(json.dumps({'name': 'p', 'stdout': stdout, 'result': result}) + '\n')
        done = subprocess.run([sys.executable, program, f'run={path}'], capture_output=True, text=True, check=False)
        return done.stdout.splitlines()[-1], done.returncode


def main(program):
    failed = False
    print(f'1..{len(CASES)}')
    for number, (name, records, line, code) in enumerate(CASES, 1):
        got = count(program, records)
        good = got == (line, code)
        failed = failed or not good
        print(f'{"ok" if good else "not ok"} {number} {name}')
        if not good:
            print(f'# wanted {(line, code)}, got {got}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
