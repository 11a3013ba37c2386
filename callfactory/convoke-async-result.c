/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-async-result-private.h"

#include "convoke-async-callback-private.h"
#include "convoke-error.h"
#include "convoke-lock-private.h"
#include "convoke-platform-private.h"
#include "convoke-work-queue.h"

/**
 * ConvokeAsyncResult:
 *
 * What a callback is invoked with: the object of an operation, the state that
 * its beginner gave, and the status.
 *
 * All three may be missing. The object is the implementer's, the state the
 * caller's. The same result can be queued several times. It is a
 * [iface@Gio.AsyncResult] too, and can be derived from.
 *
 * Any thread may use it; what was done before it was queued is visible to its
 * callback.
 *
 * Since: 0.1
 */
/* What few results have (MF-20). */
typedef struct
{
  guint64             n_bytes;
  ConvokeSynchronize *event;      /* (owned) (nullable) */
  GValue             *value;      /* (owned) (nullable) an atomic box, constant */
  gpointer            tag;
} ConvokeResultData;

typedef struct
{
  GObject              *object;   /* (owned) (nullable) fixed once queued; so are the next two */
  ConvokeAsyncCallback *callback; /* (owned) (nullable) */
  GObject              *state;    /* (owned) (nullable) */
  void                (*invoke) (ConvokeAsyncCallback *, ConvokeAsyncResult *); /* the callback's own */

  guint                 n_queued; /* (atomic) how many times; while it is, the queues hold one reference together */

  gboolean              plain;    /* there is a callback, and it has no parameters */
  gboolean              holds_platform; /* constant */

  ConvokeLock           lock;     /* innermost */
  ConvokeReply         *replies;  /* (owned) (nullable) LOCK: lock; whether there is one is atomic; the queues that it holds */
  GError               *status;   /* (owned) (nullable) LOCK: lock */
  ConvokeResultData    *data;     /* (owned) (nullable) LOCK: lock; made when something is set */
} ConvokeAsyncResultPrivate;

enum
{
  PROP_0,
  PROP_OBJECT,
  PROP_CALLBACK,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void convoke_async_result_gio_init (GAsyncResultIface *iface);

G_DEFINE_TYPE_WITH_CODE (ConvokeAsyncResult, convoke_async_result, G_TYPE_OBJECT,
                         G_ADD_PRIVATE (ConvokeAsyncResult)
                         G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT, convoke_async_result_gio_init))

static inline ConvokeAsyncResultPrivate *
get_private (ConvokeAsyncResult *self)
{
  return convoke_async_result_get_instance_private (self);
}

static gpointer
convoke_async_result_get_user_data (GAsyncResult *result)
{
  return get_private (CONVOKE_ASYNC_RESULT (result))->state;
}

static GObject *
convoke_async_result_get_source_object (GAsyncResult *result)
{
  GObject *object = get_private (CONVOKE_ASYNC_RESULT (result))->object;

  return object != NULL ? g_object_ref (object) : NULL;
}

static gboolean
convoke_async_result_is_tagged (GAsyncResult *result,
                                gpointer      tag)
{
  ConvokeAsyncResultPrivate *priv = get_private (CONVOKE_ASYNC_RESULT (result));
  gboolean tagged;

  convoke_lock_acquire (&priv->lock);
  tagged = priv->data != NULL && priv->data->tag == tag;
  convoke_lock_release (&priv->lock);

  return tagged;
}

static void
convoke_async_result_gio_init (GAsyncResultIface *iface)
{
  iface->is_tagged = convoke_async_result_is_tagged;
  iface->get_user_data = convoke_async_result_get_user_data;
  iface->get_source_object = convoke_async_result_get_source_object;
}

static inline void
set_iface (ConvokeAsyncResultPrivate *priv,
           ConvokeAsyncCallback      *callback)
{
  const ConvokeAsyncCallbackInterface *iface = CONVOKE_ASYNC_CALLBACK_GET_IFACE (callback);

  priv->invoke = iface->invoke;
  priv->plain = iface->invoke != NULL && iface->get_parameters == NULL;
}

static void
set_callback (ConvokeAsyncResultPrivate *priv,
              ConvokeAsyncCallback      *callback)
{
  if (!g_set_object (&priv->callback, callback))
    return;

  priv->invoke = NULL;
  priv->plain = FALSE;
  if (callback != NULL)
    set_iface (priv, callback);
}

/* One run that holds a queue; the oldest comes first. */
struct _ConvokeReply
{
  ConvokeReply       *next;   /* LOCK: the result's */
  ConvokeAsyncResult *result; /* (unowned) what enqueued it has a reference, until it ran */
  ConvokeSerial      *serial; /* (unowned) lives while it is held */
};

/* FALSE: it holds no queue. */
static gboolean
reply_once (ConvokeAsyncResultPrivate *priv)
{
  ConvokeReply *first;

  if (G_LIKELY (__atomic_load_n (&priv->replies, __ATOMIC_RELAXED) == NULL))
    return FALSE;

  convoke_lock_acquire (&priv->lock);
  first = priv->replies;
  if (first != NULL)
    __atomic_store_n (&priv->replies, first->next, __ATOMIC_RELAXED);
  convoke_lock_release (&priv->lock);

  if (first == NULL)
    return FALSE;

  convoke_serial_release (first->serial);
  g_free (first);

  return TRUE;
}

static void
value_box_unref (GValue *box)
{
  g_atomic_rc_box_release_full (box, (GDestroyNotify) g_value_unset);
}

static GValue *
value_box_new (const GValue *value)
{
  GValue *box = g_atomic_rc_box_new0 (GValue);

  g_value_init (box, G_VALUE_TYPE (value));
  g_value_copy (value, box);

  return box;
}

static void
result_data_free (ConvokeResultData *self)
{
  g_clear_object (&self->event);
  g_clear_pointer (&self->value, value_box_unref);
  g_free (self);
}

static void
convoke_async_result_finalize (GObject *object)
{
  ConvokeAsyncResultPrivate *priv = get_private (CONVOKE_ASYNC_RESULT (object));

  /* Nobody can reply any more. */
  while (G_UNLIKELY (priv->replies != NULL))
    reply_once (priv);
  g_clear_object (&priv->object);
  g_clear_object (&priv->callback);
  g_clear_object (&priv->state);
  g_clear_error (&priv->status);
  if (G_UNLIKELY (priv->data != NULL))
    result_data_free (priv->data);
  if (G_UNLIKELY (priv->holds_platform))
    convoke_platform_unlock ();

  G_OBJECT_CLASS (convoke_async_result_parent_class)->finalize (object);
}

static void
convoke_async_result_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  ConvokeAsyncResultPrivate *priv = get_private (CONVOKE_ASYNC_RESULT (object));

  switch (id)
    {
    case PROP_OBJECT:
      g_value_set_object (value, priv->object);
      break;
    case PROP_CALLBACK:
      g_value_set_object (value, priv->callback);
      break;
    case PROP_STATE:
      g_value_set_object (value, priv->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_async_result_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  ConvokeAsyncResultPrivate *priv = get_private (CONVOKE_ASYNC_RESULT (object));

  switch (id)
    {
    case PROP_OBJECT:
      g_set_object (&priv->object, g_value_get_object (value));
      break;
    case PROP_CALLBACK:
      set_callback (priv, g_value_get_object (value));
      break;
    case PROP_STATE:
      g_set_object (&priv->state, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_async_result_class_init (ConvokeAsyncResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  /* Not construct-only: GObject would set each of them in every new object, which costs more than the object. */
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = convoke_async_result_finalize;
  object_class->get_property = convoke_async_result_get_property;
  object_class->set_property = convoke_async_result_set_property;

  /**
   * ConvokeAsyncResult:object:
   *
   * The object of the operation; the implementer's.
   *
   * Derived results set it when they are made; it must not change once the
   * result was queued.
   *
   * Since: 0.1
   */
  properties[PROP_OBJECT] = g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, flags);

  /**
   * ConvokeAsyncResult:callback:
   *
   * What is invoked with the result.
   *
   * Derived results set it when they are made; it must not change once the
   * result was queued.
   *
   * Since: 0.1
   */
  properties[PROP_CALLBACK] = g_param_spec_object ("callback", NULL, NULL, CONVOKE_TYPE_ASYNC_CALLBACK, flags);

  /**
   * ConvokeAsyncResult:state:
   *
   * What the caller gave to recognise the operation.
   *
   * Derived results set it when they are made; it must not change once the
   * result was queued.
   *
   * Since: 0.1
   */
  properties[PROP_STATE] = g_param_spec_object ("state", NULL, NULL, G_TYPE_OBJECT, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
convoke_async_result_init (ConvokeAsyncResult *self)
{
  /* MF-24 */
  get_private (self)->holds_platform = convoke_platform_hold ();
}

ConvokeAsyncResult *
convoke_async_result_new_item (ConvokeAsyncCallback *callback,
                               GObject              *state)
{
  ConvokeAsyncResult *self = g_object_new (CONVOKE_TYPE_ASYNC_RESULT, NULL);
  ConvokeAsyncResultPrivate *priv = get_private (self);

  if (callback != NULL)
    {
      priv->callback = g_object_ref (callback);
      set_iface (priv, callback);
    }
  if (state != NULL)
    priv->state = g_object_ref (state);

  return self;
}

/**
 * convoke_async_result_new:
 * @object: (nullable): the object of the operation, the implementer's
 * @callback: (nullable): what to invoke
 * @state: (nullable): what the caller gave to recognise the operation
 *
 * Makes a result without an error.
 *
 * Returns: (transfer full): a new result
 *
 * Since: 0.1
 */
ConvokeAsyncResult *
convoke_async_result_new (GObject              *object,
                          ConvokeAsyncCallback *callback,
                          GObject              *state)
{
  ConvokeAsyncResult *self;

  g_return_val_if_fail (object == NULL || G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (callback == NULL || CONVOKE_IS_ASYNC_CALLBACK (callback), NULL);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), NULL);

  self = convoke_async_result_new_item (callback, state);
  if (object != NULL)
    get_private (self)->object = g_object_ref (object);

  return self;
}

/**
 * convoke_async_result_get_object:
 * @self: a result
 *
 * Gets the object of the operation, which belongs to its implementer.
 *
 * Returns: (transfer none) (nullable): the object; it lives as long as the result
 *
 * Since: 0.1
 */
GObject *
convoke_async_result_get_object (ConvokeAsyncResult *self)
{
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), NULL);

  return get_private (self)->object;
}

/**
 * convoke_async_result_get_callback:
 * @self: a result
 *
 * Gets what is invoked with the result.
 *
 * Returns: (transfer none) (nullable): the callback; it lives as long as the result
 *
 * Since: 0.1
 */
ConvokeAsyncCallback *
convoke_async_result_get_callback (ConvokeAsyncResult *self)
{
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), NULL);

  return get_private (self)->callback;
}

/**
 * convoke_async_result_get_state:
 * @self: a result
 *
 * Gets what the caller gave to recognise the operation.
 *
 * Returns: (transfer none) (nullable): the state; it lives as long as the result
 *
 * Since: 0.1
 */
GObject *
convoke_async_result_get_state (ConvokeAsyncResult *self)
{
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), NULL);

  return get_private (self)->state;
}

/**
 * convoke_async_result_set_status:
 * @self: a result
 * @status: (nullable): any error, or %NULL for success
 *
 * Stores how the operation ended.
 *
 * Since: 0.1
 */
void
convoke_async_result_set_status (ConvokeAsyncResult *self,
                                 const GError       *status)
{
  ConvokeAsyncResultPrivate *priv;
  GError *old, *new;

  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (self));

  priv = get_private (self);
  new = status != NULL ? g_error_copy (status) : NULL;

  convoke_lock_acquire (&priv->lock);
  old = g_steal_pointer (&priv->status);
  priv->status = new;
  convoke_lock_release (&priv->lock);

  g_clear_error (&old);
}

/**
 * convoke_async_result_dup_status:
 * @self: a result
 *
 * Copies what was stored about how the operation ended, domain, code and
 * message unchanged.
 *
 * Returns: (transfer full) (nullable): an error, or %NULL for success
 *
 * Since: 0.1
 */
GError *
convoke_async_result_dup_status (ConvokeAsyncResult *self)
{
  ConvokeAsyncResultPrivate *priv;
  GError *status = NULL;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), NULL);

  priv = get_private (self);
  convoke_lock_acquire (&priv->lock);
  if (priv->status != NULL)
    status = g_error_copy (priv->status);
  convoke_lock_release (&priv->lock);

  return status;
}

/**
 * convoke_async_result_check_status:
 * @self: a result
 * @error: return location for the error that was stored, or %NULL
 *
 * Fails as the operation failed; the end of an operation that has nothing more
 * to say.
 *
 * Returns: %TRUE for success
 *
 * Since: 0.1
 */
gboolean
convoke_async_result_check_status (ConvokeAsyncResult  *self,
                                   GError             **error)
{
  GError *status;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  status = convoke_async_result_dup_status (self);
  if (status == NULL)
    return TRUE;

  g_propagate_error (error, status);

  return FALSE;
}

/* --- the data of an operation --- */

/* @spare was made before the lock was taken. */
static ConvokeResultData *
get_data_locked (ConvokeAsyncResultPrivate  *priv,
                 ConvokeResultData         **spare)
{
  if (priv->data == NULL)
    priv->data = g_steal_pointer (spare);

  return priv->data;
}

/**
 * convoke_async_result_set_n_bytes:
 * @self: a result
 * @n_bytes: how many bytes the operation transferred
 *
 * Stores how much an operation transferred (MF-20). Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_async_result_set_n_bytes (ConvokeAsyncResult *self,
                                  guint64             n_bytes)
{
  ConvokeAsyncResultPrivate *priv;
  g_autofree ConvokeResultData *spare = NULL;

  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (self));

  priv = get_private (self);
  spare = g_new0 (ConvokeResultData, 1);
  convoke_lock_acquire (&priv->lock);
  get_data_locked (priv, &spare)->n_bytes = n_bytes;
  convoke_lock_release (&priv->lock);
}

/**
 * convoke_async_result_get_n_bytes:
 * @self: a result
 *
 * Gets how many bytes an operation transferred.
 *
 * Returns: bytes, 0 where nothing was stored
 *
 * Since: 0.1
 */
guint64
convoke_async_result_get_n_bytes (ConvokeAsyncResult *self)
{
  ConvokeAsyncResultPrivate *priv;
  guint64 n_bytes;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), 0);

  priv = get_private (self);
  convoke_lock_acquire (&priv->lock);
  n_bytes = priv->data != NULL ? priv->data->n_bytes : 0;
  convoke_lock_release (&priv->lock);

  return n_bytes;
}

/**
 * convoke_async_result_set_event:
 * @self: a result
 * @event: (nullable): what to signal instead of invoking a callback, or %NULL
 *
 * Stores an event, which [method@Convoke.AsyncResult.invoke_callback] signals
 * when the result has no callback, and only then (MF-22). The result keeps it for
 * its life (MF-21). Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_async_result_set_event (ConvokeAsyncResult *self,
                                ConvokeSynchronize *event)
{
  ConvokeAsyncResultPrivate *priv;
  ConvokeResultData *data;
  g_autofree ConvokeResultData *spare = NULL;
  g_autoptr (ConvokeSynchronize) old = NULL;

  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (self));
  g_return_if_fail (event == NULL || CONVOKE_IS_SYNCHRONIZE (event));

  priv = get_private (self);
  spare = g_new0 (ConvokeResultData, 1);
  convoke_lock_acquire (&priv->lock);
  data = get_data_locked (priv, &spare);
  old = data->event;
  data->event = event != NULL ? g_object_ref (event) : NULL;
  convoke_lock_release (&priv->lock);
}

/**
 * convoke_async_result_dup_event:
 * @self: a result
 *
 * Gets the event that was stored.
 *
 * Returns: (transfer full) (nullable): the event, or %NULL where there is none
 *
 * Since: 0.1
 */
ConvokeSynchronize *
convoke_async_result_dup_event (ConvokeAsyncResult *self)
{
  ConvokeAsyncResultPrivate *priv;
  ConvokeSynchronize *event = NULL;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), NULL);

  priv = get_private (self);
  convoke_lock_acquire (&priv->lock);
  if (priv->data != NULL && priv->data->event != NULL)
    event = g_object_ref (priv->data->event);
  convoke_lock_release (&priv->lock);

  return event;
}

/**
 * convoke_async_result_set_value:
 * @self: a result
 * @value: (nullable): data of the operation, of any type, or %NULL for none
 *
 * Stores what an operation gave. Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_async_result_set_value (ConvokeAsyncResult *self,
                                const GValue       *value)
{
  ConvokeAsyncResultPrivate *priv;
  ConvokeResultData *data;
  g_autofree ConvokeResultData *spare = NULL;
  GValue *new, *old;

  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (self));
  g_return_if_fail (value == NULL || G_IS_VALUE (value));

  /* To copy a value can run foreign code. */
  new = value != NULL ? value_box_new (value) : NULL;
  priv = get_private (self);
  spare = g_new0 (ConvokeResultData, 1);
  convoke_lock_acquire (&priv->lock);
  data = get_data_locked (priv, &spare);
  old = data->value;
  data->value = new;
  convoke_lock_release (&priv->lock);

  g_clear_pointer (&old, value_box_unref);
}

/**
 * convoke_async_result_get_value:
 * @self: a result
 * @value: (out caller-allocates): where to put a copy of what was stored; not
 *   touched where there is nothing
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Copies what an operation gave. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NOT_FOUND where nothing was stored.
 *
 * Returns: %TRUE when there is something
 *
 * Since: 0.1
 */
gboolean
convoke_async_result_get_value (ConvokeAsyncResult  *self,
                                GValue              *value,
                                GError             **error)
{
  ConvokeAsyncResultPrivate *priv;
  GValue *stored = NULL;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  priv = get_private (self);
  convoke_lock_acquire (&priv->lock);
  if (priv->data != NULL && priv->data->value != NULL)
    stored = g_atomic_rc_box_acquire (priv->data->value);
  convoke_lock_release (&priv->lock);

  if (stored == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The result has no value");
      return FALSE;
    }

  *value = (GValue) G_VALUE_INIT;
  g_value_init (value, G_VALUE_TYPE (stored));
  g_value_copy (stored, value);
  value_box_unref (stored);

  return TRUE;
}

/**
 * convoke_async_result_set_source_tag: (skip)
 * @self: a result
 * @tag: (nullable): usually the address of the function that began the operation
 *
 * Says what the result is of, for g_async_result_is_tagged().
 *
 * Since: 0.1
 */
void
convoke_async_result_set_source_tag (ConvokeAsyncResult *self,
                                     gpointer            tag)
{
  ConvokeAsyncResultPrivate *priv;
  g_autofree ConvokeResultData *spare = NULL;

  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (self));

  priv = get_private (self);
  spare = g_new0 (ConvokeResultData, 1);
  convoke_lock_acquire (&priv->lock);
  get_data_locked (priv, &spare)->tag = tag;
  convoke_lock_release (&priv->lock);
}

static gboolean
signal_event (ConvokeAsyncResult  *self,
              GError             **error)
{
  g_autoptr (ConvokeSynchronize) event = convoke_async_result_dup_event (self);

  if (event != NULL)
    return convoke_synchronize_signal (event, error);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The result has neither a callback nor an event");
  return FALSE;
}

/**
 * convoke_async_result_invoke_callback:
 * @self: a result
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells the callback that the operation ended: queues @self on the queue that
 * the callback names, or on the standard queue (MF-13, MF-22). A result without
 * a callback has its event signalled instead, now and on this thread; with one
 * its event is not.
 *
 * If the callback replies, and @self is what it was invoked with on a serial
 * queue, this is the reply: the queue goes on with its next item, and nothing is
 * invoked (MF-14). One that is never given comes when @self is finalized.
 *
 * Fails with %CONVOKE_ERROR_INVALID_QUEUE when that queue cannot keep what the
 * callback's flags ask for, and as
 * [method@Convoke.WorkQueue.put_result] does; the callback is not invoked then.
 *
 * Returns: %TRUE when it was queued, or its event was signalled
 *
 * Since: 0.1
 */
gboolean
convoke_async_result_invoke_callback (ConvokeAsyncResult  *self,
                                      GError             **error)
{
  ConvokeAsyncCallback *callback;
  g_autoptr (ConvokeWorkQueue) queue = NULL;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (reply_once (get_private (self)))
    return TRUE;

  callback = get_private (self)->callback;
  if (callback == NULL)
    return signal_event (self, error);

  queue = convoke_async_callback_dup_queue (callback, error);
  if (queue == NULL)
    return FALSE;

  return convoke_work_queue_put_result (queue, self, error);
}

gboolean
convoke_async_result_is_plain (ConvokeAsyncResult *self)
{
  return get_private (self)->plain;
}

gboolean
convoke_async_result_enqueue_plain (ConvokeAsyncResult *self)
{
  return G_LIKELY (get_private (self)->plain) && convoke_async_result_enqueue (self);
}

gboolean
convoke_async_result_enqueue (ConvokeAsyncResult *self)
{
  ConvokeAsyncResultPrivate *priv = get_private (self);

  if (G_UNLIKELY (priv->invoke == NULL))
    return FALSE;

  /* Whoever queues holds a reference, so this one may come a moment after the count. */
  if (__atomic_fetch_add (&priv->n_queued, 1, __ATOMIC_RELAXED) == 0)
    g_object_ref (self);

  return TRUE;
}

void
convoke_async_result_dequeue (gpointer result)
{
  if (__atomic_fetch_sub (&get_private (result)->n_queued, 1, __ATOMIC_ACQ_REL) == 1)
    g_object_unref (result);
}

void
convoke_async_result_run (gpointer result)
{
  ConvokeAsyncResultPrivate *priv = get_private (result);

  priv->invoke (priv->callback, result);
  convoke_async_result_dequeue (result);
}

void
convoke_async_result_run_once (gpointer result)
{
  ConvokeAsyncResultPrivate *priv = get_private (result);

  priv->invoke (priv->callback, result);
  g_object_unref (result);
}

ConvokeReply *
convoke_async_result_new_reply (ConvokeAsyncResult *self,
                                ConvokeSerial      *serial)
{
  ConvokeReply *new = g_new (ConvokeReply, 1);

  *new = (ConvokeReply) { NULL, self, serial };

  return new;
}

void
convoke_async_result_run_reply (gpointer data)
{
  ConvokeReply *reply = data;
  ConvokeAsyncResult *self = reply->result;
  ConvokeAsyncResultPrivate *priv = get_private (self);
  ConvokeReply **end;

  convoke_serial_hold (reply->serial);
  convoke_lock_acquire (&priv->lock);
  for (end = &priv->replies; *end != NULL; end = &(*end)->next)
    ;
  __atomic_store_n (end, reply, __ATOMIC_RELAXED);
  convoke_lock_release (&priv->lock);

  convoke_async_result_run (self);
}

void
convoke_async_result_run_on (ConvokeAsyncResult *self,
                             ConvokeSerial      *serial)
{
  ConvokeAsyncResultPrivate *priv = get_private (self);
  ConvokeAsyncCallbackFlags flags = CONVOKE_ASYNC_CALLBACK_NONE;

  if (serial != NULL && !priv->plain)
    convoke_async_callback_get_parameters (priv->callback, &flags, NULL);

  if (flags & CONVOKE_ASYNC_CALLBACK_REPLY)
    convoke_async_result_run_reply (convoke_async_result_new_reply (self, serial));
  else
    convoke_async_result_run (self);
}
