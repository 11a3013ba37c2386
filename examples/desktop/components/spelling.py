# SPDX-License-Identifier: LGPL-2.1-or-later
"""A slow plug-in in Python: marks words that are often misspelt. It tells how far it is, and stops when it is asked to."""

import re
import time

import gi
gi.require_version('Convoke', '1')
gi.require_version('Viewer', '1')
from gi.repository import Convoke, GObject, Viewer

# As slow as if each word were looked up somewhere.
PER_WORD = 0.02

RIGHT = {
    'accross': 'across', 'becuase': 'because', 'beleive': 'believe', 'definately': 'definitely', 'embarass': 'embarrass',
    'occured': 'occurred', 'programm': 'program', 'recieve': 'receive', 'seperate': 'separate', 'teh': 'the',
    'untill': 'until', 'wich': 'which', 'wierd': 'weird',
}


class Spelling(GObject.Object, Viewer.Plugin):
    __gtype_name__ = 'Spelling'

    def do_run(self, document):
        call = Convoke.CallContext.dup_current()
        cancellable = call.dup_cancellable()
        words = list(re.finditer(r'\w+', document.get_text()))
        wrong = []
        document.mark(0, 0)
        for number, word in enumerate(words, 1):
            cancellable.set_error_if_cancelled()
            time.sleep(PER_WORD)
            if word[0].lower() in RIGHT:
                document.mark(word.start(), len(word[0]))
                wrong.append(f'{word[0]} → {RIGHT[word[0].lower()]}')
            call.report_fraction(number / len(words))
            call.report_status(f'{number} of {len(words)} words')
        return f'{len(wrong)} of {len(words)} words are misspelt' + ''.join('\n' + entry for entry in wrong)
