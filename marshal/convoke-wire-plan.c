/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-copy-kinds-private.h"
#include "convoke-error.h"
#include "convoke-wire-plan-private.h"

/* --- what does not travel --- */

static const ConvokeMethodInfo *
get_method (const ConvokePlan *plan)
{
  /* A method begins with its callable. */
  return plan->callable->is_method ? (const ConvokeMethodInfo *) plan->callable : NULL;
}

static gboolean
is_object_of (const ConvokeTypeInfo *type,
              const char            *type_name)
{
  return (type->kind == CONVOKE_TYPE_KIND_OBJECT || type->kind == CONVOKE_TYPE_KIND_INTERFACE) &&
         g_strcmp0 (type->type_name, type_name) == 0;
}

static gboolean
is_ready_callback (const ConvokePlan    *plan,
                   const ConvokeArgInfo *arg)
{
  const ConvokeMethodInfo *method = get_method (plan);

  return method != NULL && method->finish != NULL && arg->type.kind == CONVOKE_TYPE_KIND_CALLBACK &&
         g_strcmp0 (arg->type.name, "Gio.AsyncReadyCallback") == 0;
}

ConvokeWirePart
convoke_wire_get_part (const ConvokePlan *plan,
                       guint              arg)
{
  const ConvokeMethodInfo *method = get_method (plan);
  const ConvokeArgInfo *info = plan->steps[arg].info;

  if (info->direction != CONVOKE_DIRECTION_IN)
    return CONVOKE_WIRE_TRAVELS;
  if (is_object_of (&info->type, "GCancellable"))
    return CONVOKE_WIRE_CANCELLABLE;
  if (is_ready_callback (plan, info))
    return CONVOKE_WIRE_READY;
  if (info->closure_of >= 0 && is_ready_callback (plan, plan->steps[info->closure_of].info))
    return CONVOKE_WIRE_READY_DATA;
  if (method != NULL && method->begin != NULL && is_object_of (&info->type, "GAsyncResult"))
    return CONVOKE_WIRE_RESULT;

  return CONVOKE_WIRE_TRAVELS;
}

static gboolean
step_travels (const ConvokePlan *plan,
              guint              index)
{
  return index == plan->n_args || convoke_wire_get_part (plan, index) == CONVOKE_WIRE_TRAVELS;
}

/* --- what cannot --- */

static const char *
step_get_refusal (const ConvokePlan *plan,
                  const ConvokeStep *step)
{
  if (step->info->written)
    return "memory that the method writes to, against its annotation";
  if (step->buffer && step->length >= 0 && plan->steps[step->length].is_out)
    return "a buffer whose size comes back changed";

  return convoke_wire_type_get_refusal (&step->info->type);
}

static void
find_refusal (const ConvokePlan *plan,
              ConvokeWirePlan   *self)
{
  for (guint i = 0; self->refusal == NULL && i < plan->n_steps; i++)
    {
      if (!step_travels (plan, i))
        continue;
      self->refusal = step_get_refusal (plan, &plan->steps[i]);
      self->refused = (int) i;
    }
}

static gboolean
fail_refused (const ConvokePlan      *plan,
              const ConvokeWirePlan  *self,
              GError                **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "is %s, which cannot cross to another process", self->refusal);
  return convoke_step_fail (plan, &plan->steps[self->refused], error);
}

gboolean
convoke_wire_can_cross (const ConvokePlan  *plan,
                        GError            **error)
{
  const ConvokeMethodInfo *method = get_method (plan);
  const ConvokeWirePlan *self;
  const ConvokePlan *finish;

  if (method != NULL && method->owner != NULL && !convoke_method_info_check (method, error))
    return FALSE;

  self = convoke_wire_plan_get (plan);
  if (self->refusal != NULL)
    return fail_refused (plan, self, error);
  /* At the other end the call owns what it was given. */
  if (!convoke_plan_can_capture (plan, error))
    return FALSE;
  if (method == NULL || method->finish == NULL)
    return TRUE;

  finish = convoke_plan_get (&method->finish->callable, error);
  return finish != NULL && convoke_wire_can_cross (finish, error);
}

/* --- compiling --- */

static gboolean
is_length (const ConvokePlan *plan,
           guint              index)
{
  for (guint i = 0; i < plan->n_steps; i++)
    if (plan->steps[i].length == (int) index)
      return TRUE;

  return FALSE;
}

static gboolean
is_array_of_bytes (const ConvokeTypeInfo *type)
{
  return type->kind == CONVOKE_TYPE_KIND_ARRAY && !type->zero_terminated &&
         convoke_wire_number_size (type->element) == 1;
}

static ConvokeWireOpCode
find_code (const ConvokeStep *step,
           gboolean           out)
{
  const ConvokeTypeInfo *type = &step->info->type;

  if (step->buffer)
    return CONVOKE_WIRE_OP_BUFFER;
  if (step->in_place)
    return CONVOKE_WIRE_OP_IN_PLACE;
  if (step->plain)
    return convoke_wire_number_size (type) > 0 ? CONVOKE_WIRE_OP_NUMBER : CONVOKE_WIRE_OP_SCALAR;
  if (out || step->is_out || step->transfer != CONVOKE_TRANSFER_NONE)
    return CONVOKE_WIRE_OP_VALUE;
  if (convoke_kind_is_string (type->kind))
    return CONVOKE_WIRE_OP_STRING;

  return is_array_of_bytes (type) ? CONVOKE_WIRE_OP_LENDABLE : CONVOKE_WIRE_OP_VALUE;
}

static gboolean
goes (const ConvokePlan *plan,
      guint              index,
      gboolean           out)
{
  const ConvokeStep *step = &plan->steps[index];

  return step_travels (plan, index) && (out ? step->is_out : step->is_in);
}

/* The return value is the last of the steps, and the first of the outputs. */
static guint
add_ops (const ConvokePlan *plan,
         ConvokeWireOp     *ops,
         gboolean           lengths,
         gboolean           out)
{
  guint n = 0;

  for (guint k = 0; k < plan->n_steps; k++)
    {
      guint i = plan->n_steps == plan->n_args ? k : (k + plan->n_args) % plan->n_steps;
      const ConvokeStep *step = &plan->steps[i];

      if (!goes (plan, i, out) || is_length (plan, i) != lengths)
        continue;

      ops[n++] = (ConvokeWireOp) {
        .step = step,
        .code = find_code (step, out),
        .size = step->plain ? convoke_wire_number_size (&step->info->type) : 0,
        .is_length = lengths,
      };
    }

  return n;
}

static int
find_cancellable (const ConvokePlan *plan)
{
  for (guint i = 0; i < plan->n_args; i++)
    if (convoke_wire_get_part (plan, i) == CONVOKE_WIRE_CANCELLABLE)
      return (int) i;

  return -1;
}

static ConvokeWirePlan *
wire_plan_new (const ConvokePlan *plan)
{
  ConvokeWirePlan *self = g_malloc0 (sizeof *self + 2 * plan->n_steps * sizeof self->ops[0]);

  self->cancellable = find_cancellable (plan);
  find_refusal (plan, self);
  if (self->refusal != NULL)
    return self;

  self->n_ins = add_ops (plan, self->ops, TRUE, FALSE);
  self->n_ins += add_ops (plan, self->ops + self->n_ins, FALSE, FALSE);
  self->n_outs = add_ops (plan, self->ops + self->n_ins, TRUE, TRUE);
  self->n_outs += add_ops (plan, self->ops + self->n_ins + self->n_outs, FALSE, TRUE);
  for (guint i = 0; i < plan->n_args; i++)
    self->has_buffers |= plan->steps[i].buffer;

  return self;
}

const ConvokeWirePlan *
convoke_wire_plan_get (const ConvokePlan *plan)
{
  gpointer *place = &((ConvokePlan *) plan)->wire;
  ConvokeWirePlan *self = g_atomic_pointer_get (place);

  if (self != NULL)
    return self;

  /* Two threads may compile it at once; the first to publish wins. */
  self = wire_plan_new (plan);
  if (!g_atomic_pointer_compare_and_exchange (place, NULL, self))
    {
      g_free (self);
      self = g_atomic_pointer_get (place);
    }

  return self;
}

int
convoke_wire_get_cancellable (const ConvokePlan *plan)
{
  return convoke_wire_plan_get (plan)->cancellable;
}
