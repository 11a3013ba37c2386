/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-child-callback.h"

#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-lock-private.h"
#include "convoke-work-queue-private.h"

/**
 * ConvokeChildCallback:
 *
 * A callback that is a small child of another object: an object that begins
 * several kinds of operations has one for each, and each runs a function of its
 * own (MF-6).
 *
 * It keeps its owner: whoever waits with it keeps the owner alive, as if it were
 * the owner itself. An owner that keeps its child for long has one that refers
 * to it weakly, or the two keep each other.
 *
 * Since: 0.1
 */
struct _ConvokeChildCallback
{
  GObject                    parent_instance;

  /* Constant: */
  ConvokeChildCallbackFunc   func;
  gpointer                   user_data;
  GDestroyNotify             destroy;     /* (nullable) */
  GObject                   *owner;       /* (owned) (nullable) */
  gboolean                   is_weak;
  GWeakRef                   weak_owner;

  ConvokeLock                lock;        /* innermost */
  ConvokeAsyncCallbackFlags  flags;       /* LOCK: lock */
  ConvokeWorkQueue          *queue;       /* (owned) (nullable) LOCK: lock */
};

static void
convoke_child_callback_invoke (ConvokeAsyncCallback *callback,
                               ConvokeAsyncResult   *result)
{
  ConvokeChildCallback *self = CONVOKE_CHILD_CALLBACK (callback);
  g_autoptr (GObject) owner = convoke_child_callback_dup_owner (self);

  if (owner != NULL || !self->is_weak)
    self->func (owner, result, self->user_data);
}

static gboolean
convoke_child_callback_get_parameters (ConvokeAsyncCallback       *callback,
                                       ConvokeAsyncCallbackFlags  *flags,
                                       ConvokeWorkQueue          **queue)
{
  ConvokeChildCallback *self = CONVOKE_CHILD_CALLBACK (callback);

  convoke_lock_acquire (&self->lock);
  *flags = self->flags;
  *queue = self->queue != NULL ? g_object_ref (self->queue) : NULL;
  convoke_lock_release (&self->lock);

  return TRUE;
}

static void
convoke_child_callback_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = convoke_child_callback_invoke;
  iface->get_parameters = convoke_child_callback_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeChildCallback, convoke_child_callback, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, convoke_child_callback_iface_init))

static void
convoke_child_callback_finalize (GObject *object)
{
  ConvokeChildCallback *self = CONVOKE_CHILD_CALLBACK (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_weak_ref_clear (&self->weak_owner);
  g_clear_object (&self->owner);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (convoke_child_callback_parent_class)->finalize (object);
}

static void
convoke_child_callback_class_init (ConvokeChildCallbackClass *klass)
{
  convoke_type_set_threading (G_TYPE_FROM_CLASS (klass), CONVOKE_THREADING_ANY);

  G_OBJECT_CLASS (klass)->finalize = convoke_child_callback_finalize;
}

static void
convoke_child_callback_init (ConvokeChildCallback *self)
{
  g_weak_ref_init (&self->weak_owner, NULL);
}

/**
 * convoke_child_callback_new:
 * @owner: (nullable): the object that it belongs to
 * @func: (scope notified) (closure user_data) (destroy destroy): what it runs,
 *   each time, on a thread of the queue
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data when the callback goes
 *
 * Makes a callback that keeps @owner.
 *
 * Returns: (transfer full): a new callback
 *
 * Since: 0.1
 */
ConvokeChildCallback *
convoke_child_callback_new (GObject                  *owner,
                            ConvokeChildCallbackFunc  func,
                            gpointer                  user_data,
                            GDestroyNotify            destroy)
{
  ConvokeChildCallback *self;

  g_return_val_if_fail (owner == NULL || G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (CONVOKE_TYPE_CHILD_CALLBACK, NULL);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  g_set_object (&self->owner, owner);

  return self;
}

/**
 * convoke_child_callback_new_weak:
 * @owner: the object that it belongs to
 * @func: (scope notified) (closure user_data) (destroy destroy): what it runs,
 *   each time, on a thread of the queue
 * @user_data: what to give to @func
 * @destroy: (nullable): frees @user_data when the callback goes
 *
 * Makes a callback that does not keep @owner, which can thus keep it.
 *
 * @owner lives while @func runs. When it is gone, nothing runs any more.
 *
 * Returns: (transfer full): a new callback
 *
 * Since: 0.1
 */
ConvokeChildCallback *
convoke_child_callback_new_weak (GObject                  *owner,
                                 ConvokeChildCallbackFunc  func,
                                 gpointer                  user_data,
                                 GDestroyNotify            destroy)
{
  ConvokeChildCallback *self;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = convoke_child_callback_new (NULL, func, user_data, destroy);
  self->is_weak = TRUE;
  g_weak_ref_set (&self->weak_owner, owner);

  return self;
}

static gboolean
check_parameters (ConvokeAsyncCallbackFlags   flags,
                  ConvokeWorkQueue           *queue,
                  GError                    **error)
{
  const ConvokeAsyncCallbackFlags fast = CONVOKE_ASYNC_CALLBACK_FAST_IO | CONVOKE_ASYNC_CALLBACK_SIGNAL;

  if ((flags & fast) && (flags & CONVOKE_ASYNC_CALLBACK_BLOCKING))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                           "A callback cannot be very short and take long: FAST_IO or SIGNAL excludes BLOCKING");
      return FALSE;
    }

  return convoke_work_queue_check_flags (queue != NULL ? queue : convoke_work_queue_get_standard (), flags, error);
}

/**
 * convoke_child_callback_set_parameters:
 * @self: a callback
 * @flags: what it tells about itself (MF-12)
 * @queue: (nullable): the queue on which it wants completions, or %NULL for the
 *   standard queue
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Says where and how the callback wants to be invoked with a completion.
 *
 * What was begun before this stays where it was. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_INVALID_QUEUE when the queue cannot keep what @flags
 * ask for, and with %CONVOKE_ERROR_INVALID_ARGUMENT when they exclude each other;
 * nothing is changed then.
 *
 * Returns: %TRUE when it was set
 *
 * Since: 0.1
 */
gboolean
convoke_child_callback_set_parameters (ConvokeChildCallback       *self,
                                       ConvokeAsyncCallbackFlags   flags,
                                       ConvokeWorkQueue           *queue,
                                       GError                    **error)
{
  g_autoptr (ConvokeWorkQueue) old = NULL;

  g_return_val_if_fail (CONVOKE_IS_CHILD_CALLBACK (self), FALSE);
  g_return_val_if_fail (queue == NULL || CONVOKE_IS_WORK_QUEUE (queue), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_parameters (flags, queue, error))
    return FALSE;

  convoke_lock_acquire (&self->lock);
  self->flags = flags;
  old = self->queue;
  self->queue = queue != NULL ? g_object_ref (queue) : NULL;
  convoke_lock_release (&self->lock);

  return TRUE;
}

/**
 * convoke_child_callback_dup_owner:
 * @self: a callback
 *
 * Gets the object that a callback belongs to.
 *
 * Returns: (transfer full) (nullable): the owner; %NULL when there is none, or it
 *   is gone
 *
 * Since: 0.1
 */
GObject *
convoke_child_callback_dup_owner (ConvokeChildCallback *self)
{
  g_return_val_if_fail (CONVOKE_IS_CHILD_CALLBACK (self), NULL);

  if (self->is_weak)
    return g_weak_ref_get (&self->weak_owner);

  return self->owner != NULL ? g_object_ref (self->owner) : NULL;
}
