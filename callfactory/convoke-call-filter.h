/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-apartment.h>
#include <convoke-call-context.h>

G_BEGIN_DECLS

/**
 * ConvokeCallVerdict:
 * @CONVOKE_CALL_VERDICT_HANDLE: the call runs
 * @CONVOKE_CALL_VERDICT_REJECT: it fails at once with %CONVOKE_ERROR_CALL_REJECTED
 * @CONVOKE_CALL_VERDICT_RETRY_LATER: it fails with %CONVOKE_ERROR_BUSY, and the caller may try again
 *
 * What a filter says to a call that has come in (OM-59).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CALL_VERDICT_HANDLE,
  CONVOKE_CALL_VERDICT_REJECT,
  CONVOKE_CALL_VERDICT_RETRY_LATER,
} ConvokeCallVerdict;

/**
 * ConvokeCallFilterFunc:
 * @object: the object that is called
 * @interface_name: the interface, such as `Demo-1.PriceFeed`
 * @method_name: the method
 * @context: the call's context: who calls, from which process, until when
 * @user_data: what was given with the function
 *
 * Decides whether a call may run now. It runs where the method would, with no
 * lock held.
 *
 * Returns: what is to happen with the call
 *
 * Since: 0.1
 */
typedef ConvokeCallVerdict (*ConvokeCallFilterFunc) (GObject            *object,
                                                     const char         *interface_name,
                                                     const char         *method_name,
                                                     ConvokeCallContext *context,
                                                     gpointer            user_data);

CONVOKE_AVAILABLE_IN_0_1
void convoke_apartment_set_call_filter (ConvokeApartment      *self,
                                        ConvokeCallFilterFunc  func,
                                        gpointer               user_data,
                                        GDestroyNotify         destroy);

G_END_DECLS
