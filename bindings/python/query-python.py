# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tells meson, one per line: version, library, program, and the folder for overrides below a prefix."""

import os
import site
import sys
import sysconfig

import gi


def overrides_folder(prefix):
    """The folder that this Python looks into, if one lies below the prefix."""
    own = os.path.dirname(gi.__path__[0])
    for packages in [own] + site.getsitepackages():
        if packages.startswith(os.path.join(prefix, '')):
            return os.path.join(packages, 'gi', 'overrides')
    return os.path.join(prefix, 'lib', 'python%d.%d' % sys.version_info[:2], 'site-packages', 'gi', 'overrides')


print('%d.%d' % sys.version_info[:2])
print(sysconfig.get_config_var('INSTSONAME'))
print(sys.executable)
print(overrides_folder(sys.argv[1]))
