/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-test.h>

#include "convoke-error.h"
#include "convoke-frame-private.h"

G_BEGIN_DECLS

/* One call of a method of the test library's server, through a frame. */
typedef struct
{
  ConvokeTestServer       *server;
  const ConvokeMethodInfo *method;
  const ConvokePlan       *plan;
  gpointer                 storage;
  ConvokeFrame             frame;
} Call;

static inline const ConvokeMethodInfo *
find_method (const char *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info;
  const ConvokeMethodInfo *method;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_EVERY, &error);
  g_assert_no_error (error);
  method = convoke_interface_info_find_method (info, name, &error);
  g_assert_no_error (error);

  return method;
}

static inline const ConvokePlan *
find_plan (const char *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokePlan *plan = convoke_plan_get ((ConvokeCallableInfo *) &find_method (name)->callable, &error);

  g_assert_no_error (error);
  return plan;
}

static inline void
call_init (Call       *self,
           const char *name)
{
  self->server = convoke_test_server_new ();
  self->method = find_method (name);
  self->plan = find_plan (name);
  /* As large as promised, so that a sanitizer sees a step too far; and not zero. */
  self->storage = g_malloc (MAX (convoke_frame_get_storage_size (self->plan), 1));
  memset (self->storage, 0xa5, convoke_frame_get_storage_size (self->plan));
}

static inline void
call_wipe (Call *self)
{
  g_free (self->storage);
  g_object_unref (self->server);
}

static inline gboolean
call_capture (Call    *self,
              GError **error,
              ...)
{
  va_list ap;
  gboolean captured;

  va_start (ap, error);
  captured = convoke_frame_capture_valist (&self->frame, self->plan, self->storage, &ap, error);
  va_end (ap);

  return captured;
}

static inline gboolean
keep_outs (gpointer data)
{
  return TRUE;
}

static inline void
call_run (Call *self)
{
  GCallback slot = convoke_method_info_get_slot (self->method, self->server);

  g_assert_nonnull (slot);
  convoke_frame_invoke (&self->frame, self->server, slot, keep_outs, NULL);
}

static inline void
call_take (Call *self,
           ...)
{
  va_list ap;

  va_start (ap, self);
  convoke_frame_take_valist (&self->frame, &ap);
  va_end (ap);
}

static inline void
call_end (Call *self)
{
  convoke_frame_clear (&self->frame);
  call_wipe (self);
}

/* Begins with values, calls and gives the results. */
static inline GValue *
call_with_values (Call         *self,
                  const GValue *values,
                  guint         n_values,
                  guint        *n_outs)
{
  g_autoptr (GError) error = NULL;
  GValue *outs;

  convoke_frame_capture_values (&self->frame, self->plan, self->storage, values, n_values, &error);
  g_assert_no_error (error);
  call_run (self);
  g_assert_no_error (self->frame.error);
  outs = convoke_frame_take_values (&self->frame, n_outs);
  call_end (self);

  return outs;
}

static inline void
free_values (GValue *values,
             guint   n_values)
{
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

G_END_DECLS
