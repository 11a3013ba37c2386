/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The threads that run calls and work items. */

#include <glib.h>

G_BEGIN_DECLS

typedef void (*ConvokeWorkFunc) (gpointer data);

/* Runs @func once on a worker; in a forked child nothing runs. First in, first started. No allocation at rest; wakes after unlocking. */
void     convoke_pool_push (ConvokeWorkFunc func, gpointer data);

/* The same for an item that has room for a link: however many are queued, they cost no memory. @func gets the link.
 * The link's address is even, as is @data above. */
typedef struct _ConvokeWorkLink ConvokeWorkLink;

struct _ConvokeWorkLink
{
  ConvokeWorkLink *next;
};

void     convoke_pool_push_link (ConvokeWorkFunc func, ConvokeWorkLink *link);

/*
 * The pool of all that is above, and others. A pool stays for ever. Each of its threads, named @name, a constant, first
 * runs @prepare; at most @limit are busy.
 */
typedef struct _ConvokePool ConvokePool;

ConvokePool *convoke_pool_get_default (void);
ConvokePool *convoke_pool_new         (const char      *name,
                                       guint            limit,
                                       ConvokeWorkFunc  prepare,
                                       gpointer         data);

/* Items of a positive @priority start before, those of a negative one after all others; among themselves in order. */
void         convoke_pool_push_to     (ConvokePool     *self,
                                       int              priority,
                                       ConvokeWorkFunc  func,
                                       gpointer         data);

/* TRUE on a thread of any pool. */
gboolean     convoke_pool_is_worker   (void);

/* Around a wait inside Convoke: the worker does not count against the limit meanwhile. No-ops off the pool. */
void     convoke_pool_wait_enter (void);
void     convoke_pool_wait_leave (void);

/* TRUE when every worker that the limit allows is busy and work is queued. */
gboolean convoke_pool_is_full (guint *n_busy);

guint    convoke_pool_get_limit (void);
void     convoke_pool_set_limit (guint limit);

/* For tests: the threads that exist, and how long one stays parked (microseconds; for those that park from now on). */
guint    convoke_pool_get_n_threads (void);
void     convoke_pool_set_idle_time (gint64 time);

G_END_DECLS
