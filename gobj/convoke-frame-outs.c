/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-frame-steps-private.h"

/*
 * How outputs leave a frame, and how they get into one when no method wrote
 * them: an implementation completes by hand, or the call fails on its way.
 */

/* --- taking --- */

static void
throw_to (gpointer      native,
          const GError *error)
{
  GError **dest = *(GError ***) native;

  if (dest != NULL && *dest == NULL)
    *dest = g_error_copy (error);
}

void
convoke_step_move_in_place (const ConvokeStep *step,
                            gpointer           dest,
                            gpointer           slot)
{
  gsize size = step->info->type.kind == CONVOKE_TYPE_KIND_VALUE ? sizeof (GValue) : step->info->type.size;

  memcpy (dest, slot, size);
  memset (slot, 0, size);
}

/* Never more than the frame's own buffer holds, nor than the taker's does. */
static void
take_buffer (ConvokeFrame      *self,
             const ConvokeStep *step,
             void             **args)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gpointer dest = *(gpointer *) args[step->native];
  gssize n = type->fixed_size;

  if (dest == NULL)
    return;

  if (step->length >= 0)
    n = MIN (convoke_frame_get_count (self, step), convoke_step_get_native_count (self->plan, step, args));
  if (n > 0 && *(gpointer *) convoke_frame_slot (self, step) != NULL)
    memcpy (dest, *(gpointer *) convoke_frame_slot (self, step), n * convoke_element_get_size (type->element));
}

/* What the caller gets of a value that @location owns. What is only lent moves
 * to the keeper, or to another frame, or stays. */
static gpointer
hand_out (const ConvokeStep *step,
          gpointer          *location,
          gssize             n,
          GObject           *keeper,
          ConvokeFrame      *keeping_frame)
{
  gpointer value = *location;

  if (step->transfer == CONVOKE_TRANSFER_FULL)
    return g_steal_pointer (location);

  if (keeper != NULL && value != NULL)
    value = convoke_lend_value (keeper, &step->info->type, g_steal_pointer (location), n);
  else if (keeping_frame != NULL)
    value = convoke_frame_keep_value (keeping_frame, &step->info->type, g_steal_pointer (location), n);

  if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
    return convoke_container_copy (&step->info->type, value, n);

  return value;
}

static void
take_step (ConvokeFrame      *self,
           const ConvokeStep *step,
           gpointer           dest,
           GObject           *keeper,
           ConvokeFrame      *keeping_frame)
{
  gpointer slot = convoke_frame_slot (self, step);

  if (step->in_place)
    convoke_step_move_in_place (step, dest, slot);
  else if (step->plain)
    memcpy (dest, slot, step->size);
  else
    *(gpointer *) dest = hand_out (step, slot, convoke_frame_get_count (self, step), keeper, keeping_frame);
}

void
convoke_frame_take_native (ConvokeFrame  *self,
                           void         **args,
                           void          *ret,
                           GObject       *keeper)
{
  const ConvokePlan *plan = self->plan;

  if (plan->callable->throws && self->error != NULL)
    throw_to (args[plan->n_native - 1], self->error);

  /* Before their lengths are written to where the taker's room is said. */
  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].buffer)
        take_buffer (self, &plan->steps[i], args);
    }

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      gpointer dest;

      if (!step->is_out || step->buffer)
        continue;

      dest = *(gpointer *) args[step->native];
      if (dest != NULL)
        take_step (self, step, dest, keeper, NULL);
    }

  if (plan->n_steps > plan->n_args && ret != NULL)
    {
      guint64 value = 0;

      take_step (self, &plan->steps[plan->n_args], &value, keeper, NULL);
      convoke_step_store_return (&plan->steps[plan->n_args], ret, &value);
    }

  self->has_outs = FALSE;
}

/* --- completing by hand --- */

void
convoke_plan_clear_outs (const ConvokePlan *plan,
                         gpointer           storage)
{
  ConvokeFrame view = { .plan = plan, .storage = storage, .captured = TRUE };

  for (guint i = 0; i < plan->n_steps; i++)
    {
      if (plan->steps[i].is_out)
        convoke_frame_clear_step (&view, &plan->steps[i]);
    }
}

/* The caller's places take what they are promised; what is only lent stays
 * with the frame, until the proxy keeps it. */
static void
store_borrowed (ConvokeFrame      *self,
                const ConvokeStep *step,
                ConvokeFrame      *outs)
{
  gboolean is_ret = step->info == &self->plan->callable->ret;
  gpointer dest = convoke_frame_get_location (self, step);
  guint64 value = 0;

  if (dest == NULL)
    return;

  if (!is_ret)
    {
      if (step->buffer)
        memcpy (dest, *(gpointer *) convoke_frame_slot (outs, step),
                MAX (convoke_frame_get_buffer_size (outs, step), 0) * convoke_element_get_size (step->info->type.element));
      else
        take_step (outs, step, dest, NULL, self);
      return;
    }

  take_step (outs, step, &value, NULL, self);
  convoke_step_store_return (step, dest, &value);
}

static void
store_captured (ConvokeFrame      *self,
                const ConvokeStep *step,
                ConvokeFrame      *outs)
{
  gpointer slot = convoke_frame_slot (self, step);
  gpointer from = convoke_frame_slot (outs, step);

  if (step->in_place)
    convoke_step_move_in_place (step, slot, from);
  else if (step->plain)
    memcpy (slot, from, step->size);
  else
    *(gpointer *) slot = g_steal_pointer ((gpointer *) from);
}

void
convoke_frame_store_outs (ConvokeFrame *self,
                          gpointer      storage)
{
  const ConvokePlan *plan = self->plan;
  ConvokeFrame outs = { .plan = plan, .storage = storage, .captured = TRUE };

  if (self->captured)
    convoke_plan_clear_outs (plan, self->storage);

  for (guint i = 0; i < plan->n_steps; i++)
    {
      if (!plan->steps[i].is_out)
        continue;
      if (self->captured)
        store_captured (self, &plan->steps[i], &outs);
      else
        store_borrowed (self, &plan->steps[i], &outs);
    }

  convoke_plan_clear_outs (plan, storage);
  self->has_outs = TRUE;
}

/* --- failing --- */

/* Whoever is told by a GError does not look at the rest, and so would not free it. */
static gboolean
wants_empty_string (ConvokeFrame      *self,
                    const ConvokeStep *step)
{
  return !self->plan->callable->throws && !step->info->nullable &&
         (step->info->type.kind == CONVOKE_TYPE_KIND_UTF8 || step->info->type.kind == CONVOKE_TYPE_KIND_FILENAME);
}

/* Bytes of an array whose size the caller knows; 0: not one. PyGObject aborts where it is not there, nullable or not. */
static gsize
get_fixed_size (ConvokeFrame      *self,
                const ConvokeStep *step)
{
  const ConvokeTypeInfo *type = &step->info->type;

  if (self->plan->callable->throws || step->buffer || step->in_place ||
      type->kind != CONVOKE_TYPE_KIND_ARRAY || type->length_arg >= 0 || type->fixed_size <= 0)
    return 0;

  return type->fixed_size * convoke_element_get_size (type->element);
}

/* What is lent is never freed; nobody lends so much that it does not fit. */
static gpointer
make_zeros (gsize    size,
            gboolean lent)
{
  static const guint64 zeros[512];

  if (!lent)
    return g_malloc0 (size);

  return size <= sizeof zeros ? (gpointer) zeros : NULL;
}

/* D15. An inout keeps what it had. */
static void
zero_borrowed (ConvokeFrame      *self,
               const ConvokeStep *step)
{
  gpointer dest = convoke_frame_get_location (self, step);
  gsize size = step->size;

  if (dest == NULL || step->is_in)
    return;

  if (step->info == &self->plan->callable->ret)
    size = MAX (size, sizeof (ffi_arg));
  else if (step->buffer)
    size = MAX (convoke_frame_get_buffer_size (self, step), 0) *
           convoke_element_get_size (step->info->type.element);
  else if (step->in_place)
    size = step->info->type.kind == CONVOKE_TYPE_KIND_VALUE ? sizeof (GValue) : step->info->type.size;

  memset (dest, 0, size);
  if (wants_empty_string (self, step))
    *(const char **) dest = step->transfer == CONVOKE_TRANSFER_NONE ? "" : g_strdup ("");
  else if (get_fixed_size (self, step) > 0)
    *(gpointer *) dest = make_zeros (get_fixed_size (self, step), step->transfer == CONVOKE_TRANSFER_NONE);
}

static void
zero_captured (ConvokeFrame      *self,
               const ConvokeStep *step)
{
  gpointer slot = convoke_frame_slot (self, step);

  if (step->is_in || step->buffer)
    return;

  convoke_frame_clear_step (self, step);
  if (step->plain)
    memset (slot, 0, step->size);
  else if (wants_empty_string (self, step))
    *(char **) slot = g_strdup ("");
  else if (get_fixed_size (self, step) > 0)
    *(gpointer *) slot = make_zeros (get_fixed_size (self, step), FALSE);
}

static void
throw_error (ConvokeFrame *self,
             const GError *error)
{
  if (error == NULL)
    return;

  if (self->captured)
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
      return;
    }

  if (self->plan->callable->throws)
    throw_to (self->args[self->plan->n_native - 1], error);
}

void
convoke_frame_set_failed (ConvokeFrame *self,
                          const GError *error)
{
  const ConvokePlan *plan = self->plan;

  /* Lengths last: until then they say what there is to free. */
  for (guint i = 0; i < plan->n_steps * 2; i++)
    {
      const ConvokeStep *step = &plan->steps[i % plan->n_steps];

      if (!step->is_out || step->plain != (i >= plan->n_steps))
        continue;
      if (self->captured)
        zero_captured (self, step);
      else
        zero_borrowed (self, step);
    }

  throw_error (self, error);
  self->has_outs = TRUE;
}
