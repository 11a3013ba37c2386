/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-frame-steps-private.h"
#include "convoke-typed-value-private.h"

/*
 * The two forms in which a user gives and gets what a frame holds: typed
 * values, from bindings and where the types are known at run time only, and
 * variable arguments, from C.
 */

guint
convoke_plan_get_n_ins (const ConvokePlan *plan)
{
  return plan->n_ins;
}

guint
convoke_plan_get_n_outs (const ConvokePlan *plan)
{
  return plan->n_outs;
}

/* --- typed values in --- */

/* The lengths that the arrays given so far imply; -1: none yet. */
typedef struct
{
  const ConvokePlan *plan;
  gpointer           storage;
  gssize            *counts;
} Lengths;

static gpointer
slot_of (gpointer           storage,
         const ConvokeStep *step)
{
  return (guint8 *) storage + step->offset;
}

static gboolean
set_length (Lengths            *lengths,
            const ConvokeStep  *array,
            gssize              n,
            GError            **error)
{
  const ConvokeStep *step;

  if (array->length < 0)
    return TRUE;

  step = &lengths->plan->steps[array->length];
  if (lengths->counts[array->length] >= 0 && lengths->counts[array->length] != n)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "wants as many elements as the array before it, %" G_GSSIZE_FORMAT ", got %" G_GSSIZE_FORMAT,
                   lengths->counts[array->length], n);
      return FALSE;
    }

  lengths->counts[array->length] = n;
  if (!convoke_type_set_integer (&step->info->type, slot_of (lengths->storage, step), FALSE, n, NULL))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "has %" G_GSSIZE_FORMAT " elements, more than its length can say", n);
      return FALSE;
    }

  return TRUE;
}

static void
lengths_init (Lengths           *lengths,
              const ConvokePlan *plan,
              gpointer           storage)
{
  lengths->plan = plan;
  lengths->storage = storage;
  for (guint i = 0; i < plan->n_args; i++)
    lengths->counts[i] = -1;
}

static gboolean
take_value_in (Lengths            *lengths,
               const ConvokeStep  *step,
               const GValue       *value,
               GError            **error)
{
  gpointer slot = slot_of (lengths->storage, step);
  gboolean nullable = step->info->nullable;
  gssize n = -1;

  if (!convoke_type_from_gvalue (&step->info->type, nullable, slot, &n, value, error))
    return convoke_step_fail (lengths->plan, step, error);

  if (set_length (lengths, step, n, error))
    return TRUE;

  /* The length's slot may not say how much there is to free. */
  convoke_value_clear (&step->info->type, slot, n);
  return convoke_step_fail (lengths->plan, step, error);
}

static gboolean
fail_count (const ConvokePlan  *plan,
            const char         *verb,
            guint               wanted,
            guint               got,
            GError            **error)
{
  g_autofree char *name = convoke_plan_dup_name (plan);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s %s %u value%s, got %u", name, verb, wanted, wanted == 1 ? "" : "s", got);
  return FALSE;
}

static gboolean
capture_given (ConvokeFrame  *self,
               const GValue  *values,
               GError       **error)
{
  const ConvokePlan *plan = self->plan;
  Lengths lengths = { .counts = g_newa (gssize, plan->n_args + 1) };
  guint next = 0;

  lengths_init (&lengths, plan, self->storage);
  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].given && !take_value_in (&lengths, &plan->steps[i], &values[next++], error))
        return FALSE;
    }

  return convoke_frame_add_buffers (self, error);
}

gboolean
convoke_frame_capture_values (ConvokeFrame       *self,
                              const ConvokePlan  *plan,
                              gpointer            storage,
                              const GValue       *values,
                              guint               n_values,
                              GError            **error)
{
  if (n_values != plan->n_ins)
    return fail_count (plan, "takes", plan->n_ins, n_values, error);

  convoke_frame_begin_capture (self, plan, storage);
  if (capture_given (self, values, error))
    return TRUE;

  convoke_frame_abort_capture (self);
  return FALSE;
}

/* --- typed values out --- */

/* Arrays that are not told from empty ones by their own form; a list that is NULL is empty. */
static gboolean
is_null_array (const ConvokeStep *step,
               gpointer           location)
{
  ConvokeTypeKind kind = step->info->type.kind;

  return step->info->nullable && *(gpointer *) location == NULL &&
         (kind == CONVOKE_TYPE_KIND_ARRAY || kind == CONVOKE_TYPE_KIND_GARRAY || kind == CONVOKE_TYPE_KIND_PTR_ARRAY);
}

static void
step_to_gvalue (ConvokeFrame      *self,
                const ConvokeStep *step,
                GValue            *value)
{
  gpointer location = convoke_frame_get_location (self, step);
  gpointer block = location;
  guint64 nothing = 0;

  if (step->in_place || (step->buffer && !self->captured))
    location = &block;
  else if (location == NULL)
    location = &nothing;

  convoke_type_to_gvalue (&step->info->type, location, convoke_frame_get_count (self, step), value);
  if (is_null_array (step, location))
    g_value_reset (value);
}

/* The result is the caller's, so a string need not be copied once more. */
static void
take_value_out (ConvokeFrame      *self,
                const ConvokeStep *step,
                GValue            *value)
{
  if (step->info->type.kind != CONVOKE_TYPE_KIND_UTF8)
    {
      step_to_gvalue (self, step, value);
      return;
    }

  g_value_init (value, G_TYPE_STRING);
  g_value_take_string (value, g_steal_pointer ((char **) convoke_frame_slot (self, step)));
}

GValue *
convoke_frame_take_values (ConvokeFrame *self,
                           guint        *n_values)
{
  const ConvokePlan *plan = self->plan;
  GValue *values = g_new0 (GValue, plan->n_outs + 1);
  guint next = 0;

  if (plan->n_steps > plan->n_args && plan->steps[plan->n_args].handed)
    take_value_out (self, &plan->steps[plan->n_args], &values[next++]);

  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].handed)
        take_value_out (self, &plan->steps[i], &values[next++]);
    }

  self->has_outs = FALSE;
  *n_values = next;

  return values;
}

GValue *
convoke_frame_dup_in_values (ConvokeFrame *self,
                             guint        *n_values)
{
  const ConvokePlan *plan = self->plan;
  GValue *values = g_new0 (GValue, plan->n_ins + 1);
  guint next = 0;

  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].given)
        step_to_gvalue (self, &plan->steps[i], &values[next++]);
    }

  *n_values = next;
  return values;
}

/* --- completing by hand --- */

/* Storage for outputs, laid out as a captured frame's. What the lengths that
 * only go in say holds for the outputs as well. */
static void
begin_outs (ConvokeFrame *self,
            gpointer      storage)
{
  const ConvokePlan *plan = self->plan;

  memset (storage, 0, plan->storage_size);
  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->plain && !step->is_out)
        memcpy (slot_of (storage, step), convoke_frame_get_location (self, step), step->size);
    }
}

static gboolean
set_buffer (ConvokeFrame       *self,
            const ConvokeStep  *step,
            gpointer            storage,
            gconstpointer       data,
            gssize              n,
            GError            **error)
{
  gsize size = convoke_element_get_size (step->info->type.element);
  gssize capacity = convoke_frame_get_buffer_size (self, step);
  gpointer buffer;

  if (n > capacity)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "has room for %" G_GSSIZE_FORMAT " elements, got %" G_GSSIZE_FORMAT, capacity, n);
      return convoke_step_fail (self->plan, step, error);
    }

  buffer = g_malloc0_n (MAX (capacity, 0) + 1, size);
  if (n > 0)
    memcpy (buffer, data, n * size);
  *(gpointer *) slot_of (storage, step) = buffer;

  return TRUE;
}

/* Makes the struct of which @block points to a copy the content of @slot. */
static gboolean
set_in_place (const ConvokePlan  *plan,
              const ConvokeStep  *step,
              gpointer            slot,
              gconstpointer       block,
              GError            **error)
{
  const ConvokeTypeInfo *type = &step->info->type;

  if (type->kind == CONVOKE_TYPE_KIND_VALUE)
    {
      if (G_IS_VALUE ((const GValue *) block))
        {
          g_value_init (slot, G_VALUE_TYPE ((const GValue *) block));
          g_value_copy (block, slot);
        }
      return TRUE;
    }

  if (!type->scalar_struct)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "is a struct in the caller's memory that cannot be filled from a copy");
      return convoke_step_fail (plan, step, error);
    }

  memcpy (slot, block, type->size);
  return TRUE;
}

static gboolean
set_buffer_value (ConvokeFrame       *self,
                  Lengths            *lengths,
                  const ConvokeStep  *step,
                  const GValue       *value,
                  GError            **error)
{
  const ConvokePlan *plan = self->plan;
  gboolean counted = step->length >= 0 && plan->steps[step->length].is_out;
  g_autofree gpointer data = NULL;
  gssize n = 0;

  if (!convoke_type_from_gvalue (&step->info->type, TRUE, &data, &n, value, error))
    return convoke_step_fail (plan, step, error);

  return set_buffer (self, step, lengths->storage, data, n, error) &&
         (!counted || set_length (lengths, step, n, error) || convoke_step_fail (plan, step, error));
}

static gboolean
set_in_place_value (const ConvokePlan  *plan,
                    const ConvokeStep  *step,
                    gpointer            slot,
                    const GValue       *value,
                    GError            **error)
{
  gpointer block = NULL;
  gboolean done;

  if (!convoke_type_from_gvalue (&step->info->type, FALSE, &block, NULL, value, error))
    return convoke_step_fail (plan, step, error);

  done = set_in_place (plan, step, slot, block, error);
  convoke_value_clear (&step->info->type, &block, -1);

  return done;
}

static gboolean
set_out_value (ConvokeFrame       *self,
               Lengths            *lengths,
               const ConvokeStep  *step,
               const GValue       *value,
               GError            **error)
{
  if (step->buffer)
    return set_buffer_value (self, lengths, step, value, error);

  if (step->in_place)
    return set_in_place_value (self->plan, step, slot_of (lengths->storage, step), value, error);

  return take_value_in (lengths, step, value, error);
}

static gboolean
set_out_values (ConvokeFrame  *self,
                gpointer       storage,
                const GValue  *values,
                GError       **error)
{
  const ConvokePlan *plan = self->plan;
  Lengths lengths = { .counts = g_newa (gssize, plan->n_args + 1) };
  guint next = 0;

  lengths_init (&lengths, plan, storage);

  if (plan->n_steps > plan->n_args && plan->steps[plan->n_args].handed &&
      !set_out_value (self, &lengths, &plan->steps[plan->n_args], &values[next++], error))
    return FALSE;

  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].handed && !set_out_value (self, &lengths, &plan->steps[i], &values[next++], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_can_complete (const ConvokePlan  *plan,
                    GError            **error)
{
  g_autofree char *name = NULL;

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (!step->is_out || step->opaque || convoke_type_get_refusal (&step->info->type) == NULL ||
          step->in_place)
        continue;

      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "is %s, which cannot be given from outside of the method",
                   convoke_type_get_refusal (&step->info->type));
      return convoke_step_fail (plan, step, error);
    }

  return TRUE;
}

gboolean
convoke_frame_set_outs_values (ConvokeFrame  *self,
                               const GValue  *values,
                               guint          n_values,
                               GError       **error)
{
  const ConvokePlan *plan = self->plan;
  gpointer storage;

  if (n_values != plan->n_outs)
    return fail_count (plan, "gives", plan->n_outs, n_values, error);

  if (!check_can_complete (plan, error))
    return FALSE;

  storage = g_alloca (plan->storage_size + 1);
  begin_outs (self, storage);
  if (!set_out_values (self, storage, values, error))
    {
      convoke_plan_clear_outs (plan, storage);
      return FALSE;
    }

  convoke_frame_store_outs (self, storage);
  return TRUE;
}

/* --- variable arguments --- */

/* Reads one argument as C promotes it. */
static gboolean
read_va (const ConvokeTypeInfo  *type,
         gpointer                dest,
         va_list                *ap,
         GError                **error)
{
  int narrow;

  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_INT8:
    case CONVOKE_TYPE_KIND_UINT8:
    case CONVOKE_TYPE_KIND_INT16:
    case CONVOKE_TYPE_KIND_UINT16:
      narrow = va_arg (*ap, int);
      return convoke_type_set_integer (type, dest, narrow < 0, (guint64) (gint64) narrow, error);

    case CONVOKE_TYPE_KIND_BOOLEAN:
    case CONVOKE_TYPE_KIND_INT32:
      *(gint32 *) dest = va_arg (*ap, gint32);
      return TRUE;

    case CONVOKE_TYPE_KIND_UINT32:
    case CONVOKE_TYPE_KIND_UNICHAR:
      *(guint32 *) dest = va_arg (*ap, guint32);
      return TRUE;

    case CONVOKE_TYPE_KIND_INT64:
    case CONVOKE_TYPE_KIND_UINT64:
      *(guint64 *) dest = va_arg (*ap, guint64);
      return TRUE;

    case CONVOKE_TYPE_KIND_GTYPE:
      *(GType *) dest = va_arg (*ap, GType);
      return TRUE;

    case CONVOKE_TYPE_KIND_FLOAT:
      *(float *) dest = (float) va_arg (*ap, double);
      return TRUE;

    case CONVOKE_TYPE_KIND_DOUBLE:
      *(double *) dest = va_arg (*ap, double);
      return TRUE;

    default:
      *(gpointer *) dest = va_arg (*ap, gpointer);
      return TRUE;
    }
}

static gboolean
read_ins (const ConvokePlan  *plan,
          guint64            *values,
          va_list            *ap,
          GError            **error)
{
  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      values[i] = 0;
      if (step->is_in && !read_va (&step->info->type, &values[i], ap, error))
        return convoke_step_fail (plan, step, error);
    }

  return TRUE;
}

/* Once all lengths are known. */
static gboolean
check_strings (const ConvokePlan  *plan,
               guint64            *values,
               GError            **error)
{
  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      gssize n = -1;

      if (!step->is_in || step->plain)
        continue;

      if (step->length >= 0)
        n = convoke_integer_read (&plan->steps[step->length].info->type, &values[step->length]);
      if (!convoke_type_check_utf8 (&step->info->type, &values[i], n, error))
        return convoke_step_fail (plan, step, error);
    }

  return TRUE;
}

gboolean
convoke_frame_capture_valist (ConvokeFrame       *self,
                              const ConvokePlan  *plan,
                              gpointer            storage,
                              va_list            *ap,
                              GError            **error)
{
  guint64 *values = g_newa (guint64, plan->n_args + 1);
  gpointer *places = g_newa (gpointer, plan->n_args + 1);
  void **args = g_newa (void *, plan->n_native + 1);

  if (!read_ins (plan, values, ap, error) || !check_strings (plan, values, error))
    return FALSE;

  for (guint i = 0; i < plan->n_args; i++)
    {
      places[i] = &values[i];
      args[plan->steps[i].native] = plan->steps[i].is_out ? (gpointer) &places[i] : &values[i];
    }

  return convoke_frame_capture_args (self, plan, storage, args, FALSE, error);
}

static void
take_va_out (ConvokeFrame      *self,
             const ConvokeStep *step,
             gpointer           dest)
{
  gpointer slot = convoke_frame_slot (self, step);
  gssize n;

  if (dest == NULL)
    return;

  if (step->in_place)
    {
      convoke_step_move_in_place (step, dest, slot);
    }
  else if (step->buffer)
    {
      n = convoke_frame_get_buffer_size (self, step);
      memcpy (dest, *(gpointer *) slot, MAX (n, 0) * convoke_element_get_size (step->info->type.element));
    }
  else
    {
      memcpy (dest, slot, step->size);
      if (!step->plain)
        *(gpointer *) slot = NULL;
    }
}

void
convoke_frame_take_valist (ConvokeFrame *self,
                           va_list      *ap)
{
  const ConvokePlan *plan = self->plan;

  if (plan->n_steps > plan->n_args)
    take_va_out (self, &plan->steps[plan->n_args], va_arg (*ap, gpointer));

  for (guint i = 0; i < plan->n_args; i++)
    {
      if (plan->steps[i].is_out)
        take_va_out (self, &plan->steps[i], va_arg (*ap, gpointer));
    }

  self->has_outs = FALSE;
}

/* --- completing by hand, from C --- */

static gboolean
read_outs (const ConvokePlan  *plan,
           gpointer           *values,
           gpointer            storage,
           va_list            *ap,
           GError            **error)
{
  for (guint k = 0; k < plan->n_steps; k++)
    {
      /* The return value is last among the steps and first among the outputs. */
      guint i = plan->n_steps == plan->n_args ? k : (k + plan->n_args) % plan->n_steps;
      const ConvokeStep *step = &plan->steps[i];

      values[i] = NULL;
      if (!step->is_out)
        continue;

      if (!read_va (&step->info->type, step->plain ? slot_of (storage, step) : &values[i], ap, error))
        return convoke_step_fail (plan, step, error);
    }

  return TRUE;
}

static gboolean
set_out_va (ConvokeFrame       *self,
            const ConvokeStep  *step,
            gpointer            storage,
            gpointer            value,
            GError            **error)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gpointer slot = slot_of (storage, step);
  gssize n = -1;

  if (step->length >= 0)
    {
      const ConvokeStep *length = &self->plan->steps[step->length];

      n = convoke_integer_read (&length->info->type, slot_of (storage, length));
    }

  if (value == NULL && !convoke_step_allows_null (step, n))
    return convoke_step_fail_null (self->plan, step, error);

  if (step->buffer)
    return set_buffer (self, step, storage, value, step->length >= 0 ? n : type->fixed_size, error);

  if (step->in_place)
    return value == NULL || set_in_place (self->plan, step, slot, value, error);

  return (convoke_type_check_utf8 (type, &value, n, error) && convoke_value_copy (type, slot, &value, n, error)) ||
         convoke_step_fail (self->plan, step, error);
}

static gboolean
set_outs_va (ConvokeFrame  *self,
             gpointer       storage,
             va_list       *ap,
             GError       **error)
{
  const ConvokePlan *plan = self->plan;
  gpointer *values = g_newa (gpointer, plan->n_steps + 1);

  if (!read_outs (plan, values, storage, ap, error))
    return FALSE;

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out && !step->plain && !set_out_va (self, step, storage, values[i], error))
        return FALSE;
    }

  return TRUE;
}

gboolean
convoke_frame_set_outs_valist (ConvokeFrame  *self,
                               va_list       *ap,
                               GError       **error)
{
  const ConvokePlan *plan = self->plan;
  gpointer storage;

  if (!check_can_complete (plan, error))
    return FALSE;

  storage = g_alloca (plan->storage_size + 1);
  begin_outs (self, storage);
  if (!set_outs_va (self, storage, ap, error))
    {
      convoke_plan_clear_outs (plan, storage);
      return FALSE;
    }

  convoke_frame_store_outs (self, storage);
  return TRUE;
}
