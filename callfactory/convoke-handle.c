/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-handle-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-record-private.h"

enum
{
  PROP_PARENT = 1,
  PROP_CONTEXT,
  PROP_ASYNCHRONOUS,
  PROP_MAIN_CONTEXT,
  PROP_WORK_QUEUE,
  PROP_TIMEOUT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

typedef struct
{
  ConvokeHandleCore *core;    /* (owned) constant once constructed, as all */
  ConvokeHandle     *parent;  /* (owned) (nullable) */
  guint64            context;
  gboolean           asynchronous;
} ConvokeHandlePrivate;

/**
 * ConvokeHandle:
 *
 * One of a tree of handles, on which operations are made one at a time, and
 * whose program is told by one callback of all that happens.
 *
 * This is WinINet's way: sessions, connections and requests are handles, each
 * below the one that it was made from. What is made below a handle keeps all
 * above it alive, and is invalid as soon as one of these is closed.
 *
 * Three things decide how an operation goes: whether the *session*, the root of
 * the tree, is asynchronous; the handle's *context value*, by which the program
 * knows it in the callback; and the *status callback*. With an asynchronous
 * session and a context value other than 0 operations are pending, and the
 * callback is told of their end. In all other cases they block (P-10).
 *
 * Closing is the way to cancel (WI-34). The last that a program is told of a
 * handle with callback and context value is
 * %CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, and only then may what the context
 * value stands for be freed (WI-32).
 *
 * Dropping the last reference closes, and what is told then is told without
 * the handle. A pending operation keeps its handle: dropping does not cancel,
 * here as elsewhere (P-6).
 *
 * A handle is an object: one that was closed stays what it is and fails with
 * %CONVOKE_ERROR_INVALID_HANDLE, and never becomes another (beyond WI-3).
 *
 * Any thread may use it, also while another closes it (beyond WI-37).
 *
 * Since: 0.1
 */
G_DEFINE_TYPE_WITH_PRIVATE (ConvokeHandle, convoke_handle, G_TYPE_OBJECT)

#define PRIVATE(self) ((ConvokeHandlePrivate *) convoke_handle_get_instance_private (self))

ConvokeHandleCore *
convoke_handle_get_core (ConvokeHandle *handle)
{
  return PRIVATE (handle)->core;
}

/* --- object --- */

static void
convoke_handle_constructed (GObject *object)
{
  ConvokeHandle *self = CONVOKE_HANDLE (object);
  ConvokeHandlePrivate *priv = PRIVATE (self);

  G_OBJECT_CLASS (convoke_handle_parent_class)->constructed (object);

  priv->core = convoke_handle_core_new (self, priv->parent != NULL ? convoke_handle_get_core (priv->parent) : NULL,
                                        priv->context, priv->asynchronous);
}

static void
convoke_handle_dispose (GObject *object)
{
  ConvokeHandlePrivate *priv = PRIVATE (CONVOKE_HANDLE (object));

  if (priv->core != NULL && !convoke_check_forked (NULL))
    convoke_handle_core_close (priv->core, CONVOKE_HANDLE (object), TRUE, NULL);

  G_OBJECT_CLASS (convoke_handle_parent_class)->dispose (object);
}

static void
convoke_handle_finalize (GObject *object)
{
  ConvokeHandlePrivate *priv = PRIVATE (CONVOKE_HANDLE (object));

  /* In a forked child another thread of the parent may hold the lock for ever: what it guards is left alone. */
  if (!convoke_check_forked (NULL))
    g_clear_pointer (&priv->core, convoke_handle_core_unref);
  g_clear_object (&priv->parent);

  G_OBJECT_CLASS (convoke_handle_parent_class)->finalize (object);
}

static void
convoke_handle_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ConvokeHandle *self = CONVOKE_HANDLE (object);

  switch (prop_id)
    {
    case PROP_PARENT:
      PRIVATE (self)->parent = g_value_dup_object (value);
      break;

    case PROP_CONTEXT:
      PRIVATE (self)->context = g_value_get_uint64 (value);
      break;

    case PROP_ASYNCHRONOUS:
      PRIVATE (self)->asynchronous = g_value_get_boolean (value);
      break;

    case PROP_MAIN_CONTEXT:
      convoke_handle_set_main_context (self, g_value_get_boxed (value));
      break;

    case PROP_WORK_QUEUE:
      convoke_handle_set_work_queue (self, g_value_get_object (value));
      break;

    case PROP_TIMEOUT:
      convoke_handle_set_timeout (self, g_value_get_int64 (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
convoke_handle_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ConvokeHandle *self = CONVOKE_HANDLE (object);

  switch (prop_id)
    {
    case PROP_PARENT:
      g_value_set_object (value, PRIVATE (self)->parent);
      break;

    case PROP_CONTEXT:
      g_value_set_uint64 (value, convoke_handle_get_context (self));
      break;

    case PROP_ASYNCHRONOUS:
      g_value_set_boolean (value, convoke_handle_get_asynchronous (self));
      break;

    case PROP_MAIN_CONTEXT:
      g_value_take_boxed (value, convoke_handle_dup_main_context (self));
      break;

    case PROP_WORK_QUEUE:
      g_value_take_object (value, convoke_handle_dup_work_queue (self));
      break;

    case PROP_TIMEOUT:
      g_value_set_int64 (value, convoke_handle_get_timeout (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_constant_properties (void)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * ConvokeHandle:parent: (getter dup_parent)
   *
   * The handle above it.
   *
   * Since: 0.1
   */
  props[PROP_PARENT] = g_param_spec_object ("parent", NULL, NULL, CONVOKE_TYPE_HANDLE, flags);

  /**
   * ConvokeHandle:context: (getter get_context)
   *
   * The context value: what its program knows it by, a number or a pointer; 0
   * means that nothing is told of it and its operations block (P-10).
   *
   * Since: 0.1
   */
  props[PROP_CONTEXT] = g_param_spec_uint64 ("context", NULL, NULL, 0, G_MAXSIZE, 0, flags);

  /**
   * ConvokeHandle:asynchronous: (getter get_asynchronous)
   *
   * Whether operations are pending rather than blocking. Chosen at the root,
   * and the same for all below it (WI-2).
   *
   * Since: 0.1
   */
  props[PROP_ASYNCHRONOUS] = g_param_spec_boolean ("asynchronous", NULL, NULL, FALSE, flags);
}

static void
install_variable_properties (void)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  /**
   * ConvokeHandle:main-context: (setter set_main_context) (getter dup_main_context)
   *
   * The main context where the status callback runs, if one was named.
   *
   * Since: 0.1
   */
  props[PROP_MAIN_CONTEXT] = g_param_spec_boxed ("main-context", NULL, NULL, G_TYPE_MAIN_CONTEXT, flags);

  /**
   * ConvokeHandle:work-queue: (setter set_work_queue) (getter dup_work_queue)
   *
   * The work queue where the status callback runs, if one was named.
   *
   * Since: 0.1
   */
  props[PROP_WORK_QUEUE] = g_param_spec_object ("work-queue", NULL, NULL, CONVOKE_TYPE_WORK_QUEUE, flags);

  /**
   * ConvokeHandle:timeout: (setter set_timeout) (getter get_timeout)
   *
   * How long an operation may take, in microseconds; 0 for as long as it likes.
   *
   * Since: 0.1
   */
  props[PROP_TIMEOUT] = g_param_spec_int64 ("timeout", NULL, NULL, 0, G_MAXINT64, 0, flags);
}

static void
convoke_handle_class_init (ConvokeHandleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = convoke_handle_constructed;
  object_class->dispose = convoke_handle_dispose;
  object_class->finalize = convoke_handle_finalize;
  object_class->set_property = convoke_handle_set_property;
  object_class->get_property = convoke_handle_get_property;

  install_constant_properties ();
  install_variable_properties ();
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_handle_init (ConvokeHandle *self)
{
}

/**
 * convoke_handle_new: (constructor)
 * @parent: (nullable): the handle to make it below; %NULL makes the root of a tree
 * @context: the context value; 0 for none (P-10)
 * @asynchronous: whether operations on it and on all below it are pending rather
 *   than blocking; what the root was made with counts (WI-2)
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a handle for calls of methods, which needs no class of its own.
 *
 * The status callback that is in force on @parent becomes its own (WI-7), and
 * is told of %CONVOKE_HANDLE_STATUS_HANDLE_CREATED before this returns, on this
 * thread (WI-22).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_HANDLE when
 * @parent is closed, or the callback closed the new handle.
 *
 * Returns: (transfer full) (nullable): a handle
 *
 * Since: 0.1
 */
ConvokeHandle *
convoke_handle_new (ConvokeHandle  *parent,
                    gsize           context,
                    gboolean        asynchronous,
                    GError        **error)
{
  g_autoptr (ConvokeHandle) self = NULL;

  g_return_val_if_fail (parent == NULL || CONVOKE_IS_HANDLE (parent), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error))
    return NULL;

  self = g_object_new (CONVOKE_TYPE_HANDLE,
                       "parent", parent, "context", (guint64) context, "asynchronous", asynchronous, NULL);

  return convoke_handle_announce (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * convoke_handle_announce:
 * @self: a new handle
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells the status callback of %CONVOKE_HANDLE_STATUS_HANDLE_CREATED, on the
 * calling thread, before anything else is told of the handle (WI-22). For those
 * who derive: a function that makes a handle calls it once, when the handle is
 * all made and before anybody else has it.
 *
 * Fails with %CONVOKE_ERROR_INVALID_HANDLE when the handle is closed: its parent
 * was closed before it was made, or the callback closed one of them.
 *
 * Returns: %TRUE when the handle can be given to the program
 *
 * Since: 0.1
 */
gboolean
convoke_handle_announce (ConvokeHandle  *self,
                         GError        **error)
{
  ConvokeHandleCore *core;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  core = convoke_handle_get_core (self);
  if (!convoke_handle_core_check (core, FALSE, error))
    return FALSE;

  convoke_handle_core_deliver_created (core, self);

  return convoke_handle_core_check (core, FALSE, error);
}

/* --- who is told --- */

/**
 * convoke_handle_set_status_callback:
 * @self: a handle
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): what to run; %NULL to tell nobody
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data, when no handle has the callback and nothing of it is on its
 *   way any more; on any thread
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Names the function that is told of all that happens on the handle and on
 * those that are made below it from now on; those that exist keep theirs
 * (WI-7).
 *
 * It runs where the handle's [property@Handle:main-context] or
 * [property@Handle:work-queue] says; where neither was named, in the main
 * context that is the calling thread's default (P-11). Reports of one handle
 * are in order and never overlap, also where that queue has many threads. It
 * never runs inside of the function that caused a report, but for
 * %CONVOKE_HANDLE_STATUS_HANDLE_CREATED; in a session that is not asynchronous,
 * reports come on the thread that a function blocks or that closes. A context
 * that is never iterated keeps what is to be told, and so the handle, for ever.
 *
 * The callback before is not given back (unlike WI-6): it goes with its data,
 * which may be freed by then.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_CALL_PENDING while an
 * operation of the handle is pending (WI-8), and with
 * %CONVOKE_ERROR_INVALID_HANDLE when it is closed; then @destroy is called at
 * once.
 *
 * Returns: %TRUE when it will be told
 *
 * Since: 0.1
 */
gboolean
convoke_handle_set_status_callback (ConvokeHandle      *self,
                                    ConvokeHandleFunc   func,
                                    gpointer            user_data,
                                    GDestroyNotify      destroy,
                                    GError            **error)
{
  ConvokeHandleCallback *callback;
  ConvokeHandleCore *core;
  gboolean valid;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  callback = func != NULL ? convoke_handle_callback_new (func, user_data, destroy) : NULL;
  core = convoke_handle_get_core (self);
  valid = !convoke_check_forked (error);
  if (valid)
    {
      convoke_handle_core_lock (core);
      valid = convoke_handle_core_check_locked (core, TRUE, error);
      if (valid)
        {
          ConvokeHandleCallback *old = core->callback;

          core->callback = callback;
          callback = old;
        }
      convoke_handle_core_unlock (core);
    }

  if (callback != NULL)
    convoke_handle_callback_unref (callback);

  return valid;
}

/**
 * convoke_handle_has_status_callback:
 * @self: a handle
 *
 * Tells whether the handle has a status callback, its own or inherited. Any
 * thread may call this.
 *
 * Returns: %TRUE when somebody is told
 *
 * Since: 0.1
 */
gboolean
convoke_handle_has_status_callback (ConvokeHandle *self)
{
  ConvokeHandleCore *core;
  gboolean has;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);

  if (convoke_check_forked (NULL))
    return FALSE;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  has = core->callback != NULL;
  convoke_handle_core_unlock (core);

  return has;
}

/* One of the two at most. */
static void
set_place (ConvokeHandle    *self,
           GMainContext     *main_context,
           ConvokeWorkQueue *work_queue)
{
  ConvokeHandleCore *core = convoke_handle_get_core (self);
  g_autoptr (GMainContext) old_context = NULL;
  g_autoptr (ConvokeWorkQueue) old_queue = NULL;

  if (convoke_check_forked (NULL))
    return;

  if (main_context != NULL)
    g_main_context_ref (main_context);
  if (work_queue != NULL)
    g_object_ref (work_queue);

  convoke_handle_core_lock (core);
  old_context = core->main_context;
  old_queue = core->work_queue;
  core->main_context = main_context;
  core->work_queue = work_queue;
  convoke_handle_core_unlock (core);
}

/**
 * convoke_handle_set_main_context:
 * @self: a handle
 * @main_context: (nullable): where to run the status callback; %NULL for the
 *   thread-default context of the thread that set the callback
 *
 * Names the main context where the status callback of the handle runs, and of
 * those that are made below it from now on; instead of a work queue, if one was
 * named. What is on its way already arrives where it was sent.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_handle_set_main_context (ConvokeHandle *self,
                                 GMainContext  *main_context)
{
  g_return_if_fail (CONVOKE_IS_HANDLE (self));

  set_place (self, main_context, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAIN_CONTEXT]);
}

/**
 * convoke_handle_dup_main_context:
 * @self: a handle
 *
 * Gets what [method@Handle.set_main_context] named. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the context; %NULL when none was named
 *
 * Since: 0.1
 */
GMainContext *
convoke_handle_dup_main_context (ConvokeHandle *self)
{
  ConvokeHandleCore *core;
  GMainContext *context;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);

  if (convoke_check_forked (NULL))
    return NULL;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  context = core->main_context != NULL ? g_main_context_ref (core->main_context) : NULL;
  convoke_handle_core_unlock (core);

  return context;
}

/**
 * convoke_handle_set_work_queue:
 * @self: a handle
 * @work_queue: (nullable): where to run the status callback; %NULL for the
 *   thread-default context of the thread that set the callback
 *
 * Names the work queue where the status callback of the handle runs, and of
 * those that are made below it from now on; instead of a main context, if one
 * was named. On a queue of several threads reports of one handle still come one
 * at a time. What a queue refuses, because it was shut down, comes to the
 * thread-default context of the thread that set the callback.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_handle_set_work_queue (ConvokeHandle    *self,
                               ConvokeWorkQueue *work_queue)
{
  g_return_if_fail (CONVOKE_IS_HANDLE (self));
  g_return_if_fail (work_queue == NULL || CONVOKE_IS_WORK_QUEUE (work_queue));

  set_place (self, NULL, work_queue);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORK_QUEUE]);
}

/**
 * convoke_handle_dup_work_queue:
 * @self: a handle
 *
 * Gets what [method@Handle.set_work_queue] named. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the queue; %NULL when none was named
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_handle_dup_work_queue (ConvokeHandle *self)
{
  ConvokeHandleCore *core;
  ConvokeWorkQueue *queue;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);

  if (convoke_check_forked (NULL))
    return NULL;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  queue = core->work_queue != NULL ? g_object_ref (core->work_queue) : NULL;
  convoke_handle_core_unlock (core);

  return queue;
}

/**
 * convoke_handle_set_timeout:
 * @self: a handle
 * @timeout: in microseconds; 0 for none
 *
 * Sets how long the operations may take that are begun from now on, on this
 * handle and on those that are made below it. One whose time is over ends with
 * %CONVOKE_ERROR_TIMEOUT.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_handle_set_timeout (ConvokeHandle *self,
                            gint64         timeout)
{
  ConvokeHandleCore *core;

  g_return_if_fail (CONVOKE_IS_HANDLE (self));
  g_return_if_fail (timeout >= 0);

  if (convoke_check_forked (NULL))
    return;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  core->timeout = timeout;
  convoke_handle_core_unlock (core);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TIMEOUT]);
}

/**
 * convoke_handle_get_timeout:
 * @self: a handle
 *
 * Gets what [method@Handle.set_timeout] set. Any thread may call this.
 *
 * Returns: the time-out in microseconds; 0 for none
 *
 * Since: 0.1
 */
gint64
convoke_handle_get_timeout (ConvokeHandle *self)
{
  ConvokeHandleCore *core;
  gint64 timeout;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), 0);

  if (convoke_check_forked (NULL))
    return 0;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  timeout = core->timeout;
  convoke_handle_core_unlock (core);

  return timeout;
}

static gboolean
is_event (ConvokeHandleStatus status)
{
  return status != CONVOKE_HANDLE_STATUS_HANDLE_CREATED && status != CONVOKE_HANDLE_STATUS_HANDLE_CLOSING &&
         status != CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE;
}

/**
 * convoke_handle_notify:
 * @self: a handle
 * @status: what happened; creation, closing and completion are told by the
 *   handle itself, and so is an operation's progress
 * @information: (nullable): what there is to say of it; copied
 *
 * Tells the status callback that something happened. For those who derive.
 *
 * It is queued; without callback or context value, and after
 * %CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, nothing happens. What belongs to a
 * pending operation is better told with [method@Handle.notify_operation].
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_handle_notify (ConvokeHandle       *self,
                       ConvokeHandleStatus  status,
                       const GValue        *information)
{
  g_autoptr (ConvokeHandle) handle = NULL;
  ConvokeHandleCore *core;

  g_return_if_fail (CONVOKE_IS_HANDLE (self));
  g_return_if_fail (is_event (status));
  g_return_if_fail (information == NULL || G_IS_VALUE (information));

  if (convoke_check_forked (NULL))
    return;

  /* Not under the lock, since the first reference of all can run a binding's code. */
  handle = g_object_ref (self);
  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  convoke_handle_core_post_locked (core, handle, status, information, NULL);
  convoke_handle_core_unlock_and_schedule (core);
}

/**
 * convoke_handle_notify_operation:
 * @self: a handle
 * @operation: what [method@Handle.begin_operation] gave
 * @status: what happened
 * @information: (nullable): what there is to say of it; copied
 *
 * Tells the status callback of something that belongs to an operation, unless
 * that has ended: so nothing of it comes after its completion, whoever ended
 * it. For those who derive.
 *
 * Any thread may call this.
 *
 * Returns: %TRUE when the operation is pending; otherwise its work can stop
 *
 * Since: 0.1
 */
gboolean
convoke_handle_notify_operation (ConvokeHandle       *self,
                                 ConvokeServerCall   *operation,
                                 ConvokeHandleStatus  status,
                                 const GValue        *information)
{
  ConvokeHandleCore *core;
  gboolean pending;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (operation), FALSE);
  g_return_val_if_fail (is_event (status), FALSE);
  g_return_val_if_fail (information == NULL || G_IS_VALUE (information), FALSE);

  if (convoke_check_forked (NULL))
    return FALSE;

  core = convoke_handle_get_core (self);
  convoke_handle_core_lock (core);
  pending = core->operation != NULL && !core->operation->completed &&
            core->operation->record == convoke_server_call_get_record (operation);
  if (pending)
    convoke_handle_core_post_locked (core, core->operation->handle, status, information, NULL);
  convoke_handle_core_unlock_and_schedule (core);

  return pending;
}

/* --- closing --- */

/**
 * convoke_handle_close:
 * @self: a handle
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Closes the handle and all that are below it.
 *
 * They are invalid at once: any use of them fails with
 * %CONVOKE_ERROR_INVALID_HANDLE (WI-4). Their pending operations are cancelled,
 * and end with %CONVOKE_ERROR_CANCELLED where they were really cut; each still
 * tells its completion (WI-33). Then each handle with callback and context value
 * tells %CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, exactly once and last, those
 * below before those above (WI-36).
 *
 * This does not block, and is safe in the handle's own callback. Any thread may
 * call it; of several that close one handle, one succeeds.
 *
 * Fails with %CONVOKE_ERROR_INVALID_HANDLE when it is closed already, also
 * together with one above it.
 *
 * Returns: %TRUE when this closed it
 *
 * Since: 0.1
 */
gboolean
convoke_handle_close (ConvokeHandle  *self,
                      GError        **error)
{
  g_autoptr (ConvokeHandle) handle = NULL;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* What runs here may drop the caller's. */
  handle = g_object_ref (self);

  return convoke_handle_core_close (convoke_handle_get_core (self), self, FALSE, error);
}

/**
 * convoke_handle_is_closed:
 * @self: a handle
 *
 * Tells whether the handle was closed, or one above it. Any thread may call
 * this.
 *
 * Returns: %TRUE when it is invalid
 *
 * Since: 0.1
 */
gboolean
convoke_handle_is_closed (ConvokeHandle *self)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), TRUE);

  return !convoke_handle_core_check (convoke_handle_get_core (self), FALSE, NULL);
}

/**
 * convoke_handle_check_open:
 * @self: a handle
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Checks that the handle can be used. Any thread may call this; another can
 * close it meanwhile.
 *
 * Fails with %CONVOKE_ERROR_INVALID_HANDLE, and with %CONVOKE_ERROR_FORKED in a
 * child made by `fork()`.
 *
 * Returns: %TRUE when it is open
 *
 * Since: 0.1
 */
gboolean
convoke_handle_check_open (ConvokeHandle  *self,
                           GError        **error)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_handle_core_check (convoke_handle_get_core (self), FALSE, error);
}

/**
 * convoke_handle_check_idle:
 * @self: a handle
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Checks that the handle can be used and no operation of it is pending: what a
 * function does first that may be done without beginning anything.
 *
 * Fails as [method@Handle.check_open], and with %CONVOKE_ERROR_CALL_PENDING.
 *
 * Returns: %TRUE when it is open and idle
 *
 * Since: 0.1
 */
gboolean
convoke_handle_check_idle (ConvokeHandle  *self,
                           GError        **error)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_handle_core_check (convoke_handle_get_core (self), TRUE, error);
}

/* --- what it is --- */

/**
 * convoke_handle_dup_parent:
 * @self: a handle
 *
 * Gets the handle above it, open or closed. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the handle that it was made below; %NULL for a root
 *
 * Since: 0.1
 */
ConvokeHandle *
convoke_handle_dup_parent (ConvokeHandle *self)
{
  ConvokeHandle *parent;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);

  parent = PRIVATE (self)->parent;

  return parent != NULL ? g_object_ref (parent) : NULL;
}

/**
 * convoke_handle_get_context:
 * @self: a handle
 *
 * Gets the context value. Any thread may call this.
 *
 * Returns: the value that it was made with; 0 for none
 *
 * Since: 0.1
 */
gsize
convoke_handle_get_context (ConvokeHandle *self)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), 0);

  return convoke_handle_get_core (self)->context;
}

/**
 * convoke_handle_get_asynchronous:
 * @self: a handle
 *
 * Tells whether its tree is asynchronous. Any thread may call this.
 *
 * Returns: %TRUE when operations of handles with a context value are pending
 *
 * Since: 0.1
 */
gboolean
convoke_handle_get_asynchronous (ConvokeHandle *self)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);

  return convoke_handle_get_core (self)->asynchronous;
}

/**
 * convoke_handle_when_told:
 * @self: a handle
 * @func: (scope async) (closure user_data): what to run
 * @user_data: what to give to @func
 *
 * Runs @func once, when the status callback has returned from all that was
 * notified of @self until now. For those who derive and whose work must not go
 * on before the program has heard of a step, because it may want to stop there
 * (WI-27).
 *
 * @func runs where the callback does; where nothing is left to be told, at
 * once and on the calling thread. It should be short. A program that does not
 * run its main context holds @func up, so the wait wants a bound.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_handle_when_told (ConvokeHandle        *self,
                          ConvokeWorkQueueFunc  func,
                          gpointer              user_data)
{
  g_return_if_fail (CONVOKE_IS_HANDLE (self));
  g_return_if_fail (func != NULL);

  if (!convoke_check_forked (NULL))
    convoke_handle_core_when_told (convoke_handle_get_core (self), func, user_data);
}
