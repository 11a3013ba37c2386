# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess
import sys
import tempfile

import tap
from convoke_case import Case, Convoke, ConvokeTest, SECONDS

DISTANCES = 'in-process', 'thread', 'process'
CLASS = 'org.example.Kettle'
PriceFeed = ConvokeTest.PriceFeed

BEGIN = '''
import gi
gi.require_version('ConvokeTest', '1')
from gi.repository import ConvokeTest, GObject
'''
FEED = '''
class Kettle(GObject.Object, ConvokeTest.PriceFeed):
    currency = GObject.Property(type=str)
'''


class Loading(Case):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, source, module='kettle', more=''):
        """The module, which no earlier test has loaded, and a keyfile for its class."""
        module = '%s_%s' % (module, self._testMethodName)
        with open(os.path.join(self.folder.name, module + '.py'), 'w') as file:
            file.write(BEGIN + source)
        with open(os.path.join(self.folder.name, CLASS + '.component'), 'w') as file:
            file.write('[Component]\nInterfaces=ConvokeTest-1.PriceFeed\nLoader=python\nModule=%s\nType=Kettle\n%s\n'
                       % (module, more))

    def activate(self, **wishes):
        catalog = Convoke.Catalog.new([self.folder.name])
        return Convoke.activate(CLASS, PriceFeed, catalog=catalog, timeout=SECONDS, **wishes)

    def assertFails(self, code, *words):
        """The same at every distance."""
        for distance in DISTANCES:
            with self.subTest(distance=distance):
                error = self.assertError(code, self.activate, distance=distance, placement='must')
                for word in words:
                    self.assertIn(word, error.message)

    def test_no_interface(self):
        """A class without the interface is NO_INTERFACE at every distance"""
        self.write('class Kettle(GObject.Object): pass')
        self.assertFails(Convoke.Error.NO_INTERFACE, 'Kettle does not implement ConvokeTest')

    def test_no_class(self):
        """A module without the class is CLASS_NOT_AVAILABLE"""
        self.write('class Pot(GObject.Object): pass')
        self.assertFails(Convoke.Error.CLASS_NOT_AVAILABLE, 'has no class “Kettle”')

    def test_no_object(self):
        """What is no class of objects is CLASS_NOT_AVAILABLE"""
        self.write('class Kettle: pass')
        self.assertFails(Convoke.Error.CLASS_NOT_AVAILABLE, 'is no class derived from GObject.Object')

    def test_import(self):
        """A module that imports what is not there is FAILED, with the exception and the line that raised it"""
        self.write('import there_is_no_such_module')
        self.assertFails(Convoke.Error.FAILED, "ModuleNotFoundError: No module named 'there_is_no_such_module'",
                         'kettle_test_import.py", line 5')

    def test_import_text(self):
        """Of where it was raised only the component's own lines are told"""
        self.write('import there_is_no_such_module')
        error = self.assertError(Convoke.Error.FAILED, self.activate)
        self.assertNotIn('importlib', error.message)

    def test_init(self):
        """An exception of __init__ is FAILED, with its text and its line"""
        self.write(FEED + '    def __init__(self):\n        raise RuntimeError("no water")')
        self.assertFails(Convoke.Error.FAILED, 'RuntimeError: no water', 'in __init__')

    def test_missing(self):
        """A module that is not there is NOT_FOUND"""
        self.write('')
        os.remove(os.path.join(self.folder.name, 'kettle_test_missing.py'))
        self.assertFails(Convoke.Error.NOT_FOUND, 'There is no Python module “kettle_test_missing”')

    def test_name_taken(self):
        """A name of a type that is taken is ALREADY_REGISTERED, with the name"""
        self.write('class Pot(GObject.Object):\n    __gtype_name__ = "TestKettleTaken"\n' +
                   FEED + '    __gtype_name__ = "TestKettleTaken"\n')
        self.assertFails(Convoke.Error.ALREADY_REGISTERED, "cannot register existing type 'TestKettleTaken'")

    def test_apart(self):
        """A typelib that this program has loaded keeps the other version's component out, though no library is open yet"""
        self.write(FEED, more='Requires=TestTea-1;')
        program = '''if True:
            import gi
            gi.require_version('Convoke', '1')
            gi.require_version('ConvokeTest', '1')
            from gi.repository import Convoke, ConvokeTest
            gi.Repository.get_default().require('TestTea', '2', 0)
            catalog = Convoke.Catalog.new([%r])
            feed = Convoke.activate(%r, ConvokeTest.PriceFeed, catalog=catalog, timeout=%r)
            print(Convoke.dup_placement(feed)['distance'], Convoke.dup_placement(feed)['why'])
        ''' % (self.folder.name, CLASS, SECONDS)
        clash = os.path.join(os.environ['G_TEST_BUILDDIR'], 'gobj', 'clash')
        environment = dict(os.environ, GI_TYPELIB_PATH=clash + ':' + os.environ['GI_TYPELIB_PATH'])
        done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True, timeout=SECONDS, env=environment)
        self.assertEqual(done.stderr, '')
        self.assertEqual(done.stdout, 'process The distance in-process cannot be had: it needs TestTea 1, and this process has TestTea 2\n')


if __name__ == '__main__':
    tap.main()
