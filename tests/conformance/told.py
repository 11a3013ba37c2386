# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's values from the variants that tell them, and back."""

import os
import sys

import gi
gi.require_version('ConvokeTest', '1')
from gi.repository import ConvokeTest, GLib, GObject

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'lib'))
import kinds
from kinds import KINDS, METHODS, refers, variant_type

# Its name is a value.
ConvokeTest.Mood.__gtype__

NULL_LISTS = ('list', 'slist', 'list_int', 'feed_list')


def _bytes(variant):
    return variant.get_data_as_bytes().get_data() or b''


def _point(variant):
    point = ConvokeTest.Point()
    point.x, point.y, point.tag = variant.unpack()
    return point


def _value(variant):
    """PyGObject makes the GValue, of the type that Python's value suggests: not of one that nobody could name."""
    inner = variant.get_variant()
    gtype = {'i': GObject.TYPE_INT, 's': GObject.TYPE_STRING, 'b': GObject.TYPE_BOOLEAN, 'x': GObject.TYPE_INT64,
             'd': GObject.TYPE_DOUBLE}[inner.get_type_string()]
    return GObject.Value(gtype, inner.unpack())


def _error(variant):
    domain, code, message = variant.unpack()
    return GLib.Error.new_literal(GLib.quark_from_string(domain), message, code)


def _options(variant):
    return {variant.get_child_value(i).get_child_value(0).get_string():
            variant.get_child_value(i).get_child_value(1).get_variant() for i in range(variant.n_children())}


_MAKE = {
    'gtype': lambda v: GObject.type_from_name(v.get_string()),
    'mood': lambda v: ConvokeTest.Mood(v.get_int32()),
    'sides': lambda v: ConvokeTest.Sides(v.get_uint32()),
    'unichar': lambda v: chr(v.get_uint32()),
    'filename': lambda v: os.fsdecode(_bytes(v)[:-1]),
    'variant': lambda v: v.get_variant(),
    'bytes': lambda v: GLib.Bytes.new(_bytes(v)),
    'byte_array': _bytes, 'data': _bytes, 'data_before': _bytes,
    'moods': lambda v: [ConvokeTest.Mood(n) for n in v.unpack()],
    'color': lambda v: ConvokeTest.Color.new(*v.unpack()),
    'gate': lambda v: ConvokeTest.Gate.new(),
    'error': _error, 'thrown': _error, 'point': _point, 'value': _value, 'options': _options,
}


class Feed(GObject.Object, ConvokeTest.PriceFeed):
    """One that describes itself by its name."""

    currency = GObject.Property(type=str, default='EUR')

    def __init__(self, name):
        super().__init__()
        self.name = name

    def do_describe(self):
        return self.name


class Caller:
    """Who calls an object: knows both by sight."""

    def __init__(self, called):
        self.called = called
        self.feed = Feed('the caller')

    def find(self, name):
        return {'the server': self.called, 'the caller': self.feed}.get(name) or Feed(name)

    def name(self, feed):
        name = ConvokeTest.PriceFeed.describe(feed)
        known = {'the server': self.called, 'the caller': self.feed}.get(name, feed)
        return name if feed is known else 'not ' + name


def _references(kind, told, who):
    names = told.unpack()
    return who.find(names) if kind.variant == 's' else [who.find(name) for name in names]


def make(kind, told, who=None):
    """The value that a variant tells; who: to whom objects are known."""
    if kind.family != 'scalar':
        if told.n_children() == 0:
            return None
        told = told.get_child_value(0)
    if refers(kind):
        return _references(kind, told, who)
    return _MAKE.get(kind.name, GLib.Variant.unpack)(told)


def _tell_bytes(value):
    data = value.get_data() if isinstance(value, GLib.Bytes) else bytes(value or ())
    return GLib.Variant.new_from_bytes(GLib.VariantType.new('ay'), GLib.Bytes.new(data or b''), True)


def _tell_point(value):
    return GLib.Variant('(diy)', (value.x, value.y, value.tag))


def _tell_value(value):
    """PyGObject unwraps a GValue, so that its type is gone."""
    if isinstance(value, GObject.Value):
        value = value.get_value()
    if isinstance(value, bool):
        return GLib.Variant('v', GLib.Variant('b', value))
    if isinstance(value, int):
        return GLib.Variant('v', GLib.Variant('i' if -1 << 31 <= value < 1 << 31 else 'x', value))
    return GLib.Variant('v', GLib.Variant('d' if isinstance(value, float) else 's', value))


def _tell_error(error):
    # A domain is told by its name.
    return GLib.Variant('(sis)', (error.domain, error.code, error.message))


def _tell_color(color):
    rgb = color.get_rgb()
    return GLib.Variant('(yyys)', (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, color.get_name()))


def _tell_sorted(kind):
    return lambda value: GLib.Variant(kind.variant, dict(sorted(value.items())))


_TELL = {
    'gtype': lambda value: GLib.Variant('s', value.name),
    'unichar': lambda value: GLib.Variant('u', ord(value) if value else 0),
    'filename': lambda value: _tell_bytes(os.fsencode(value) + b'\0'),
    'bytes': _tell_bytes, 'byte_array': _tell_bytes, 'data': _tell_bytes, 'data_before': _tell_bytes,
    'variant': lambda value: GLib.Variant.new_variant(value),
    'color': _tell_color,
    'gate': lambda gate: GLib.Variant('u', gate.get_held()),
    'error': _tell_error, 'thrown': _tell_error, 'point': _tell_point, 'value': _tell_value,
}


def tell(kind, value, who=None):
    """The variant that tells a value; who: to whom objects are known."""
    if value is None and kind.name in NULL_LISTS:
        value = []
    if value is None and kind.family != 'scalar':
        return GLib.Variant.new_maybe(GLib.VariantType.new(kind.variant), None)
    if refers(kind):
        told = GLib.Variant(kind.variant, who.name(value) if kind.variant == 's' else [who.name(feed) for feed in value])
    elif kind.variant.startswith('a{'):
        told = _tell_sorted(kind)(value)
    elif kind.name in _TELL:
        told = _TELL[kind.name](value)
    elif kind.variant.startswith('a'):
        told = GLib.Variant(kind.variant, list(value))
    else:
        told = GLib.Variant(kind.variant, value)
    return told if kind.family == 'scalar' else GLib.Variant.new_maybe(None, told)


def values(method):
    """The values that are claimed of a method, as variants."""
    texts = list(method.kind.values) + ['null'] * method.null
    return [ConvokeTest.parse_value(variant_type(method.kind), text) for text in texts]


def same(a, b):
    """By their bytes: a NaN is the same as itself here."""
    if a is None or b is None or a.get_type_string() != b.get_type_string():
        return False
    return a.get_normal_form().get_data_as_bytes().get_data() == b.get_normal_form().get_data_as_bytes().get_data()
