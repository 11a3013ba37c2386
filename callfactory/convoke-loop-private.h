/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A main context as the target of one serial queue, and a thread that does
 * nothing but iterate one.
 */

#include "convoke-target-private.h"

G_BEGIN_DECLS

extern const ConvokeTargetFuncs convoke_context_target_funcs;

/* For one queue, which has at most one item under way. Keeps the context. */
gpointer      convoke_context_target_new  (GMainContext *context);

/* A thread that runs a loop over @context, until the loop is quit. */
GMainLoop    *convoke_loop_start          (GMainContext *context, GError **error);

G_END_DECLS
