/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a handle is beside the object that programs hold: its place in the tree,
 * its pending operation, and what is still to be told of it. It outlives the
 * object where the object is only a number any more.
 *
 * One lock per tree guards all of it, so that closing can invalidate a subtree
 * at once. Nothing foreign runs under it, and no object is referenced under it
 * that could be a program's.
 *
 *   open --close--> closed --everything told--> gone
 *
 * A closed handle is unlinked from its parent. It says HANDLE_CLOSING when its
 * class was told, its operation has been reported, and all that was below it is
 * gone; it is gone when that was delivered.
 *
 * A pending operation and what is to be told hold the object, and so does a
 * closed handle until it said so. So dispose finds nothing pending, and closes;
 * what is told from there on is told without the object, because an object that
 * is being disposed of must not be kept: the reference could be dropped by
 * another thread while g_object_unref() still works on it.
 */

#include "convoke-call-private.h"
#include "convoke-event.h"
#include "convoke-handle.h"

G_BEGIN_DECLS

typedef struct _ConvokeHandleCore ConvokeHandleCore;
typedef struct _ConvokeHandleOperation ConvokeHandleOperation;
typedef struct _ConvokeHandleNotice ConvokeHandleNotice;

typedef struct
{
  gint   ref_count; /* atomic */
  GMutex lock;      /* of all handles of the tree */
} ConvokeHandleTree;

/* Who is told; shared by the handles that inherited it, and by what is on its way. */
typedef struct
{
  gint              ref_count;  /* atomic */
  ConvokeHandleFunc func;
  gpointer          data;
  GDestroyNotify    destroy;
  GMainContext     *context;    /* of the thread that named it: where it is told unless its handle says otherwise */
} ConvokeHandleCallback;

/* Bits of ConvokeHandleCore.state */
enum
{
  CONVOKE_HANDLE_CLOSED     = 1 << 0, /* nothing can be done with it any more */
  CONVOKE_HANDLE_CLEANED    = 1 << 1, /* its class was told */
  CONVOKE_HANDLE_SAID       = 1 << 2, /* HANDLE_CLOSING is queued, or there is nobody to tell: nothing is queued any more */
  CONVOKE_HANDLE_GONE       = 1 << 3, /* it was delivered */
  CONVOKE_HANDLE_SCHEDULED  = 1 << 4, /* a delivery is on its way */
  CONVOKE_HANDLE_DELIVERING = 1 << 5, /* a thread is in the callback */
  CONVOKE_HANDLE_KNOWN      = 1 << 6, /* it was announced, or something of it was told */
  CONVOKE_HANDLE_CLEANING   = 1 << 7, /* its class is being told, or was */
  CONVOKE_HANDLE_DISPOSED   = 1 << 8, /* its object is going: it is not referenced any more */
};

struct _ConvokeHandleCore
{
  gint                    ref_count;    /* atomic */
  ConvokeHandleTree      *tree;         /* (owned) constant, as the next three */
  ConvokeHandleCore      *parent;       /* (owned) (nullable) */
  gsize                   context;
  gboolean                asynchronous;

  GWeakRef                handle;       /* for those who close from above */

  guint                   state;        /* LOCK: the tree's, as all below; bits above */
  GQueue                  children;     /* cores of open handles, who unlink themselves */
  GList                   link;
  guint                   n_below;      /* children that are not gone */
  gint64                  timeout;      /* microseconds; 0: none */
  ConvokeHandle          *keeper;       /* (owned) (nullable) the object, from closed until closing is queued */
  ConvokeHandleCallback  *callback;     /* (owned) (nullable) */
  GMainContext           *main_context; /* (owned) (nullable) where it is told, if named */
  ConvokeWorkQueue       *work_queue;   /* (owned) (nullable) the same; at most one of the two */
  ConvokeHandleOperation *operation;    /* (owned) (nullable) from its begin until its end was reported */
  ConvokeHandleNotice    *first;        /* (owned) (nullable) what is to be told */
  ConvokeHandleNotice    *last;
};

static inline void
convoke_handle_core_lock (ConvokeHandleCore *self)
{
  g_mutex_lock (&self->tree->lock);
}

static inline void
convoke_handle_core_unlock (ConvokeHandleCore *self)
{
  g_mutex_unlock (&self->tree->lock);
}

/* WI-12, P-10: its operations block their caller. */
static inline gboolean
convoke_handle_core_blocks (ConvokeHandleCore *self)
{
  return !self->asynchronous || self->context == 0;
}

ConvokeHandleCore *convoke_handle_get_core      (ConvokeHandle *handle);

/* Below a closed handle a handle is born closed. */
ConvokeHandleCore *convoke_handle_core_new      (ConvokeHandle *handle, ConvokeHandleCore *parent, gsize context, gboolean asynchronous);
ConvokeHandleCore *convoke_handle_core_ref      (ConvokeHandleCore *self);
void               convoke_handle_core_unref    (ConvokeHandleCore *self);

gboolean           convoke_handle_core_check    (ConvokeHandleCore *self, gboolean idle, GError **error);
gboolean           convoke_handle_core_check_locked (ConvokeHandleCore *self, gboolean idle, GError **error);
/* @handle is its object; @disposing: and is going. */
gboolean           convoke_handle_core_close    (ConvokeHandleCore *self, ConvokeHandle *handle, gboolean disposing, GError **error);
/* Something ended that HANDLE_CLOSING may have waited for. Without the lock. */
void               convoke_handle_core_settle   (ConvokeHandleCore *self);
/* HANDLE_CLOSING was delivered. Without the lock. */
void               convoke_handle_core_be_gone  (ConvokeHandleCore *self);

/* --- telling (convoke-handle-delivery.c) --- */

/* (transfer full) to all three. */
ConvokeHandleCallback *convoke_handle_callback_new   (ConvokeHandleFunc func, gpointer data, GDestroyNotify destroy);
ConvokeHandleCallback *convoke_handle_callback_ref   (ConvokeHandleCallback *self);
/* Without the lock: it may run the program's. */
void                   convoke_handle_callback_unref (ConvokeHandleCallback *self);

/* Queues something to be told, if there is somebody. @handle is somebody's reference that outlives this, and is left out where it
 * is going; @information is copied; @operation is referenced; all three are nullable. */
void convoke_handle_core_post_locked (ConvokeHandleCore *self, ConvokeHandle *handle, ConvokeHandleStatus status,
                                      const GValue *information, ConvokeHandleOperation *operation);
/* Instead of the unlock: what was queued gets on its way. */
void convoke_handle_core_unlock_and_schedule (ConvokeHandleCore *self);
/* Tells all that is queued on this thread, unless another does; @runner (nullable) is the operation that blocks this thread. */
void convoke_handle_core_deliver (ConvokeHandleCore *self, ConvokeHandleOperation *runner);
/* The same, but in a tree that is not asynchronous the thread at hand is told (WI-12). */
void convoke_handle_core_unlock_and_tell (ConvokeHandleCore *self);
/* Runs @func once, when all that is queued now was told, or at once. Without the lock. */
void convoke_handle_core_when_told (ConvokeHandleCore *self, ConvokeWorkQueueFunc func, gpointer data);
/* HANDLE_CREATED, now and on this thread, once. */
void convoke_handle_core_deliver_created (ConvokeHandleCore *self, ConvokeHandle *handle);
/* Without the lock. */
void convoke_handle_core_drop_notices (ConvokeHandleCore *self);

/* --- operations (convoke-handle-operation.c) --- */

typedef enum
{
  CONVOKE_HANDLE_OPERATION_OWN,     /* a subclass's work */
  CONVOKE_HANDLE_OPERATION_METHOD,  /* a method of a component, called through the handle */
  CONVOKE_HANDLE_OPERATION_WATCHED, /* a call of somebody else's, who finishes it */
} ConvokeHandleOperationKind;

/* The handle's side of a call object, whose observer it is. */
struct _ConvokeHandleOperation
{
  gint                        ref_count;  /* atomic */
  ConvokeHandleOperationKind  kind;       /* constant, as the next two */
  char                       *method;     /* (nullable) */
  ConvokeHandleCore          *core;       /* (owned) */
  ConvokeHandle              *handle;     /* (owned) (nullable) LOCK: the tree's to take it away at the end; of a watched call constant */

  ConvokeCall                *call;       /* LOCK: the tree's, as all below; (owned) (nullable) while it is the core's */
  ConvokeRecord              *record;     /* (owned) (nullable) of the begin in question */
  ConvokeRecord              *told;       /* (owned) (nullable) the same, until the next: progress is still told when it has ended */
  ConvokeEvent               *wake;       /* (owned) (nullable) for the thread that it blocks, if that is told anything */
  GError                     *error;      /* what it ended with */
  gboolean                    completed;
  gboolean                    attended;   /* the thread that it blocks is there, or will be in any case */
  gboolean                    sent;       /* REQUEST_SENT is queued */
  gboolean                    progress_queued;
};

ConvokeHandleOperation *convoke_handle_operation_new   (ConvokeHandle *handle, ConvokeHandleOperationKind kind, const char *method);
ConvokeHandleOperation *convoke_handle_operation_ref   (ConvokeHandleOperation *self);
void                    convoke_handle_operation_unref (ConvokeHandleOperation *self);

/* From now on each begin of @call is the pending operation of the handle. */
void                    convoke_handle_operation_observe (ConvokeHandleOperation *self, ConvokeCall *call);
/* Whether a handle observes @call already. */
gboolean                convoke_handle_core_observes     (ConvokeHandleCore *self, ConvokeCall *call);
void                    convoke_handle_operation_post_sent_locked (ConvokeHandleOperation *self);

/* Blocks until it has ended. The results are optional; FALSE with what it ended with. */
gboolean                convoke_handle_operation_run (ConvokeHandleOperation *self, GValue **values, guint *n_values, GError **error);

/* Something of @core ended; an operation that nobody waits for any more is no reason for it to stay. Without the lock. */
void                    convoke_handle_operation_let_go (ConvokeHandleCore *core);

/* Its end is being reported: makes what is told of it, and the handle is free for the next. Without the lock. */
ConvokeHandleResult    *convoke_handle_operation_take_result (ConvokeHandleOperation *self);
/* (nullable): the amounts that were reported, in a variant. */
GVariant               *convoke_handle_operation_take_progress (ConvokeHandleOperation *self);

/* Takes over all three; @values and @error are nullable. */
ConvokeHandleResult    *convoke_handle_result_new (GValue *values, guint n_values, GError *error);

G_END_DECLS
