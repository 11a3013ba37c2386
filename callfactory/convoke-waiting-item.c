/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Work items that wait for an object or a descriptor (MF-45). None of them has
 * a thread.
 *
 * An event or a call of the library is watched: whoever changes it asks for a
 * look, which a worker of the pool makes, since it must not happen under the
 * locks that are held there. Objects of strangers have a descriptor, which the
 * thread of convoke-fd-watch.c polls; when it is readable a worker asks the
 * object. Looks at one item never overlap: who asks for one while there is one
 * makes it begin again.
 *
 * What a look finds is taken there and then. The item is then put on its queue,
 * and can still be cancelled until it runs; what was taken for it goes back to
 * others in that case.
 */

#include "config.h"

#include "convoke-work-item.h"

#include <poll.h>

#include "convoke-async-callback-private.h"
#include "convoke-async-result-private.h"
#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-event-private.h"
#include "convoke-fd-watch-private.h"
#include "convoke-fork-private.h"
#include "convoke-item-table-private.h"
#include "convoke-platform-private.h"
#include "convoke-pool-private.h"
#include "convoke-synchronize-handle.h"
#include "convoke-unknown.h"
#include "convoke-wait-group-private.h"
#include "convoke-work-queue-private.h"

/* After so many looks at a descriptor that is readable for nothing, the next one comes later, at first a millisecond. */
#define MOST_BARREN 2
#define LONGEST_NAP 6

/* Of the looks at one item. */
enum
{
  LOOK_IDLE,
  LOOK_UNDER_WAY,
  LOOK_AGAIN,
};

enum
{
  FD_WAITING,
  FD_READY,
  FD_CLOSED,
};

typedef struct
{
  gint                ref_count;   /* atomic */
  guint64             key;
  ConvokeAsyncResult *result;      /* (owned) as something that is queued; whoever takes the key has it */
  ConvokeWorkQueue   *queue;       /* (owned) constant */
  int                 priority;    /* constant */

  ConvokeSynchronize *object;      /* (owned) (nullable) constant */
  GObject            *handle;      /* (owned) (nullable) constant; of a stranger; keeps the descriptor open */
  ConvokeEventCore   *core;        /* (nullable) constant; of the library's own objects */
  ConvokeEventWatch   watch;
  guint               start;       /* constant; the core's word at the beginning */
  gboolean            consume;     /* constant */

  ConvokeFdWatch      fd_watch;    /* of strangers and descriptors; else its fd is -1 */
  gint                fd_state;    /* atomic */
  ConvokeTimer        nap;
  guint               n_barren;    /* the looks' */

  guint               look;        /* atomic */
  gint                stopped;     /* atomic; nothing is watched any more */
  gboolean            taken;       /* the looks', then the queue's */
  GError             *status;      /* (owned) (nullable) likewise; why it can wait no more */
} Waiter;

#define WAITER_OF(member, pointer) ((Waiter *) ((char *) (pointer) - G_STRUCT_OFFSET (Waiter, member)))

static void request_look (Waiter *self);

static Waiter *
waiter_ref (Waiter *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
waiter_unref (Waiter *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->handle);
  g_clear_object (&self->object);
  g_clear_object (&self->queue);
  g_clear_error (&self->status);
  g_free (self);
}

/* --- watching --- */

/* When it returns nothing new asks for a look, unless another thread is just stopping it. */
static void
stop (Waiter *self)
{
  if (!g_atomic_int_compare_and_exchange (&self->stopped, FALSE, TRUE))
    return;

  if (self->core != NULL)
    convoke_event_core_unwatch (self->core, &self->watch);
  if (self->fd_watch.fd >= 0)
    convoke_fd_watch_remove (&self->fd_watch);
  if (convoke_timer_disarm (&self->nap))
    waiter_unref (self);
}

static gboolean
watch_fd (Waiter  *self,
          GError **error)
{
  g_atomic_int_set (&self->fd_state, FD_WAITING);
  if (!convoke_fd_watch_add (&self->fd_watch, error))
    return FALSE;

  /* Whoever stopped it in the meantime did not see this. */
  if (g_atomic_int_get (&self->stopped))
    convoke_fd_watch_remove (&self->fd_watch);

  return TRUE;
}

static ConvokeEventCore *
changed_cb (ConvokeEventWatch *watch)
{
  request_look (WAITER_OF (watch, watch));

  return NULL;
}

static void
hold_cb (ConvokeFdWatch *watch)
{
  waiter_ref (WAITER_OF (fd_watch, watch));
}

static void
drop_cb (ConvokeFdWatch *watch)
{
  waiter_unref (WAITER_OF (fd_watch, watch));
}

static void
ready_cb (ConvokeFdWatch *watch,
          gboolean        open)
{
  Waiter *self = WAITER_OF (fd_watch, watch);

  g_atomic_int_set (&self->fd_state, open ? FD_READY : FD_CLOSED);
  request_look (self);
}

static void
nap_cb (ConvokeTimer *timer)
{
  Waiter *self = WAITER_OF (nap, timer);

  if (!watch_fd (self, NULL))
    {
      g_atomic_int_set (&self->fd_state, FD_CLOSED);
      request_look (self);
    }
  waiter_unref (self);
}

static void
nap (Waiter *self)
{
  gint64 time = 1000 << MIN (self->n_barren - MOST_BARREN, LONGEST_NAP);

  waiter_ref (self);
  convoke_timer_arm (&self->nap, g_get_monotonic_time () + time);
  if (g_atomic_int_get (&self->stopped) && convoke_timer_disarm (&self->nap))
    waiter_unref (self);
}

/* --- running --- */

/* What was taken for an item that was cancelled goes to others. A stranger that is still readable had nothing taken. */
static void
give_back (Waiter *self)
{
  struct pollfd poll_fd = { self->fd_watch.fd, POLLIN, 0 };

  if (self->taken && self->consume)
    convoke_event_core_set_one (self->core);
  else if (self->taken && self->handle != NULL && poll (&poll_fd, 1, 0) == 0)
    convoke_synchronize_signal (self->object, NULL);
}

static void
run_cb (gpointer data)
{
  Waiter *self = data;
  ConvokeItemContent content;

  if (!convoke_item_table_take (self->key, &content))
    {
      give_back (self);
      waiter_unref (self);
      return;
    }

  if (self->status != NULL)
    convoke_async_result_set_status (self->result, self->status);
  convoke_async_result_run_on (self->result, convoke_work_queue_peek_serial (self->queue));

  /* The queue's, and the table's. */
  waiter_unref (self);
  waiter_unref (self);
}

/* It waits no more: it runs, unless it is cancelled before. */
static void
put (Waiter *self)
{
  stop (self);
  convoke_work_queue_push_full (self->queue, self->priority, run_cb, waiter_ref (self));
}

/* --- looking --- */

/* A manual event that was set and reset at once frees everybody who waited, and a call has ended although it was finished. */
static gboolean
take_own (Waiter *self)
{
  if (self->consume)
    return convoke_event_core_take (self->core, TRUE);
  if (convoke_event_core_was_set_since (self->core, self->start))
    return TRUE;

  if (CONVOKE_IS_CALL (self->object) &&
      convoke_call_look_for_wait (CONVOKE_CALL (self->object), NULL, NULL, NULL) == CONVOKE_CALL_WAIT_NOTHING)
    g_set_error_literal (&self->status, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC, "The begin of the call failed: there is nothing to wait for");

  return FALSE;
}

static void
set_closed (Waiter *self)
{
  g_set_error (&self->status, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE,
               "Descriptor %d was closed while an item waited for it: cancel the item first", self->fd_watch.fd);
}

/* Others were faster; or it does not know what its descriptor says. */
static void
wait_on (Waiter *self)
{
  if (g_atomic_int_get (&self->fd_state) == FD_CLOSED)
    set_closed (self);
  else if (self->n_barren++ >= MOST_BARREN)
    nap (self);
  else
    watch_fd (self, &self->status);
}

static gboolean
take_stranger (Waiter *self)
{
  g_autoptr (GError) reason = NULL;

  if (convoke_synchronize_wait (self->object, CONVOKE_WAIT_DEFAULT, 0, &reason))
    return TRUE;

  if (reason == NULL || g_error_matches (reason, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT))
    wait_on (self);
  else
    self->status = g_steal_pointer (&reason);

  return FALSE;
}

static gboolean
take_fd (Waiter *self)
{
  if (g_atomic_int_get (&self->fd_state) == FD_CLOSED)
    set_closed (self);

  return self->status == NULL;
}

static gboolean
take (Waiter *self)
{
  if (self->core != NULL)
    return take_own (self);

  return self->object != NULL ? take_stranger (self) : take_fd (self);
}

static void
look (Waiter *self)
{
  if (g_atomic_int_get (&self->stopped) || !convoke_item_table_has (self->key))
    return;

  self->taken = take (self);
  if (self->taken || self->status != NULL)
    put (self);
}

/* Whoever began the looks ends them. */
static void
end_looks (Waiter *self)
{
  guint under_way;

  do
    {
      __atomic_store_n (&self->look, LOOK_UNDER_WAY, __ATOMIC_SEQ_CST);
      look (self);
      under_way = LOOK_UNDER_WAY;
    }
  while (!__atomic_compare_exchange_n (&self->look, &under_way, LOOK_IDLE, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
}

static void
look_cb (gpointer data)
{
  end_looks (data);
  waiter_unref (data);
}

static void
request_look (Waiter *self)
{
  guint old = __atomic_load_n (&self->look, __ATOMIC_SEQ_CST);

  while (old != LOOK_AGAIN &&
         !__atomic_compare_exchange_n (&self->look, &old, old + 1, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    ;

  if (old == LOOK_IDLE)
    convoke_pool_push (look_cb, waiter_ref (self));
}

/* --- putting --- */

static Waiter *
waiter_new (ConvokeAsyncResult *result,
            ConvokeWorkQueue   *queue,
            int                 priority)
{
  Waiter *self = g_new0 (Waiter, 1);

  self->ref_count = 1;
  self->result = result;
  self->queue = g_object_ref (queue);
  self->priority = priority;
  self->watch.changed = changed_cb;
  self->fd_watch.hold = hold_cb;
  self->fd_watch.drop = drop_cb;
  self->fd_watch.ready = ready_cb;
  self->fd_watch.fd = -1;
  self->nap.func = nap_cb;

  return self;
}

static void
waiter_cancel (gpointer data)
{
  Waiter *self = data;

  stop (self);
  convoke_async_result_dequeue (self->result);
  waiter_unref (self);
}

static const ConvokeItemKind waiting_kind = { NULL, waiter_cancel, FALSE, FALSE };

/* The queues whose threads are for something else. */
static gboolean
check_queue (ConvokeWorkQueue  *queue,
             GError           **error)
{
  static const ConvokeWorkQueueId refused[] = {
    CONVOKE_WORK_QUEUE_ID_RT, CONVOKE_WORK_QUEUE_ID_IO, CONVOKE_WORK_QUEUE_ID_TIMER, CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION,
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    if (queue == convoke_work_queue_get_well_known (refused[i]))
      {
        g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE,
                     "No item waits for the queue %u: name a queue of your own, the standard or the multithreaded one",
                     refused[i]);
        return FALSE;
      }

  return TRUE;
}

/* NULL: it failed. The result counts as queued then. */
static Waiter *
prepare (ConvokeAsyncResult  *result,
         int                  priority,
         GError             **error)
{
  ConvokeAsyncCallback *callback = convoke_async_result_get_callback (result);
  g_autoptr (ConvokeWorkQueue) queue = NULL;

  if (convoke_check_forked (error) || convoke_platform_check_down (error))
    return NULL;
  if (callback == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The result has no callback");
      return NULL;
    }

  queue = convoke_async_callback_dup_queue (callback, error);
  if (queue == NULL || !check_queue (queue, error))
    return NULL;

  convoke_async_result_enqueue (result);

  return waiter_new (result, queue, priority);
}

static void
find_core (Waiter           *self,
           ConvokeEventCore *core,
           gboolean          consume)
{
  self->core = core;
  self->consume = consume;
  self->start = convoke_event_core_peek (core);
}

static gboolean
find_call (Waiter       *self,
           ConvokeCall  *call,
           GError      **error)
{
  ConvokeEventCore *core;

  if (convoke_call_look_for_wait (call, &core, NULL, NULL) == CONVOKE_CALL_WAIT_NOTHING)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC,
                           "There is nothing to wait for: no call is in progress");
      return FALSE;
    }

  find_core (self, core, FALSE);
  return TRUE;
}

static gboolean
find_handle (Waiter  *self,
             GError **error)
{
  if (!convoke_wait_group_accepts (self->object, error))
    return FALSE;

  self->handle = convoke_query_interface (G_OBJECT (self->object), CONVOKE_TYPE_SYNCHRONIZE_HANDLE, error);
  if (self->handle == NULL)
    return FALSE;

  self->fd_watch.condition = G_IO_IN;
  self->fd_watch.fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (self->handle), error);
  if (self->fd_watch.fd < 0 && error != NULL && *error == NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The object gave neither a descriptor nor a reason");

  return self->fd_watch.fd >= 0;
}

/* Through what the object is waited for. */
static gboolean
find_object (Waiter  *self,
             GError **error)
{
  GObject *object = G_OBJECT (self->object);

  if (CONVOKE_IS_CALL (object) && convoke_call_waits_itself (CONVOKE_CALL (object)))
    return find_call (self, CONVOKE_CALL (object), error);
  if (!CONVOKE_IS_EVENT (object) || convoke_event_get_core (CONVOKE_EVENT (object)) == NULL)
    return find_handle (self, error);

  find_core (self, convoke_event_get_core (CONVOKE_EVENT (object)), !convoke_event_get_manual_reset (CONVOKE_EVENT (object)));
  return TRUE;
}

/*
 * An event is watched before the item has its key, and looks wait until it has.
 * A descriptor is watched after that, since one that is ready would be told.
 */
static gboolean
begin_to_wait (Waiter  *self,
               GError **error)
{
  if (self->core != NULL)
    {
      self->look = LOOK_UNDER_WAY;
      convoke_event_core_watch (self->core, &self->watch);
    }

  if (convoke_item_table_add (&waiting_kind, waiter_ref (self), NULL, &self->key, error) == NULL)
    {
      waiter_cancel (self);
      return FALSE;
    }

  if (self->core != NULL)
    end_looks (self);
  if (self->fd_watch.fd < 0 || watch_fd (self, error))
    return TRUE;

  convoke_item_table_cancel (self->key);
  return FALSE;
}

static guint64
wait_for (Waiter  *self,
          GError **error)
{
  guint64 key = begin_to_wait (self, error) ? self->key : 0;

  /* A stop that came since it was asked for did not see it. */
  if (key != 0 && convoke_platform_check_down (NULL))
    convoke_item_table_cancel (key);
  waiter_unref (self);

  return key;
}

/**
 * convoke_work_item_put_waiting:
 * @object: (nullable): what to wait for, or %NULL for what never comes
 * @priority: larger goes sooner, 0 is usual; counts on multithreaded queues
 * @result: a result that has a callback
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Invokes the callback of @result with it, once, when @object is signalled
 * (MF-45).
 *
 * It runs on the queue that the callback names, or on the standard queue; on the
 * queues for input and output, timers, real time and long functions nothing
 * waits. No thread is held meanwhile. An automatic event is consumed, by this
 * item alone, even before it runs; if it is cancelled then, the event is
 * signalled again. An item without @object can only be cancelled.
 *
 * An object that the library does not know must have a descriptor, as a
 * [iface@Convoke.SynchronizeHandle]. When it cannot be waited for any more, the
 * callback is invoked with the reason as the status of @result. The item keeps
 * @object. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_SYNC for a call object without a call in progress,
 * with %CONVOKE_ERROR_NO_INTERFACE for an object without a descriptor, with
 * %CONVOKE_ERROR_NOT_SUPPORTED for one in another process, with
 * %CONVOKE_ERROR_INVALID_QUEUE for a queue on which nothing waits or which cannot
 * keep what the callback's flags ask for, with %CONVOKE_ERROR_INVALID_ARGUMENT
 * when @result has no callback, and as [func@Convoke.work_item_schedule] does.
 *
 * Returns: the key to cancel it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_work_item_put_waiting (ConvokeSynchronize  *object,
                               int                  priority,
                               ConvokeAsyncResult  *result,
                               GError             **error)
{
  Waiter *self;

  g_return_val_if_fail (object == NULL || CONVOKE_IS_SYNCHRONIZE (object), 0);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  self = prepare (result, priority, error);
  if (self == NULL)
    return 0;

  g_set_object (&self->object, object);
  if (object == NULL || find_object (self, error))
    return wait_for (self, error);

  waiter_cancel (self);
  return 0;
}

/**
 * convoke_work_item_put_waiting_fd:
 * @fd: a descriptor
 * @condition: what to wait for; %G_IO_ERR and %G_IO_HUP come always
 * @priority: larger goes sooner, 0 is usual; counts on multithreaded queues
 * @result: a result that has a callback
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Invokes the callback of @result with it, once, when @fd is ready, as
 * [func@Convoke.work_item_put_waiting] does for an object.
 *
 * Any number of items can wait for one descriptor. It stays the caller's: cancel
 * the item before it is closed. If it is closed nevertheless, the callback is
 * invoked with %CONVOKE_ERROR_INVALID_HANDLE as the status of @result, within a
 * second. A file is always ready.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @fd is not open, cannot be
 * waited for, or @condition is empty or not known, with
 * %CONVOKE_ERROR_OUT_OF_RESOURCES when the system watches no more descriptors,
 * and as that does.
 *
 * Returns: the key to cancel it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_work_item_put_waiting_fd (int                  fd,
                                  GIOCondition         condition,
                                  int                  priority,
                                  ConvokeAsyncResult  *result,
                                  GError             **error)
{
  Waiter *self;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (fd < 0)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%d is no descriptor", fd);
      return 0;
    }

  self = prepare (result, priority, error);
  if (self == NULL)
    return 0;

  self->fd_watch.fd = fd;
  self->fd_watch.condition = condition;

  return wait_for (self, error);
}
