# SPDX-License-Identifier: LGPL-2.1-or-later
"""A component that other threads call."""

import threading

import gi
gi.require_version('Convoke', '1')
gi.require_version('ConvokeTest', '1')
from gi.repository import Convoke, ConvokeTest, GLib, GObject


@Convoke.threading('any')
class TeaFeed(GObject.Object, ConvokeTest.PriceFeed):
    currency = GObject.Property(type=str, default='EUR')

    def do_get_price(self, item):
        if item == 'missing':
            raise GLib.Error.new_literal(ConvokeTest.error_quark(), 'No such tea', ConvokeTest.Error.NO_SUCH_ITEM)
        return 0.25 * len(item)

    def do_get_price_slowly(self, item):
        call = Convoke.ServerCall.defer(self)
        threading.Thread(target=call.complete, args=(0.5 * len(item),)).start()
        return 0.0
