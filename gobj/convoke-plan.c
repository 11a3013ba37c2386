/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-copy-private.h"
#include "convoke-error.h"
#include "convoke-plan-private.h"

/* --- names in messages --- */

char *
convoke_plan_dup_name (const ConvokePlan *self)
{
  const ConvokeCallableInfo *callable = self->callable;
  const ConvokeInterfaceInfo *owner = NULL;

  if (callable->is_method)
    owner = ((const ConvokeMethodInfo *) callable)->owner;

  return owner != NULL ? g_strdup_printf ("%s.%s", owner->name, callable->name) : g_strdup (callable->name);
}

char *
convoke_plan_dup_step_name (const ConvokePlan *self,
                            const ConvokeStep *step)
{
  g_autofree char *name = convoke_plan_dup_name (self);

  if (step->info == &self->callable->ret)
    return g_strdup_printf ("result of %s", name);

  return g_strdup_printf ("argument '%s' of %s", step->info->name, name);
}

/* --- one step --- */

static gboolean
is_length (const ConvokeArgInfo *info)
{
  return info->length_of != -1;
}

static gboolean
is_buffer (const ConvokeArgInfo *info)
{
  return info->direction == CONVOKE_DIRECTION_OUT && info->caller_allocates && info->type.kind == CONVOKE_TYPE_KIND_ARRAY;
}

/* The length of an array that goes in is counted, not given. That of one that
 * only comes out, where it goes in, says how much there may be. */
static gboolean
is_counted (const ConvokeCallableInfo *callable,
            const ConvokeArgInfo      *info)
{
  return info->length_of >= 0 && callable->args[info->length_of].direction != CONVOKE_DIRECTION_OUT;
}

static guint8
find_transfer (const ConvokeArgInfo *info)
{
  if (info->transfer != CONVOKE_TRANSFER_CONTAINER || convoke_type_is_container (&info->type))
    return info->transfer;

  return CONVOKE_TRANSFER_FULL;
}

static guint8
find_pass (const ConvokeStep *step)
{
  if (step->is_out)
    return CONVOKE_PASS_LOCATION;

  if (step->plain || step->transfer == CONVOKE_TRANSFER_NONE)
    return CONVOKE_PASS_VALUE;

  return step->transfer == CONVOKE_TRANSFER_FULL ? CONVOKE_PASS_MOVED : CONVOKE_PASS_SHALLOW;
}

static void
step_init (ConvokeStep               *step,
           const ConvokeCallableInfo *callable,
           const ConvokeArgInfo      *info)
{
  gboolean is_ret = info == &callable->ret;
  gboolean implied = info->closure_of >= 0 || info->skip;

  step->info = info;
  step->length = info->type.kind == CONVOKE_TYPE_KIND_ARRAY ? info->type.length_arg : -1;
  step->is_in = !is_ret && info->direction != CONVOKE_DIRECTION_OUT;
  step->is_out = is_ret || info->direction != CONVOKE_DIRECTION_IN;
  step->plain = convoke_type_is_plain (&info->type);
  step->opaque = convoke_type_get_layout (&info->type) == CONVOKE_TYPE_KIND_POINTER;
  step->buffer = !is_ret && is_buffer (info);
  step->in_place = !is_ret && step->is_out && info->caller_allocates && !step->buffer && !step->plain;
  step->size = step->in_place ? 0 : convoke_type_get_size (&info->type);
  step->transfer = find_transfer (info);
  step->pass = find_pass (step);
  step->given = step->is_in && !implied && !is_counted (callable, info);
  step->handed = step->is_out && !implied && !is_length (info);
  step->refs = info->closure_of < 0 && convoke_type_has_references (&info->type);
}

gsize
convoke_step_get_storage (const ConvokeStep *step)
{
  if (!step->in_place)
    return sizeof (guint64);

  return step->info->type.kind == CONVOKE_TYPE_KIND_VALUE ? sizeof (GValue) : (step->info->type.size + 7) & ~(gsize) 7;
}

/* --- what cannot be captured --- */

static const char *
callback_get_refusal (const ConvokeStep *step)
{
  if (step->is_out)
    return "a callback that comes out";

  switch (step->info->scope)
    {
    case CONVOKE_SCOPE_ASYNC:
    case CONVOKE_SCOPE_NOTIFIED:
    case CONVOKE_SCOPE_FOREVER:
      return NULL;
    case CONVOKE_SCOPE_CALL:
      return "a callback that is valid during the call only";
    default:
      return "a callback without a scope";
    }
}

static const char *
in_place_get_refusal (const ConvokeTypeInfo *type)
{
  if (type->kind == CONVOKE_TYPE_KIND_VALUE)
    return NULL;

  if (type->size == 0)
    return "a struct of unknown size that the caller allocates";

  return convoke_type_get_refusal (type);
}

static const char *
length_get_refusal (const ConvokeStep         *step,
                    const ConvokeCallableInfo *callable)
{
  const ConvokeArgInfo *length;

  if (step->length < 0)
    return NULL;

  if ((guint) step->length >= callable->n_args)
    return "an array of unknown length";

  length = &callable->args[step->length];
  if (!convoke_type_is_integer (&length->type))
    return "an array whose length is not a number";

  if (step->buffer && length->direction == CONVOKE_DIRECTION_OUT)
    return "a buffer whose size does not go in";

  /* Its length would change between the copying and the freeing. */
  if (step->is_in && length->direction != step->info->direction)
    return "an array whose length goes another way";

  return NULL;
}

static const char *
step_get_refusal (const ConvokeStep         *step,
                  const ConvokeCallableInfo *callable)
{
  const ConvokeTypeInfo *type = &step->info->type;
  const char *refusal;

  if (step->info->closure_of >= 0)
    return NULL;

  if (step->info->written)
    return "memory that the method writes to, against its annotation";

  if (type->kind == CONVOKE_TYPE_KIND_CALLBACK)
    return callback_get_refusal (step);

  refusal = length_get_refusal (step, callable);
  if (refusal != NULL)
    return refusal;

  if (step->in_place && step->is_in)
    return "a struct that goes in and comes out in the caller's memory";

  if (step->in_place)
    return in_place_get_refusal (type);

  if (step->is_in && step->is_out && step->transfer == CONVOKE_TRANSFER_CONTAINER)
    return "a container that goes in and comes out without its elements";

  if (step->buffer && !convoke_element_is_inline (type->element) && !convoke_type_is_plain (type->element))
    return "a buffer of pointers that the caller allocates";

  return convoke_type_get_refusal (type);
}

static char *
find_refusal (const ConvokePlan *self)
{
  for (guint i = 0; i < self->n_steps; i++)
    {
      const char *reason = step_get_refusal (&self->steps[i], self->callable);

      if (reason != NULL)
        {
          g_autofree char *name = convoke_plan_dup_step_name (self, &self->steps[i]);

          return g_strdup_printf ("%s is %s", name, reason);
        }
    }

  return NULL;
}

/* --- the plan --- */

static void
plan_free (ConvokePlan *self)
{
  g_free (self->types);
  g_free (self->steps);
  g_free (self->refusal);
  g_free (self->wire);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokePlan, plan_free)

static void
add_steps (ConvokePlan *self)
{
  ConvokeCallableInfo *callable = self->callable;
  gboolean has_ret = callable->ret.type.kind != CONVOKE_TYPE_KIND_VOID || callable->ret.type.is_pointer;
  guint first = callable->is_method ? 1 : 0;

  self->n_args = callable->n_args;
  self->n_steps = self->n_args + (has_ret ? 1 : 0);
  self->steps = g_new0 (ConvokeStep, self->n_args + 1);

  for (guint i = 0; i < self->n_steps; i++)
    {
      ConvokeStep *step = &self->steps[i];

      step_init (step, callable, i < self->n_args ? &callable->args[i] : &callable->ret);
      step->native = first + i;
      step->offset = self->storage_size;
      self->storage_size += convoke_step_get_storage (step);
      self->n_ins += step->given;
      self->n_outs += step->handed;
      self->has_references |= step->refs;
    }
}

static gboolean
prepare_cif (ConvokePlan  *self,
             GError      **error)
{
  ConvokeCallableInfo *callable = self->callable;
  ffi_type *ret = &ffi_type_void;
  guint n = 0;

  self->n_native = self->n_args + (callable->is_method ? 1 : 0) + (callable->throws ? 1 : 0);
  self->types = g_new (ffi_type *, self->n_native + 1);

  if (callable->is_method)
    self->types[n++] = &ffi_type_pointer;
  for (guint i = 0; i < self->n_args; i++)
    self->types[n++] = self->steps[i].is_out ? &ffi_type_pointer : convoke_type_get_ffi (&callable->args[i].type);
  if (callable->throws)
    self->types[n++] = &ffi_type_pointer;
  if (self->n_steps > self->n_args)
    ret = convoke_type_get_ffi (&callable->ret.type);

  if (ffi_prep_cif (&self->cif, FFI_DEFAULT_ABI, n, ret, self->types) != FFI_OK)
    {
      g_autofree char *name = convoke_plan_dup_name (self);

      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s has a signature that libffi cannot call", name);
      return FALSE;
    }

  return TRUE;
}

static ConvokePlan *
plan_new (ConvokeCallableInfo  *callable,
          GError              **error)
{
  g_autoptr (ConvokePlan) self = g_new0 (ConvokePlan, 1);

  self->callable = callable;
  add_steps (self);
  if (!prepare_cif (self, error))
    return NULL;
  self->of_words = convoke_plan_is_of_words (self);
  self->refusal = find_refusal (self);

  return g_steal_pointer (&self);
}

const ConvokePlan *
convoke_plan_get (ConvokeCallableInfo  *callable,
                  GError              **error)
{
  ConvokePlan *plan = g_atomic_pointer_get (&callable->plan);

  if (plan != NULL)
    return plan;

  plan = plan_new (callable, error);
  if (plan == NULL)
    return NULL;

  /* Two threads may compile it at once; the first to publish wins. */
  if (!g_atomic_pointer_compare_and_exchange (&callable->plan, NULL, plan))
    {
      plan_free (plan);
      plan = g_atomic_pointer_get (&callable->plan);
    }

  return plan;
}

const ConvokeCallableInfo *
convoke_plan_get_callable (const ConvokePlan *self)
{
  return self->callable;
}

guint
convoke_plan_get_n_native (const ConvokePlan *self)
{
  return self->n_native;
}

ffi_cif *
convoke_plan_get_cif (const ConvokePlan *self)
{
  return (ffi_cif *) &self->cif;
}

gboolean
convoke_plan_has_references (const ConvokePlan *self)
{
  return self->has_references;
}

gboolean
convoke_plan_can_capture (const ConvokePlan  *self,
                          GError            **error)
{
  if (self->refusal == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s, which a begun call cannot keep", self->refusal);
  return FALSE;
}
