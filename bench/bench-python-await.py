# SPDX-License-Identifier: LGPL-2.1-or-later
"""python-await: one awaited call that runs on a worker.

Takes the same arguments and prints the same line as the C programs.
"""

import argparse
import asyncio
import concurrent.futures
import json
import os
import time

TEXT = '0123456789abcdef0123456789abcdef'


def add(number, text):
    return number + len(text)


async def run_limit(n):
    """Two tasks that hand a future to each other: n switches."""
    loop = asyncio.get_running_loop()
    turns = [loop.create_future(), loop.create_future()]

    async def play(me):
        for _ in range(n // 2):
            await turns[me]
            turns[me] = loop.create_future()
            turns[1 - me].set_result(None)

    turns[0].set_result(None)
    await asyncio.gather(play(0), play(1))


class Executor:
    def __init__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)

    async def run(self, n):
        loop = asyncio.get_running_loop()
        for i in range(n):
            assert await loop.run_in_executor(self.pool, add, i, TEXT) == i + 32


class Convoke:
    def __init__(self):
        import gi
        gi.require_version('Convoke', '1')
        gi.require_version('ConvokeBench', '1')
        from gi.repository import Convoke, ConvokeBench
        Convoke.require('ConvokeBench', '1')
        Convoke.type_set_threading(ConvokeBench.Adder.__gtype__, Convoke.Threading.ANY)
        self.adder = Convoke.aio(ConvokeBench.Adder.new(), ConvokeBench.Echo)

    async def run(self, n):
        adder = self.adder
        for i in range(n):
            assert await adder.add(i, TEXT) == i + 32


def make_case(name):
    if name == 'limit':
        return run_limit
    if name == 'run_in_executor':
        return Executor().run
    if name == 'convoke':
        return Convoke().run
    raise SystemExit(f'no case {name}')


async def measure(run, ms, pin):
    budget = ms * 1e6
    await run(2)
    pin()

    n = 2
    while True:
        cpu = time.process_time_ns()
        wall = time.perf_counter_ns()
        await run(n)
        wall = time.perf_counter_ns() - wall
        cpu = time.process_time_ns() - cpu
        if wall >= budget / 2:
            return {'value': round(wall / n, 2), 'cpu_ns': round(cpu / n, 2), 'ops': n}
        n *= 8 if wall < budget / 32 else 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('case', nargs='?')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--ms', type=int, default=100)
    parser.add_argument('--cpu', type=int, default=-1)
    parser.add_argument('--worker-cpu', type=int, default=-1)
    args = parser.parse_args()

    if args.list:
        print('limit', 'run_in_executor', 'convoke', sep='\n')
        return

    # As in bench.c: the worker inherits its core, then the caller moves.
    first = args.worker_cpu if args.worker_cpu >= 0 else args.cpu
    if first >= 0:
        os.sched_setaffinity(0, {first})

    def pin():
        if args.worker_cpu >= 0:
            os.sched_setaffinity(0, {args.cpu})

    print(json.dumps(asyncio.run(measure(make_case(args.case), args.ms, pin))))


if __name__ == '__main__':
    main()
