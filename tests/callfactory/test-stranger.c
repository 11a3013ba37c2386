/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "test-stranger.h"

static gboolean
test_stranger_wait (ConvokeSynchronize  *synchronize,
                    ConvokeWaitFlags     flags,
                    gint64               timeout,
                    GError             **error)
{
  TestStranger *self = TEST_STRANGER (synchronize);

  g_atomic_int_inc (&self->n_waits);
  if (self->thief != NULL)
    convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (self->thief), CONVOKE_WAIT_DEFAULT, 0, NULL);
  if (g_atomic_int_get (&self->refuses))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "Never");
      return FALSE;
    }

  return convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (self->event), flags, timeout, error);
}

static gboolean
test_stranger_signal (ConvokeSynchronize  *self,
                      GError             **error)
{
  return convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (TEST_STRANGER (self)->event), error);
}

static gboolean
test_stranger_reset (ConvokeSynchronize  *self,
                     GError             **error)
{
  return convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (TEST_STRANGER (self)->event), error);
}

static int
test_stranger_get_fd (ConvokeSynchronizeHandle  *handle,
                      GError                   **error)
{
  TestStranger *self = TEST_STRANGER (handle);

  if (self->fd != 0)
    return self->fd;

  return convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (self->event), error);
}

static void
test_stranger_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->wait = test_stranger_wait;
  iface->signal = test_stranger_signal;
  iface->reset = test_stranger_reset;
}

static void
test_stranger_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = test_stranger_get_fd;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStranger, test_stranger, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, test_stranger_synchronize_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, test_stranger_handle_init))

static void
test_stranger_finalize (GObject *object)
{
  g_clear_object (&TEST_STRANGER (object)->event);

  G_OBJECT_CLASS (test_stranger_parent_class)->finalize (object);
}

static void
test_stranger_class_init (TestStrangerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_stranger_finalize;
}

static void
test_stranger_init (TestStranger *self)
{
}

TestStranger *
test_stranger_new (gboolean manual_reset)
{
  TestStranger *self = g_object_new (TEST_TYPE_STRANGER, NULL);

  self->event = convoke_event_new (manual_reset);
  return self;
}

typedef GObject TestHandleless;
typedef GObjectClass TestHandlelessClass;

static void
test_handleless_synchronize_init (ConvokeSynchronizeInterface *iface)
{
}

G_DEFINE_TYPE_WITH_CODE (TestHandleless, test_handleless, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, test_handleless_synchronize_init))

static void
test_handleless_class_init (TestHandlelessClass *klass)
{
}

static void
test_handleless_init (TestHandleless *self)
{
}

GObject *
test_handleless_new (void)
{
  return g_object_new (TEST_TYPE_HANDLELESS, NULL);
}
