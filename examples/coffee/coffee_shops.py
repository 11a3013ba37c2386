# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shops are asked for by name. What they are written in, and where they run, stands in their keyfiles."""

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
from gi.repository import Convoke, Demo

from coffee_run import NAMES

CLASSES = ['org.example.Downfall', 'org.example.FourthCoffee']


def find(distance):
    return [Convoke.activate(name, Demo.PriceFeed, distance=distance) for name in CLASSES]


def set_up(shops, urls, timeout):
    """Before each run: a shop that was started anew was told nothing yet."""
    for shop, url in zip(shops, urls):
        web_shop = Convoke.query_interface(shop, Demo.WebShop)
        web_shop.props.url = url
        web_shop.props.timeout = timeout


def print_places(shops):
    print('Where the shops live')
    for name, shop in zip(NAMES, shops):
        placement = Convoke.dup_placement(shop)
        pid = f' {placement["pid"]}' if 'pid' in placement else ''
        print(f'  {name:13}  {placement["distance"]}{pid}')
