/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the library knows about one thread: the call that it serves, the
 * apartments that it is inside of, the wait that it is in, and the cancel
 * objects of its synchronous calls.
 */

#include "convoke-cancel-method-calls.h"
#include "convoke-engine-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeThread ConvokeThread;
typedef struct _ConvokeHold ConvokeHold;
typedef struct _ConvokeWait ConvokeWait;
typedef struct _ConvokeWaitGroup ConvokeWaitGroup;
typedef struct _ConvokeImpersonation ConvokeImpersonation;

/* One apartment that a thread is inside of; lives on that thread's stack. */
struct _ConvokeHold
{
  ConvokeHold      *outer;
  ConvokeApartment *apartment;
  gboolean          taken;      /* this hold made the thread the apartment's holder */
};

/* One wait that a thread is in; lives on that thread's stack. */
struct _ConvokeWait
{
  ConvokeWait      *outer;
  ConvokeEventCore *core;
  guint64           chain;         /* the waiting thread's own chain, or 0 */
  const guint64    *waited_chains; /* (borrowed) of the calls that it waits for, or 0 */
  guint             n_waited_chains;
  ConvokeApartment *remote;        /* (borrowed) (nullable) of a call that it waits for, in another process */
  ConvokeWaitGroup *group;         /* (borrowed) (nullable) it waits for several objects */
  ConvokeWaitFlags  flags;
};

/* What a thread serves. */
typedef struct
{
  guint64             chain;       /* of the call that it serves, or 0 */
  ConvokeRecord      *call;        /* (borrowed) that call, or NULL */
  gpointer            context;     /* (borrowed) the ConvokeCallContext switched in by hand, or NULL */
  ConvokeImpersonation *impersonation; /* (owned) suspended, or NULL */
} ConvokeServing;

struct _ConvokeThread
{
  /* Only the thread itself: */
  guint64             chain;       /* of the call that it serves, or 0 */
  ConvokeRecord      *serving;     /* (borrowed) that call, or NULL */
  ConvokeHold        *holds;       /* innermost first */
  gpointer            context;     /* (borrowed) the ConvokeCallContext switched in by hand while it serves that, or NULL */
  ConvokeImpersonation *impersonation; /* (owned) it acts for the caller of what it serves; or NULL */
  void              (*before_wait) (gpointer data);  /* (nullable) it runs something from within a duty that must not wait */
  gpointer            before_wait_data;

  gpointer            spare;       /* (owned) (nullable) memory for the record of its next call */

  guint64             id;          /* constant */
  gboolean            is_main;     /* constant; the first thread of the process */
  gint                cancellation; /* atomic; times enabled minus times disabled; others only read it */
  gint                ref_count;   /* atomic; the thread and whoever looked it up */

  GMutex              lock;
  ConvokeWait        *wait;        /* LOCK: lock; innermost first */
  GPtrArray          *cancel_objects; /* LOCK: lock; (nullable) (owned); the last is the innermost call's */
};

ConvokeThread *convoke_thread_self   (void);

/* Around everything that is run for others; @outer keeps what the thread was at. */
void           convoke_thread_begin_serving (ConvokeThread *self, ConvokeRecord *call, guint64 chain, ConvokeServing *outer);
void           convoke_thread_end_serving   (ConvokeThread *self, const ConvokeServing *outer);

/* (nullable) (transfer full): only threads that ever enabled cancellation or had a cancel object are known. */
ConvokeThread *convoke_thread_lookup (guint64 id);
void           convoke_thread_make_known (ConvokeThread *self);
void           convoke_thread_unref  (ConvokeThread *self);

void           convoke_thread_push_cancel_object (ConvokeThread *self, ConvokeCancelMethodCalls *object);
/* TRUE when there was one. */
gboolean       convoke_thread_pop_cancel_object  (ConvokeThread *self);

guint64        convoke_chain_new (void);

G_END_DECLS
