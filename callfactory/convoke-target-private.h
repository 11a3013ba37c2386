/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where queues get their turns: what a target of them is able to do. The pool,
 * a main context, and a queue are such targets.
 */

#include "convoke-pool-private.h"

G_BEGIN_DECLS

typedef struct
{
  /* Runs @func once, after what was pushed before, not on the caller's stack. */
  void     (*push)       (gpointer target, ConvokeWorkFunc func, gpointer data);
  /* Asked in an item of the target: TRUE when others wait, who should be let go first. */
  gboolean (*has_queued) (gpointer target);
  void     (*unref)      (gpointer target);
} ConvokeTargetFuncs;

/* Of a ConvokePool. */
extern const ConvokeTargetFuncs convoke_pool_target_funcs;

G_END_DECLS
