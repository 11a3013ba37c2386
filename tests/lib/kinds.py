# SPDX-License-Identifier: LGPL-2.1-or-later
"""The one list of claims: every kind of value, in every direction, with every ownership, NULL and not.

The interface ConvokeTestKinds, its server in C, its caller in C and the tests of all languages are made from it. A value
is written as a GVariant. A method that takes a value gives what it got as a variant; one that gives a value is told
which by a variant: so that each direction is shown by itself, and not by the two undoing each other's mistakes.
"""

import collections

BIG = 1 << 20

# name:    in the names of methods
# ctype:   in C
# variant: the type of the GVariant that tells a value
# values:  claims, as texts of GVariants; "!N" has N characters or bytes
# gi:      annotations
# length:  where an array has its length: 'before', 'after', or None
# family:  'scalar', 'pointer', 'container' (whose elements are owned one by one), 'block' (which the caller allocates), 'thrown'
Kind = collections.namedtuple('Kind', 'name ctype variant values gi length family null')


def _kind(name, ctype, variant, values, gi='', length=None, family='pointer', null=True):
    return Kind(name, ctype, variant, values, gi, length, family, null and family != 'scalar')


def _scalar(name, ctype, variant, *values):
    return _kind(name, ctype, variant, values, family='scalar')


def _container(*args, **kwargs):
    return _kind(*args, family='container', **kwargs)


_DOUBLES = ('0.0', '-0.0', '1.5', 'nan', 'inf', '-inf')
_STRINGS = ('@as []', "['']", "['a', '', 'grün']", "['one', 'two', 'three', 'four', 'five']")
_THREE_STRINGS = ("['', 'a', 'grün']", "['x', 'y', 'z']")
_INTS = ('@ai []', '[1]', '[1, -2147483648, 2147483647]')
_ERRORS = ("('convoke-test-error-quark', 0, 'held')", "('g-io-error-quark', 19, '')",
           "('nobody-knows-this-quark', -7, 'grün')")
_FEEDS = ("'the server'", "'the caller'", "'somebody new'")
_MANY_FEEDS = ('@as []', "['the server', 'the caller']", "['somebody new', 'the caller', 'the server', 'the caller']")
_BYTES = ('@ay []', "[byte 0x00]", '[byte 0xff, 0x00, 0x80, 0x01]')
_BIG_BYTES = _BYTES + ('!%d' % BIG,)

KINDS = (
    _scalar('boolean', 'gboolean', 'b', 'false', 'true'),
    _scalar('int8', 'gint8', 'n', '-128', '0', '127'),
    _scalar('uint8', 'guint8', 'y', '0', '255'),
    _scalar('int16', 'gint16', 'n', '-32768', '-1', '32767'),
    _scalar('uint16', 'guint16', 'q', '0', '65535'),
    _scalar('int32', 'gint32', 'i', '-2147483648', '-1', '0', '2147483647'),
    _scalar('uint32', 'guint32', 'u', '0', '4294967295'),
    _scalar('int64', 'gint64', 'x', '-9223372036854775808', '-1', '9223372036854775807'),
    _scalar('uint64', 'guint64', 't', '0', '18446744073709551615'),
    _scalar('unichar', 'gunichar', 'u', '0', '65', '0x20ac', '0x10ffff'),
    _scalar('float', 'float', 'd', *_DOUBLES, '3.4028234663852886e38', '1.401298464324817e-45'),
    _scalar('double', 'double', 'd', *_DOUBLES, '1.7976931348623157e308', '2.2250738585072014e-308'),
    _scalar('gtype', 'GType', 's', "'gint'", "'GObject'", "'ConvokeTestMood'"),
    _scalar('mood', 'ConvokeTestMood', 'i', '-3', '0', '40'),
    _scalar('sides', 'ConvokeTestSides', 'u', '0', '3', '257'),

    _kind('utf8', 'char *', 's', ("''", "'a'", "'grün \U0001f375'", '!%d' % BIG)),
    _kind('filename', 'char *', 'ay', ("b''", "b'tea.txt'", r"b'caf\351'"), gi='(type filename)'),
    _kind('variant', 'GVariant *', 'v',
          ('<1>', "<'a'>", '<@mi nothing>', "<{'a': <(1, @as [], true)>}>", '<<nan>>', '<@ay []>')),
    _kind('bytes', 'GBytes *', 'ay', _BIG_BYTES),
    _kind('byte_array', 'GByteArray *', 'ay', _BYTES),
    _kind('data', 'guint8 *', 'ay', _BIG_BYTES, length='after'),
    _kind('data_before', 'guint8 *', 'ay', _BYTES, length='before'),
    _kind('ints', 'gint32 *', 'ai', _INTS + ('!%d' % (BIG // 16),), length='after'),
    _kind('ints_before', 'gint32 *', 'ai', _INTS, length='before'),
    _kind('ints_ended', 'gint32 *', 'ai', _INTS, gi='(array zero-terminated=1)'),
    _kind('booleans', 'gboolean *', 'ab', ('@ab []', '[true, false, true]'), length='after'),
    _kind('int16s', 'gint16 *', 'an', ('@an []', '[-32768, 0, 32767]'), length='after'),
    _kind('int64s', 'gint64 *', 'ax', ('@ax []', '[-9223372036854775808, 0, 9223372036854775807]'), length='after'),
    _kind('doubles', 'double *', 'ad', ('@ad []', '[%s]' % ', '.join(_DOUBLES)), length='after'),
    _kind('moods', 'ConvokeTestMood *', 'ai', ('@ai []', '[-3, 0, 40]'), length='after'),
    _kind('three_ints', 'gint32 *', 'ai', ('[0, 0, 0]', '[-2147483648, 7, 2147483647]'), gi='(array fixed-size=3)'),
    _kind('garray_int', 'GArray *', 'ai', _INTS, gi='(element-type gint32)'),
    _kind('garray_double', 'GArray *', 'ad', ('@ad []', '[%s]' % ', '.join(_DOUBLES)), gi='(element-type gdouble)'),
    _kind('error', 'GError *', '(sis)', _ERRORS),

    _container('strv', 'char **', 'as', _STRINGS, gi='(array zero-terminated=1)'),
    _container('strings', 'char **', 'as', _STRINGS, length='after'),
    _container('strings_before', 'char **', 'as', _STRINGS, length='before'),
    _container('three_strings', 'char **', 'as', _THREE_STRINGS, gi='(array fixed-size=3)'),
    _container('list', 'GList *', 'as', _STRINGS, gi='(element-type utf8)', null=False),
    _container('slist', 'GSList *', 'as', _STRINGS, gi='(element-type utf8)', null=False),
    _container('list_int', 'GList *', 'ai', _INTS, gi='(element-type gint32)', null=False),
    _container('ptr_array', 'GPtrArray *', 'as', _STRINGS, gi='(element-type utf8)'),
    _container('table', 'GHashTable *', 'a{ss}', ('@a{ss} {}', "{'a': '1'}", "{'a': '', 'b': 'grün', 'c': '3'}"),
               gi='(element-type utf8 utf8)'),
    _container('table_int', 'GHashTable *', 'a{si}', ('@a{si} {}', "{'a': -1, 'b': 2147483647}"),
               gi='(element-type utf8 gint32)'),
    _container('options', 'GHashTable *', 'a{sv}', ('@a{sv} {}', "{'a': <1>, 'b': <'x'>, 'c': <@as []>}"),
               gi='(element-type utf8 GLib.Variant)'),

    # Told by how they describe themselves. "the server" is the object that is called and "the caller" one of who calls:
    # both have to be the very same pointers on either side.
    _kind('feed', 'ConvokeTestPriceFeed *', 's', _FEEDS),
    _kind('object', 'GObject *', 's', _FEEDS),
    _container('feeds', 'ConvokeTestPriceFeed **', 'as', _MANY_FEEDS, length='after'),
    _container('feed_list', 'GList *', 'as', _MANY_FEEDS, gi='(element-type ConvokeTest.PriceFeed)', null=False),
    _container('feed_array', 'GPtrArray *', 'as', _MANY_FEEDS, gi='(element-type ConvokeTest.PriceFeed)'),

    # These stay in the process: a boxed value that only its own code understands, an object of a class.
    _kind('color', 'ConvokeTestColor *', '(yyys)', ("(1, 2, 3, 'a')", "(255, 0, 128, 'grün')")),
    _kind('gate', 'ConvokeTestGate *', 'u', ('0',)),

    # By a method that throws.
    _kind('thrown', 'GError *', '(sis)', _ERRORS, family='thrown', null=False),

    _kind('point', 'ConvokeTestPoint', '(diy)', ('(0, 0, 0)', '(-1.5, -2147483648, 255)', '(nan, 7, 1)'),
          family='block'),
    _kind('value', 'GValue', 'v', ('<1>', "<'grün'>", '<true>', '<int64 -9223372036854775808>', '<1.5>'), family='block'),
)

# kind, direction, transfer as above; null: NULL is a value; optional: a caller may not want it
Method = collections.namedtuple('Method', 'name kind direction transfer null optional')


def _method(kind, direction, transfer, null=False, optional=False):
    usual = 'none' if direction == 'in' or kind.family == 'scalar' else 'full'
    name = '_'.join([direction] + [kind.name] * (direction != 'throw') + [transfer] * (transfer != usual) + ['or_null'] * null
                    + ['optional'] * optional)
    return Method(name, kind, direction, transfer, null, optional)


def _shapes(kind):
    """(direction, transfer, optional)"""
    if kind.family == 'scalar':
        return [(way, 'none', False) for way in ('in', 'out', 'return', 'inout')] + [('out', 'none', True)]
    if kind.family == 'thrown':
        return [('throw', 'full', False)]
    if kind.family == 'block':
        return [('in', 'none', False), ('out', 'full', False)]
    transfers = ['none', 'container', 'full'] if kind.family == 'container' else ['none', 'full']
    if kind.name.startswith('three_'):
        # The caller allocates what comes out.
        ways = [('in', t, False) for t in transfers] + [('return', t, False) for t in transfers]
        return ways + [('out', 'full', False)] * (kind.name == 'three_ints')
    # A GError ** at the end is what a method throws.
    if kind.name == 'error':
        return [(way, t, False) for way in ('in', 'return') for t in transfers]
    directions = ('in', 'out') if kind.length == 'before' else ('in', 'out', 'return')
    ways = [(way, t, False) for way in directions for t in transfers]
    return ways + [('out', 'full', True), ('inout', 'full', False)]


def methods():
    for kind in KINDS:
        for direction, transfer, optional in _shapes(kind):
            yield _method(kind, direction, transfer, optional=optional)
            block = kind.family == 'block' or (direction == 'out' and kind.name == 'three_ints')
            if kind.null and not (block and direction == 'out'):
                yield _method(kind, direction, transfer, null=True, optional=optional)


def is_confined(kind):
    """A call with one is refused where it would have to leave the process."""
    return kind.name in ('color', 'gate')


def refers(kind):
    """Who is meant depends on who is asked."""
    return 'feed' in kind.name or kind.name == 'object'


def variant_type(kind):
    """Values of what is no scalar can be NULL."""
    return kind.variant if kind.family == 'scalar' else 'm' + kind.variant


METHODS = tuple(methods())


def cells(method):
    """What goes in and what is wanted to come out: always another value."""
    texts = list(method.kind.values) + ['null'] * method.null
    return list(zip(texts, texts[1:] + texts[:1]))


# -- what PyGObject 3.42 itself cannot do: told by name, and shown where nothing of ours is in between --

def _is_array(kind):
    return kind.variant.startswith('a') and not kind.variant.startswith('a{') and kind.name not in (
        'filename', 'bytes', 'list', 'slist', 'list_int', 'feed_list')


def _is_told(text, method):
    """An empty array without a place is an empty array, where it cannot be NULL."""
    return text != 'null' and (method.null or not text.startswith('@a'))


def cannot_serve(method, value, want):
    """Why it cannot serve a cell, or None."""
    kind, way = method.kind, method.direction
    takes, gives = way in ('in', 'inout'), way != 'in'
    if takes and kind.name in ('gtype', 'filename') and value != 'null':
        return 'a %s does not arrive' % ('GType' if kind.name == 'gtype' else 'filename')
    if way == 'inout' and kind.length:
        return 'an array with a length cannot go in and come out'
    if takes and value == 'null' and _is_array(kind):
        return 'an array that is NULL arrives as an empty one, or is read'
    if takes and kind.name in ('ptr_array', 'feed_array', 'options') and method.transfer == 'full' and not value.startswith(('@a', 'null')):
        return 'the elements of a GPtrArray, or the variants of a table, that it gets are freed twice'
    if gives and kind.length and _is_told(want, method):
        return 'an array with a length comes out empty'
    if gives and kind.name in ('bytes', 'variant', 'color') and method.transfer == 'none' and want != 'null':
        return 'a GBytes, GVariant or boxed value that it lends is freed'
    if way == 'out' and kind.name == 'three_ints':
        return 'an array in the room of the caller is not written'
    if way == 'out' and kind.name == 'value' and "'" in want:
        return 'a string in a GValue that comes out is freed'
    return None


def cannot_call(method, value, want):
    """Why it cannot call a cell, or None."""
    kind, way = method.kind, method.direction
    takes, gives = way in ('in', 'inout'), way != 'in'
    lent_bytes = kind.name in ('data', 'data_before') and way == 'in' and method.transfer == 'none'
    if takes and method.null and value.startswith('@a') and kind.length and not lent_bytes:
        return 'an empty array with a length goes in as NULL'
    if takes and kind.name == 'error' and value == 'null':
        return 'a GError that is None does not go in'
    if way == 'in' and kind.ctype == 'char **' and method.transfer == 'container' and not value.startswith(('@a', 'null')):
        return 'the strings in a container that it gives away are freed twice'
    if gives and want == 'null' and _is_array(kind):
        return 'an array that is NULL comes out as an empty one, or is read'
    if gives and method.transfer == 'full' and kind.name in ('ptr_array', 'feed_array', 'options') and not want.startswith(('@a', 'null')):
        return 'the elements of a GPtrArray, or the variants of a table, that it is given are freed twice'
    return None
