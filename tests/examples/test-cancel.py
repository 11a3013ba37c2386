# SPDX-License-Identifier: LGPL-2.1-or-later
"""A call that is given up does not leave its request running: both shops take the cancel to heart, at any distance."""

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
from gi.repository import Convoke, Demo, GLib

from hostile_server import SLOW, Server
from tap import Plan, equal

plan = Plan()
server = Server()


def ends_request(shop, case, give_up):
    shop = Convoke.activate(shop[0], Demo.PriceFeed, distance=shop[1], placement='must')
    shop.props.url = server.url(case)
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
    """A deadline that comes while the shop is being asked; on a slow day that takes several attempts."""
    call.timeout = 0.2
    call.begin_get_prices()
    call.wait(timeout=60)
    while not server.n_asked.acquire(blocking=False):
        try:
            call.finish_get_prices()
        except GLib.Error:
            call.timeout *= 2
        call.begin_get_prices()
        call.wait(timeout=60)


def cancel(call):
    call.begin_get_prices()
    assert server.n_asked.acquire(timeout=60), 'the shop was not asked'
    call.cancel(None)


def forget_questions():
    while server.n_asked.acquire(blocking=False):
        pass


def expires(shop, case):
    forget_questions()
    error = ends_request(shop, case, expire)
    assert error.matches(Convoke.error_quark(), Convoke.Error.TIMEOUT), error


def cancels(shop, case):
    forget_questions()
    error = ends_request(shop, case, cancel)
    equal(error.message, 'cancelled')


for name, class_name in ('downfall', 'org.example.Downfall'), ('fourth-coffee', 'org.example.FourthCoffee'):
    for distance in 'in-process', 'thread', 'process':
        for case in SLOW:
            shop = class_name, distance
            plan.add(f'/examples/{name}/{distance}/expire-{case}', 'P-6: a deadline also ends the request',
                     lambda shop=shop, case=case: expires(shop, case))
            plan.add(f'/examples/{name}/{distance}/cancel-{case}',
                     'P-6: a cancel with all the time in the world is answered by the shop',
                     lambda shop=shop, case=case: cancels(shop, case))

plan.run()
