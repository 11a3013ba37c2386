/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What of a call is written, in which order, compiled once per plan.
 *
 * Lengths come first in each direction: whoever reads an array knows already
 * how many elements it must have.
 */

#include "convoke-frame-steps-private.h"
#include "convoke-wire-kinds-private.h"

G_BEGIN_DECLS

typedef enum
{
  CONVOKE_WIRE_OP_NUMBER,    /* of op->size bytes, any pattern */
  CONVOKE_WIRE_OP_SCALAR,    /* any other value that needs no freeing */
  CONVOKE_WIRE_OP_STRING,    /* in, without a transfer: lent from the message */
  CONVOKE_WIRE_OP_LENDABLE,  /* in, without a transfer: an array of bytes */
  CONVOKE_WIRE_OP_VALUE,     /* anything else */
  CONVOKE_WIRE_OP_BUFFER,
  CONVOKE_WIRE_OP_IN_PLACE,
} ConvokeWireOpCode;

typedef struct
{
  const ConvokeStep *step;
  guint8             code;
  guint8             size;
  guint8             is_length;
} ConvokeWireOp;

typedef struct
{
  const char    *refusal;   /* in words that follow "is", or NULL */
  int            refused;   /* the step that is */
  int            cancellable; /* the argument that is one, or -1 */
  guint          n_ins;
  guint          n_outs;
  guint          has_buffers;
  ConvokeWireOp  ops[];     /* ins, then outs */
} ConvokeWirePlan;

/* Lock free after the first time. */
const ConvokeWirePlan *convoke_wire_plan_get (const ConvokePlan *plan);

G_END_DECLS
