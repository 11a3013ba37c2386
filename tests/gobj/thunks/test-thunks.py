# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-thunks.py SOURCE-ROOT COMPILER

The table of thunks for each processor that has one: what is in every entry, that it carries its notes, and, where the
processor or an emulator is at hand, that each leads where it should.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(sys.argv[1])
sys.path.insert(0, os.path.join(ROOT, 'tests', 'examples'))
import tap

SOURCE = os.path.join(ROOT, 'gobj', 'convoke-thunks.S')
PROGRAM = os.path.join(ROOT, 'tests', 'gobj', 'thunks', 'run-thunks.c')
N_PARTS, N_SLOTS, SIZE, PARTS = 16, 64, 32, 24


def offset(text):
    """A displacement as objdump writes it; nothing is zero."""
    return int(text, 0) if text else 0


def x86_64(part, slot):
    displacement = r'(-?0x[0-9a-f]+)?'
    return [
        (r'endbr64', []),
        (r'mov +%s\(%%rdi\),%%rax' % displacement, [PARTS]),
        (r'mov +%s\(%%rax\),%%r11' % displacement, [16 * part + 8]),
        (r'mov +%s\(%%rax\),%%rdi' % displacement, [16 * part]),
        (r'jmp +\*%s\(%%r11\)' % displacement, [8 * slot]),
    ]


def aarch64(part, slot):
    displacement = r'(?:, #(\d+))?'
    return [
        (r'bti\s+c|hint\s+#0x22', []),
        (r'ldr\s+x16, \[x0%s\]' % displacement, [PARTS]),
        (r'ldr\s+x17, \[x16%s\]' % displacement, [16 * part + 8]),
        (r'ldr\s+x0, \[x16%s\]' % displacement, [16 * part]),
        (r'ldr\s+x16, \[x17%s\]' % displacement, [8 * slot]),
        (r'br\s+x16', []),
    ]


class Target:
    def __init__(self, name, compiler, prefix, expected, emulator, notes):
        self.name, self.compiler, self.prefix = name, compiler, prefix
        self.expected, self.emulator, self.notes = expected, emulator, notes

    def need(self):
        if shutil.which(self.compiler) is None:
            raise tap.Skip(f'there is no {self.compiler}')

    def run(self, *words):
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    def assemble(self, directory):
        self.need()
        path = os.path.join(directory, self.name + '.o')
        self.run(self.compiler, '-c', SOURCE, '-o', path)
        return path

    def disassemble(self):
        with tempfile.TemporaryDirectory() as directory:
            text = self.run(self.prefix + 'objdump', '-d', '--no-show-raw-insn', self.assemble(directory))
        return {int(address, 16): re.sub(r'\s*(//| # ).*', '', what).strip()
                for address, what in re.findall(r'^\s*([0-9a-f]+):\s+(.*)$', text, re.M)}

    def check_entries(self):
        lines = self.disassemble()
        for index in range(N_PARTS * N_SLOTS):
            part, slot = divmod(index, N_SLOTS)
            entry = [lines[address] for address in range(index * SIZE, (index + 1) * SIZE) if address in lines]
            for (pattern, numbers), line in zip(self.expected(part, slot), entry):
                match = re.fullmatch(pattern, line)
                assert match, f'part {part}, slot {slot}: {line!r} is not {pattern!r}'
                tap.equal([offset(number) for number in match.groups()], numbers)
            assert len(entry) >= len(self.expected(part, slot)), f'part {part}, slot {slot}: {entry}'

    def check_size(self):
        with tempfile.TemporaryDirectory() as directory:
            text = self.run(self.prefix + 'readelf', '-sW', self.assemble(directory))
        size, visibility = re.search(r'\s(\d+)\s+FUNC\s+GLOBAL\s+(\w+)\s+\d+ convoke_thunks_table', text).groups()
        tap.equal(int(size), N_PARTS * N_SLOTS * SIZE)
        tap.equal(visibility, 'HIDDEN')

    def check_notes(self):
        with tempfile.TemporaryDirectory() as directory:
            path = self.assemble(directory)
            sections = self.run(self.prefix + 'readelf', '-SW', path)
            notes = self.run(self.prefix + 'readelf', '-nW', path)
            frames = self.run(self.prefix + 'readelf', '--debug-dump=frames', path)
        stack = next(line for line in sections.splitlines() if '.note.GNU-stack' in line)
        assert ' X ' not in stack and 'AX' not in stack, stack
        for note in self.notes:
            assert note in notes, f'{note} is not in {notes}'
        assert re.search(r'FDE .*pc=0+\.\.0*%x' % (N_PARTS * N_SLOTS * SIZE), frames), frames

    def has_libc(self, directory):
        source = os.path.join(directory, 'empty.c')
        with open(source, 'w') as file:
            file.write('#include <stdio.h>\nint main (void) { return 0; }\n')
        return subprocess.run([self.compiler, '-static', '-o', source[:-2], source], capture_output=True).returncode == 0

    def check_run(self):
        self.need()
        here = platform.machine() == self.name
        if not here and shutil.which(self.emulator) is None:
            raise tap.Skip(f'there is no {self.emulator}')
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, 'run-thunks')
            if not here and not self.has_libc(directory):
                raise tap.Skip(f'{self.compiler} has no libc to link')
            self.run(self.compiler, *([] if here else ['-static']), '-o', path, PROGRAM, SOURCE)
            words = [path] if here else [self.emulator, path]
            tap.equal(self.run(*words).strip(), '1024 of 1024 thunks lead where they should')


def compiler_for(machine):
    return sys.argv[2] if platform.machine() == machine else f'{machine}-linux-gnu-gcc'


def prefix_for(machine):
    return '' if platform.machine() == machine else f'{machine}-linux-gnu-'


targets = [
    Target('x86_64', compiler_for('x86_64'), prefix_for('x86_64'), x86_64, 'qemu-x86_64', ['IBT', 'SHSTK']),
    Target('aarch64', compiler_for('aarch64'), prefix_for('aarch64'), aarch64, 'qemu-aarch64', ['BTI', 'PAC']),
]
plan = tap.Plan()
for target in targets:
    plan.add(f'/gobj/thunks/{target.name}/entries', 'Each entry takes its part and its slot, and nothing else',
             target.check_entries)
    plan.add(f'/gobj/thunks/{target.name}/size', 'The table has the size that the library reckons with, and is hidden',
             target.check_size)
    plan.add(f'/gobj/thunks/{target.name}/notes', 'No executable stack, landing pads, and unwinding over the whole table',
             target.check_notes)
    plan.add(f'/gobj/thunks/{target.name}/run', 'Arguments in registers and on the stack pass each thunk',
             target.check_run)
plan.run()
