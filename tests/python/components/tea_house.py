# SPDX-License-Identifier: LGPL-2.1-or-later
"""A component, and what can be wrong with one."""

from gi.repository import Gio, GLib, GObject

import tea_house_parts


class TeaHouse(GObject.Object, Gio.ListModel):
    def __init__(self):
        super().__init__()
        self.teas = list(tea_house_parts.TEAS)

    def do_get_n_items(self):
        return len(self.teas)

    def do_get_item_type(self):
        return GObject.Object.__gtype__

    def do_get_item(self, position):
        return None


class Samovar(GObject.Object, Gio.ListModel):
    """Its items are what it was made with."""

    cups = GObject.Property(type=int, minimum=0, maximum=12, flags=GObject.ParamFlags.READWRITE | GObject.ParamFlags.CONSTRUCT_ONLY)
    tea_leaf = GObject.Property(type=str)
    guests = GObject.Property(type=Gio.ListModel)
    age = GObject.Property(type=int, flags=GObject.ParamFlags.READABLE)

    def do_get_n_items(self):
        return self.cups + len(self.tea_leaf or '') + (self.guests.get_n_items() if self.guests else 0)

    def do_get_item_type(self):
        return GObject.Object.__gtype__

    def do_get_item(self, position):
        return None


class Sealed(GObject.Object):
    def __init__(self):
        super().__init__()
        raise GLib.Error.new_literal(Gio.io_error_quark(), 'closed today', Gio.IOErrorEnum.BUSY)


class Broken(GObject.Object):
    def __init__(self):
        super().__init__()
        self.boil()

    def boil(self):
        raise ValueError('no water')


class Quitter(GObject.Object):
    def __init__(self):
        raise SystemExit(3)


class NoObject:
    pass


not_a_class = 7
