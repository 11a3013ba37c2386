/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The library's I/O thread: it watches descriptors that nobody else reads. Processes that were forked off do not use it. */

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

typedef struct _ConvokeWatch ConvokeWatch;

/* Embedded in what is watched. */
struct _ConvokeWatch
{
  void   (*ready) (ConvokeWatch *self, guint events);  /* on the I/O thread, without a lock; disarmed */
  void   (*hold)  (ConvokeWatch *self);                /* a reference for the time of ready; with the reactor's lock held */
  void   (*drop)  (ConvokeWatch *self);
  int      fd;
  guint64  id;                                         /* LOCK: the reactor's; 0: not added */
};

/* The thread exists while anything is added, and a little longer. */
gboolean convoke_reactor_add    (ConvokeWatch *self, GError **error);
/* For one event: EPOLLIN, EPOLLOUT; EPOLLHUP and EPOLLERR come always. 0: for none. */
void     convoke_reactor_arm    (ConvokeWatch *self, guint events);
/* Before the descriptor is closed. No ready begins any more; one can still be running. */
void     convoke_reactor_remove (ConvokeWatch *self);

/*
 * What runs on the I/O thread may take long only as numbered work: while it
 * waits, or when somebody finds that it has taken long, another thread becomes
 * the I/O thread and this one goes once ready has returned.
 */
guint    convoke_reactor_begin_work (void);  /* 0: the caller is not the I/O thread, and end is not due */
void     convoke_reactor_end_work   (guint work);
void     convoke_reactor_relieve    (guint work);

G_END_DECLS
