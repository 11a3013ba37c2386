/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The server as a program, for tests that are no C programs. Prints its port, and ends when its standard input does. Lines
 * there are commands, and each is answered by a line: "release NAME N", "connections", "requests", "open",
 * "wait-requests N", "wait-open N", "tls CERTIFICATE".
 */

#include "test-http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static guint
number (char **words,
        guint  i)
{
  return g_strv_length (words) > i ? g_ascii_strtoull (words[i], NULL, 10) : 0;
}

static guint
release (TestHttp  *server,
         char     **words)
{
  test_http_release (server, words[1] != NULL ? words[1] : "", number (words, 2));
  return number (words, 2);
}

static guint
obey (TestHttp  *server,
      char     **words)
{
  const char *command = words[0] != NULL ? words[0] : "";

  if (g_str_equal (command, "release"))
    return release (server, words);
  if (g_str_equal (command, "connections"))
    return test_http_get_n_connections (server);
  if (g_str_equal (command, "requests"))
    return test_http_get_n_requests (server);
  if (g_str_equal (command, "open"))
    return test_http_get_n_open (server);
  if (g_str_equal (command, "wait-requests"))
    return test_http_wait_requests (server, number (words, 1));
  if (g_str_equal (command, "wait-open"))
    return test_http_wait_open (server, number (words, 1));
  if (g_str_equal (command, "tls") && words[1] != NULL)
    return test_http_start_tls (server, words[1]);
  return 0;
}

static void
say (guint n)
{
  printf ("%u\n", n);
  fflush (stdout);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (TestHttp) server = test_http_new ();
  char line[256];

  say (test_http_get_port (server));
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);

      say (obey (server, words));
    }

  return EXIT_SUCCESS;
}
