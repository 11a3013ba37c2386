#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What does a coffee cost? Asks two shops, first one after the other with plain method calls, then both at once with
call objects (or with await), and compares.

One shop is a component in C, the other in Python; nothing below shows which.
"""

import argparse
import asyncio
import os
import subprocess
import sys

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
gi.require_version('Downfall', '1')
from gi.repository import Convoke, Demo, Downfall, GLib

from coffee_run import NAMES, Run
from fourth_coffee import FourthCoffee

MAX_MILLISECONDS = 60 * 60 * 1000


# --- the synchronous run ---

def run_synchronous(shops, deadline):
    """Nothing but plain calls. They know no deadline, so the shops must."""
    run = Run()
    for number, shop in enumerate(shops):
        shop.props.timeout = deadline
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
    loop = GLib.MainLoop()
    calls = []

    def failed(number, error):
        run.failed(number, in_words(error, deadline))
        if run.complete:
            loop.quit()

    def call_notice(call, notice, number):
        if notice != Convoke.CallNotice.COMPLETED:
            return
        try:
            prices = call.finish_get_prices().unpack()
        except GLib.Error as error:
            failed(number, error)
        else:
            run.answered(number, prices)
            if run.complete:
                loop.quit()

    def send_request(number, shop):
        run.sent(number)
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
    GLib.source_remove(timer)
    return run


async def run_with_await(shops, deadline):
    """The same with asyncio."""
    run = Run()

    async def ask(number, shop):
        run.sent(number)
        try:
            prices = await Convoke.aio(shop).get_prices(timeout=deadline / 1000)
        except GLib.Error as error:
            run.failed(number, in_words(error, deadline))
        else:
            run.answered(number, prices.unpack())

    async def work():
        while True:
            await asyncio.sleep(0.01)
            run.worked()

    worker = asyncio.create_task(work())
    await asyncio.gather(*(ask(number, shop) for number, shop in enumerate(shops)))
    run.compare()
    worker.cancel()
    return run


def run_asynchronous(shops, deadline, awaiting):
    """Both calls have a deadline, whatever the shops do: their own is off."""
    for shop in shops:
        shop.props.timeout = 0
    if awaiting:
        return asyncio.run(run_with_await(shops, deadline))
    return run_with_calls(shops, deadline)


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
    options = parser.parse_args()
    if options.url and len(options.url) != len(NAMES):
        parser.error('--url is given once per shop')
    if options.deadline < 1:
        parser.error('--deadline is between 1 and 3600000')
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


def compare(shops, options):
    one_by_one = run_synchronous(shops, options.deadline)
    print('Synchronous: one shop after the other')
    one_by_one.print_events()

    at_once = run_asynchronous(shops, options.deadline, options.awaiting)
    print('\nAsynchronous: both shops at once')
    at_once.print_events()

    print(f'\nTotal: {one_by_one.total * 1000:.0f} ms one after the other, {at_once.total * 1000:.0f} ms at once\n')
    at_once.print_prices()
    return 0 if at_once.n_columns else 1


def main():
    options = parse_options()
    sys.stdout.reconfigure(encoding='utf-8')
    servers, urls = (None, options.url) if options.url else start_servers(options.latency)
    try:
        shops = [Downfall.Shop(url=urls[0]), FourthCoffee(url=urls[1])]
        return compare(shops, options)
    finally:
        if servers:
            servers.communicate()


if __name__ == '__main__':
    sys.exit(main())
