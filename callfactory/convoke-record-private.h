/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A record is one begun call: the one state machine of the library. See the
 * opening comment of convoke-engine.c.
 */

#include "convoke-apartment-private.h"
#include "convoke-call-context.h"
#include "convoke-pipe-private.h"
#include "convoke-server-call.h"
#include "convoke-server-security.h"
#include "convoke-timer-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeView ConvokeView;
typedef struct _ConvokeRecordExtra ConvokeRecordExtra;
typedef struct _ConvokeSubscription ConvokeSubscription;

/* Who calls; -1: unknown. */
typedef struct
{
  gint64 uid;
  gint64 gid;
  gint64 pid;
} ConvokeCaller;

/* What a view has beyond the event. The last two are called without a lock, on the thread where it happens, with what
 * hold gave. */
typedef struct
{
  gpointer (*hold)      (ConvokeView *view, ConvokeRecord *record);  /* under the record's lock: takes what the others need, or NULL: nothing to tell */
  void     (*completed) (gpointer held);      /* frees held */
  void     (*progress)  (gpointer held);      /* frees held */
  void     (*sent)      (gpointer held, gboolean sent);  /* (nullable) where nobody asks for it: the request has left, or will not; frees held */
  /* For views that live as long as their record, and NULL for the others: */
  char         *(*describe)         (ConvokeView *view);  /* who it is, for messages */
  GCredentials *(*peek_credentials) (ConvokeView *view);  /* of the process that called */
  void          (*free)             (ConvokeView *view);  /* the record goes */
} ConvokeViewFuncs;

/* Whoever is told of a record's end: first in a call object's data, on a blocked caller's stack, or with a call that came
 * from another process. */
struct _ConvokeView
{
  const ConvokeViewFuncs *funcs;  /* constant; NULL: a blocked caller, who has the event only */
  ConvokeEventCore        event;
};

/* Bits of ConvokeRecord.state */
enum
{
  CONVOKE_RECORD_CLOSED    = 1 << 0,  /* the gate: somebody has completed the call */
  CONVOKE_RECORD_STARTED   = 1 << 1,  /* the server side was entered */
  CONVOKE_RECORD_ENDED     = 1 << 2,  /* the server side has said its last word, and nothing of it is under way */
  CONVOKE_RECORD_CANCEL    = 1 << 3,  /* a cancel was sent */
  CONVOKE_RECORD_REFUSED   = 1 << 4,  /* the server refused it */
  CONVOKE_RECORD_DEFERRED  = 1 << 5,  /* a server call exists: the method's return is not the end */
  CONVOKE_RECORD_ABANDONED = 1 << 6,  /* completed by deadline, grace or cancel, while the server side may go on */
  CONVOKE_RECORD_STOPPED   = 1 << 7,  /* it never ran, or the server obeyed */
  CONVOKE_RECORD_EXPIRED   = 1 << 8,  /* completed by its deadline */
  CONVOKE_RECORD_RETURNED  = 1 << 9,  /* the method returned, or will never run */
  CONVOKE_RECORD_ENDING    = 1 << 10, /* the server side says its last word, or has said it */
  CONVOKE_RECORD_UNTOLD    = 1 << 11, /* completed, but the view is told by the method's return */
  CONVOKE_RECORD_INCOMING  = 1 << 12, /* the caller is in another process: what comes out is not mapped here */
  CONVOKE_RECORD_ASKED     = 1 << 13, /* the cancel came from the caller, or from its deadline */
  CONVOKE_RECORD_GONE      = 1 << 14, /* the caller's process is gone, or the connection to it */
  CONVOKE_RECORD_TELL_SENT = 1 << 15, /* the view is told when the request has left; constant after begin */
  /* bit 16 is the lock */
  CONVOKE_RECORD_SENDING   = 1 << 17, /* LOCK: lock; it is leaving: who is told of the end waits for who is told of that */
  CONVOKE_RECORD_UNORDERED = 1 << 18, /* it may start before those begun before it; constant after begin */
};

struct _ConvokeRecord
{
  ConvokeTask          task;
  gint                 ref_count;     /* atomic: call object, queue and server side, server call, contexts, timer */
  gint                 state;         /* atomic; bits above; one of them is the lock */
  ConvokeView         *view;          /* LOCK: lock; (nullable): whoever is to be told; detached when the call object goes */
  ConvokeRecordExtra  *extra;         /* LOCK: lock to make it; then constant */
  GObject             *target;        /* owned until the server side has ended; released in the apartment */
  ConvokeApartment    *apartment;     /* owned */
  ConvokeFrame         frame;         /* its tag: when what the call is made through was handed out; 0: it is made on the object itself */
  /* storage of a captured frame follows */
};

/* The bit of ConvokeRecord.state that is the record's lock. */
#define CONVOKE_RECORD_LOCK_BIT 16

/* GLib takes a bit lock in assembly, which the sanitizer does not see. */
#ifdef __SANITIZE_THREAD__
void __tsan_acquire (void *address);
void __tsan_release (void *address);
#define CONVOKE_TSAN_ACQUIRE(address) __tsan_acquire (address)
#define CONVOKE_TSAN_RELEASE(address) __tsan_release (address)
#else
#define CONVOKE_TSAN_ACQUIRE(address) G_STMT_START { } G_STMT_END
#define CONVOKE_TSAN_RELEASE(address) G_STMT_START { } G_STMT_END
#endif

static inline void
convoke_record_lock (ConvokeRecord *self)
{
  g_bit_lock (&self->state, CONVOKE_RECORD_LOCK_BIT);
  CONVOKE_TSAN_ACQUIRE (&self->state);
}

static inline void
convoke_record_unlock (ConvokeRecord *self)
{
  CONVOKE_TSAN_RELEASE (&self->state);
  g_bit_unlock (&self->state, CONVOKE_RECORD_LOCK_BIT);
}

/* What most calls never need. */
struct _ConvokeRecordExtra
{
  ConvokeTimer   timer;           /* deadline or grace, whichever is first; holds a reference while armed */
  ConvokeRecord *record;          /* (borrowed): contains this */
  gint64         deadline;        /* constant after begin; monotonic, 0: none */
  gint64         grace_due;       /* LOCK: record's; 0: none */
  GCancellable  *cancellable;     /* LOCK: record's; made when asked for */
  GObject       *server_object;   /* (nullable) (owned): a component's own call object, until the server side has ended */
  ConvokeApartment *home;         /* (nullable) (owned): the caller's, for references in the frame; constant after begin */
  ConvokePipeBinding *pipes;      /* (nullable) (owned): the pipes that it carries; constant after begin */
  GError        *error;           /* written by whoever closed the gate, before the view is told */
  guint64        id;              /* atomic; of a synchronous call, once asked for */
  GCancellable  *given;           /* (nullable) (owned): the caller's argument, while the call is in another process */
  gulong         given_handler;   /* on that */
  guint8         impersonation_level; /* 0: the default; constant before it is posted */
  const ConvokeViewFuncs *leaving_funcs; /* of these two */
  gpointer       leaving;         /* (nullable): what the view held, to tell that the request has left */
  gpointer       late;            /* LOCK: record's; (nullable): what it held for an end that came meanwhile */
  ConvokeSubscription *subscriptions; /* LOCK: record's; (owned): who is told what the caller does, until the server side has ended */

  double         fraction;        /* LOCK: record's, as all below; -1: unknown */
  guint64        done;
  guint64        total;
  char          *unit;
  char          *status;
  guint64        thread_id;       /* where it runs or ran; 0: nowhere yet */
};

ConvokeRecord *convoke_record_new     (const ConvokePlan *plan, gboolean captured);
/* The same for a call that is over soon. */
ConvokeRecord *convoke_record_new_brief (const ConvokePlan *plan, gboolean captured);
/* The same for a captured frame, with @more bytes (8-aligned) behind its storage. */
ConvokeRecord *convoke_record_new_with_room (const ConvokePlan *plan, gsize more, gpointer *room);
gboolean       convoke_record_reusable (ConvokeRecord *self, const ConvokePlan *plan);
void           convoke_record_reuse   (ConvokeRecord *self);
gpointer       convoke_record_get_storage (ConvokeRecord *self);
ConvokeRecord *convoke_record_ref     (ConvokeRecord *self);
void           convoke_record_unref   (ConvokeRecord *self);

/* Fills in what is called; takes nothing over. */
void           convoke_record_bind    (ConvokeRecord *self, GObject *target, ConvokeApartment *apartment, GObject *server_object);

/* Maps references and fills in the rest (@timeout microseconds, 0 or less: none); then arms the deadline and queues.
 * On failure the record is as good as never begun. */
gboolean       convoke_record_prepare (ConvokeRecord *self, ConvokeView *view, guint64 chain, gboolean begun, gint64 timeout, GError **error);
gboolean       convoke_record_launch  (ConvokeRecord *self, GError **error);

/* Instead of the last: nobody's method is called, the caller does the work itself and ends it through what it gets. */
ConvokeServerCall *convoke_record_launch_operation (ConvokeRecord *self);

/* Around what makes the request leave, for whom asked to be told of that; elsewhere nothing. */
void           convoke_record_begin_sending (ConvokeRecord *self);
void           convoke_record_end_sending   (ConvokeRecord *self, gboolean sent);

/* For a record that is run without being launched. */
void           convoke_record_arm_deadline (ConvokeRecord *self);

/* What comes out is mapped to the caller's apartment, before the end. */
void           convoke_record_map_outs (ConvokeRecord *self);

/* NULL: it is no record's. */
ConvokeRecord *convoke_record_from_task (ConvokeTask *task);

/* Runs here and now: the apartment is entered. */
void           convoke_record_run     (ConvokeRecord *self);

/* The gate. Takes @error. FALSE: it was closed already, and @error is dropped. */
gboolean       convoke_record_complete (ConvokeRecord *self, GError *error, gint bits);

/* The server side's one last word. FALSE with an error: it was said, or nobody listens any more. */
gboolean       convoke_record_end     (ConvokeRecord *self, GError *reason, GError **error);

/* The server side was entered, as far as anybody here can tell. FALSE: the call is over already. */
gboolean       convoke_record_start   (ConvokeRecord *self);
/* It has entered and left: nothing of it is under way any more. */
void           convoke_record_leave   (ConvokeRecord *self);

/* Fills in what a call from elsewhere says; the frame is captured and holds the inputs. @deadline: microseconds from now, or 0. */
void           convoke_record_prepare_incoming (ConvokeRecord *self, ConvokeView *view, guint64 chain, gboolean begun, gint64 deadline);
/* Queues it in its apartment, in its line. */
gboolean       convoke_record_enqueue (ConvokeRecord *self, GError **error);
/* Runs it here where this thread may, after @before_run; queues it elsewhere. Takes over the caller's reference. */
void           convoke_record_dispatch (ConvokeRecord *self, void (*before_run) (void));

/* The caller elsewhere cancelled: what has not started never will, what runs is told. */
void           convoke_record_request_cancel (ConvokeRecord *self);
/* It is not there any more: the same, but nobody gets the answer. */
void           convoke_record_lose_caller    (ConvokeRecord *self);

gboolean       convoke_record_cancel  (ConvokeRecord *self, gint64 grace, GError **error);
void           convoke_record_detach  (ConvokeRecord *self);

ConvokeRecordExtra   *convoke_record_get_extra (ConvokeRecord *self);
guint64               convoke_record_get_id    (ConvokeRecord *self);
const GError         *convoke_record_get_error (ConvokeRecord *self);
/* (nullable): what the call ended with, or what its method threw; once it is complete. */
const GError         *convoke_record_get_cause (ConvokeRecord *self);
void                  convoke_record_notify_progress (ConvokeRecord *self);
/* What the server elsewhere reported. */
void                  convoke_record_take_progress (ConvokeRecord *self, double fraction, guint64 done, guint64 total, const char *unit, const char *status);
GCancellable         *convoke_record_dup_cancellable (ConvokeRecord *self);
ConvokeCancelOutcome  convoke_record_get_outcome (ConvokeRecord *self);
GVariant             *convoke_record_dup_details (ConvokeRecord *self);
void                  convoke_record_set_test_cancel (ConvokeRecord *self, GError **error);
const ConvokeMethodInfo *convoke_record_get_method (ConvokeRecord *self);

/* How much the callee may do as the caller; before the record is posted. */
void           convoke_record_set_impersonation_level (ConvokeRecord *self, ConvokeImpersonationLevel level);
ConvokeImpersonationLevel convoke_record_get_impersonation_level (ConvokeRecord *self);
/* (transfer full) (nullable): who calls; NULL: that stays anonymous. */
GCredentials  *convoke_record_dup_credentials         (ConvokeRecord *self);
/* When the caller stops waiting; 0: never. */
gint64         convoke_record_get_deadline            (ConvokeRecord *self);
/* Who really calls, also of an anonymous call. */
void           convoke_record_get_caller              (ConvokeRecord *self, ConvokeCaller *caller);

/* The cancel object of a synchronous call. */
GObject              *convoke_canceller_new (ConvokeRecord *record);

/* A component's own call object for @iface; TRUE with NULL when it has none (SV-2). */
gboolean              convoke_call_factory_make_server_object (GObject *target, GType iface, GObject **server_object, GError **error);

ConvokeCallContext   *convoke_call_context_new (ConvokeRecord *record);
ConvokeRecord        *convoke_call_context_get_record (ConvokeCallContext *self);
/* NULL when the call was deferred already. */
ConvokeServerCall    *convoke_server_call_new (ConvokeRecord *record);
/* Aborts those that wait to be completed for calls on @target that were made through what was handed out before @mark. */
void                  convoke_server_call_abort_all (GObject *target, guint mark, const GError *why);
/* Tells the subscribers what the record's state says; no lock is held (convoke-server-call-events.c). */
void                  convoke_server_call_events_tell     (ConvokeRecord *record);
/* Nobody is told any more. */
void                  convoke_server_call_events_end      (ConvokeRecord *record);
/* For a server object of the library's own, which stores the outputs in the record's frame itself. */
ConvokeRecord        *convoke_server_call_get_record      (ConvokeServerCall *self);
gboolean              convoke_server_call_complete_stored (ConvokeServerCall *self, GError **error);

G_END_DECLS
