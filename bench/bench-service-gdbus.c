/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The GDBus peer as a program of its own, which does nothing else. */

#include "bench-call-process.h"
#include "bench-process.h"

int
main (void)
{
  bench_gdbus_serve (BENCH_PROCESS_FD);

  return 0;
}
