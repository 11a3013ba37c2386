/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-async-callback.h"

#include "convoke-async-callback-private.h"
#include "convoke-async-result.h"
#include "convoke-error.h"
#include "convoke-work-queue-private.h"

/**
 * ConvokeAsyncCallback:
 *
 * Something that a work queue invokes: with each result that names it, on a
 * thread of the queue, never on the stack of whoever queued it.
 *
 * One callback can serve many operations; tell them apart by their results.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeAsyncCallback, convoke_async_callback, G_TYPE_OBJECT)

static void
convoke_async_callback_default_init (ConvokeAsyncCallbackInterface *iface)
{
}

/**
 * convoke_async_callback_invoke:
 * @self: a callback
 * @result: the result that was queued
 *
 * Runs the callback, now and on this thread.
 *
 * Queues call this; a program calls it only to run a callback by hand. An
 * implementation should not block, and must not wait for anything that needs
 * the same serial queue (MF-5).
 *
 * Since: 0.1
 */
void
convoke_async_callback_invoke (ConvokeAsyncCallback *self,
                               ConvokeAsyncResult   *result)
{
  g_return_if_fail (CONVOKE_IS_ASYNC_CALLBACK (self));
  g_return_if_fail (CONVOKE_IS_ASYNC_RESULT (result));

  CONVOKE_ASYNC_CALLBACK_GET_IFACE (self)->invoke (self, result);
}

/**
 * convoke_async_callback_get_parameters:
 * @self: a callback
 * @flags: (out) (optional): what it tells about itself
 * @queue: (out) (optional) (nullable) (transfer full): the queue on which it
 *   wants completions, or %NULL for the standard queue
 *
 * Asks a callback where and how it wants to be invoked with a completion.
 *
 * What is put on a queue explicitly runs on that queue, whatever the callback
 * says here (MF-13). An implementation may come without this.
 *
 * Returns: %FALSE when the callback says nothing: then there are no flags, and
 *   the queue is the standard queue
 *
 * Since: 0.1
 */
gboolean
convoke_async_callback_get_parameters (ConvokeAsyncCallback       *self,
                                       ConvokeAsyncCallbackFlags  *flags,
                                       ConvokeWorkQueue          **queue)
{
  ConvokeAsyncCallbackInterface *iface;
  ConvokeAsyncCallbackFlags said_flags = CONVOKE_ASYNC_CALLBACK_NONE;
  g_autoptr (ConvokeWorkQueue) said_queue = NULL;
  gboolean says;

  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (self), FALSE);

  iface = CONVOKE_ASYNC_CALLBACK_GET_IFACE (self);
  says = iface->get_parameters != NULL && iface->get_parameters (self, &said_flags, &said_queue);

  if (flags != NULL)
    *flags = says ? said_flags : CONVOKE_ASYNC_CALLBACK_NONE;
  if (queue != NULL)
    *queue = says ? g_steal_pointer (&said_queue) : NULL;

  return says;
}

gboolean
convoke_async_callback_check (ConvokeAsyncCallback  *self,
                              GError               **error)
{
  if (CONVOKE_ASYNC_CALLBACK_GET_IFACE (self)->invoke != NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s says that it is a callback, but does not implement invoke", G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

ConvokeWorkQueue *
convoke_async_callback_dup_queue (ConvokeAsyncCallback  *self,
                                  GError               **error)
{
  ConvokeAsyncCallbackFlags flags;
  ConvokeWorkQueue *queue;

  if (!convoke_async_callback_check (self, error))
    return NULL;
  convoke_async_callback_get_parameters (self, &flags, &queue);
  if (queue == NULL)
    queue = g_object_ref (convoke_work_queue_get_standard ());
  if (convoke_work_queue_check_flags (queue, flags, error))
    return queue;

  g_object_unref (queue);
  return NULL;
}
