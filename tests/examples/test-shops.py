# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the two shops make of good and of hostile answers: the same, in the same words.

Called without Convoke: a shop bounds its request itself when it is told to. With the path of probe-downfall it is the
shop in C that is asked, in a program of its own, so that a sanitizer can watch it; without, the one in Python.
"""

import subprocess
import sys
import time

import hostile_server
from tap import Plan, equal

# Long for what must not need it, short for what must.
PLENTY = 20000
SHORT = 300

plan = Plan()
server = hostile_server.Server()
keeper, nobody = hostile_server.closed_port()


class Downfall:
    name = 'downfall'

    def __init__(self, probe):
        self._probe = subprocess.Popen([probe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8')

    def ask(self, url, timeout):
        self._probe.stdin.write(f'{timeout} {url}\n')
        self._probe.stdin.flush()
        return self._probe.stdout.readline().rstrip('\n')

    def add_claims(self):
        plan.add('/examples/downfall/ends', 'The shop leaves its program whole', self._ends)

    def _ends(self):
        self._probe.stdin.close()
        equal(self._probe.wait(timeout=60), 0)


class FourthCoffee:
    name = 'fourth-coffee'

    def __init__(self):
        import os
        sys.path.insert(0, os.environ['CONVOKE_COMPONENT_PATH'])
        import fourth_coffee
        self._module = fourth_coffee
        self._shop = fourth_coffee.FourthCoffee()

    def ask(self, url, timeout):
        self._shop.props.url = url
        self._shop.props.timeout = timeout
        try:
            return self._module.Demo.PriceFeed.get_prices(self._shop).print_(False)
        except self._module.GLib.Error as error:
            equal(error.domain, 'demo-price-feed-error-quark')
            return error.message

    def add_claims(self):
        plan.add('/examples/fourth-coffee/get-price', 'One price is one item of the list', self._get_price)
        plan.add('/examples/fourth-coffee/no-such-item', 'What is not sold is an error of its own', self._no_such_item)

    def _get_price(self):
        self._shop.props.url = server.url('good')
        equal(self._shop.get_price('espresso'), 2.5)

    def _no_such_item(self):
        self._shop.props.url = server.url('good')
        try:
            self._shop.get_price('tea')
        except self._module.GLib.Error as error:
            equal(error.code, int(self._module.Demo.PriceFeedError.NO_SUCH_ITEM))
        else:
            raise AssertionError('tea is sold')


shop = Downfall(sys.argv[1]) if len(sys.argv) > 1 else FourthCoffee()


def says(url, timeout, words):
    start = time.monotonic()
    equal(shop.ask(url, timeout), words)
    assert time.monotonic() - start < PLENTY / 1000, 'ended by its time-out'


def add(case, summary, url, timeout, words):
    plan.add(f'/examples/{shop.name}/{case}', summary, lambda: says(url, timeout, words))


GOOD = '{' + ', '.join(f"'{item}': {float(price)}" for item, price in hostile_server.GOOD.items()) + '}'

NOT_HTTP = {
    'empty': '', 'relative': '/prices', 'file': 'file:///etc/passwd', 'ftp': 'ftp://127.0.0.1/',
    'no-host': 'http:///prices', 'bad-port': 'http://127.0.0.1:99999/',
}

add('good', 'A price list comes through with all its items', server.url('good'), PLENTY, GOOD)
add('nobody', 'A shop that is down is named as such', nobody, PLENTY, 'connection refused')
for case, (_, words) in hostile_server.ANSWERS.items():
    add(case, 'A hostile answer is refused in words', server.url(case), PLENTY, words)
for case, (_, _, words) in hostile_server.FOR_EVER.items():
    add(case, 'An endless answer is refused once it is too large', server.url(case), PLENTY, words)
for case in hostile_server.SLOW:
    add(case, 'The time-out is for the whole request, also when bytes keep dripping', server.url(case), SHORT,
        f'no answer within {SHORT} ms')
for case, url in NOT_HTTP.items():
    add(f'address-{case}', 'What is no HTTP address is never asked', url, PLENTY, f'not an HTTP address: "{url}"')
shop.add_claims()

plan.run()
