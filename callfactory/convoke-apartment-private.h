/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where tasks run. A task is something that must run inside one apartment:
 * a call, a trampoline, the release of a reference.
 */

#include "convoke-apartment.h"
#include "convoke-pool-private.h"
#include "convoke-thread-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeTask ConvokeTask;
typedef struct _ConvokeCallFilter ConvokeCallFilter;

typedef struct
{
  void (*run)  (ConvokeTask *self);
  void (*drop) (ConvokeTask *self, GError *error);  /* it will never run; takes @error */
  char *(*describe_caller) (ConvokeTask *self);     /* (nullable): who waits for it; NULL: this thread */
} ConvokeTaskFuncs;

/* Embedded in what is to run. */
struct _ConvokeTask
{
  union
  {
    ConvokeTask          *next;       /* LOCK: the apartment's */
    ConvokeWorkLink       link;       /* ANY: the pool's */
    gsize                 ticket;     /* remote: the carrier's */
  };
  const ConvokeTaskFuncs *funcs;
  guint64                 chain : 63;
  guint64                 begun : 1;  /* nobody's stack waits in the call itself */
};

/* Queues @task, or fails with DEADLOCK when its only thread waits for it without serving. On failure the task is untouched. */
gboolean convoke_apartment_post (ConvokeApartment *self, ConvokeTask *task, GError **error);

/* The same for a begun call that may start before those that wait in order. */
gboolean convoke_apartment_post_loose (ConvokeApartment *self, ConvokeTask *task, GError **error);

/* Takes @task out again; FALSE when it started or was never queued here. */
gboolean convoke_apartment_withdraw (ConvokeApartment *self, ConvokeTask *task);

/* Takes those tasks out that have not started and that @match says; a list through next, in their order. @match runs under the lock. */
ConvokeTask *convoke_apartment_take_tasks (ConvokeApartment *self, gboolean (*match) (ConvokeTask *task, gpointer data), gpointer data);

/* When the calling thread may run the apartment's code here and now: TRUE, and it is inside until leave. */
gboolean convoke_apartment_try_enter (ConvokeApartment *self, ConvokeHold *hold);
void     convoke_apartment_leave     (ConvokeApartment *self, ConvokeHold *hold);
/* The same for what must not pass anything that is queued. */
gboolean convoke_apartment_try_enter_in_order (ConvokeApartment *self, ConvokeHold *hold);

/* --- for the wait --- */

/* The apartment of the thread's own main context, if it has one and the thread may iterate it: entered. */
gboolean convoke_apartment_enter_own_context (ConvokeHold *hold);
void     convoke_apartment_leave_own_context (ConvokeHold *hold);
/* Runs one task that @wait allows, of any apartment that the thread holds. FALSE: there was none. */
gboolean convoke_apartment_serve (ConvokeThread *thread, const ConvokeWait *wait);
/* Fails the synchronous calls that only this thread could serve and that @wait refuses to. */
void     convoke_apartment_refuse (ConvokeThread *thread, const ConvokeWait *wait);

/* Drops a reference to @object where the object lives. Takes the reference. */
void     convoke_apartment_release (ConvokeApartment *self, gpointer object);

/* --- who is asked before a call starts (convoke-call-filter.c) --- */

/* One load at rest. */
gboolean convoke_apartment_has_filter (ConvokeApartment *self);
/* (transfer full) (nullable) */
ConvokeCallFilter *convoke_apartment_dup_filter  (ConvokeApartment *self);
/* Takes @filter; gives the one before. */
ConvokeCallFilter *convoke_apartment_swap_filter (ConvokeApartment *self, ConvokeCallFilter *filter);

/* Words for an error: "main context", "serial apartment", ... and why a queued call has not started. */
char    *convoke_apartment_describe (ConvokeApartment *self);

G_END_DECLS
