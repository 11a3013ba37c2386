/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Callables described by hand, for what the test library does not have. */

#include "convoke-error.h"
#include "convoke-frame-private.h"

G_BEGIN_DECLS

/* The macros' defaults are there to be overwritten. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define TYPE(k, ...) \
  { .kind = CONVOKE_TYPE_KIND_ ## k, .name = (char *) #k, .length_arg = -1, .fixed_size = -1, __VA_ARGS__ }

#define ARG(n, dir, tr, t, ...) \
  { .name = (char *) n, .direction = CONVOKE_DIRECTION_ ## dir, .transfer = CONVOKE_TRANSFER_ ## tr, \
    .closure = -1, .destroy = -1, .length_of = -1, .closure_of = -1, .type = t, __VA_ARGS__ }

#define RET(tr, t, ...)  ARG ("return", OUT, tr, t, __VA_ARGS__)
#define NOTHING          RET (NONE, (ConvokeTypeInfo) TYPE (VOID))

/* So that a braced initialiser can be an argument of a macro. */
#define T(...)  ((ConvokeTypeInfo) TYPE (__VA_ARGS__))

typedef struct
{
  ConvokeCallableInfo  info;
  const ConvokePlan   *plan;
  gpointer             storage;
  ConvokeFrame         frame;
} Callable;

static inline void
callable_init (Callable       *self,
               const char     *name,
               ConvokeArgInfo *args,
               guint           n_args,
               ConvokeArgInfo  ret)
{
  g_autoptr (GError) error = NULL;

  *self = (Callable) { .info = { .name = (char *) name, .n_args = n_args, .args = args, .ret = ret } };
  self->plan = convoke_plan_get (&self->info, &error);
  g_assert_no_error (error);
  self->storage = g_malloc (convoke_frame_get_storage_size (self->plan));
}

static inline void
callable_wipe (Callable *self)
{
  g_free (self->storage);
  g_free (self->plan->types);
  g_free (self->plan->steps);
  g_free (self->plan->refusal);
  g_free (self->plan->wire);
  g_free ((gpointer) self->plan);
}

static inline gboolean
callable_capture (Callable  *self,
                  GError   **error,
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
keep_results (gpointer data)
{
  return TRUE;
}

static inline void
callable_run (Callable  *self,
              GCallback  function)
{
  convoke_frame_invoke (&self->frame, NULL, function, keep_results, NULL);
}

static inline void
callable_take (Callable *self,
               ...)
{
  va_list ap;

  va_start (ap, self);
  convoke_frame_take_valist (&self->frame, &ap);
  va_end (ap);
}

static inline void
unset_values (GValue *values,
              guint   n_values)
{
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
}

static inline void
callable_end (Callable *self)
{
  convoke_frame_clear (&self->frame);
  callable_wipe (self);
}

G_END_DECLS
