# SPDX-License-Identifier: LGPL-2.1-or-later
"""A call that is given up does not leave its request running: both shops take the cancel to heart."""

import os
import sys

sys.path.insert(0, os.environ['COFFEE_DIR'])

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
gi.require_version('Downfall', '1')
from gi.repository import Convoke, Demo, Downfall, GLib

from fourth_coffee import FourthCoffee
from hostile_server import SLOW, Server
from tap import Plan, equal

plan = Plan()
server = Server()


def ends_request(kind, case, give_up):
    shop = kind(url=server.url(case))
    call = Convoke.create_call(shop, Demo.PriceFeed)
    give_up(call)
    assert server.n_gone.acquire(timeout=60), 'the connection is still open'
    try:
        call.wait(timeout=60)
        call.finish_get_prices()
    except GLib.Error as error:
        return error
    raise AssertionError('it has prices')


def expire(call):
    call.timeout = 0.2
    call.begin_get_prices()


def cancel(call):
    call.begin_get_prices()
    assert server.n_asked.acquire(timeout=60), 'the shop was not asked'
    call.cancel(None)


def expires(kind, case):
    error = ends_request(kind, case, expire)
    assert error.matches(Convoke.error_quark(), Convoke.Error.TIMEOUT), error


def cancels(kind, case):
    while server.n_asked.acquire(blocking=False):
        pass
    error = ends_request(kind, case, cancel)
    equal(error.message, 'cancelled')


for name, kind in ('downfall', Downfall.Shop), ('fourth-coffee', FourthCoffee):
    for case in SLOW:
        plan.add(f'/examples/{name}/expire-{case}', 'P-6: a deadline also ends the request',
                 lambda kind=kind, case=case: expires(kind, case))
        plan.add(f'/examples/{name}/cancel-{case}', 'P-6: a cancel with all the time in the world is answered by the shop',
                 lambda kind=kind, case=case: cancels(kind, case))

plan.run()
