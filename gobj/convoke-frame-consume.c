/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-copy-private.h"
#include "convoke-frame-private.h"

/* Where the value itself is; NULL when the caller gave no place. */
static gpointer
locate_input (const ConvokeCallableInfo  *callable,
              guint                       index,
              void                      **args)
{
  gpointer place = args[index + callable->is_method];

  return callable->args[index].direction == CONVOKE_DIRECTION_INOUT ? *(gpointer *) place : place;
}

static gssize
read_length (const ConvokeCallableInfo  *callable,
             const ConvokeTypeInfo      *type,
             void                      **args)
{
  const ConvokeArgInfo *length;
  gpointer place;

  if (type->kind != CONVOKE_TYPE_KIND_ARRAY || type->length_arg < 0)
    return -1;

  length = &callable->args[type->length_arg];
  if (length->direction == CONVOKE_DIRECTION_OUT)
    return 0;

  place = locate_input (callable, type->length_arg, args);
  return place == NULL ? 0 : (gssize) convoke_integer_read (&length->type, place);
}

static void
drop_callback (const ConvokeCallableInfo  *callable,
               const ConvokeArgInfo       *arg,
               void                      **args)
{
  GDestroyNotify destroy;

  if (arg->scope != CONVOKE_SCOPE_NOTIFIED || arg->destroy < 0 || arg->closure < 0)
    return;

  destroy = *(GDestroyNotify *) locate_input (callable, arg->destroy, args);
  if (destroy != NULL)
    destroy (*(gpointer *) locate_input (callable, arg->closure, args));
}

static void
drop_floating (gpointer variant)
{
  if (variant != NULL && g_variant_is_floating (variant))
    g_variant_unref (g_variant_ref_sink (variant));
}

static void
consume_value (const ConvokeCallableInfo  *callable,
               const ConvokeArgInfo       *arg,
               gpointer                   *location,
               void                      **args)
{
  if (convoke_type_is_plain (&arg->type))
    return;

  if (arg->transfer == CONVOKE_TRANSFER_NONE)
    {
      if (arg->type.kind == CONVOKE_TYPE_KIND_VARIANT)
        drop_floating (*location);
      return;
    }

  if (arg->transfer == CONVOKE_TRANSFER_CONTAINER && convoke_type_is_container (&arg->type))
    convoke_container_free (&arg->type, g_steal_pointer (location));
  else if (convoke_type_get_refusal (&arg->type) == NULL)
    convoke_value_clear (&arg->type, location, read_length (callable, &arg->type, args));
}

/* The description of such a method is known to be wrong, so that nothing its arguments point to may be touched. */
static gboolean
is_refused (const ConvokeCallableInfo *callable)
{
  /* A method begins with its callable. */
  return callable->is_method && ((const ConvokeMethodInfo *) callable)->refusal != NULL;
}

void
convoke_frame_consume_native (const ConvokePlan  *plan,
                              void              **args,
                              gboolean            inouts)
{
  const ConvokeCallableInfo *callable = convoke_plan_get_callable (plan);

  if (is_refused (callable))
    return;

  for (guint i = 0; i < callable->n_args; i++)
    {
      const ConvokeArgInfo *arg = &callable->args[i];
      gpointer location;

      if (arg->direction == CONVOKE_DIRECTION_OUT ||
          (arg->direction == CONVOKE_DIRECTION_INOUT && !inouts))
        continue;

      location = locate_input (callable, i, args);
      if (location == NULL)
        continue;

      if (arg->type.kind == CONVOKE_TYPE_KIND_CALLBACK)
        drop_callback (callable, arg, args);
      else
        consume_value (callable, arg, location, args);
    }
}

void
convoke_frame_throw_native (const ConvokePlan  *plan,
                            void              **args,
                            const GError       *error)
{
  GError **thrown;

  if (!convoke_plan_get_callable (plan)->throws)
    return;

  thrown = *(GError ***) args[convoke_plan_get_n_native (plan) - 1];
  if (thrown != NULL && *thrown == NULL)
    *thrown = g_error_copy (error);
}

void
convoke_frame_answer_failed (const ConvokePlan  *plan,
                             void              **args,
                             void               *ret)
{
  const ConvokeCallableInfo *callable = convoke_plan_get_callable (plan);
  ConvokeFrame frame;

  if (!is_refused (callable))
    {
      convoke_frame_init_borrowed (&frame, plan, args, ret);
      convoke_frame_set_failed (&frame, NULL);
      convoke_frame_clear (&frame);
    }
  else if (ret != NULL && callable->ret.type.kind != CONVOKE_TYPE_KIND_VOID)
    {
      memset (ret, 0, sizeof (ffi_arg));
    }
}
