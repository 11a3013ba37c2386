/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* C functions made at run time, for the slots of run-time classes and for callbacks. */

#include "convoke-plan-private.h"

G_BEGIN_DECLS

/* What such a function does. @args and @ret are the caller's: args[i] points to the i-th native argument,
 * @ret to at least an ffi_arg, uninitialised; a narrower integer must be widened to ffi_arg in it. */
typedef void (*ConvokeClosureFunc) (const ConvokeCallableInfo  *callable,
                                    const ConvokePlan          *plan,
                                    void                      **args,
                                    void                       *ret);

/* The function with the signature of @callable that calls @func; the same one each time, never freed.
 * Fails with NOT_SUPPORTED where the system denies executable memory, or when @callable has no plan. Any thread. */
GCallback convoke_closure_get (const ConvokeCallableInfo  *callable,
                               ConvokeClosureFunc          func,
                               GError                    **error);

G_END_DECLS
