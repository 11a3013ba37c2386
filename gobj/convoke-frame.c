/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-frame-steps-private.h"

/*
 * A captured frame owns every value in its slots deeply, whatever the method's
 * transfer says; the transfer only decides what is passed at the call and what
 * is given away afterwards:
 *
 *              in, at the call             out, after the call     out, when taken
 *   none       the value                   replaced by a copy      lent
 *   container  a copy of the container     elements are copied     a copy of the container;
 *              which the callee frees      as well                 elements are lent
 *   full       the value, which is         the value               the value
 *              gone from the slot
 *
 * A slot that holds nothing is zero, so clearing needs to know nothing about
 * how far a call came.
 */

/* --- counts --- */

/* Outputs go to the caller's places, inputs come from where they were mapped. */
static gpointer
borrowed_location (const ConvokeFrame *self,
                   const ConvokeStep  *step)
{
  void **passed = self->storage != NULL ? self->storage : self->args;

  if (step->info == &self->plan->callable->ret)
    return self->ret;

  if (step->is_out)
    return *(gpointer *) self->args[step->native];

  return passed[step->native];
}

gpointer
convoke_frame_get_location (const ConvokeFrame *self,
                            const ConvokeStep  *step)
{
  return self->captured ? convoke_frame_slot (self, step) : borrowed_location (self, step);
}

gssize
convoke_frame_get_count (const ConvokeFrame *self,
                         const ConvokeStep  *step)
{
  const ConvokeStep *length;
  gconstpointer location;

  if (step->length < 0)
    return -1;

  length = &self->plan->steps[step->length];
  location = convoke_frame_get_location (self, length);

  return location != NULL ? (gssize) convoke_integer_read (&length->info->type, location) : 0;
}

gssize
convoke_frame_get_buffer_size (const ConvokeFrame *self,
                               const ConvokeStep  *step)
{
  return step->length >= 0 ? convoke_frame_get_count (self, step) : step->info->type.fixed_size;
}

/* --- making --- */

gsize
convoke_frame_get_storage_size (const ConvokePlan *plan)
{
  return plan->storage_size;
}

void
convoke_frame_init_borrowed (ConvokeFrame       *self,
                             const ConvokePlan  *plan,
                             void              **args,
                             void               *ret)
{
  *self = (ConvokeFrame) { .plan = plan, .args = args, .ret = ret };
}

void
convoke_frame_begin_capture (ConvokeFrame      *self,
                             const ConvokePlan *plan,
                             gpointer           storage)
{
  g_assert (plan->refusal == NULL);

  *self = (ConvokeFrame) { .plan = plan, .storage = storage, .captured = TRUE };
  memset (storage, 0, plan->storage_size);
}

gboolean
convoke_step_allows_null (const ConvokeStep *step,
                          gssize             n)
{
  if (step->info->nullable || step->info->closure_of >= 0)
    return TRUE;

  switch (step->info->type.kind)
    {
    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      return TRUE;
    case CONVOKE_TYPE_KIND_ARRAY:
      return step->length >= 0 && n == 0;
    case CONVOKE_TYPE_KIND_CALLBACK:
      return FALSE;
    default:
      return step->plain;
    }
}

gboolean
convoke_step_fail_null (const ConvokePlan  *plan,
                        const ConvokeStep  *step,
                        GError            **error)
{
  g_autofree char *name = convoke_plan_dup_step_name (plan, step);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s must not be NULL", name);
  return FALSE;
}

gboolean
convoke_step_fail (const ConvokePlan  *plan,
                   const ConvokeStep  *step,
                   GError            **error)
{
  g_autofree char *name = convoke_plan_dup_step_name (plan, step);

  g_prefix_error (error, "%s ", name);
  return FALSE;
}

gboolean
convoke_frame_add_buffers (ConvokeFrame  *self,
                           GError       **error)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      const ConvokeTypeInfo *type = &step->info->type;
      gssize n;
      gpointer buffer;

      if (!step->buffer)
        continue;

      n = convoke_frame_get_buffer_size (self, step);
      buffer = n >= 0 && n < G_MAXSSIZE ? g_try_malloc0_n (n + 1, convoke_element_get_size (type->element)) : NULL;
      if (buffer == NULL)
        {
          g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                       "is a buffer of %" G_GSSIZE_FORMAT " elements, for which there is no memory", n);
          return convoke_step_fail (plan, step, error);
        }
      *(gpointer *) convoke_frame_slot (self, step) = buffer;
    }

  return TRUE;
}

/* --- capturing native arguments --- */

static gconstpointer
native_location (const ConvokeStep  *step,
                 void              **args)
{
  return step->is_out ? *(gpointer *) args[step->native] : args[step->native];
}

gssize
convoke_step_get_native_count (const ConvokePlan  *plan,
                               const ConvokeStep  *step,
                               void              **args)
{
  const ConvokeStep *length;
  gconstpointer location;

  if (step->length < 0)
    return -1;

  length = &plan->steps[step->length];
  location = native_location (length, args);
  return location != NULL ? (gssize) convoke_integer_read (&length->info->type, location) : 0;
}

static gboolean
is_taken_over (const ConvokeStep *step)
{
  return step->is_in && !step->plain && step->transfer == CONVOKE_TRANSFER_FULL;
}

/* What cannot go wrong any more: the caller's own references change hands. */
static void
take_over (ConvokeFrame       *self,
           const ConvokeStep  *step,
           void              **args)
{
  gpointer *location = (gpointer *) native_location (step, args);

  if (location == NULL)
    return;

  if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
    {
      convoke_container_free (&step->info->type, *location);
    }
  else
    {
      gpointer value = *location;

      if (value != NULL && step->info->type.kind == CONVOKE_TYPE_KIND_VARIANT)
        value = g_variant_take_ref (value);
      *(gpointer *) convoke_frame_slot (self, step) = value;
    }

  if (step->is_out)
    *location = NULL;
}

static gboolean
capture_step (ConvokeFrame       *self,
              const ConvokeStep  *step,
              void              **args,
              gboolean            take,
              GError            **error)
{
  gconstpointer location = native_location (step, args);
  gssize n = -1;

  /* An optional inout that the caller leaves out starts as zero. */
  if (location == NULL)
    return TRUE;

  if (step->plain && step->info->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
    {
      memcpy (convoke_frame_slot (self, step), location, step->size);
      return TRUE;
    }

  if (step->length >= 0)
    n = convoke_step_get_native_count (self->plan, step, args);

  if (*(gconstpointer const *) location == NULL && !convoke_step_allows_null (step, n))
    return convoke_step_fail_null (self->plan, step, error);

  if (take && is_taken_over (step))
    return TRUE;

  return convoke_value_copy (&step->info->type, convoke_frame_slot (self, step), location, n, error) ||
         convoke_step_fail (self->plan, step, error);
}

static gboolean
capture_steps (ConvokeFrame  *self,
               void         **args,
               gboolean       take,
               GError       **error)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].is_in && !capture_step (self, &plan->steps[i], args, take, error))
        return FALSE;
    }

  return convoke_frame_add_buffers (self, error);
}

gboolean
convoke_frame_capture_args (ConvokeFrame       *self,
                            const ConvokePlan  *plan,
                            gpointer            storage,
                            void              **args,
                            gboolean            take,
                            GError            **error)
{
  convoke_frame_begin_capture (self, plan, storage);

  if (capture_steps (self, args, take, error))
    return TRUE;

  convoke_frame_abort_capture (self);
  return FALSE;
}

void
convoke_frame_abort_capture (ConvokeFrame *self)
{
  /* The callbacks' data is still the caller's. */
  self->invoked = TRUE;
  convoke_frame_clear (self);
}

gboolean
convoke_frame_capture_native (ConvokeFrame       *self,
                              const ConvokePlan  *plan,
                              gpointer            storage,
                              void              **args,
                              GError            **error)
{
  if (!convoke_frame_capture_args (self, plan, storage, args, TRUE, error))
    return FALSE;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_in && !step->plain && step->transfer != CONVOKE_TRANSFER_NONE)
        take_over (self, step, args);
    }

  return TRUE;
}

/* --- clearing --- */

static void
clear_in_place (const ConvokeStep *step,
                gpointer           slot)
{
  if (step->info->type.kind == CONVOKE_TYPE_KIND_VALUE && G_IS_VALUE ((GValue *) slot))
    g_value_unset (slot);
}

void
convoke_frame_clear_step (ConvokeFrame      *self,
                          const ConvokeStep *step)
{
  gpointer slot = convoke_frame_slot (self, step);

  if (step->plain)
    return;

  if (step->in_place)
    clear_in_place (step, slot);
  else if (convoke_frame_is_lent (self, *(gpointer *) slot))
    *(gpointer *) slot = NULL;
  else if (step->buffer)
    g_clear_pointer ((gpointer *) slot, g_free);
  else if (*(gpointer *) slot != NULL)
    convoke_value_clear (&step->info->type, slot, convoke_frame_get_count (self, step));
}

/* A callee that was never called cannot free its callbacks' data. */
static void
drop_callbacks (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeArgInfo *info = plan->steps[i].info;
      GDestroyNotify destroy;

      if (info->type.kind != CONVOKE_TYPE_KIND_CALLBACK || info->scope != CONVOKE_SCOPE_NOTIFIED ||
          info->destroy < 0 || info->closure < 0)
        continue;

      destroy = *(GDestroyNotify *) convoke_frame_get_location (self, &plan->steps[info->destroy]);
      if (destroy != NULL)
        destroy (*(gpointer *) convoke_frame_get_location (self, &plan->steps[info->closure]));
    }
}

void
convoke_frame_clear (ConvokeFrame *self)
{
  if (self->captured && !self->invoked)
    drop_callbacks (self);

  for (guint i = 0; self->captured && i < self->plan->n_steps; i++)
    convoke_frame_clear_step (self, &self->plan->steps[i]);

  convoke_frame_clear_kept (self);
  if (self->captured)
    g_clear_error (&self->error);
  self->invoked = TRUE;
  self->has_outs = FALSE;
}
