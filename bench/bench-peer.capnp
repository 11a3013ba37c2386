# SPDX-License-Identifier: LGPL-2.1-or-later
@0x8607162bb03450b3;

interface BenchPeer {
  add @0 (number :Int32, text :Text) -> (sum :Int32);
}
