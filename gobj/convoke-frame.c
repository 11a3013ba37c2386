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

/* --- what lives as long as a frame --- */

typedef struct _Kept Kept;

struct _Kept
{
  Kept           *next;
  GDestroyNotify  destroy;
  gpointer        data;
};

static gpointer
frame_keep (ConvokeFrame   *self,
            gpointer        data,
            GDestroyNotify  destroy)
{
  Kept *kept = g_new (Kept, 1);

  kept->next = self->kept;
  kept->destroy = destroy;
  kept->data = data;
  self->kept = kept;

  return data;
}

static void
clear_kept (gpointer *list)
{
  Kept *kept = g_steal_pointer (list);

  while (kept != NULL)
    {
      Kept *next = kept->next;

      kept->destroy (kept->data);
      g_free (kept);
      kept = next;
    }
}

/* A value together with what it takes to free it. */
typedef struct
{
  const ConvokeTypeInfo *type;
  gpointer               value;
  gssize                 n;
} OwnedValue;

static void
owned_value_free (gpointer data)
{
  OwnedValue *owned = data;

  convoke_value_clear (owned->type, &owned->value, owned->n);
  g_free (owned);
}

static OwnedValue *
owned_value_new (const ConvokeTypeInfo *type,
                 gpointer               value,
                 gssize                 n)
{
  OwnedValue *owned = g_new (OwnedValue, 1);

  owned->type = type;
  owned->value = value;
  owned->n = n;

  return owned;
}

static gpointer
keep_value (ConvokeFrame          *self,
            const ConvokeTypeInfo *type,
            gpointer               value,
            gssize                 n)
{
  frame_keep (self, owned_value_new (type, value, n), owned_value_free);
  return value;
}

/* --- what lives as long as the object that was called --- */

/*
 * A caller may keep what a method lends for as long as it has the object. So
 * does what stands in for it. Equal strings and the same objects are kept
 * once, which makes them as stable as the object's own would be.
 */
typedef struct
{
  GHashTable *strings; /* owned */
  GHashTable *objects; /* owned references */
  gpointer    others;  /* Kept */
} Lent;

static GMutex lent_lock; /* guards every Lent; no foreign code runs under it */

static GQuark lent_quark (void);
G_DEFINE_QUARK (convoke-lent-quark, lent)

static void
lent_free (gpointer data)
{
  Lent *lent = data;

  g_hash_table_unref (lent->strings);
  g_hash_table_unref (lent->objects);
  clear_kept (&lent->others);
  g_free (lent);
}

static Lent *
get_lent_locked (GObject *keeper)
{
  Lent *lent = g_object_get_qdata (keeper, lent_quark ());

  if (lent == NULL)
    {
      lent = g_new0 (Lent, 1);
      lent->strings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      lent->objects = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
      g_object_set_qdata_full (keeper, lent_quark (), lent, lent_free);
    }

  return lent;
}

/* Takes @string, gives the one that stays. */
static gpointer
lend_string (GObject *keeper,
             char    *string)
{
  Lent *lent;
  gpointer known;

  g_mutex_lock (&lent_lock);
  lent = get_lent_locked (keeper);
  if (g_hash_table_lookup_extended (lent->strings, string, &known, NULL))
    g_free (string);
  else
    g_hash_table_add (lent->strings, known = string);
  g_mutex_unlock (&lent_lock);

  return known;
}

/* Takes the reference. */
static gpointer
lend_object (GObject *keeper,
             GObject *object)
{
  gboolean is_new;

  g_mutex_lock (&lent_lock);
  is_new = !g_hash_table_contains (get_lent_locked (keeper)->objects, object);
  if (is_new)
    g_hash_table_add (get_lent_locked (keeper)->objects, object);
  g_mutex_unlock (&lent_lock);

  if (!is_new)
    g_object_unref (object);

  return object;
}

/* Takes a deeply owned value of any type, gives what to hand out. */
static gpointer
lend_value (GObject               *keeper,
            const ConvokeTypeInfo *type,
            gpointer               value,
            gssize                 n)
{
  Kept *kept;
  Lent *lent;

  if (value == NULL)
    return NULL;
  if (type->kind == CONVOKE_TYPE_KIND_UTF8 || type->kind == CONVOKE_TYPE_KIND_FILENAME)
    return lend_string (keeper, value);
  if ((type->kind == CONVOKE_TYPE_KIND_OBJECT || type->kind == CONVOKE_TYPE_KIND_INTERFACE) && G_IS_OBJECT (value))
    return lend_object (keeper, value);

  kept = g_new (Kept, 1);
  kept->data = owned_value_new (type, value, n);
  kept->destroy = owned_value_free;

  g_mutex_lock (&lent_lock);
  lent = get_lent_locked (keeper);
  kept->next = lent->others;
  lent->others = kept;
  g_mutex_unlock (&lent_lock);

  return value;
}

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
  if (plan->n_steps > plan->n_args)
    self->ret = convoke_frame_slot (self, &plan->steps[plan->n_args]);
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

static gssize
native_count (const ConvokePlan  *plan,
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
    n = native_count (self->plan, step, args);

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

/* --- calling --- */

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
    keep_value (self, &step->info->type, *(gpointer *) place, convoke_frame_get_count (self, step));
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
    narrow_return (&plan->steps[plan->n_args], self->ret, scratch->result);
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
invoke_captured (ConvokeFrame *self,
                 gpointer      instance,
                 GCallback     slot,
                 gboolean    (*keep) (gpointer keep_data),
                 gpointer      keep_data)
{
  const ConvokePlan *plan = self->plan;
  void **args = g_newa (void *, plan->n_native + 1);
  Scratch scratch;

  scratch.slots = g_alloca (plan->storage_size + 8);
  scratch.passed = g_newa (gpointer, plan->n_args + 1);
  scratch.before = g_newa (gpointer, plan->n_args + 1);

  pass_steps (self, &instance, &scratch, args);
  ffi_call (convoke_plan_get_cif (plan), slot, scratch.result, args);

  if (!keep (keep_data))
    {
      drop_scratch (plan, &scratch);
      return FALSE;
    }

  adopt_outs (self, &scratch);
  return TRUE;
}

static void **consume_mapped   (ConvokeFrame *self);
static void   copy_mapped_back (ConvokeFrame *self);

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

  memcpy (args, self->storage != NULL ? consume_mapped (self) : self->args, plan->n_native * sizeof (void *));
  if (plan->callable->is_method)
    args[0] = &instance;

  ffi_call (convoke_plan_get_cif (plan), slot, result, args);

  if (!keep (keep_data))
    return FALSE;

  if (self->ret != NULL && plan->n_steps > plan->n_args)
    memcpy (self->ret, result, MAX (sizeof (ffi_arg), plan->steps[plan->n_args].size));
  if (self->storage != NULL)
    copy_mapped_back (self);

  return TRUE;
}

void
convoke_frame_invoke (ConvokeFrame *self,
                      gpointer      instance,
                      GCallback     slot,
                      gboolean    (*keep) (gpointer keep_data),
                      gpointer      keep_data)
{
  gboolean kept;

  self->invoked = TRUE;
  if (self->captured)
    kept = invoke_captured (self, instance, slot, keep, keep_data);
  else
    kept = invoke_borrowed (self, instance, slot, keep, keep_data);

  if (kept)
    self->has_outs = TRUE;
}

/* --- clearing --- */

static void
clear_in_place (const ConvokeStep *step,
                gpointer           slot)
{
  if (step->info->type.kind == CONVOKE_TYPE_KIND_VALUE && G_IS_VALUE ((GValue *) slot))
    g_value_unset (slot);
}

static void
clear_step (ConvokeFrame      *self,
            const ConvokeStep *step)
{
  gpointer slot = convoke_frame_slot (self, step);

  if (step->plain)
    return;

  if (step->in_place)
    clear_in_place (step, slot);
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
    clear_step (self, &self->plan->steps[i]);

  clear_kept (&self->kept);
  g_clear_error (&self->error);
  self->invoked = TRUE;
  self->has_outs = FALSE;
}

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
    n = MIN (convoke_frame_get_count (self, step), native_count (self->plan, step, args));
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
    value = lend_value (keeper, &step->info->type, g_steal_pointer (location), n);
  else if (keeping_frame != NULL)
    value = keep_value (keeping_frame, &step->info->type, g_steal_pointer (location), n);

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
        clear_step (&view, &plan->steps[i]);
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
  gpointer dest = borrowed_location (self, step);
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

static gboolean
wants_empty_string (const ConvokeStep *step)
{
  return !step->info->nullable && (step->info->type.kind == CONVOKE_TYPE_KIND_UTF8 ||
                                   step->info->type.kind == CONVOKE_TYPE_KIND_FILENAME);
}

/* D15. An inout keeps what it had. */
static void
zero_borrowed (ConvokeFrame      *self,
               const ConvokeStep *step)
{
  gpointer dest = borrowed_location (self, step);
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
  if (wants_empty_string (step))
    *(const char **) dest = step->transfer == CONVOKE_TRANSFER_NONE ? "" : g_strdup ("");
}

static void
zero_captured (ConvokeFrame      *self,
               const ConvokeStep *step)
{
  gpointer slot = convoke_frame_slot (self, step);

  if (step->is_in || step->buffer)
    return;

  clear_step (self, step);
  if (step->plain)
    memset (slot, 0, step->size);
  else if (wants_empty_string (step))
    *(char **) slot = g_strdup ("");
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

/* --- mapping --- */

typedef struct
{
  ConvokeFrame       *frame;
  ConvokeMapObject    map_object;
  ConvokeMapCallback  map_callback;
  gpointer            user_data;
  gboolean            replaced;     /* something was, since this was last cleared */
} Mapping;

static GObject *
map_object_cb (GObject               *object,
               const ConvokeTypeInfo *type,
               gpointer               user_data)
{
  Mapping *mapping = user_data;
  GObject *other = mapping->map_object (object, type, mapping->user_data);

  mapping->replaced |= other != NULL;
  return other;
}

/* For places that do not own what they point at. */
static GObject *
map_and_keep_cb (GObject               *object,
                 const ConvokeTypeInfo *type,
                 gpointer               user_data)
{
  Mapping *mapping = user_data;
  GObject *other = mapping->map_object (object, type, mapping->user_data);

  return other != NULL ? frame_keep (mapping->frame, other, g_object_unref) : NULL;
}

/* Whether anything was replaced. */
static gboolean
map_owned (Mapping           *mapping,
           const ConvokeStep *step,
           gpointer           location)
{
  mapping->replaced = FALSE;
  convoke_value_replace_objects (&step->info->type, location, convoke_frame_get_count (mapping->frame, step),
                                 TRUE, map_object_cb, mapping);

  return mapping->replaced;
}

/* A borrowed frame's own place for one argument, instead of the caller's. */
typedef struct
{
  gpointer           value;    /* what is passed */
  gpointer           place;    /* where it is */
  gpointer           copy;     /* (owned) the mapped copy of what the caller gave, until it is consumed */
  gssize             n;
  const ConvokeStep *step;
} Cell;

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  convoke_value_clear (&cell->step->info->type, &cell->copy, cell->n);
  g_free (cell);
}

static Cell *
add_cell (ConvokeFrame      *self,
          const ConvokeStep *step,
          gpointer           value)
{
  void **passed = self->storage;
  Cell *cell = frame_keep (self, g_new0 (Cell, 1), cell_free);

  cell->step = step;
  cell->value = value;
  cell->place = &cell->value;
  passed[step->native] = step->is_out ? &cell->place : cell->place;

  return cell;
}

static Cell *
get_cell (ConvokeFrame      *self,
          const ConvokeStep *step)
{
  void **passed = self->storage;

  if (!step->refs || passed[step->native] == self->args[step->native])
    return NULL;

  return (Cell *) ((guint8 *) passed[step->native] -
                   (step->is_out ? G_STRUCT_OFFSET (Cell, place) : G_STRUCT_OFFSET (Cell, value)));
}

/* Nothing is read from a place that the callee may leave as the caller's stack
 * happened to be. */
static void
add_out_cell (ConvokeFrame      *self,
              const ConvokeStep *step)
{
  if (!step->in_place && !step->buffer && borrowed_location (self, step) != NULL)
    add_cell (self, step, NULL);
}

/* The callee is about to consume the mapped copies, so what they stand for is
 * consumed as well. */
static void **
consume_mapped (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      Cell *cell = get_cell (self, step);
      gpointer given;

      if (cell == NULL || cell->copy == NULL || step->transfer == CONVOKE_TRANSFER_NONE)
        continue;

      given = step->is_out ? **(gpointer **) self->args[step->native] : *(gpointer *) self->args[step->native];
      if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
        {
          cell->value = convoke_container_copy (&step->info->type, cell->copy, cell->n);
          convoke_container_free (&step->info->type, given);
        }
      else
        {
          cell->value = g_steal_pointer (&cell->copy);
          convoke_value_clear (&step->info->type, &given, cell->n);
        }
    }

  return self->storage;
}

static void
copy_mapped_back (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      Cell *cell = step->is_out ? get_cell (self, step) : NULL;

      if (cell == NULL)
        continue;

      /* An inout that the callee only looked at still holds our copy. */
      if (cell->copy == NULL || cell->value != cell->copy)
        *(gpointer *) borrowed_location (self, step) = cell->value;
    }
}

static void
put_pointer (ConvokeFrame *self,
             int           index,
             gpointer      value)
{
  const ConvokeStep *step;

  if (index < 0)
    return;

  step = &self->plan->steps[index];
  if (self->captured)
    *(gpointer *) convoke_frame_slot (self, step) = value;
  else
    add_cell (self, step, value);
}

static gpointer
get_pointer (ConvokeFrame *self,
             int           index)
{
  return index >= 0 ? *(gpointer *) convoke_frame_get_location (self, &self->plan->steps[index]) : NULL;
}

static gboolean
map_callback_in (Mapping            *mapping,
                 const ConvokeStep  *step,
                 GError            **error)
{
  ConvokeFrame *self = mapping->frame;
  const ConvokeArgInfo *info = step->info;
  int index = (int) (step - self->plan->steps);
  gpointer callback = get_pointer (self, index);
  gpointer data = get_pointer (self, info->closure);
  gpointer destroy = get_pointer (self, info->destroy);
  gpointer owned = NULL;
  GDestroyNotify free_owned = NULL;
  gboolean mapped;

  if (callback == NULL || mapping->map_callback == NULL)
    return TRUE;

  mapped = mapping->map_callback (info, &callback, info->closure >= 0 ? &data : NULL, info->destroy >= 0 ? &destroy : NULL,
                                  &owned, &free_owned, mapping->user_data, error);
  if (free_owned != NULL)
    frame_keep (self, owned, free_owned);
  if (!mapped)
    return FALSE;

  put_pointer (self, index, callback);
  put_pointer (self, info->closure, data);
  put_pointer (self, info->destroy, destroy);

  return TRUE;
}

static gboolean
map_value_in (Mapping            *mapping,
              const ConvokeStep  *step,
              GError            **error)
{
  ConvokeFrame *self = mapping->frame;
  const ConvokeTypeInfo *type = &step->info->type;
  gpointer *location = convoke_frame_get_location (self, step);
  gpointer copy = NULL;
  gssize n;
  Cell *cell;

  if (location == NULL || *location == NULL)
    return TRUE;

  if (self->captured)
    {
      map_owned (mapping, step, location);
      return TRUE;
    }

  if (convoke_type_get_refusal (type) != NULL)
    return TRUE;

  if (!convoke_value_copy (type, &copy, location, convoke_frame_get_count (self, step), error))
    return convoke_step_fail (self->plan, step, error);

  n = convoke_frame_get_count (self, step);
  if (!map_owned (mapping, step, &copy))
    {
      /* What needs no other in its place passes as it is, and can be changed in place. */
      convoke_value_clear (type, &copy, n);
      return TRUE;
    }

  cell = add_cell (self, step, copy);
  cell->copy = copy;
  cell->n = n;

  return TRUE;
}

static gboolean
map_in_step (Mapping            *mapping,
             const ConvokeStep  *step,
             GError            **error)
{
  if (step->info->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
    return map_value_in (mapping, step, error);

  return step->is_out || map_callback_in (mapping, step, error);
}

gboolean
convoke_frame_map_in (ConvokeFrame        *self,
                      ConvokeMapObject     map_object,
                      ConvokeMapCallback   map_callback,
                      gpointer             user_data,
                      GError             **error)
{
  const ConvokePlan *plan = self->plan;
  Mapping mapping = { self, map_object, map_callback, user_data, FALSE };

  if (!self->captured)
    {
      self->storage = frame_keep (self, g_memdup2 (self->args, plan->n_native * sizeof (void *)), g_free);
    }

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (!step->refs)
        continue;

      if (!step->is_in && !self->captured)
        add_out_cell (self, step);
      else if (step->is_in && !map_in_step (&mapping, step, error))
        return FALSE;
    }

  return TRUE;
}

/* Where it can be copied: the container is the callee's. */
static void
map_lent_out (Mapping           *mapping,
              const ConvokeStep *step,
              gpointer          *location)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gssize n = convoke_frame_get_count (mapping->frame, step);
  gpointer copy = NULL;

  if (convoke_type_get_refusal (type) != NULL || !convoke_value_copy (type, &copy, location, n, NULL))
    return;

  if (map_owned (mapping, step, &copy))
    *location = keep_value (mapping->frame, type, copy, n);
  else
    convoke_value_clear (type, &copy, n);
}

/* A method that fails leaves a struct in the caller's memory as it was. */
static gboolean
has_filled (const ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;
  GError **place;

  if (self->captured || !plan->callable->throws)
    return TRUE;

  place = *(GError ***) self->args[plan->n_native - 1];
  if (place != NULL)
    return *place == NULL;

  return plan->callable->ret.type.kind != CONVOKE_TYPE_KIND_BOOLEAN || self->ret == NULL || *(ffi_arg *) self->ret != 0;
}

static void
map_out_step (Mapping           *mapping,
              const ConvokeStep *step)
{
  ConvokeFrame *self = mapping->frame;
  gpointer location = convoke_frame_get_location (self, step);

  if (location == NULL)
    return;
  if (step->in_place && (step->info->type.kind != CONVOKE_TYPE_KIND_VALUE || !has_filled (self)))
    return;

  if (step->in_place)
    map_owned (mapping, step, &location);
  else if (*(gpointer *) location == NULL)
    return;
  else if (self->captured || step->transfer == CONVOKE_TRANSFER_FULL)
    map_owned (mapping, step, location);
  else if (step->transfer == CONVOKE_TRANSFER_NONE)
    map_lent_out (mapping, step, location);
  else
    convoke_value_replace_objects (&step->info->type, location, convoke_frame_get_count (self, step),
                                   FALSE, map_and_keep_cb, mapping);
}

void
convoke_frame_map_out (ConvokeFrame     *self,
                       ConvokeMapObject  map_object,
                       gpointer          user_data)
{
  const ConvokePlan *plan = self->plan;
  Mapping mapping = { self, map_object, NULL, user_data, FALSE };

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out && step->refs && step->info->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
        map_out_step (&mapping, step);
    }
}
