/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "told-callback.h"

static void
told_callback_invoke (ConvokeAsyncCallback *callback,
                      ConvokeAsyncResult   *result)
{
  ToldCallback *self = TOLD_CALLBACK (callback);

  g_clear_error (&self->status);
  self->status = convoke_async_result_dup_status (result);
  g_atomic_int_inc (&self->n_told);
}

static void
told_callback_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = told_callback_invoke;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ToldCallback, told_callback, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, told_callback_iface_init))

static void
told_callback_finalize (GObject *object)
{
  g_clear_error (&TOLD_CALLBACK (object)->status);

  G_OBJECT_CLASS (told_callback_parent_class)->finalize (object);
}

static void
told_callback_class_init (ToldCallbackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = told_callback_finalize;
}

static void
told_callback_init (ToldCallback *self)
{
}
