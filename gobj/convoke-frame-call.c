/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-frame-steps-private.h"

static void
narrow_return (const ConvokeStep *step,
               gpointer           slot,
               gconstpointer      result)
{
  if (convoke_type_is_integer (&step->info->type) && step->size < sizeof (ffi_arg))
    convoke_integer_write (&step->info->type, slot, (gint64) *(const ffi_arg *) result);
  else
    memcpy (slot, result, step->size);
}

void
convoke_step_store_return (const ConvokeStep *step,
                           gpointer           ret,
                           gconstpointer      value)
{
  if (!convoke_type_is_integer (&step->info->type) || step->size >= sizeof (ffi_arg))
    memcpy (ret, value, step->size);
  else if (convoke_type_is_signed (&step->info->type))
    *(ffi_sarg *) ret = (ffi_sarg) convoke_integer_read (&step->info->type, value);
  else
    *(ffi_arg *) ret = (ffi_arg) convoke_integer_read (&step->info->type, value);
}

/* Without a GError the outputs mean what they say; with one, only numbers may
 * be looked at. */
static void
forget_outs (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out && !step->is_in && !step->plain && !step->buffer && !step->in_place)
        *(gpointer *) convoke_frame_slot (self, step) = NULL;
    }
}

/* From what the callee lends to what the frame owns. */
static gboolean
settle_out (ConvokeFrame       *self,
            const ConvokeStep  *step,
            GError            **error)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gpointer *slot = convoke_frame_slot (self, step);
  gpointer lent = *slot;

  if (step->transfer == CONVOKE_TRANSFER_FULL)
    {
      if (lent != NULL && type->kind == CONVOKE_TYPE_KIND_VARIANT)
        *slot = g_variant_take_ref (lent);
      return TRUE;
    }

  /* A new object that nobody owns yet: the caller of a plain call would sink it. */
  if (type->kind == CONVOKE_TYPE_KIND_OBJECT && lent != NULL && G_IS_OBJECT (lent) && g_object_is_floating (lent))
    {
      g_object_ref_sink (lent);
      return TRUE;
    }

  if (!convoke_value_copy (type, slot, &lent, convoke_frame_get_count (self, step), error))
    return convoke_step_fail (self->plan, step, error);

  if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
    convoke_container_free (type, lent);

  return TRUE;
}

static void
settle_outs (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  if (self->error != NULL)
    forget_outs (self);

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (!step->is_out || step->plain || step->buffer || step->in_place)
        continue;

      if (!settle_out (self, step, self->error == NULL ? &self->error : NULL))
        *(gpointer *) convoke_frame_slot (self, step) = NULL;
    }
}

/* What the method may write to while somebody else already ends the call: the
 * outputs' slots once more, on the stack. A buffer moves here and back. */
typedef struct
{
  guint8   *slots;     /* at the plan's offsets */
  gpointer *passed;    /* per argument: the address of its slot, or what is consumed */
  gpointer *before;    /* per argument that comes out: what went in */
  GError   *error;
  GError  **thrown;
  guint64   result[2];
} Scratch;

static void
pass_in (ConvokeFrame      *self,
         const ConvokeStep *step,
         Scratch           *scratch,
         gpointer          *passed,
         void             **native)
{
  gpointer slot = convoke_frame_slot (self, step);

  /* It may be the length of an output. */
  if (step->plain)
    memcpy (scratch->slots + step->offset, slot, step->size);

  *native = passed;
  switch (step->pass)
    {
    case CONVOKE_PASS_VALUE:
      *native = slot;
      break;

    case CONVOKE_PASS_MOVED:
      *passed = g_steal_pointer ((gpointer *) slot);
      break;

    case CONVOKE_PASS_SHALLOW:
      *passed = convoke_container_copy (&step->info->type, *(gpointer *) slot, convoke_frame_get_count (self, step));
      break;

    default:
      g_assert_not_reached ();
    }
}

/* An inout that the callee only looks at stays alive with the frame, whatever
 * takes its place meanwhile. */
static void
pass_out (ConvokeFrame      *self,
          const ConvokeStep *step,
          Scratch           *scratch,
          gpointer          *passed,
          void             **native)
{
  gpointer slot = convoke_frame_slot (self, step);
  gpointer place = scratch->slots + step->offset;

  *native = passed;
  *passed = place;
  scratch->before[step - self->plan->steps] = NULL;

  if (step->in_place)
    {
      memset (place, 0, convoke_step_get_storage (step));
      return;
    }

  memcpy (place, slot, step->size);
  if (step->plain)
    return;

  *(gpointer *) slot = NULL;
  scratch->before[step - self->plan->steps] = *(gpointer *) place;
  if (step->buffer)
    *passed = *(gpointer *) place;
  else if (step->is_in && step->transfer == CONVOKE_TRANSFER_NONE && *(gpointer *) place != NULL)
    convoke_frame_keep_value (self, &step->info->type, *(gpointer *) place, convoke_frame_get_count (self, step));
}

static void
pass_steps (ConvokeFrame  *self,
            gpointer      *instance,
            Scratch       *scratch,
            void         **args)
{
  const ConvokePlan *plan = self->plan;

  scratch->error = NULL;
  scratch->thrown = &scratch->error;
  if (plan->callable->is_method)
    args[0] = instance;
  if (plan->callable->throws)
    args[plan->n_native - 1] = &scratch->thrown;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out)
        pass_out (self, step, scratch, &scratch->passed[i], &args[step->native]);
      else
        pass_in (self, step, scratch, &scratch->passed[i], &args[step->native]);
    }
}

static void
adopt_outs (ConvokeFrame *self,
            Scratch      *scratch)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out)
        memcpy (convoke_frame_slot (self, step), scratch->slots + step->offset,
                step->in_place ? convoke_step_get_storage (step) : step->size);
    }

  if (plan->n_steps > plan->n_args)
    narrow_return (&plan->steps[plan->n_args], convoke_frame_slot (self, &plan->steps[plan->n_args]), scratch->result);
  self->error = scratch->error;
  settle_outs (self);
}

static void
drop_out (ConvokeFrame      *scratch_frame,
          const ConvokeStep *step,
          gpointer          *slot,
          gpointer           before)
{
  if (step->buffer)
    g_free (*slot);
  /* What went in and still lies there may be what the method defers for. */
  else if (*slot == NULL || *slot == before)
    return;
  else if (step->transfer == CONVOKE_TRANSFER_FULL)
    convoke_value_clear (&step->info->type, slot, convoke_frame_get_count (scratch_frame, step));
  else if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
    convoke_container_free (&step->info->type, *slot);
}

/* The call was deferred: what the method wrote is nobody's, and the frame may
 * be gone. */
static void
drop_scratch (const ConvokePlan *plan,
              Scratch           *scratch)
{
  ConvokeFrame frame = { .plan = plan, .storage = scratch->slots, .captured = TRUE };

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (!step->is_out || step->plain || step->in_place)
        continue;

      if (i == plan->n_args)
        drop_out (&frame, step, (gpointer *) scratch->result, NULL);
      else if (scratch->error == NULL || step->buffer)
        drop_out (&frame, step, (gpointer *) (scratch->slots + step->offset), scratch->before[i]);
    }

  g_clear_error (&scratch->error);
}

static gboolean
invoke_captured (ConvokeFrame       *self,
                 gpointer            instance,
                 ConvokeFrameCallee  callee,
                 gpointer            data,
                 gboolean          (*keep) (gpointer keep_data),
                 gpointer            keep_data)
{
  const ConvokePlan *plan = self->plan;
  void **args = g_newa (void *, plan->n_native + 1);
  Scratch scratch;

  scratch.slots = g_alloca (plan->storage_size + 8);
  scratch.passed = g_newa (gpointer, plan->n_args + 1);
  scratch.before = g_newa (gpointer, plan->n_args + 1);

  pass_steps (self, &instance, &scratch, args);
  callee (args, scratch.result, data);

  if (!keep (keep_data))
    {
      drop_scratch (plan, &scratch);
      return FALSE;
    }

  adopt_outs (self, &scratch);
  return TRUE;
}

/* What a method throws after it gave its call away is nobody's. */
static void
drop_thrown (const ConvokePlan  *plan,
             void              **args)
{
  GError **thrown = plan->callable->throws ? *(GError ***) args[plan->n_native - 1] : NULL;

  if (thrown != NULL)
    g_clear_error (thrown);
}

static gboolean
invoke_borrowed (ConvokeFrame *self,
                 gpointer      instance,
                 GCallback     slot,
                 gboolean    (*keep) (gpointer keep_data),
                 gpointer      keep_data)
{
  const ConvokePlan *plan = self->plan;
  void **args = g_newa (void *, plan->n_native + 1);
  guint64 result[2] = { 0, 0 };

  memcpy (args, self->storage != NULL ? convoke_frame_consume_mapped (self) : self->args, plan->n_native * sizeof (void *));
  if (plan->callable->is_method)
    args[0] = &instance;

  convoke_plan_call (plan, slot, result, args);

  if (!keep (keep_data))
    {
      drop_thrown (plan, args);
      return FALSE;
    }

  if (self->ret != NULL && plan->n_steps > plan->n_args)
    memcpy (self->ret, result, MAX (sizeof (ffi_arg), plan->steps[plan->n_args].size));
  if (self->storage != NULL)
    convoke_frame_copy_mapped_back (self);

  return TRUE;
}

void
convoke_frame_invoke_callee (ConvokeFrame       *self,
                             gpointer            instance,
                             ConvokeFrameCallee  callee,
                             gpointer            data,
                             gboolean          (*keep) (gpointer keep_data),
                             gpointer            keep_data)
{
  self->invoked = TRUE;
  if (invoke_captured (self, instance, callee, data, keep, keep_data))
    self->has_outs = TRUE;
}

typedef struct
{
  const ConvokePlan *plan;
  GCallback          slot;
} Slot;

static void
call_slot (void     **args,
           void      *ret,
           gpointer   data)
{
  const Slot *self = data;

  convoke_plan_call (self->plan, self->slot, ret, args);
}

void
convoke_frame_invoke (ConvokeFrame *self,
                      gpointer      instance,
                      GCallback     slot,
                      gboolean    (*keep) (gpointer keep_data),
                      gpointer      keep_data)
{
  Slot callee = { self->plan, slot };

  if (self->captured)
    {
      convoke_frame_invoke_callee (self, instance, call_slot, &callee, keep, keep_data);
      return;
    }

  self->invoked = TRUE;
  if (invoke_borrowed (self, instance, slot, keep, keep_data))
    self->has_outs = TRUE;
}
