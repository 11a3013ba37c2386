# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shutil
import tempfile

import tap
from convoke_case import Case, Convoke, GLib, SECONDS
from gi.repository import Gio

CONFIG = tempfile.mkdtemp(prefix='convoke-test-')
os.environ['XDG_CONFIG_HOME'] = CONFIG

TEXT = '[Component]\nInterfaces=Gio-2.0.Action\nModule=a\nType=b\n'


class Shelf(Case):
    def setUp(self):
        super().setUp()
        self.path = tempfile.mkdtemp(prefix='convoke-test-')
        self.addCleanup(shutil.rmtree, self.path)
        self.catalog = Convoke.Catalog.new([self.path])

    def add(self, name, more=''):
        with open(os.path.join(self.path, name + '.component'), 'w') as file:
            file.write(TEXT + more)

    def names(self, infos):
        return [info.props.class_name for info in infos]


class Catalog(Shelf):
    def test_iterates(self):
        """D9: a catalog is iterated over, and has its classes in the order of their names"""
        self.add('org.example.A', 'Name=Zebra\n')
        self.add('org.example.B', 'Name=Ape\nAuthors=One;Two\n')
        self.assertEqual(self.names(self.catalog), ['org.example.B', 'org.example.A'])
        self.assertEqual(len(self.catalog), 2)
        self.assertEqual(self.catalog[0].props.name, 'Ape')
        self.assertEqual(self.catalog[0].props.authors, ['One', 'Two'])

    def test_empty(self):
        """A catalog without classes is one all the same"""
        self.assertTrue(self.catalog)
        self.assertEqual(len(self.catalog), 0)

    def test_looks_up(self):
        """D9: classes are looked up by interface, by its name, and by category"""
        self.add('org.example.A', 'Categories=Drink\n')
        self.add('org.example.B')
        self.assertEqual(self.names(self.catalog.classes(Gio.Action)), ['org.example.A', 'org.example.B'])
        self.assertEqual(self.names(self.catalog.classes('Gio.Action', 'Drink')), ['org.example.A'])
        self.assertEqual(self.names(self.catalog.classes(category='Drink')), ['org.example.A'])
        self.assertEqual(self.catalog.classes(Gio.ListModel), [])
        self.assertIn('org.example.A', self.catalog)
        self.assertNotIn('org.example.C', self.catalog)
        self.assertIsNone(self.catalog.dup_class('org.example.C'))

    def test_problems(self):
        """D9: what is broken is told with file and line"""
        self.add('org.example.A', 'Distance=far\n')
        problem, = self.catalog.dup_problems()
        self.assertEqual(problem.get_kind(), Convoke.CatalogProblemKind.BROKEN)
        self.assertEqual(problem.get_path(), os.path.join(self.path, 'org.example.A.component'))
        self.assertEqual(problem.get_line(), 5)
        self.assertIn('Distance=far', problem.get_message())

    def test_told(self):
        """D9: what changes is told in the main context"""
        told = []
        loop = GLib.MainLoop()
        self.assertEqual(len(self.catalog), 0)
        self.catalog.connect('items-changed', lambda catalog, *range: told.append(range))
        self.catalog.connect('class-added', lambda catalog, info: (told.append(info.props.class_name), loop.quit()))
        self.add('org.example.A')
        late = GLib.timeout_add_seconds(int(SECONDS), loop.quit)
        loop.run()
        GLib.source_remove(late)
        self.assertEqual(told, [(0, 0, 1), 'org.example.A'])

    def test_enabled(self):
        """A class that the user disabled is not activated; the property says so, and says when that changes"""
        self.add('org.example.A')
        self.catalog.set_program('org.example.Program')
        info = self.catalog.dup_class('org.example.A')
        told = []
        info.connect('notify::enabled', lambda info, pspec: told.append(info.props.enabled))
        self.catalog.set_enabled('org.example.A', False)
        self.assertEqual(told, [False])
        self.assertError(Convoke.Error.ACCESS_DENIED, Convoke.activate, 'org.example.A', catalog=self.catalog)
        self.assertEqual(os.listdir(os.path.join(CONFIG, 'convoke-1')), ['org.example.Program.conf'])


if __name__ == '__main__':
    try:
        tap.main()
    finally:
        shutil.rmtree(CONFIG)
