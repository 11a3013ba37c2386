/* SPDX-License-Identifier: LGPL-2.1-or-later */

#define EXPORT __attribute__ ((visibility ("default")))

/* Links another one. */
#ifndef TEA
#define TEA test_tea
#endif

extern unsigned long TEA (void);
EXPORT unsigned long test_biscuit (void);

unsigned long
test_biscuit (void)
{
  return TEA ();
}
