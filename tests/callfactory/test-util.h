/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A thread that reports and is told, so that tests can force an order. */

#include <poll.h>

#include <glib.h>

/* A count that others wait for. */
typedef struct
{
  GMutex lock;
  GCond  changed;
  guint  n;       /* LOCK: lock */
} Count;

static inline void
count_add (Count *count)
{
  g_mutex_lock (&count->lock);
  count->n++;
  g_cond_broadcast (&count->changed);
  g_mutex_unlock (&count->lock);
}

static inline guint
count_get (Count *count)
{
  guint n;

  g_mutex_lock (&count->lock);
  n = count->n;
  g_mutex_unlock (&count->lock);

  return n;
}

/* FALSE: not within half a minute. */
static inline gboolean
count_wait (Count *count,
            guint  n)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  gboolean in_time = TRUE;

  g_mutex_lock (&count->lock);
  while (count->n < n && in_time)
    in_time = g_cond_wait_until (&count->changed, &count->lock, deadline);
  in_time = count->n >= n;
  g_mutex_unlock (&count->lock);

  return in_time;
}

static inline gboolean
is_readable (int fd)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };

  return poll (&poll_fd, 1, 0) == 1 && (poll_fd.revents & POLLIN) != 0;
}
