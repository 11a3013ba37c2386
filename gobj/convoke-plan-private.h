/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A plan is a callable's description compiled once: the prepared ffi_cif and,
 * per argument, what capture, clear, deliver and check have to do.
 */

#include <ffi.h>
#include "convoke-interface-info-private.h"

G_BEGIN_DECLS

/* Never fails for a method whose refusal is NULL. The plan lives as long as the
 * callable. Thread safe, lock free after the first time. */
const ConvokePlan *convoke_plan_get (ConvokeCallableInfo  *callable,
                                     GError              **error);

const ConvokeCallableInfo *convoke_plan_get_callable (const ConvokePlan *self);

/* The number of native arguments: instance (methods), args, GError** (throws). */
guint    convoke_plan_get_n_native (const ConvokePlan *self);
ffi_cif *convoke_plan_get_cif      (const ConvokePlan *self);

/* ffi_call () of the plan's cif, only faster where that is possible. */
void     convoke_plan_call         (const ConvokePlan *self, GCallback slot, void *ret, void **args);

/* Whether an argument or result may have to be mapped between apartments
 * (interfaces, callbacks); a call without any skips the whole step. */
gboolean convoke_plan_has_references (const ConvokePlan *self);

/* Whether a begun call can own copies of all that is passed in and of all that comes out.
 * Fails with NOT_SUPPORTED naming method, argument and reason. */
gboolean convoke_plan_can_capture (const ConvokePlan  *self,
                                   GError            **error);

/* --- for the plan and the frame only --- */

gboolean convoke_plan_is_of_words (const ConvokePlan *self);

/* How the value of a captured frame is given to the callee. */
typedef enum
{
  CONVOKE_PASS_VALUE,    /* as it lies in its slot */
  CONVOKE_PASS_MOVED,    /* the callee consumes it */
  CONVOKE_PASS_SHALLOW,  /* the callee consumes a copy of the container; the elements stay ours */
  CONVOKE_PASS_LOCATION, /* the address of its slot: outs, inouts */
} ConvokePass;

/* One argument, or the return value. */
typedef struct
{
  const ConvokeArgInfo *info;
  guint                 offset;         /* of its slot in a captured frame's storage */
  guint                 native;         /* index among the native arguments; unused for the return value */
  int                   length;         /* index of the step that is its length, or -1 */
  guint8                size;           /* bytes of the value in its slot; 0: an inline struct of info->type.size */
  guint8                pass;           /* ConvokePass */
  guint8                transfer;       /* ConvokeTransfer; container only where there is a container */
  guint                 is_in : 1;
  guint                 is_out : 1;
  guint                 plain : 1;      /* bits without an owner: nothing to copy deeply, nothing to free */
  guint                 opaque : 1;     /* a pointer to something unknown */
  guint                 buffer : 1;     /* an array that the caller allocates and the callee fills */
  guint                 in_place : 1;   /* a struct that the caller allocates and the callee fills */
  guint                 given : 1;      /* a user gives it as a typed value; the others are implied */
  guint                 handed : 1;     /* a user gets it as a typed value */
  guint                 refs : 1;       /* holds what may have to be mapped between apartments */
} ConvokeStep;

struct _ConvokePlan
{
  ConvokeCallableInfo *callable;
  ffi_cif              cif;
  ffi_type           **types;
  ConvokeStep         *steps;           /* n_args, then the return value */
  guint                n_args;
  guint                n_steps;         /* n_args, or one more when there is a return value */
  guint                n_native;
  guint                n_ins;
  guint                n_outs;
  gsize                storage_size;
  guint                has_references : 1;
  guint                of_words : 1;    /* few arguments, and all of them and the result numbers or pointers that fill a register */
  char                *refusal;         /* why it cannot be captured, or NULL */
  gpointer             wire;            /* atomic; what the wire made of it, one block, or NULL */
};

/* Bytes that its slot takes. */
gsize convoke_step_get_storage (const ConvokeStep *step);

/* "ConvokeTest-1.Every.take_uint8" */
char *convoke_plan_dup_name (const ConvokePlan *self);

/* "argument 'count' of ConvokeTest-1.Every.take_uint8", "result of ..." */
char *convoke_plan_dup_step_name (const ConvokePlan *self,
                                  const ConvokeStep *step);

G_END_DECLS
