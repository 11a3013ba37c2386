#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes ConvokeTestKinds, its server and its caller in C from the list of kinds: make-kinds.py PART."""

import sys

import kinds

NOTICE = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n\n/* Made by make-kinds.py. */\n\n'
SELF = 'ConvokeTestKinds *self'
WANT = 'GVariant *want'


class Shape:
    """A method, as its parts in C."""

    def __init__(self, method):
        self.m = method
        self.kind = method.kind
        self.name = method.name
        self.length = self.kind.length
        self.block = self.kind.family == 'block'
        self.room = method.direction == 'out' and (self.block or self.kind.name == 'three_ints')
        self.type = self._type()

    def _type(self):
        ctype = self.kind.ctype
        lent = self.m.transfer == 'none' and self.kind.family != 'scalar' and self.m.direction != 'inout'
        if lent and ctype.split()[0] in ('char', 'guint8', 'gint16', 'gint32', 'gint64', 'gboolean', 'double',
                                         'ConvokeTestMood') and ctype.count('*') == 1:
            ctype = 'const ' + ctype
        if lent and self.kind.name == 'error':
            ctype = 'const ' + ctype
        return ctype

    def declare(self, name, stars=''):
        """A variable or parameter."""
        return '%s%s%s%s' % (self.type, '' if self.type.endswith('*') else ' ', stars, name)

    @property
    def values(self):
        """The parameters of the value itself."""
        if self.block:
            const = 'const ' if self.m.direction == 'in' else ''
            return ['%s%s *value' % (const, self.kind.ctype)]
        star = '*' if self.m.direction in ('out', 'inout') and not self.room else ''
        both = [self.declare('value', star)]
        if self.length:
            n = ('guint %sn_values' if self.length == 'before' else 'gsize %sn_values') % star
            both.insert(0 if self.length == 'before' else 1, n)
        return both

    @property
    def result(self):
        if self.m.direction == 'throw':
            return 'gboolean'
        if self.m.direction == 'return':
            return self.type
        return 'void' if self.m.direction == 'out' else 'GVariant *'

    @property
    def parameters(self):
        if self.m.direction == 'throw':
            return [SELF, WANT, 'GError **error']
        if self.m.direction == 'in':
            return [SELF] + self.values
        if self.m.direction == 'return':
            return [SELF, WANT] + (['gsize *n_values'] if self.length else [])
        return [SELF, WANT] + self.values

    @property
    def arguments(self):
        return ', '.join(p.split()[-1].lstrip('*') for p in self.parameters)

    def prototype(self, name):
        result = self.result
        return '%s%s%s (%s)' % (result, '' if result.endswith('*') else ' ', name, ', '.join(self.parameters))

    # -- annotations --

    def _value_annotations(self):
        words = []
        if self.m.direction == 'out':
            words.append('(out caller-allocates)' if self.room else '(out)')
        if self.m.direction == 'inout':
            words.append('(inout)')
        if self.length:
            words.append('(array length=n_values)')
        if self.kind.gi:
            words.append(self.kind.gi)
        if self.kind.family != 'scalar' and not self.block:
            words.append('(transfer %s)' % self.m.transfer)
        if self.m.null:
            words.append('(nullable)')
        if self.m.optional:
            words.append('(optional)')
        return ' '.join(words)

    def comment(self, name):
        lines = ['%s:' % name, '@self: an object']
        if self.m.direction == 'throw':
            lines += ['@want: tells what to throw', '@error: return location for it', '', 'Throws.', '', 'Returns: %FALSE']
            return '/**\n%s\n */\n' % '\n'.join((' * ' + line).rstrip() for line in lines)
        if self.m.direction != 'in':
            lines.append('@want: tells what to give')
        annotations = self._value_annotations()
        value = '@value: %s%sa value' % (annotations, ': ' * bool(annotations))
        n = '@n_values: %show many' % {'in': '', 'inout': '(inout): '}.get(
            self.m.direction, '(out)%s: ' % (' (optional)' * self.m.optional))
        if self.m.direction == 'return':
            lines += [n] * bool(self.length)
        elif self.length == 'before':
            lines += [n, value]
        else:
            lines += [value] + [n] * bool(self.length)
        does = {'in': 'Takes a value.', 'out': 'Gives a value.', 'return': 'Gives a value.',
                'inout': 'Takes a value and gives another.'}
        lines += ['', does[self.m.direction]]
        if self.m.direction == 'return':
            lines += ['', 'Returns: %s%sa value' % (annotations, ': ' * bool(annotations))]
        elif self.m.direction != 'out':
            lines += ['', 'Returns: (transfer full): tells what came']
        return '/**\n%s\n */\n' % '\n'.join((' * ' + line).rstrip() for line in lines)

    # -- calls of the hand-written helpers --

    serving = False

    @property
    def who(self):
        return 'self, %s, ' % ('TRUE' if self.serving else 'FALSE') if kinds.refers(self.kind) else ''

    def make(self, tells, n):
        return 'convoke_test_make_%s (%s%s, %s)' % (self.kind.name, self.who, tells, n)

    def tell(self, value, n):
        return 'convoke_test_tell_%s (%s(%s) %s, %s)' % (self.kind.name, self.who, self.kind.ctype, value, n)

    def free(self, value, n):
        return 'convoke_test_free_%s ((%s) %s, %s);' % (self.kind.name, self.kind.ctype, value, n)

    def free_container(self, value):
        return 'convoke_test_free_container_%s ((%s) %s);' % (self.kind.name, self.kind.ctype, value)


def header(shapes):
    out = [NOTICE.replace('*/\n\n/* Made', '*/\n#pragma once\n\n/* Made'),
           '#include <convoke-test-every.h>\n#include <convoke-test-tell.h>\n\nG_BEGIN_DECLS\n\n',
           '#define CONVOKE_TEST_TYPE_KINDS (convoke_test_kinds_get_type ())\n',
           'G_DECLARE_INTERFACE (ConvokeTestKinds, convoke_test_kinds, CONVOKE_TEST, KINDS, GObject)\n\n',
           'struct _ConvokeTestKindsInterface\n{\n  GTypeInterface parent_iface;\n\n']
    out += ['  %s;\n' % s.prototype('(*%s)' % s.name) for s in shapes]
    out += ['};\n\n'] + ['%s;\n' % s.prototype('convoke_test_kinds_' + s.name) for s in shapes]
    return out + ['\nG_END_DECLS\n']


def interface(shapes):
    out = [NOTICE, '#include "convoke-test-kinds.h"\n\n',
           '/**\n * ConvokeTestKinds:\n *\n * Every kind of value, in every direction, with every ownership.\n */\n',
           'G_DEFINE_INTERFACE (ConvokeTestKinds, convoke_test_kinds, G_TYPE_OBJECT)\n\n',
           'static void\nconvoke_test_kinds_default_init (ConvokeTestKindsInterface *iface)\n{\n}\n']
    for s in shapes:
        public = 'convoke_test_kinds_' + s.name
        # The scanner drops what it knows of a slot where it cannot pair it with its method.
        out.append('\n' + s.comment('ConvokeTestKindsInterface::' + s.name))
        out.append('\n' + s.comment(public))
        out.append('%s\n{\n  %sCONVOKE_TEST_KINDS_GET_IFACE (self)->%s (%s);\n}\n' % (
            s.prototype(public), '' if s.result == 'void' else 'return ', s.name, s.arguments))
    return out


# -- the server --

def _server_consume(s, value):
    if s.kind.family == 'scalar' or s.m.transfer == 'none':
        return ''
    if s.m.transfer == 'container':
        return '  %s\n' % s.free_container(value)
    return '  %s\n' % s.free(value, 'n')


def _server_give(s):
    """Makes `given` and its length `n`, owned as the method promises."""
    text = '  %s given = %s;\n' % (s.kind.ctype, s.make('want', '&n'))
    if s.kind.family == 'scalar' or s.m.transfer == 'full':
        return text
    if s.m.transfer == 'container':
        return text + '  keep (self, convoke_test_disown_%s (&given, n));\n' % s.kind.name
    return text + '  keep_whole (self, given, n, (FreeFunc) convoke_test_free_%s);\n' % s.kind.name


def server_method(s):
    d, kind = s.m.direction, s.kind
    if d == 'throw':
        return '  g_propagate_error (error, convoke_test_make_error (want, NULL));\n\n  return FALSE;\n'
    if s.block:
        if d == 'in':
            return '  return convoke_test_tell_%s (value);\n' % kind.name
        return '  convoke_test_make_%s (want, value);\n' % kind.name
    if d == 'in':
        body = '  gsize n = %s;\n  GVariant *told = %s;\n\n' % ('n_values' if s.length else '0', s.tell('value', 'n'))
        return body + _server_consume(s, 'value') + '  (void) n;\n  return told;\n'
    if d == 'inout':
        body = '  gsize n = %s;\n  GVariant *told = %s;\n\n' % ('*n_values' if s.length else '0', s.tell('*value', 'n'))
        body += _server_consume(s, '*value') + '  *value = %s;\n' % s.make('want', '&n')
        return body + '  *n_values = n;\n' * bool(s.length) + '  return told;\n'
    body = '  gsize n = 0;\n'
    if d == 'return':
        return body + _server_give(s) + '\n' + '  *n_values = n;\n' * bool(s.length) + '  return given;\n'
    if s.m.optional:
        body = '  if (value == NULL)\n    return;\n\n' + body
    if s.room:
        return '  gsize n = 0;\n  gint32 *given = %s;\n\n  memcpy (value, given, 3 * sizeof *given);\n  g_free (given);\n' \
            % s.make('want', '&n')
    return body + _server_give(s) + '  *value = given;\n' + '  *n_values = n;\n' * bool(s.length)


def server(shapes):
    out = [NOTICE, '#include <string.h>\n\n#include "convoke-test-kinds-private.h"\n\n',
           '#define keep convoke_test_kind_server_keep\n',
           '#define keep_whole convoke_test_kind_server_keep_whole\n',
           'typedef void (*FreeFunc) (gpointer value, gsize n);\n']
    for s in shapes:
        s.serving = True
        out.append('\nstatic %s\n{\n%s}\n' % (s.prototype('serve_' + s.name), server_method(s)))
    out.append('\nvoid\nconvoke_test_kind_server_iface_init (ConvokeTestKindsInterface *iface)\n{\n')
    out += ['  iface->%s = serve_%s;\n' % (s.name, s.name) for s in shapes]
    return out + ['}\n']


# -- the caller --

def caller_method(s):
    d, kind = s.m.direction, s.kind
    call = 'convoke_test_kinds_%s' % s.name
    n_type = 'guint' if s.length == 'before' else 'gsize'

    def arguments(value, n):
        pair = [value] + [n] * bool(s.length)
        return ', '.join(pair[::-1] if s.length == 'before' else pair)

    if d == 'throw':
        return ('  GError *error = NULL;\n\n  convoke_test_kinds_throw (self, want, &error);\n'
                '  *got = convoke_test_tell_error (error, 0);\n  g_clear_error (&error);\n')
    if s.block:
        room = '  %s room = %s;\n' % (kind.ctype, 'G_VALUE_INIT' if kind.name == 'value' else '{ 0 }')
        if d == 'in':
            return room + ('  gboolean given = convoke_test_make_%s (value, &room);\n\n'
                           '  *told = %s (self, given ? &room : NULL);\n'
                           '  convoke_test_clear_%s (&room);\n') % (kind.name, call, kind.name)
        return room + ('\n  %s (self, want, &room);\n  *got = convoke_test_tell_%s (&room);\n'
                       '  convoke_test_clear_%s (&room);\n') % (call, kind.name, kind.name)
    if d == 'in':
        body = '  gsize n = 0;\n  %s given = %s;\n' % (kind.ctype, s.make('value', '&n'))
        if s.m.transfer == 'container':
            body += '  GPtrArray *elements = convoke_test_disown_%s (&given, n);\n' % kind.name
        body += '\n  *told = %s (self, %s);\n' % (call, arguments('given', 'n'))
        if s.m.transfer == 'container':
            body += '  g_ptr_array_unref (elements);\n'
        elif s.m.transfer == 'none' and kind.family != 'scalar':
            body += '  %s\n' % s.free('given', 'n')
        return body + '  (void) n;\n'
    if d == 'inout':
        body = '  gsize made = 0;\n  %s given = %s;\n' % (kind.ctype, s.make('value', '&made'))
        body += '  %s n = made;\n' % n_type
        body += '\n  *told = %s (self, want, %s);\n' % (call, arguments('&given', '&n'))
    elif d == 'return':
        body = '  gsize n = 0;\n  %s;\n\n' % s.declare('given')
        body += '  given = %s (self, want%s);\n' % (call, ', &n' if s.length else '')
    elif s.room:
        body = '  gsize n = 3;\n  gint32 given[3] = { 0 };\n\n  %s (self, want, given);\n' % call
        return body + '  *got = %s;\n' % s.tell('given', 'n')
    else:
        body = '  %s n = 0;\n  %s = 0;\n\n' % (n_type, s.declare('given'))
        if s.m.optional:
            body += '  /* Nobody wants it. */\n  %s (self, want, %s);\n' % (call, arguments('NULL', 'NULL'))
        body += '  %s (self, want, %s);\n' % (call, arguments('&given', '&n'))
    body += '  *got = %s;\n' % s.tell('given', 'n')
    if kind.family != 'scalar' and s.m.transfer == 'full':
        body += '  %s\n' % s.free('given', 'n')
    elif s.m.transfer == 'container':
        body += '  %s\n' % s.free_container('given')
    return body + '  (void) n;\n'


def _quote(text):
    return 'NULL' if text is None else '"%s"' % text.replace('\\', '\\\\').replace('"', '\\"')


def _reasons(method):
    return [kinds.cannot_serve(method, *cell) for cell in kinds.cells(method)]


def caller(shapes):
    out = [NOTICE, '#include "convoke-test-kinds-private.h"\n']
    for s in shapes:
        out.append('\nstatic void\ncall_%s (%s, GVariant *value, GVariant *want, GVariant **told, GVariant **got)\n{\n%s}\n' % (
            s.name, SELF, caller_method(s)))
    for kind in kinds.KINDS:
        out.append('\nstatic const char * const values_%s[] = { %s, NULL };\n' % (
            kind.name, ', '.join(_quote(v) for v in kind.values)))
    for s in shapes:
        reasons = _reasons(s.m)
        if any(reasons):
            out.append('\nstatic const char * const cannot_%s[] = { %s };\n' % (s.name, ', '.join(map(_quote, reasons))))
    out.append('\nstatic const ConvokeTestKindMethod methods[] = {\n')
    for s in shapes:
        out.append('  { "%s", "%s", "%s", values_%s, %s, %s, %s, %s, %s, call_%s },\n' % (
            s.name, s.kind.name, kinds.variant_type(s.kind), s.kind.name,
            'TRUE' if s.m.direction in ('in', 'inout') else 'FALSE', 'TRUE' if s.m.direction != 'in' else 'FALSE',
            'TRUE' if s.m.null else 'FALSE', 'TRUE' if kinds.is_confined(s.kind) else 'FALSE',
            'cannot_' + s.name if any(_reasons(s.m)) else 'NULL', s.name))
    out.append('  { NULL },\n};\n\nconst ConvokeTestKindMethod *\nconvoke_test_kind_methods (void)\n{\n  return methods;\n}\n')
    return out


PARTS = {'header': header, 'interface': interface, 'server': server, 'caller': caller}

if __name__ == '__main__':
    shapes = [Shape(method) for method in kinds.METHODS]
    sys.stdout.reconfigure(encoding='utf-8')
    sys.stdout.write(''.join(PARTS[sys.argv[1]](shapes)))
