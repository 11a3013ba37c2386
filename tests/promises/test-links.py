#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every page is made, and reached from the first one; what a page points at is there.

usage: test-links.py SOURCE-ROOT
"""

import pathlib
import re
import sys

# A link or a picture, in Markdown or in HTML, but for those to other sites and to symbols.
LINK = re.compile(r'\]\((?!https?:)([^)#]+)|src="([^"]+)"')


def links(page):
    return [first or second for first, second in LINK.findall(page.read_text(encoding='utf-8'))]


def broken_links(pages):
    """Of pages that are read where they are."""
    return [f'{page}: {link}' for page in pages for link in links(page) if not (page.parent / link).exists()]


def broken_made_links(pages):
    """Of pages that are read as HTML, all in one folder."""
    made = {page.stem + '.html' for page in pages}
    return [f'{page}: {link}' for page in pages for link in links(page)
            if link not in made and not (page.parent / 'images' / link).exists()]


def missing_in(text, pages):
    return [page.name for page in pages if page.name not in text]


def tell(number, name, wrong):
    print(f'{"not ok" if wrong else "ok"} {number} {name}')
    for line in wrong:
        print('#', line)
    return not wrong


def main(root):
    root = pathlib.Path(root)
    docs = sorted((root / 'docs').glob('*.md'))
    read_here = [root / 'README.md', root / 'CONTRIBUTING.md', root / 'callfactory/README.md', *sorted(root.glob('examples/*/README.md'))]
    overview = root / 'docs/overview.md'
    claims = [
        ('what the pages of the repository point at is there', broken_links(read_here)),
        ('what the pages of docs point at is there', broken_made_links(docs)),
        ('every page of docs is made', missing_in((root / 'docs/convoke.toml.in').read_text(encoding='utf-8'), docs)),
        ('a change of any page makes the pages anew',
         missing_in((root / 'docs/meson.build').read_text(encoding='utf-8'), docs)),
        ('README names every page of docs', missing_in(' '.join(links(root / 'README.md')), docs)),
        ('the overview names every page of docs',
         [page.name for page in docs if page != overview and page.stem + '.html' not in links(overview)]),
    ]
    print(f'1..{len(claims)}')
    return 0 if all([tell(number, *claim) for number, claim in enumerate(claims, 1)]) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
