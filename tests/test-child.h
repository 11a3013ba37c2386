/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <unistd.h>

/* Ends a child made by fork (). By exec, because a leak checker that looked at a child which exits
 * would find all that the threads held which it does not have. */
static inline void G_GNUC_NORETURN
test_child_end (gboolean good)
{
  const char *program = good ? "/bin/true" : "/bin/false";

  execl (program, program, NULL);
  _exit (127);
}
