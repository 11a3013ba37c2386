/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The host of components that are C modules. The library starts it, with a
 * socket as descriptor 3; its argument, the name of what it is for, is for
 * those who look at the list of processes.
 */

#include <convoke.h>

#include <stdlib.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;

  convoke_host_run (3, &error);
  g_printerr ("%s: %s\n", argv[0], error->message);

  return EXIT_FAILURE;
}
