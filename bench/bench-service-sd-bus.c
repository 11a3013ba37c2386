/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sd-bus peer as a program of its own, which does nothing else. */

#include <sys/socket.h>

#include "bench-call-process.h"
#include "bench-process.h"

/* A client that can only connect to a path leaves a listening socket instead. */
static int
get_connection (int fd)
{
  int listening = 0;
  socklen_t size = sizeof listening;

  getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);

  return listening ? accept (fd, NULL, NULL) : fd;
}

int
main (void)
{
  bench_sd_bus_serve (get_connection (BENCH_PROCESS_FD));

  return 0;
}
