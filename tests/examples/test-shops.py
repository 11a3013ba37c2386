# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the two shops make of good and of hostile answers: the same, in the same words.

Called without Convoke: a shop bounds its request itself when it is told to.
"""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.environ['COFFEE_DIR'])

import gi
gi.require_version('Demo', '1')
from gi.repository import Demo, GLib

import fourth_coffee
import hostile_server
from tap import Plan, equal

# Long for what must not need it, short for what must.
PLENTY = 20000
SHORT = 300

plan = Plan()
server = hostile_server.Server()
keeper, nobody = hostile_server.closed_port()


class Downfall:
    """The shop in C, in a program of its own."""

    def __init__(self, probe):
        self._probe = subprocess.Popen([probe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                       encoding='utf-8')

    def ask(self, url, timeout):
        self._probe.stdin.write(f'{timeout} {url}\n')
        self._probe.stdin.flush()
        return self._probe.stdout.readline().rstrip('\n')

    def close(self):
        self._probe.stdin.close()
        return self._probe.wait(timeout=60)


class Fourth:
    """The shop in Python."""

    def __init__(self):
        self.shop = fourth_coffee.FourthCoffee()

    def ask(self, url, timeout):
        self.shop.props.url = url
        self.shop.props.timeout = timeout
        try:
            return Demo.PriceFeed.get_prices(self.shop).print_(False)
        except GLib.Error as error:
            equal(error.domain, 'demo-price-feed-error-quark')
            return error.message


downfall = Downfall(sys.argv[1])
fourth = Fourth()


def says(shop, url, timeout, words):
    start = time.monotonic()
    equal(shop.ask(url, timeout), words)
    assert time.monotonic() - start < PLENTY / 1000, 'ended by its time-out'


for shop_name, shop in ('downfall', downfall), ('fourth-coffee', fourth):
    def add(case, summary, url, timeout, words, shop=shop, shop_name=shop_name):
        plan.add(f'/examples/{shop_name}/{case}', summary, lambda: says(shop, url, timeout, words))

    add('good', 'A price list comes through with all its items', server.url('good'), PLENTY,
        GLib.Variant('a{sd}', hostile_server.GOOD).print_(False))
    add('nobody', 'A shop that is down is named as such', nobody, PLENTY, 'connection refused')
    for case, (_, words) in hostile_server.ANSWERS.items():
        add(case, 'A hostile answer is refused in words', server.url(case), PLENTY, words)
    for case, (_, _, words) in hostile_server.FOR_EVER.items():
        add(case, 'An endless answer is refused once it is too large', server.url(case), PLENTY, words)
    for case in hostile_server.SLOW:
        add(case, 'The time-out is for the whole request, also when bytes keep dripping', server.url(case), SHORT,
            f'no answer within {SHORT} ms')
    for case, url in ('empty', ''), ('relative', '/prices'), ('file', 'file:///etc/passwd'), ('ftp', 'ftp://127.0.0.1/'), \
            ('no-host', 'http:///prices'), ('bad-port', 'http://127.0.0.1:99999/'):
        add(f'address-{case}', 'What is no HTTP address is never asked', url, PLENTY, f'not an HTTP address: "{url}"')


@plan.claim('/examples/fourth-coffee/get-price', 'One price is one item of the list')
def get_price():
    fourth.shop.props.url = server.url('good')
    equal(Demo.PriceFeed.get_price(fourth.shop, 'espresso'), 1.9)


@plan.claim('/examples/fourth-coffee/no-such-item', 'What is not sold is an error of its own')
def no_such_item():
    try:
        Demo.PriceFeed.get_price(fourth.shop, 'tea')
    except GLib.Error as error:
        equal(error.code, int(Demo.PriceFeedError.NO_SUCH_ITEM))
    else:
        raise AssertionError('tea is sold')


@plan.claim('/examples/downfall/ends', 'The shop in C leaves its program whole')
def ends():
    equal(downfall.close(), 0)


plan.run()
