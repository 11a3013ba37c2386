/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "test-listener.h"

static void
test_listener_invoke (ConvokeAsyncCallback *callback,
                      ConvokeAsyncResult   *result)
{
  TestListener *self = TEST_LISTENER (callback);
  Count *door = self->door;

  g_mutex_lock (&self->invoked.lock);
  self->thread = g_thread_self ();
  self->result = result;
  self->state = convoke_async_result_get_state (result);
  g_clear_error (&self->status);
  self->status = convoke_async_result_dup_status (result);
  g_mutex_unlock (&self->invoked.lock);

  if (self->hook != NULL)
    self->hook (self, result, self->hook_data);
  count_add (&self->invoked);
  if (door != NULL)
    g_assert_true (count_wait (door, 1));
}

static gboolean
test_listener_get_parameters (ConvokeAsyncCallback       *callback,
                              ConvokeAsyncCallbackFlags  *flags,
                              ConvokeWorkQueue          **queue)
{
  TestListener *self = TEST_LISTENER (callback);

  *flags = self->flags;
  *queue = self->queue != NULL ? g_object_ref (self->queue) : NULL;

  return self->says;
}

static void
test_listener_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_listener_invoke;
  iface->get_parameters = test_listener_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestListener, test_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_listener_iface_init))

static void
test_listener_finalize (GObject *object)
{
  g_clear_error (&TEST_LISTENER (object)->status);

  G_OBJECT_CLASS (test_listener_parent_class)->finalize (object);
}

static void
test_listener_class_init (TestListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_listener_finalize;
}

static void
test_listener_init (TestListener *self)
{
}

TestListener *
test_listener_new (void)
{
  return g_object_new (TEST_TYPE_LISTENER, NULL);
}

ConvokeAsyncResult *
test_listener_new_result (TestListener *self)
{
  return convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (self), NULL);
}
