#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What does a coffee cost? Asks two shops, first one after the other with plain method calls, then both at once with
call objects (or with await), and compares.

One shop is a component in C, the other in Python, each in a process of its own; nothing below shows which.
"""

import argparse
import asyncio
import os
import subprocess
import sys

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
from gi.repository import Convoke, Demo, GLib

import coffee_shops
from coffee_bar import Bar
from coffee_run import NAMES, Run

MAX_MILLISECONDS = 60 * 60 * 1000


# --- the synchronous run ---

def run_synchronous(shops, urls, deadline):
    """Nothing but plain calls. They know no deadline, so the shops must."""
    coffee_shops.set_up(shops, urls, deadline)
    run = Run()
    for number, shop in enumerate(shops):
        run.sent(number)
        try:
            run.answered(number, shop.get_prices().unpack())
        except GLib.Error as error:
            run.failed(number, error.message)
    run.compare()
    return run


# --- the asynchronous run ---

def in_words(error, deadline):
    """A deadline in the words that the shops use for theirs."""
    if error.matches(Convoke.error_quark(), Convoke.Error.TIMEOUT):
        return f'no answer within {deadline} ms'
    return error.message


def run_with_calls(shops, deadline):
    """Call objects, told in the main loop between other things."""
    run = Run()
    bar = Bar()
    loop = GLib.MainLoop()
    calls = []

    def failed(number, error):
        bar.set(number, 1)
        run.failed(number, in_words(error, deadline))
        if run.complete:
            loop.quit()

    def call_notice(call, notice, number):
        if notice != Convoke.CallNotice.COMPLETED:
            bar.tell(number, call.progress)
            return
        try:
            prices = call.finish_get_prices().unpack()
        except GLib.Error as error:
            failed(number, error)
        else:
            bar.set(number, 1)
            run.answered(number, prices)
            if run.complete:
                loop.quit()

    def send_request(number, shop):
        run.sent(number)
        bar.set(number, 0)
        try:
            call = Convoke.create_call(shop, Demo.PriceFeed)
            call.timeout = deadline / 1000
            call.set_callback(None, call_notice, number)
            call.begin_get_prices()
            calls.append(call)
        except GLib.Error as error:
            failed(number, error)

    def work():
        run.worked()
        return GLib.SOURCE_CONTINUE

    timer = GLib.timeout_add(10, work)
    for number, shop in enumerate(shops):
        send_request(number, shop)
    if not run.complete:
        loop.run()
    run.compare()
    bar.clear()
    GLib.source_remove(timer)
    return run


async def run_with_await(shops, deadline):
    """The same with asyncio."""
    run = Run()
    bar = Bar()

    async def ask(number, shop):
        run.sent(number)
        bar.set(number, 0)
        try:
            prices = await Convoke.aio(shop).get_prices(timeout=deadline / 1000,
                                                        progress=lambda progress: bar.tell(number, progress))
        except GLib.Error as error:
            bar.set(number, 1)
            run.failed(number, in_words(error, deadline))
        else:
            bar.set(number, 1)
            run.answered(number, prices.unpack())

    async def work():
        while True:
            await asyncio.sleep(0.01)
            run.worked()

    worker = asyncio.create_task(work())
    await asyncio.gather(*(ask(number, shop) for number, shop in enumerate(shops)))
    run.compare()
    bar.clear()
    worker.cancel()
    return run


def run_asynchronous(shops, urls, options):
    """Both calls have a deadline, whatever the shops do: their own is off."""
    coffee_shops.set_up(shops, urls, 0)
    if options.awaiting:
        return asyncio.run(run_with_await(shops, options.deadline))
    return run_with_calls(shops, options.deadline)


# --- the program ---

def milliseconds(text):
    # As C takes them: no sign, no spaces, no underscores.
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > MAX_MILLISECONDS:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of milliseconds up to {MAX_MILLISECONDS}')
    return int(text)


def latencies(text):
    parts = text.split(',')
    if len(parts) != len(NAMES):
        raise argparse.ArgumentTypeError('takes one number per shop, as in 300,100')
    return tuple(milliseconds(part) for part in parts)


def parse_options():
    parser = argparse.ArgumentParser(description='What does a coffee cost? Asks two shops and compares.')
    parser.add_argument('--latency', type=latencies, default=(300, 100), metavar='MS,MS',
                        help='How slow the two shops are (default: 300,100)')
    parser.add_argument('--url', action='append', metavar='URL', help='Ask these two shops instead of our own')
    parser.add_argument('--deadline', type=milliseconds, default=5000, metavar='MS',
                        help='How long to wait for a shop (default: 5000)')
    parser.add_argument('--await', action='store_true', dest='awaiting',
                        help='await the answers with asyncio, instead of call objects in a GLib main loop')
    parser.add_argument('--distance', metavar='DISTANCE', help='How far away the shops live: in-process, thread or process')
    parser.add_argument('--crash', action='store_true', help='Let one of the shops crash, and go on')
    options = parser.parse_args()
    if options.url and len(options.url) != len(NAMES):
        parser.error('--url is given once per shop')
    if options.deadline < 1:
        parser.error('--deadline is between 1 and 3600000')
    if options.distance not in (None, 'in-process', 'thread', 'process'):
        parser.error('--distance is in-process, thread or process')
    return options


def start_servers(latency):
    """The web servers to ask when there are no others; they end with this program."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'price_server.py')
    servers = subprocess.Popen([sys.executable, script, *map(str, latency)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    urls = [servers.stdout.readline().strip() for _ in latency]
    if not all(urls):
        sys.exit('coffee: the price servers did not start')
    return servers, urls


def crash_and_go_on(shops, urls, options):
    """A shop dies in the middle of a call; the other one answers, and the program goes on.

    With the same shops: a call on one that is gone starts it anew.
    """
    crashed = run_asynchronous(shops, ['crash:', urls[1]], options)
    print(f'Crash: {NAMES[0]} dies in the middle of a call')
    crashed.print_events()

    again = run_asynchronous(shops, urls, options)
    print(f'\nAgain: {NAMES[0]} is started anew, and both are asked')
    again.print_events()
    print()
    return again


def compare(shops, urls, options):
    coffee_shops.print_places(shops)

    one_by_one = run_synchronous(shops, urls, options.deadline)
    print('\nSynchronous: one shop after the other')
    one_by_one.print_events()

    at_once = run_asynchronous(shops, urls, options)
    print('\nAsynchronous: both shops at once')
    at_once.print_events()

    print(f'\nTotal: {one_by_one.total * 1000:.0f} ms one after the other, {at_once.total * 1000:.0f} ms at once\n')
    if options.crash:
        at_once = crash_and_go_on(shops, urls, options)
    at_once.print_prices()
    return 0 if at_once.n_columns else 1


def main():
    options = parse_options()
    sys.stdout.reconfigure(encoding='utf-8')
    servers, urls = (None, options.url) if options.url else start_servers(options.latency)
    try:
        return compare(coffee_shops.find(options.distance), urls, options)
    except GLib.Error as error:
        sys.exit('coffee: ' + error.message)
    finally:
        if servers:
            servers.communicate()


if __name__ == '__main__':
    sys.exit(main())
