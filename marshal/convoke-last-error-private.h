/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Why a call that cannot fail failed (design D15): one error for each thread, as errno is. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint    n_errors;  /* atomic; lets a call that succeeds pass without the lock */
  GMutex  lock;
  GQueue  errors;    /* LOCK: lock; owned entries, newest first */
} ConvokeLastError;

void    convoke_last_error_init  (ConvokeLastError *self);
void    convoke_last_error_wipe  (ConvokeLastError *self);

/* At the start of a call: the calling thread has no error any more. */
void    convoke_last_error_reset (ConvokeLastError *self);
/* Takes @error. */
void    convoke_last_error_take  (ConvokeLastError *self, GError *error);
/* The calling thread's, or NULL. */
GError *convoke_last_error_dup   (ConvokeLastError *self);

G_END_DECLS
