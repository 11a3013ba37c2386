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

/* Whether an argument or result may have to be mapped between apartments
 * (interfaces, callbacks); a call without any skips the whole step. */
gboolean convoke_plan_has_references (const ConvokePlan *self);

/* Whether a begun call can own copies of all that is passed in and of all that comes out.
 * Fails with NOT_SUPPORTED naming method, argument and reason. */
gboolean convoke_plan_can_capture (const ConvokePlan  *self,
                                   GError            **error);

G_END_DECLS
