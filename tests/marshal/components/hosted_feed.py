# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same as hosted-feed.c, in Python."""

import os
import sys
import threading

import gi

gi.require_version('ConvokeTest', '1')

from gi.repository import ConvokeTest, GObject  # noqa: E402


class HostedFeed(GObject.Object, ConvokeTest.PriceFeed):
    __gtype_name__ = 'HostedFeedOfPython'

    currency = GObject.Property(type=str, default='EUR')

    def do_get_price(self, item):
        if item == 'pid':
            return os.getpid()
        if item == 'main-thread':
            return threading.get_native_id() == os.getpid()
        if item == 'death':
            print('the kettle is broken', file=sys.stderr, flush=True)
            os.kill(os.getpid(), 9)
        raise ValueError('there is no ' + item)
