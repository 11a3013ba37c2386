/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Registration is an operation: it goes to a thread of the class, which makes
 * sure that it runs as it should, and only then do the queue's items go there
 * too. A queue with a thread of its own sends it to itself.
 */

#include "config.h"

#include "convoke-thread-class.h"

#include "convoke-call-begin.h"
#include "convoke-call-operation.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-platform-private.h"
#include "convoke-registration-private.h"
#include "convoke-thread-nice-private.h"
#include "convoke-work-queue-private.h"

static GQuark
registering_quark (void)
{
  return g_quark_from_static_string ("convoke-registering");
}

static GQuark
unregistering_quark (void)
{
  return g_quark_from_static_string ("convoke-unregistering");
}

/* One operation under way. */
typedef struct
{
  ConvokeCall       *call;        /* (owned) for its views */
  ConvokeServerCall *server_call; /* (owned) */
  ConvokeWorkQueue  *queue;       /* (owned) */
  ConvokeLane       *lane;        /* of a registration */
  guint              task_id;
} Change;

static void
change_free (Change *self)
{
  g_object_unref (self->server_call);
  g_object_unref (self->call);
  g_object_unref (self->queue);
  g_free (self);
}

static gboolean
has_own_thread (ConvokeWorkQueue *queue)
{
  return convoke_work_queue_get_kind (queue) == CONVOKE_WORK_QUEUE_WINDOW;
}

static void
register_cb (gpointer data)
{
  Change *self = data;
  g_autoptr (GError) error = NULL;
  GValue value = G_VALUE_INIT;

  if (!convoke_lane_enter (self->lane, &error))
    {
      convoke_registration_unclaim (self->queue, self->task_id);
      convoke_server_call_abort (self->server_call, error, NULL);
      change_free (self);
      return;
    }

  /* Also when the call was given up meanwhile: who does that unregisters. */
  convoke_registration_set (self->queue, self->lane, self->task_id);
  g_value_init (&value, G_TYPE_UINT);
  g_value_set_uint (&value, self->task_id);
  convoke_server_call_complete_operation (self->server_call, &value, NULL);
  change_free (self);
}

static void
unregister_cb (gpointer data)
{
  Change *self = data;
  g_autoptr (GError) error = NULL;

  if (has_own_thread (self->queue) && !convoke_thread_set_nice (convoke_thread_get_usual_nice (), TRUE, &error))
    {
      convoke_registration_keep (self->queue);
      convoke_server_call_abort (self->server_call, error, NULL);
    }
  else
    {
      convoke_registration_clear (self->queue);
      convoke_server_call_complete_operation (self->server_call, NULL, NULL);
    }

  change_free (self);
}

/* NULL: nothing was begun. */
static Change *
change_begin (ConvokeWorkQueue      *queue,
              const char            *name,
              GQuark                 quark,
              ConvokeAsyncCallback  *callback,
              GObject               *state,
              GError               **error)
{
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (NULL, name);
  ConvokeServerCall *server_call;
  Change *self;

  g_object_set_qdata_full (G_OBJECT (call), quark, g_object_ref (queue), g_object_unref);
  if (callback != NULL && !convoke_call_add_async_callback (call, callback, state, error))
    return NULL;

  server_call = convoke_call_begin_operation (call, error);
  if (server_call == NULL)
    return NULL;

  self = g_new0 (Change, 1);
  self->call = g_steal_pointer (&call);
  self->server_call = server_call;
  self->queue = g_object_ref (queue);

  return self;
}

static gboolean
check_queue (ConvokeWorkQueue  *self,
             GError           **error)
{
  if (has_own_thread (self) || convoke_work_queue_peek_pool (self) != NULL)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "The queue has no threads of its own: register the queue over which it stands; what iterates a "
                       "main context is the program's");
  return FALSE;
}

static gboolean
can_change (GError **error)
{
  return !convoke_check_forked (error) && !convoke_platform_check_down (error);
}

/**
 * convoke_work_queue_begin_register:
 * @self: a queue
 * @thread_class: the name of a class of threads
 * @task_id: a task of that class, or 0 for a new one
 * @priority: within the class, from -2 to 2
 * @callback: (nullable): what is invoked when it is done
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Begins to have the items of @self run on threads of another scheduling class
 * (MF-51).
 *
 * The classes are "Audio", "Background", "Capture", "DisplayPostProcessing",
 * "Distribution", "Games", "Playback", "Pro Audio" and "Window Manager", in
 * either case of letters. Each stands for a nice value; a step of @priority is
 * two. Where the process may not have that, the real-time portal and the
 * real-time kit are asked over D-Bus; nobody waits for their answer but this
 * operation. A task is a number for all queues that were registered with it.
 *
 * [method@Convoke.WorkQueue.end_register] with the result that @callback was
 * invoked with tells how it ended. What is returned is the call object of the
 * operation, for other views; its result is the task, a `guint`. Giving it up
 * does not undo a registration.
 *
 * The operation ends with %CONVOKE_ERROR_ACCESS_DENIED when the system refused,
 * and with %CONVOKE_ERROR_NOT_SUPPORTED when there was nobody to ask: the queue
 * runs on as before.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND for an unknown
 * class or task, %CONVOKE_ERROR_INVALID_ARGUMENT for another priority or a task
 * of another class, %CONVOKE_ERROR_ALREADY_REGISTERED,
 * %CONVOKE_ERROR_CALL_PENDING while a change is in progress,
 * %CONVOKE_ERROR_NOT_SUPPORTED for a queue without threads of its own (of a main
 * context, or over another queue), %CONVOKE_ERROR_SHUTDOWN after the last
 * [func@Convoke.platform_stop], %CONVOKE_ERROR_INVALID_QUEUE as
 * [method@Convoke.Call.add_async_callback] does, and %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full) (nullable): the call object, or %NULL when nothing was begun
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_work_queue_begin_register (ConvokeWorkQueue      *self,
                                   const char            *thread_class,
                                   guint                  task_id,
                                   int                    priority,
                                   ConvokeAsyncCallback  *callback,
                                   GObject               *state,
                                   GError               **error)
{
  ConvokeLane *lane;
  Change *change;
  ConvokeCall *call;
  guint id;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), NULL);
  g_return_val_if_fail (thread_class != NULL, NULL);
  g_return_val_if_fail (callback == NULL || CONVOKE_IS_ASYNC_CALLBACK (callback), NULL);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!can_change (error) || !check_queue (self, error))
    return NULL;
  lane = convoke_lane_get (thread_class, priority, error);
  if (lane == NULL)
    return NULL;
  id = convoke_registration_claim (self, lane, task_id, error);
  if (id == 0)
    return NULL;

  change = change_begin (self, "register-thread-class", registering_quark (), callback, state, error);
  if (change == NULL)
    {
      convoke_registration_unclaim (self, id);
      return NULL;
    }

  change->lane = lane;
  change->task_id = id;
  call = g_object_ref (change->call);
  if (has_own_thread (self))
    convoke_work_queue_push (self, register_cb, change);
  else
    convoke_pool_push_to (convoke_lane_get_pool (lane), 1, register_cb, change);

  return call;
}

/* (transfer none): the call object of an operation of @self; NULL: it is another result. */
static ConvokeCall *
get_call (ConvokeWorkQueue    *self,
          ConvokeAsyncResult  *result,
          GQuark               quark,
          GError             **error)
{
  GObject *call = convoke_async_result_get_object (result);

  if (call != NULL && g_object_get_qdata (call, quark) == self)
    return CONVOKE_CALL (call);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                       "The result is of no such operation on this queue: end it with the one that the callback got");
  return NULL;
}

/**
 * convoke_work_queue_end_register:
 * @self: the queue
 * @result: what the callback was invoked with
 * @error: return location for an error, or %NULL
 *
 * Ends what [method@Convoke.WorkQueue.begin_register] began, in the callback or
 * later, on any thread.
 *
 * Fails as the operation did, with %CONVOKE_ERROR_CALL_COMPLETE the second time,
 * and with %CONVOKE_ERROR_FAILED for a result that comes from elsewhere.
 *
 * Returns: the task, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_work_queue_end_register (ConvokeWorkQueue    *self,
                                 ConvokeAsyncResult  *result,
                                 GError             **error)
{
  ConvokeCall *call;
  GValue value = G_VALUE_INIT;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), 0);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  call = get_call (self, result, registering_quark (), error);
  if (call == NULL || !convoke_call_finish_operation (call, &value, error))
    return 0;

  return g_value_get_uint (&value);
}

/**
 * convoke_work_queue_begin_unregister:
 * @self: a queue
 * @callback: (nullable): what is invoked when it is done
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Begins to take @self out of its class of threads: its items run where they
 * ran before (MF-51).
 *
 * A queue with a thread of its own keeps that; the operation ends with
 * %CONVOKE_ERROR_ACCESS_DENIED or %CONVOKE_ERROR_NOT_SUPPORTED when the system
 * does not let the thread become as it was, and the queue stays in the class.
 *
 * Fails with %CONVOKE_ERROR_NOT_REGISTERED, and otherwise as
 * [method@Convoke.WorkQueue.begin_register] does.
 *
 * Returns: (transfer full) (nullable): the call object, or %NULL when nothing was begun
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_work_queue_begin_unregister (ConvokeWorkQueue      *self,
                                     ConvokeAsyncCallback  *callback,
                                     GObject               *state,
                                     GError               **error)
{
  Change *change;
  ConvokeCall *call;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), NULL);
  g_return_val_if_fail (callback == NULL || CONVOKE_IS_ASYNC_CALLBACK (callback), NULL);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!can_change (error) || !convoke_registration_claim_end (self, error))
    return NULL;

  change = change_begin (self, "unregister-thread-class", unregistering_quark (), callback, state, error);
  if (change == NULL)
    {
      convoke_registration_keep (self);
      return NULL;
    }

  call = g_object_ref (change->call);
  if (has_own_thread (self))
    convoke_work_queue_push (self, unregister_cb, change);
  else
    convoke_pool_push (unregister_cb, change);

  return call;
}

/**
 * convoke_work_queue_end_unregister:
 * @self: the queue
 * @result: what the callback was invoked with
 * @error: return location for an error, or %NULL
 *
 * Ends what [method@Convoke.WorkQueue.begin_unregister] began; as
 * [method@Convoke.WorkQueue.end_register] otherwise.
 *
 * Returns: %TRUE when @self is in no class of threads any more
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_end_unregister (ConvokeWorkQueue    *self,
                                   ConvokeAsyncResult  *result,
                                   GError             **error)
{
  ConvokeCall *call;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  call = get_call (self, result, unregistering_quark (), error);

  return call != NULL && convoke_call_finish_operation (call, NULL, error);
}

/**
 * convoke_work_queue_dup_thread_class:
 * @self: a queue
 *
 * Tells in which class of threads the items of @self run.
 *
 * Returns: (transfer full) (nullable): the class, or %NULL for that of all others
 *
 * Since: 0.1
 */
char *
convoke_work_queue_dup_thread_class (ConvokeWorkQueue *self)
{
  ConvokeLane *lane;
  guint task_id;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), NULL);

  convoke_registration_get (self, &lane, &task_id);

  return lane != NULL ? g_strdup (convoke_lane_get_class (lane)) : NULL;
}

/**
 * convoke_work_queue_get_task_id:
 * @self: a queue
 *
 * Tells to which task @self belongs.
 *
 * Returns: the task, or 0 when @self is in no class of threads
 *
 * Since: 0.1
 */
guint
convoke_work_queue_get_task_id (ConvokeWorkQueue *self)
{
  ConvokeLane *lane;
  guint task_id;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), 0);

  convoke_registration_get (self, &lane, &task_id);

  return task_id;
}

/**
 * convoke_work_queue_get_thread_priority:
 * @self: a queue
 *
 * Tells with which priority within its class of threads @self was registered.
 *
 * Returns: the priority, or 0 when @self is in no class of threads
 *
 * Since: 0.1
 */
int
convoke_work_queue_get_thread_priority (ConvokeWorkQueue *self)
{
  ConvokeLane *lane;
  guint task_id;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), 0);

  convoke_registration_get (self, &lane, &task_id);

  return lane != NULL ? convoke_lane_get_priority (lane) : 0;
}

/* --- all queues of the process --- */

static const ConvokeWorkQueueId ids[] = {
  CONVOKE_WORK_QUEUE_ID_STANDARD,
  CONVOKE_WORK_QUEUE_ID_RT,
  CONVOKE_WORK_QUEUE_ID_IO,
  CONVOKE_WORK_QUEUE_ID_TIMER,
  CONVOKE_WORK_QUEUE_ID_MULTITHREADED,
  CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION,
};

static void
unclaim_all (guint n,
             guint task_id)
{
  for (guint i = 0; i < n; i++)
    convoke_registration_unclaim (convoke_work_queue_get_well_known (ids[i]), task_id);
}

/* 0: not even one is claimed. */
static guint
claim_all (ConvokeLane  *lane,
           guint         task_id,
           GError      **error)
{
  guint id = task_id;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      guint claimed = convoke_registration_claim (convoke_work_queue_get_well_known (ids[i]), lane, id, error);

      if (claimed == 0)
        {
          unclaim_all (i, id);
          return 0;
        }
      id = claimed;
    }

  return id;
}

/**
 * convoke_platform_register:
 * @thread_class: the name of a class of threads
 * @task_id: a task of that class, or 0 for a new one
 * @priority: within the class, from -2 to 2
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Puts all queues of the process, those that
 * [func@Convoke.WorkQueue.get_well_known] gives, into a class of threads, for
 * everybody who uses them (MF-51, MF-52); with calls nothing changes.
 *
 * Waits for an answer of the system, for some seconds at most.
 *
 * Fails as [method@Convoke.WorkQueue.begin_register] and its operation do, and
 * with %CONVOKE_ERROR_TIMEOUT; nothing has changed then.
 *
 * Returns: the task, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_platform_register (const char  *thread_class,
                           guint        task_id,
                           int          priority,
                           GError     **error)
{
  ConvokeLane *lane;
  guint id;

  g_return_val_if_fail (thread_class != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!can_change (error))
    return 0;
  lane = convoke_lane_get (thread_class, priority, error);
  if (lane == NULL)
    return 0;
  id = claim_all (lane, task_id, error);
  if (id == 0)
    return 0;

  if (!convoke_lane_try (lane, error))
    {
      unclaim_all (G_N_ELEMENTS (ids), id);
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    convoke_registration_set (convoke_work_queue_get_well_known (ids[i]), lane, id);

  return id;
}

/**
 * convoke_platform_unregister:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes all queues of the process out of their classes of threads.
 *
 * Fails with %CONVOKE_ERROR_NOT_REGISTERED when one is in none, and with
 * %CONVOKE_ERROR_CALL_PENDING while one is being changed; nothing has changed
 * then. Fails with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when they run as at first
 *
 * Since: 0.1
 */
gboolean
convoke_platform_unregister (GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (!convoke_registration_claim_end (convoke_work_queue_get_well_known (ids[i]), error))
      {
        while (i-- > 0)
          convoke_registration_keep (convoke_work_queue_get_well_known (ids[i]));
        return FALSE;
      }

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    convoke_registration_clear (convoke_work_queue_get_well_known (ids[i]));

  return TRUE;
}
