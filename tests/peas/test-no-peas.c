/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib.h>

static void
test_missing (void)
{
  g_test_summary ("Plug-ins for libpeas run");

  g_test_skip ("libpeas 1 was not there when this was built");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/peas/missing", test_missing);

  return g_test_run ();
}
