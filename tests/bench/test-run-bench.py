#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The benchmark driver: rows, JSON, refusals. usage: ... RUN-BENCH BUILD"""

import json
import os
import subprocess
import sys
import tempfile

DRIVER, BUILD = sys.argv[1:3]


def run(*args):
    return subprocess.run([sys.executable, DRIVER, BUILD, *args], capture_output=True, text=True, timeout=120)


def rows(*args):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'a file.json')
        done = run('--quick', '--json', path, *args)
        assert done.returncode == 0, done.stderr
        with open(path, encoding='utf-8') as file:
            return json.load(file)


def test_json_has_a_row():
    """--json writes one object per row, with limit, ratio and peers"""
    row, = rows('--rows', 'query-interface')
    assert row['row'] == 'query-interface'
    assert row['limit_ns'] > 0
    assert row['median_ns'] > 0
    assert abs(row['ratio'] - row['median_ns'] / row['limit_ns']) < 0.01
    assert isinstance(row['peers'], dict)


def test_json_has_the_settings():
    """A row in time also has its figures beside a busy process, with CPU time"""
    row, = rows('--rows', 'query-interface')
    assert row['busy']['limit_ns'] > 0
    assert row['busy']['limit_cpu_ns'] > 0


def test_bytes_have_a_unit():
    """A row in bytes says so and has no CPU time"""
    row, = rows('--rows', 'heap-per-call')
    assert row['unit'] == 'bytes'
    assert row['limit_ns'] > 0
    assert 'cpu_ns' not in row


def test_rows_in_order():
    """Rows come in the order asked for, and only those"""
    got = rows('--rows', 'heap-per-call,query-interface')
    assert [row['row'] for row in got] == ['heap-per-call', 'query-interface']


def check_peers(row, peers):
    """Each is measured or said to be left out."""
    for peer in peers:
        assert row['peers'].get(peer, 0) > 0 or peer in row.get('left_out', []), peer


def check_ours(row):
    assert row['limit_ns'] > 0
    assert row['median_ns'] > 0
    assert row['ratio'] > 0


def test_call_process():
    """A call to another process has its limit and its peers, with CPU time"""
    row, = rows('--rows', 'call-process')
    check_ours(row)
    assert row['cpu_ns'] > 0
    assert row['limit_cpu_ns'] > 0
    check_peers(row, ['omniORB', 'sd-bus', "Cap'n Proto", 'GDBus', 'GDBus daemon'])


def test_call_process_context():
    """So has a call to an object in a main context"""
    row, = rows('--rows', 'call-process-context')
    check_ours(row)
    check_peers(row, ['sd-bus', 'GDBus'])


def test_call_process_64():
    """Many outstanding calls have their limit and their peers"""
    row, = rows('--rows', 'call-process-64')
    check_ours(row)
    check_peers(row, ['sd-bus', "Cap'n Proto", 'GDBus'])


def test_python_call_process():
    """A call from Python to another process has its limit, which is the one from C, and its peers"""
    row, = rows('--rows', 'python-call-process')
    check_ours(row)
    check_peers(row, ['dbus-python', 'Gio.DBusProxy'])


def test_activate_process():
    """Starting a process has its limits; a program with Python takes longer"""
    native, python = rows('--rows', 'activate-process,activate-process-python')
    check_ours(native)
    check_ours(python)
    check_peers(python, ['class'])
    assert native['limit_ns'] < python['limit_ns']


def test_host_memory():
    """A process of its own has some private memory, and not much"""
    row, = rows('--rows', 'host-memory')
    check_ours(row)
    assert 64 * 1024 < row['limit_ns'] < 16 * 1024 * 1024
    check_peers(row, ['sd-bus', 'GDBus'])


def test_nothing_is_left():
    """No process and no folder of a row stays"""
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen([sys.executable, DRIVER, BUILD, '--quick', '--rows', 'call-process'],
                              env=dict(os.environ, TMPDIR=folder), stdout=subprocess.DEVNULL,
                              start_new_session=True) as driver:
            assert driver.wait(120) == 0
        assert os.listdir(folder) == []
        try:
            os.killpg(driver.pid, 0)
        except ProcessLookupError:
            return
    raise AssertionError('a process has stayed')


def test_unknown_row():
    """A row that does not exist is refused by name"""
    done = run('--rows', 'no-such-row')
    assert done.returncode != 0
    assert 'no-such-row' in done.stderr


def test_missing_build():
    """Without its programs the driver fails and says what it missed"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, DRIVER, folder, '--quick', '--rows', 'query-interface'],
                              capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert 'query-interface' in done.stderr


def main():
    tests = [value for name, value in globals().items() if name.startswith('test_')]
    failed = False
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        try:
            test()
        except Exception as error:
            failed = True
            print(f'not ok {number} {test.__doc__}')
            print(f'# {type(error).__name__}: {error}'.replace('\n', '\n# '))
        else:
            print(f'ok {number} {test.__doc__}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
