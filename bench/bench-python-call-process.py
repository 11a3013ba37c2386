# SPDX-License-Identifier: LGPL-2.1-or-later
"""python-call-process: (int32, 32-byte string) -> int32, a component in C called from Python.

Takes the same arguments and prints the same line as the C programs. The peers
call the sd-bus service, which is the quicker one; the limit is the same call
from C.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(os.environ['CONVOKE_BENCH_BIN'])
TEXT = '0123456789abcdef0123456789abcdef'
PATH = '/org/convoke/Bench'
INTERFACE = 'org.convoke.Bench.Echo'


class Peer:
    def start(self, end):
        """The sd-bus service with that socket as its descriptor 3."""
        self.service = subprocess.Popen([BIN / 'bench-service-sd-bus'], pass_fds=[3],
                                        preexec_fn=lambda: os.dup2(end.fileno(), 3))
        self.pid = self.service.pid

    def end(self):
        self.service.kill()
        self.service.wait()


class DBusPython(Peer):
    """libdbus connects to paths only."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
            listening.bind(folder + '/socket')
            listening.listen(1)
            self.start(listening)
            self.connect('unix:path=' + folder + '/socket')

    def connect(self, address):
        import dbus
        import dbus.connection
        self.connection = dbus.connection.Connection(address)
        proxy = self.connection.get_object(None, PATH, introspect=False)
        self.add = dbus.Interface(proxy, INTERFACE).get_dbus_method('Add')

    def run(self, n):
        add = self.add
        for i in range(n):
            assert add(i, TEXT) == i + 32


class DBusProxy(Peer):
    def __init__(self):
        ours, theirs = socket.socketpair()
        with theirs:
            self.start(theirs)
        self.connect(ours.detach())

    def connect(self, fd):
        from gi.repository import Gio
        stream = Gio.Socket.new_from_fd(fd).connection_factory_create_connection()
        connection = Gio.DBusConnection.new_sync(
            stream, None, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None)
        self.proxy = Gio.DBusProxy.new_sync(
            connection, Gio.DBusProxyFlags.DO_NOT_LOAD_PROPERTIES | Gio.DBusProxyFlags.DO_NOT_CONNECT_SIGNALS,
            None, None, PATH, INTERFACE, None)

    def run(self, n):
        add = self.proxy.Add
        for i in range(n):
            assert add('(is)', i, TEXT) == i + 32


class Convoke:
    def __init__(self):
        import gi
        gi.require_version('Convoke', '1')
        gi.require_version('ConvokeBench', '1')
        from gi.repository import Convoke, ConvokeBench
        catalog = Convoke.Catalog.new([str(BIN / 'components')])
        must = Convoke.Activation.new()
        must.set_distance(Convoke.Distance.DEFAULT, Convoke.Placement.MUST)
        self.adder = catalog.activate('org.convoke.Bench', ConvokeBench.Echo, must, None)
        self.pid = Convoke.dup_placement(self.adder)['pid']

    def run(self, n):
        add = self.adder.add
        for i in range(n):
            assert add(i, TEXT) == i + 32

    def end(self):
        del self.adder


def make_case(name):
    if name == 'convoke':
        return Convoke()
    if name == 'dbus-python':
        return DBusPython()
    if name == 'Gio.DBusProxy':
        return DBusProxy()
    raise SystemExit(f'no case {name}')


def list_cases():
    cases = ['limit', 'convoke']
    # Both peers call the service that sd-bus makes.
    if not (BIN / 'bench-service-sd-bus').exists():
        return cases
    try:
        import dbus  # noqa: F401
        cases.append('dbus-python')
    except ImportError:
        pass
    return cases + ['Gio.DBusProxy']


def cpu_clock(pid):
    """What clock_getcpuclockid() answers for a process."""
    return (~pid << 3) | 2


def measure(case, ms):
    budget = ms * 1e6
    clock = cpu_clock(case.pid)
    n = 2
    while True:
        cpu = time.process_time_ns() + time.clock_gettime_ns(clock)
        wall = time.perf_counter_ns()
        case.run(n)
        wall = time.perf_counter_ns() - wall
        cpu = time.process_time_ns() + time.clock_gettime_ns(clock) - cpu
        if wall >= budget / 2:
            return {'value': round(wall / n, 2), 'cpu_ns': round(cpu / n, 2), 'ops': n}
        n *= 8 if wall < budget / 32 else 2


def pin_all_threads(cpu):
    for thread in os.listdir('/proc/self/task'):
        os.sched_setaffinity(int(thread), {cpu})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('case', nargs='?')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--ms', type=int, default=100)
    parser.add_argument('--cpu', type=int, default=-1)
    parser.add_argument('--worker-cpu', type=int, default=-1)
    args = parser.parse_args()

    if args.list:
        print(*list_cases(), sep='\n')
        return

    if args.case == 'limit':
        os.execv(BIN / 'bench-call-process', ['bench-call-process', 'convoke'] + sys.argv[2:])

    # As in bench.c: the service inherits its core, then the caller moves.
    first = args.worker_cpu if args.worker_cpu >= 0 else args.cpu
    if first >= 0:
        os.sched_setaffinity(0, {first})
    case = make_case(args.case)
    case.run(1)
    if args.worker_cpu >= 0:
        pin_all_threads(args.cpu)

    print(json.dumps(measure(case, args.ms)))
    case.end()


if __name__ == '__main__':
    main()
