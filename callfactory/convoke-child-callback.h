/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-work-queue.h>

G_BEGIN_DECLS

/**
 * ConvokeChildCallbackFunc:
 * @owner: (nullable): the owner of the callback
 * @result: what the callback was invoked with
 * @user_data: what was given with the function
 *
 * What a [class@Convoke.ChildCallback] runs.
 *
 * Since: 0.1
 */
typedef void (*ConvokeChildCallbackFunc) (GObject            *owner,
                                          ConvokeAsyncResult *result,
                                          gpointer            user_data);

#define CONVOKE_TYPE_CHILD_CALLBACK (convoke_child_callback_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeChildCallback, convoke_child_callback, CONVOKE, CHILD_CALLBACK, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeChildCallback *convoke_child_callback_new (GObject                  *owner,
                                                  ConvokeChildCallbackFunc  func,
                                                  gpointer                  user_data,
                                                  GDestroyNotify            destroy);

CONVOKE_AVAILABLE_IN_0_1
ConvokeChildCallback *convoke_child_callback_new_weak (GObject                  *owner,
                                                       ConvokeChildCallbackFunc  func,
                                                       gpointer                  user_data,
                                                       GDestroyNotify            destroy);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_child_callback_set_parameters (ConvokeChildCallback       *self,
                                                ConvokeAsyncCallbackFlags   flags,
                                                ConvokeWorkQueue           *queue,
                                                GError                    **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_child_callback_dup_owner (ConvokeChildCallback *self);

G_END_DECLS
