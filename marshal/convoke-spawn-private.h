/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Making a process, with nothing of ours in it but three descriptors.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char * const *argv;    /* the first one is a path */
  const char * const *envp;
  int                 null_fd; /* its stdin and stdout */
  int                 err_fd;  /* its stderr */
  int                 socket;  /* its 3 */
  GPid                pid;     /* (out) */
  int                 pidfd;   /* (out) (transfer full), cloexec; -1: this system has none, or it has ended and is nobody's any more */
} ConvokeSpawn;

/* The descriptors stay the caller's and must be greater than 9. The child is killed when the calling thread ends. Fails with SERVER_EXEC_FAILURE. */
gboolean convoke_spawn (ConvokeSpawn *self, GError **error);

G_END_DECLS
