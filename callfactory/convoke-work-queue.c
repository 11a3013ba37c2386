/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-work-queue-private.h"

#include "convoke-async-callback-private.h"
#include "convoke-async-result-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-loop-private.h"
#include "convoke-platform-private.h"

/* Each takes stack when a queue takes its turn. */
#define MOST_DEPTH 64

#define SHORT_FLAGS (CONVOKE_ASYNC_CALLBACK_FAST_IO | CONVOKE_ASYNC_CALLBACK_SIGNAL)
#define KNOWN_FLAGS (SHORT_FLAGS | CONVOKE_ASYNC_CALLBACK_BLOCKING | CONVOKE_ASYNC_CALLBACK_REPLY)

/**
 * ConvokeWorkQueue:
 *
 * Runs work items, on threads of the library or in a main context.
 *
 * On a serial queue one item runs at a time, in the order in which they were
 * put; the end of one happens before the start of the next; a queue is not
 * bound to one thread (MF-36, MF-53). On a multithreaded queue items start in
 * order and run side by side (MF-37). What was done before an item was put is
 * visible to it. Between queues there is no order (MF-54).
 *
 * Every process has some queues, which
 * [func@Convoke.WorkQueue.get_well_known] gives; a program makes its own with
 * [ctor@Convoke.WorkQueue.new], for a main context with
 * [ctor@Convoke.WorkQueue.new_for_context], and over another queue with
 * [ctor@Convoke.WorkQueue.new_serial].
 *
 * A queue is an object, and lives as long as it is referenced. Who wants to
 * speak of it by a number locks it, with [method@Convoke.WorkQueue.lock]: as
 * long as its number is locked, that number stands for it and holds a reference.
 *
 * Items that are queued run, also when everybody let go of the queue (MF-33).
 * Any thread may put.
 *
 * Since: 0.1
 */
struct _ConvokeWorkQueue
{
  GObject              parent_instance;

  /* All constant once it was made, except the number. */
  ConvokeWorkQueueKind kind;
  guint                depth;   /* over how many queues, each over the next, it stands */
  guint                id;      /* (atomic) 0: it has none */
  ConvokeSerial       *serial;  /* (owned) (nullable) NULL: straight to the pool */
  ConvokePool         *pool;    /* (nullable) (atomic) of those over a pool; serial has it too */
  GMainContext        *context; /* (owned) (nullable) */
  GMainLoop           *loop;    /* (owned) (nullable) of its own thread */
  ConvokeRegistration  registration; /* LOCK: that of the table of registrations */
};

G_DEFINE_FINAL_TYPE (ConvokeWorkQueue, convoke_work_queue, G_TYPE_OBJECT)

static void
quit_cb (gpointer data)
{
  g_autoptr (GMainLoop) loop = data;

  g_main_loop_quit (loop);
}

static void
convoke_work_queue_finalize (GObject *object)
{
  ConvokeWorkQueue *self = CONVOKE_WORK_QUEUE (object);

  /* After what is queued. */
  if (self->loop != NULL)
    convoke_serial_push (self->serial, quit_cb, g_steal_pointer (&self->loop));
  g_clear_pointer (&self->serial, convoke_serial_unref);
  convoke_registration_forget (&self->registration);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (convoke_work_queue_parent_class)->finalize (object);
}

static void
convoke_work_queue_class_init (ConvokeWorkQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_work_queue_finalize;
}

/* One that was made in the way of other objects is as good as a new one of this kind. */
static void
convoke_work_queue_init (ConvokeWorkQueue *self)
{
  self->kind = CONVOKE_WORK_QUEUE_MULTITHREADED;
  self->pool = convoke_pool_get_default ();
}

static ConvokeWorkQueue *
make (ConvokeWorkQueueKind  kind,
      ConvokeSerial        *serial)
{
  ConvokeWorkQueue *self = g_object_new (CONVOKE_TYPE_WORK_QUEUE, NULL);

  self->kind = kind;
  self->serial = serial;
  if (serial != NULL && convoke_serial_get_pool (serial) == NULL)
    self->pool = NULL;

  return self;
}

static ConvokeWorkQueue *
make_for_context (ConvokeWorkQueueKind  kind,
                  GMainContext         *context)
{
  ConvokeSerial *serial = convoke_serial_new_over (&convoke_context_target_funcs, convoke_context_target_new (context));
  ConvokeWorkQueue *self = make (kind, serial);

  self->context = g_main_context_ref (context);

  return self;
}

ConvokeWorkQueue *
convoke_work_queue_try_new (ConvokeWorkQueueKind   kind,
                            GError               **error)
{
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (ConvokeWorkQueue) self = NULL;

  if (kind == CONVOKE_WORK_QUEUE_MULTITHREADED)
    return make (kind, NULL);
  if (kind == CONVOKE_WORK_QUEUE_SERIAL)
    return make (kind, convoke_serial_new ());

  context = g_main_context_new ();
  self = make_for_context (kind, context);
  self->loop = convoke_loop_start (context, error);

  return self->loop != NULL ? g_steal_pointer (&self) : NULL;
}

static inline ConvokePool *
get_pool (ConvokeWorkQueue *self)
{
  return __atomic_load_n (&self->pool, __ATOMIC_ACQUIRE);
}

/* As the target of serial queues. The object, because with it a thread of its own goes. */

static void
target_push (gpointer        target,
             ConvokeWorkFunc func,
             gpointer        data)
{
  convoke_work_queue_push (target, func, data);
}

static gboolean
target_has_queued (gpointer target)
{
  ConvokeWorkQueue *self = target;

  if (self->serial != NULL)
    return convoke_serial_has_queued (self->serial);

  return convoke_pool_target_funcs.has_queued (get_pool (self));
}

static void
target_unref (gpointer target)
{
  g_object_unref (target);
}

static const ConvokeTargetFuncs target_funcs = { target_push, target_has_queued, target_unref };

/**
 * convoke_work_queue_new:
 * @kind: how it runs its items; not %CONVOKE_WORK_QUEUE_CONTEXT
 *
 * Makes a queue of the caller's own.
 *
 * %CONVOKE_WORK_QUEUE_WINDOW starts a thread, which ends once the queue was let
 * go of and its items have run. That is the only kind that can fail, and aborts
 * the program then; [func@Convoke.WorkQueue.allocate] fails with an error.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_new (ConvokeWorkQueueKind kind)
{
  g_autoptr (GError) error = NULL;
  ConvokeWorkQueue *self;

  g_return_val_if_fail ((guint) kind < CONVOKE_WORK_QUEUE_CONTEXT, NULL);

  self = convoke_work_queue_try_new (kind, &error);
  if (self == NULL)
    g_error ("%s", error->message);

  return self;
}

/**
 * convoke_work_queue_new_for_context:
 * @context: (nullable): a main context; %NULL means the thread-default one
 *
 * Makes a serial queue whose items run where @context is iterated.
 *
 * An item that runs a main loop of its own is still running: the next one
 * waits for its end. Between items the context's other sources get their turn.
 * While nobody iterates @context, nothing runs; what is queued keeps the context.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_new_for_context (GMainContext *context)
{
  if (context == NULL)
    context = g_main_context_get_thread_default ();
  if (context == NULL)
    context = g_main_context_default ();

  return make_for_context (CONVOKE_WORK_QUEUE_CONTEXT, context);
}

/**
 * convoke_work_queue_new_serial: (constructor)
 * @target: any queue
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a serial queue over another queue: its items run one at a time and in
 * order, where @target runs its own (MF-38).
 *
 * Several such queues over one target are independent of each other, as far as
 * the target lets them: over a multithreaded one they overlap, over a serial one
 * they take turns, several items at a time. The queue keeps its target: that can be let go of, and its number be
 * unlocked, before.
 *
 * Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES when @target stands over 63 other
 * serial queues already, with %CONVOKE_ERROR_SHUTDOWN after the last
 * [func@Convoke.platform_stop], and with %CONVOKE_ERROR_FORKED in a child made by
 * `fork()`.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_new_serial (ConvokeWorkQueue  *target,
                               GError           **error)
{
  ConvokeWorkQueue *self;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (target), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error) || convoke_platform_check_down (error))
    return NULL;

  if (target->depth + 1 >= MOST_DEPTH)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "%u queues stand over each other already: take a target further down", MOST_DEPTH);
      return NULL;
    }

  self = make (CONVOKE_WORK_QUEUE_SERIAL, convoke_serial_new_over (&target_funcs, g_object_ref (target)));
  self->depth = target->depth + 1;

  return self;
}

guint *
convoke_work_queue_peek_id (ConvokeWorkQueue *self)
{
  return &self->id;
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

  return self->kind;
}

/**
 * convoke_work_queue_get_context:
 * @self: a queue
 *
 * Gets the main context in which the items of @self run, if it is of the kind
 * %CONVOKE_WORK_QUEUE_CONTEXT or %CONVOKE_WORK_QUEUE_WINDOW.
 *
 * Sources that are attached to it are dispatched on the same thread as the
 * items. Those of a %CONVOKE_WORK_QUEUE_WINDOW queue are dispatched as long as
 * the queue is referenced.
 *
 * Returns: (transfer none) (nullable): the context, which lives as long as @self
 *
 * Since: 0.1
 */
GMainContext *
convoke_work_queue_get_context (ConvokeWorkQueue *self)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), NULL);

  return self->context;
}

ConvokePool *
convoke_work_queue_peek_pool (ConvokeWorkQueue *self)
{
  return get_pool (self);
}

ConvokeRegistration *
convoke_work_queue_peek_registration (ConvokeWorkQueue *self)
{
  return &self->registration;
}

ConvokeSerial *
convoke_work_queue_peek_serial (ConvokeWorkQueue *self)
{
  return self->serial;
}

void
convoke_work_queue_set_pool (ConvokeWorkQueue *self,
                             ConvokePool      *pool)
{
  __atomic_store_n (&self->pool, pool, __ATOMIC_RELEASE);
  if (self->serial != NULL)
    convoke_serial_set_pool (self->serial, pool);
}

gboolean
convoke_work_queue_check_flags (ConvokeWorkQueue           *self,
                                ConvokeAsyncCallbackFlags   flags,
                                GError                    **error)
{
  guint id = convoke_work_queue_get_id (self);

  if (flags & ~KNOWN_FLAGS)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE,
                   "A callback has flags 0x%x, which no queue can keep", flags & ~KNOWN_FLAGS);
      return FALSE;
    }

  if (!(flags & SHORT_FLAGS) || id == CONVOKE_WORK_QUEUE_ID_IO || id == CONVOKE_WORK_QUEUE_ID_TIMER)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE,
                       "A callback that is meant for input and output only can be put on the queues IO and TIMER only");
  return FALSE;
}

static inline void
push (ConvokeWorkQueue *self,
      int               priority,
      ConvokeWorkFunc   func,
      gpointer          data)
{
  if (self->serial != NULL)
    convoke_serial_push (self->serial, func, data);
  else
    convoke_pool_push_to (get_pool (self), priority, func, data);
}

void
convoke_work_queue_push (ConvokeWorkQueue *self,
                         ConvokeWorkFunc   func,
                         gpointer          data)
{
  push (self, 0, func, data);
}

void
convoke_work_queue_push_full (ConvokeWorkQueue *self,
                              int               priority,
                              ConvokeWorkFunc   func,
                              gpointer          data)
{
  push (self, priority, func, data);
}

gboolean
convoke_work_queue_check_result (ConvokeWorkQueue           *self,
                                 ConvokeAsyncResult         *result,
                                 ConvokeAsyncCallbackFlags  *flags,
                                 GError                    **error)
{
  ConvokeAsyncCallback *callback = convoke_async_result_get_callback (result);

  if (callback == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The result has no callback");
      return FALSE;
    }

  if (!convoke_async_callback_check (callback, error))
    return FALSE;
  convoke_async_callback_get_parameters (callback, flags, NULL);

  return convoke_work_queue_check_flags (self, *flags, error);
}

/* A result that has no callback, or one that must be asked. */
static gboolean
put_asking (ConvokeWorkQueue    *self,
            int                  priority,
            ConvokeAsyncResult  *result,
            GError             **error)
{
  ConvokeAsyncCallbackFlags flags;

  if (!convoke_work_queue_check_result (self, result, &flags, error))
    return FALSE;

  convoke_async_result_enqueue (result);
  if ((flags & CONVOKE_ASYNC_CALLBACK_REPLY) && self->serial != NULL)
    push (self, priority, convoke_async_result_run_reply, convoke_async_result_new_reply (result, self->serial));
  else
    push (self, priority, convoke_async_result_run, result);

  return TRUE;
}

static inline gboolean
put_result (ConvokeWorkQueue    *self,
            int                  priority,
            ConvokeAsyncResult  *result,
            GError             **error)
{
  if (G_UNLIKELY (!convoke_async_result_enqueue_plain (result)))
    return put_asking (self, priority, result, error);

  push (self, priority, convoke_async_result_run, result);

  return TRUE;
}

static inline gboolean
put_new (ConvokeWorkQueue      *self,
         int                    priority,
         ConvokeAsyncCallback  *callback,
         GObject               *state,
         GError               **error)
{
  ConvokeAsyncResult *result = convoke_async_result_new_item (callback, state);
  gboolean done;

  if (G_LIKELY (convoke_async_result_is_plain (result)))
    {
      push (self, priority, convoke_async_result_run_once, result);
      return TRUE;
    }

  done = put_asking (self, priority, result, error);
  g_object_unref (result);

  return done;
}

static inline gboolean
can_put (GError **error)
{
  return !convoke_check_forked (error) && !convoke_platform_check_down (error);
}

gboolean
convoke_work_queue_deliver (ConvokeWorkQueue    *self,
                            ConvokeAsyncResult  *result,
                            GError             **error)
{
  return !convoke_check_forked (error) && put_result (self, 0, result, error);
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
 * Of the callback's parameters the flags count, not the queue (MF-13).
 *
 * Fails with %CONVOKE_ERROR_INVALID_QUEUE when @self cannot keep what the flags
 * of @callback ask for (MF-12), with %CONVOKE_ERROR_SHUTDOWN after the last
 * [func@Convoke.platform_stop], and with %CONVOKE_ERROR_FORKED in a child made by
 * `fork()`.
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

  return can_put (error) && put_new (self, 0, callback, state, error);
}

/**
 * convoke_work_queue_put_full:
 * @self: a queue
 * @priority: larger is sooner; 0 is what everybody else has
 * @callback: what to invoke
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues @callback as [method@Convoke.WorkQueue.put] does, with a priority.
 *
 * There are three classes, positive, zero and negative: an item waits for those
 * of a class above, and in order among its own. Priorities count among what
 * waits for a thread of a multithreaded queue; a serial queue stays in order
 * (MF-42).
 *
 * Fails as [method@Convoke.WorkQueue.put] does.
 *
 * Returns: %TRUE when it was queued; otherwise it is never invoked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put_full (ConvokeWorkQueue      *self,
                             int                    priority,
                             ConvokeAsyncCallback  *callback,
                             GObject               *state,
                             GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (callback), FALSE);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return can_put (error) && put_new (self, priority, callback, state, error);
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
 * as [method@Convoke.WorkQueue.put] does.
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

  return can_put (error) && put_result (self, 0, result, error);
}

/**
 * convoke_work_queue_put_result_full:
 * @self: a queue
 * @priority: larger is sooner; 0 is what everybody else has
 * @result: a result that has a callback
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues the callback of @result as
 * [method@Convoke.WorkQueue.put_result] does, with a priority as
 * [method@Convoke.WorkQueue.put_full] has it.
 *
 * Returns: %TRUE when it was queued; otherwise it is not invoked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put_result_full (ConvokeWorkQueue    *self,
                                    int                  priority,
                                    ConvokeAsyncResult  *result,
                                    GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return can_put (error) && put_result (self, priority, result, error);
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

static gboolean
put_function (ConvokeWorkQueue    *self,
              int                  priority,
              const FunctionItem  *function,
              GError             **error)
{
  FunctionItem *item;

  if (!can_put (error))
    {
      if (function->destroy != NULL)
        function->destroy (function->user_data);
      return FALSE;
    }

  item = g_new (FunctionItem, 1);
  *item = *function;
  push (self, priority, run_function_cb, item);

  return TRUE;
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
 * Fails with %CONVOKE_ERROR_SHUTDOWN after the last
 * [func@Convoke.platform_stop], and with %CONVOKE_ERROR_FORKED in a child made by
 * `fork()`.
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
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return put_function (self, 0, &(FunctionItem) { func, user_data, destroy }, error);
}

/**
 * convoke_work_queue_put_function_full:
 * @self: a queue
 * @priority: larger is sooner; 0 is what everybody else has
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data, on the queue's thread after @func; or
 *   at once, when this fails
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Queues @func as [method@Convoke.WorkQueue.put_function] does, with a priority
 * as [method@Convoke.WorkQueue.put_full] has it.
 *
 * Returns: %TRUE when it was queued; otherwise it does not run
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_put_function_full (ConvokeWorkQueue      *self,
                                      int                    priority,
                                      ConvokeWorkQueueFunc   func,
                                      gpointer               user_data,
                                      GDestroyNotify         destroy,
                                      GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return put_function (self, priority, &(FunctionItem) { func, user_data, destroy }, error);
}
