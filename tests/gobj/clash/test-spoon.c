/* SPDX-License-Identifier: LGPL-2.1-or-later */

__attribute__ ((visibility ("default"))) unsigned long test_spoon (void);

unsigned long
test_spoon (void)
{
  return 1;
}
