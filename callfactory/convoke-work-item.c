/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Items that do not run at once. Each has a key (convoke-item-table.c) and
 * something that it waits for; here that is a time. Its timer puts it on the
 * timer queue, and only there it is decided whether it runs: a cancel that comes
 * before wins (MF-47).
 */

#include "config.h"

#include "convoke-work-item.h"

#include "convoke-async-result-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-item-table-private.h"
#include "convoke-platform-private.h"
#include "convoke-work-queue-private.h"

/* What a periodic item gets if it asks for nothing else (MF-49). */
#define PERIODICITY (10 * 1000)

static ConvokeSerial *
get_timer_queue (void)
{
  return convoke_work_queue_peek_serial (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_TIMER));
}

/* A callback that promises nothing need not be asked. */
static gboolean
check_result (ConvokeAsyncResult  *result,
              GError             **error)
{
  ConvokeAsyncCallbackFlags flags;

  return G_LIKELY (convoke_async_result_is_plain (result)) ||
         convoke_work_queue_check_result (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_TIMER), result, &flags, error);
}

/* Beyond the end of the clock is never. */
static gint64
get_due (gint64 delay)
{
  gint64 now = g_get_monotonic_time ();

  return delay > G_MAXINT64 - now ? G_MAXINT64 : now + delay;
}

static inline gboolean
is_possible (GError **error)
{
  return !convoke_check_forked (error) && !convoke_platform_check_down (error);
}

static gboolean
check_time (const char  *what,
            gint64       time,
            GError     **error)
{
  if (G_LIKELY (time >= 0))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "A %s of %" G_GINT64_FORMAT ": it is microseconds from now on, so it cannot be negative; "
               "G_MAXINT64 is never", what, time);
  return FALSE;
}

/* --- results --- */

static void
result_run (gpointer data)
{
  if (G_LIKELY (convoke_async_result_is_plain (data)))
    convoke_async_result_run (data);
  else
    convoke_async_result_run_on (data, get_timer_queue ());
}

static const ConvokeItemKind result_kind = { result_run, convoke_async_result_dequeue, TRUE, FALSE };
static const ConvokeItemKind new_result_kind = { convoke_async_result_run_once, g_object_unref, TRUE, FALSE };

/* --- functions --- */

typedef struct
{
  ConvokeWorkQueueFunc func;
  gpointer             user_data;
  GDestroyNotify       destroy;   /* (nullable) */
  gint64               period;    /* microseconds; of one that comes again */
} Function;

static Function *
function_new (ConvokeWorkQueueFunc func,
              gpointer             user_data,
              GDestroyNotify       destroy)
{
  Function *self = g_new0 (Function, 1);

  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

static void
function_drop (gpointer data)
{
  Function *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static void
function_run (gpointer data)
{
  Function *self = data;

  self->func (self->user_data);
}

static void
function_run_once (gpointer data)
{
  function_run (data);
  function_drop (data);
}

/* --- running --- */

/* Ticks that a slow one has missed are left out, and the others stay where they were. */
static gint64
get_next_due (gint64 due,
              gint64 period)
{
  gint64 now = g_get_monotonic_time ();

  if (period > G_MAXINT64 - now)
    return G_MAXINT64;
  if (due + period > now)
    return due + period;

  return now + period - (now - due) % period;
}

/* After its run. Once it waits, a cancel may drop the function. */
static void
come_again (ConvokeItem *item,
            Function    *function)
{
  gint64 period = function->period;

  if (convoke_item_table_again (item))
    convoke_timer_arm (&item->timer, get_next_due (item->timer.due, period));
  else
    function_drop (function);
}

static void
run_cb (gpointer data)
{
  ConvokeItemContent content;

  if (!convoke_item_table_begin (data, &content))
    return;

  content.kind->run (content.data);
  if (content.kind->again)
    come_again (data, content.data);
}

static void
due_cb (ConvokeTimer *timer)
{
  convoke_serial_push (get_timer_queue (), run_cb, timer);
}

/* 0: it failed, and @data has been dropped. */
static guint64
schedule (const ConvokeItemKind  *kind,
          gpointer                data,
          gint64                  due,
          GError                **error)
{
  guint64 key;
  ConvokeItem *item = convoke_item_table_add (kind, data, due_cb, &key, error);

  if (item == NULL)
    {
      kind->drop (data);
      return 0;
    }

  convoke_timer_arm (&item->timer, due);

  /* A stop that came since it was asked for did not see it. */
  if (G_UNLIKELY (convoke_platform_check_down (NULL)))
    convoke_item_table_cancel (key);

  return key;
}

/**
 * convoke_work_item_schedule:
 * @delay: when, in microseconds from now; 0 is as soon as possible
 * @callback: what to invoke
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Invokes @callback once, later, on the timer queue of the process, with a new
 * result that has @state and no object (MF-44).
 *
 * Items run in the order of the times when they are due, and those that are due
 * together in the order in which they were scheduled (MF-55). Everybody shares
 * the queue, and it runs one item at a time: do what takes long elsewhere. The
 * callback may run before this returns.
 *
 * A delay beyond the end of the clock, such as %G_MAXINT64, is never: only a
 * cancel ends such an item. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT for a negative delay and for a
 * @callback that implements no `invoke`, with %CONVOKE_ERROR_INVALID_QUEUE for
 * one with flags that are not known, with
 * %CONVOKE_ERROR_OUT_OF_RESOURCES when sixteen million items wait, with
 * %CONVOKE_ERROR_SHUTDOWN after the platform was stopped, and with
 * %CONVOKE_ERROR_FORKED in a child made by `fork()`. A stop of the platform
 * cancels all items that wait; [func@Convoke.platform_start] brings none back.
 *
 * Returns: the key to cancel it with, never 0 for an item, and not given out
 *   again while the item waits; 0 on failure, and then nothing is invoked
 *
 * Since: 0.1
 */
guint64
convoke_work_item_schedule (gint64                 delay,
                            ConvokeAsyncCallback  *callback,
                            GObject               *state,
                            GError               **error)
{
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (callback), 0);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!is_possible (error) || !check_time ("delay", delay, error))
    return 0;

  result = convoke_async_result_new_item (callback, state);
  if (G_LIKELY (convoke_async_result_is_plain (result)))
    return schedule (&new_result_kind, g_steal_pointer (&result), get_due (delay), error);

  return convoke_work_item_schedule_result (delay, result, error);
}

/**
 * convoke_work_item_schedule_result:
 * @delay: when, in microseconds from now; 0 is as soon as possible
 * @result: a result that has a callback
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Invokes the callback of @result with it, once, later.
 *
 * As [func@Convoke.work_item_schedule], but allocates nothing. The same result
 * may be scheduled again, also while it waits: each time its callback is
 * invoked once.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @result has no callback too.
 *
 * Returns: the key to cancel it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_work_item_schedule_result (gint64               delay,
                                   ConvokeAsyncResult  *result,
                                   GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!is_possible (error) || !check_time ("delay", delay, error))
    return 0;
  if (!check_result (result, error))
    return 0;

  convoke_async_result_enqueue (result);
  return schedule (&result_kind, result, get_due (delay), error);
}

static guint64
schedule_function (const ConvokeItemKind  *kind,
                   Function               *function,
                   const char             *what,
                   gint64                  time,
                   GError                **error)
{
  if (is_possible (error) && check_time (what, time, error))
    return schedule (kind, function, get_due (time), error);

  function_drop (function);
  return 0;
}

/**
 * convoke_work_item_schedule_function:
 * @delay: when, in microseconds from now; 0 is as soon as possible
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data: on the queue's thread after @func; on
 *   the thread that cancels; or at once, when this fails
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Runs @func once, later, as [func@Convoke.work_item_schedule] invokes a
 * callback, and fails as that does.
 *
 * Returns: the key to cancel it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_work_item_schedule_function (gint64                 delay,
                                     ConvokeWorkQueueFunc   func,
                                     gpointer               user_data,
                                     GDestroyNotify         destroy,
                                     GError               **error)
{
  static const ConvokeItemKind kind = { function_run_once, function_drop, TRUE, FALSE };

  g_return_val_if_fail (func != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  return schedule_function (&kind, function_new (func, user_data, destroy), "delay", delay, error);
}

/**
 * convoke_work_item_add_periodic:
 * @period: how often, in microseconds; 0 is the default,
 *   [func@Convoke.work_item_get_periodicity]
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data when the item was cancelled: on the
 *   thread that cancels or, while @func runs, on the queue's thread after it;
 *   or at once, when this fails
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Runs @func again and again on the timer queue of the process, until its key
 * is cancelled (MF-49).
 *
 * The first time is one period from now. A run that takes longer than a period
 * makes the next one come at the next multiple: none are made up for. To keep
 * an object meanwhile, give a reference as @user_data, and g_object_unref() as
 * @destroy.
 *
 * Any thread may call this. Fails as [func@Convoke.work_item_schedule] does.
 *
 * Returns: the key to cancel it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_work_item_add_periodic (gint64                 period,
                                ConvokeWorkQueueFunc   func,
                                gpointer               user_data,
                                GDestroyNotify         destroy,
                                GError               **error)
{
  static const ConvokeItemKind kind = { function_run, function_drop, TRUE, TRUE };
  Function *function;

  g_return_val_if_fail (func != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  function = function_new (func, user_data, destroy);
  function->period = period != 0 ? period : PERIODICITY;

  return schedule_function (&kind, function, "period", function->period, error);
}

/**
 * convoke_work_item_get_periodicity:
 *
 * Tells how often a periodic item runs that asks for nothing else (MF-49).
 *
 * Returns: microseconds
 *
 * Since: 0.1
 */
gint64
convoke_work_item_get_periodicity (void)
{
  return PERIODICITY;
}

/**
 * convoke_work_item_cancel:
 * @key: a key of an item that waits, or is periodic
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Cancels an item: it is never invoked (MF-46, MF-47).
 *
 * What the item kept is let go of before this returns, on the calling thread.
 * A periodic item that is just running runs to its end, is not run again, and
 * is let go of then. Any thread may call this, also the callback of an item.
 *
 * Fails with %CONVOKE_ERROR_NOT_FOUND when there is no such item: because it was
 * invoked or has begun to be, was cancelled before, or never was. Fails with
 * %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it will not be invoked
 *
 * Since: 0.1
 */
gboolean
convoke_work_item_cancel (guint64   key,
                          GError  **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;
  if (convoke_item_table_cancel (key))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
               "No work item waits under the key %" G_GUINT64_FORMAT ": it has begun, was cancelled, or never was", key);
  return FALSE;
}
