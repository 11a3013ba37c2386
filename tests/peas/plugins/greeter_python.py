# SPDX-License-Identifier: LGPL-2.1-or-later
"""A plug-in for libpeas, which has never heard of Convoke."""

import os

from gi.repository import GLib, GObject, Peas


class Greeter(GObject.Object, Peas.Activatable):
    __gtype_name__ = 'GreeterInPython'

    object = GObject.Property(type=GObject.Object)

    def do_activate(self):
        self.object.activate_action('say', GLib.Variant('s', 'hello from Python'))

    def do_deactivate(self):
        self.object.activate_action('say', GLib.Variant('s', 'goodbye from Python'))

    def do_update_state(self):
        if self.object.has_action('trip'):
            os.abort()
