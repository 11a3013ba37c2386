/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Descriptors of the program's own that something waits for, all on one library thread. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeFdWatch ConvokeFdWatch;

/* Embedded in what waits. */
struct _ConvokeFdWatch
{
  void           (*ready) (ConvokeFdWatch *self, gboolean open);  /* once; on the library's thread, without a lock; short.
                                                                     Not @open: the descriptor was closed meanwhile. */
  void           (*hold)  (ConvokeFdWatch *self);                 /* a reference for the time of ready; with a lock held */
  void           (*drop)  (ConvokeFdWatch *self);
  int              fd;
  GIOCondition     condition;                                     /* G_IO_ERR and G_IO_HUP come always */
  gboolean         added;                                         /* LOCK: the thread's */
  ConvokeFdWatch  *next;                                          /* LOCK: the thread's */
};

/* Any number for one descriptor. Fails with INVALID_ARGUMENT, OUT_OF_RESOURCES, FORKED. */
gboolean convoke_fd_watch_add      (ConvokeFdWatch *self, GError **error);
/* No ready begins any more; one can still be running. Also of one that was not added, or was ready. */
void     convoke_fd_watch_remove   (ConvokeFdWatch *self);

/* For tests. */
gboolean convoke_fd_watch_has_thread    (void);
void     convoke_fd_watch_set_idle_time (gint64 time);

G_END_DECLS
