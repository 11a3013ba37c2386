/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Media Foundation's way: an object that is invoked on a work queue, with a result. */

#include "view-callback.h"

#include "fetch-diary.h"

struct _ViewCallback
{
  GObject           parent_instance;

  ConvokeWorkQueue *queue;  /* (owned) */
  ConvokeEvent     *told;   /* (owned) */
};

static void
view_callback_invoke (ConvokeAsyncCallback *callback,
                      ConvokeAsyncResult   *result)
{
  ViewCallback *self = VIEW_CALLBACK (callback);
  g_autoptr (GError) error = NULL;

  convoke_async_result_check_status (result, &error);
  fetch_diary_write ("callback", error != NULL ? error->message : "it has ended well");
  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (self->told), NULL);
}

static gboolean
view_callback_get_parameters (ConvokeAsyncCallback       *callback,
                              ConvokeAsyncCallbackFlags  *flags,
                              ConvokeWorkQueue          **queue)
{
  *flags = CONVOKE_ASYNC_CALLBACK_NONE;
  *queue = g_object_ref (VIEW_CALLBACK (callback)->queue);
  return TRUE;
}

static void
view_callback_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = view_callback_invoke;
  iface->get_parameters = view_callback_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ViewCallback, view_callback, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, view_callback_iface_init))

static void
view_callback_dispose (GObject *object)
{
  ViewCallback *self = VIEW_CALLBACK (object);

  g_clear_object (&self->queue);
  g_clear_object (&self->told);

  G_OBJECT_CLASS (view_callback_parent_class)->dispose (object);
}

static void
view_callback_class_init (ViewCallbackClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = view_callback_dispose;
}

static void
view_callback_init (ViewCallback *self)
{
  self->queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
}

ConvokeAsyncCallback *
view_callback_new (ConvokeEvent *told)
{
  ViewCallback *self = g_object_new (VIEW_TYPE_CALLBACK, NULL);

  self->told = g_object_ref (told);
  return CONVOKE_ASYNC_CALLBACK (self);
}
