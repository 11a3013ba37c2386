/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The library's thread for children. It starts them, because the kernel ties
 * the signal that a child gets when its parent dies to the thread that made
 * the child; and it watches one descriptor of each. It exists while there are
 * children.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeNurseling ConvokeNurseling;

struct _ConvokeNurseling
{
  int        fd;                               /* LOCK: the nursery's; -1: nothing to watch */
  /* @fd is readable, or at its end. Under the nursery's lock: must not block. FALSE: it has left; @self can be gone. */
  gboolean (*ready) (ConvokeNurseling *self);  /* LOCK: the nursery's */
};

typedef gboolean (*ConvokeNurseryFunc) (gpointer data, GError **error);

/* Runs @start on the thread and waits for it. TRUE: @self is watched, and keeps the thread, until it leaves. */
gboolean convoke_nursery_enter  (ConvokeNurseling *self, ConvokeNurseryFunc start, gpointer data, GError **error);
/* Idempotent. */
void     convoke_nursery_leave  (ConvokeNurseling *self);
void     convoke_nursery_lock   (void);
void     convoke_nursery_unlock (void);
/* @self watches another descriptor from now on. */
void     convoke_nursery_change (ConvokeNurseling *self, int fd, gboolean (*ready) (ConvokeNurseling *self));

G_END_DECLS
