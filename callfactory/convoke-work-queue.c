/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-work-queue.h"

#include "convoke-async-result-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-serial-private.h"

/**
 * ConvokeWorkQueue:
 *
 * Runs work items on threads of the library.
 *
 * On a serial queue one item runs at a time, in the order in which they were
 * put; the end of one happens before the start of the next; a queue is not
 * bound to one thread. On a multithreaded queue items start in order and run
 * side by side. What was done before an item was put is visible to it. Between
 * queues there is no order.
 *
 * Items that are queued run, also when everybody let go of the queue. Any
 * thread may put.
 *
 * Since: 0.1
 */
struct _ConvokeWorkQueue
{
  GObject        parent_instance;

  ConvokeSerial *serial; /* (owned) (nullable) fixed at construction; NULL: straight to the pool */
};

G_DEFINE_FINAL_TYPE (ConvokeWorkQueue, convoke_work_queue, G_TYPE_OBJECT)

static void
convoke_work_queue_finalize (GObject *object)
{
  g_clear_pointer (&CONVOKE_WORK_QUEUE (object)->serial, convoke_serial_unref);

  G_OBJECT_CLASS (convoke_work_queue_parent_class)->finalize (object);
}

static void
convoke_work_queue_class_init (ConvokeWorkQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_work_queue_finalize;
}

static void
convoke_work_queue_init (ConvokeWorkQueue *self)
{
  self->serial = convoke_serial_new ();
}

/**
 * convoke_work_queue_new:
 * @kind: how it runs its items
 *
 * Makes a queue of the caller's own.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_new (ConvokeWorkQueueKind kind)
{
  ConvokeWorkQueue *self = g_object_new (CONVOKE_TYPE_WORK_QUEUE, NULL);

  if (kind == CONVOKE_WORK_QUEUE_MULTITHREADED)
    g_clear_pointer (&self->serial, convoke_serial_unref);

  return self;
}

/**
 * convoke_work_queue_get_standard:
 *
 * Gets the standard queue of the process, which is serial and where callbacks
 * go that name no other.
 *
 * Everybody shares it: an item that takes long holds up strangers.
 *
 * Returns: (transfer none): the queue; it stays for ever
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_get_standard (void)
{
  static ConvokeWorkQueue *standard = NULL;

  if (g_once_init_enter (&standard))
    g_once_init_leave (&standard, convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL));

  return standard;
}

/**
 * convoke_work_queue_get_kind:
 * @self: a queue
 *
 * Tells how a queue runs its items.
 *
 * Returns: its kind
 *
 * Since: 0.1
 */
ConvokeWorkQueueKind
convoke_work_queue_get_kind (ConvokeWorkQueue *self)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), CONVOKE_WORK_QUEUE_SERIAL);

  return self->serial != NULL ? CONVOKE_WORK_QUEUE_SERIAL : CONVOKE_WORK_QUEUE_MULTITHREADED;
}

static inline void
push (ConvokeWorkQueue *self,
      ConvokeWorkFunc   func,
      gpointer          data)
{
  if (self->serial != NULL)
    convoke_serial_push (self->serial, func, data);
  else
    convoke_pool_push (func, data);
}

/**
 * convoke_work_queue_put:
 * @self: a queue
 * @callback: what to invoke
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues @callback to be invoked once, with a new result that has @state and
 * no object (MF-41).
 *
 * Fails with %CONVOKE_ERROR_FORKED only, in a child made by `fork()`.
 *
 * Returns: %TRUE when it was queued; otherwise it is never invoked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put (ConvokeWorkQueue      *self,
                        ConvokeAsyncCallback  *callback,
                        GObject               *state,
                        GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (callback), FALSE);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  push (self, convoke_async_result_run_once, convoke_async_result_new_item (callback, state));

  return TRUE;
}

/**
 * convoke_work_queue_put_result:
 * @self: a queue
 * @result: a result that has a callback
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues the callback of @result to be invoked with it.
 *
 * The same result may be queued again, also while it is queued: each time its
 * callback is invoked once (MF-43). The queue keeps it, and with it callback,
 * object and state, until the callback returned, and nothing after that
 * (MF-23).
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @result has no callback, and
 * with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it was queued; otherwise it is not invoked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put_result (ConvokeWorkQueue    *self,
                               ConvokeAsyncResult  *result,
                               GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  if (G_UNLIKELY (!convoke_async_result_enqueue (result)))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The result has no callback");
      return FALSE;
    }

  push (self, convoke_async_result_run, result);

  return TRUE;
}

typedef struct
{
  ConvokeWorkQueueFunc func;
  gpointer             user_data;
  GDestroyNotify       destroy;
} FunctionItem;

static void
run_function_cb (gpointer data)
{
  FunctionItem item = *(FunctionItem *) data;

  g_free (data);

  item.func (item.user_data);
  if (item.destroy != NULL)
    item.destroy (item.user_data);
}

/**
 * convoke_work_queue_put_function:
 * @self: a queue
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data, on the queue's thread after @func; or
 *   at once, when this fails
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues @func to run once.
 *
 * Fails with %CONVOKE_ERROR_FORKED only, in a child made by `fork()`.
 *
 * Returns: %TRUE when it was queued; otherwise it does not run
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put_function (ConvokeWorkQueue      *self,
                                 ConvokeWorkQueueFunc   func,
                                 gpointer               user_data,
                                 GDestroyNotify         destroy,
                                 GError               **error)
{
  FunctionItem *item;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    {
      if (destroy != NULL)
        destroy (user_data);
      return FALSE;
    }

  item = g_new (FunctionItem, 1);
  *item = (FunctionItem) { func, user_data, destroy };
  push (self, run_function_cb, item);

  return TRUE;
}
