# SPDX-License-Identifier: LGPL-2.1-or-later
"""Another component whose module has the same name."""

from gi.repository import GObject


class TeaHouse(GObject.Object):
    pass


class MintHouse(GObject.Object):
    pass
