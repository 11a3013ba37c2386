/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-async-callback.h>
#include <convoke-synchronize.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_ASYNC_RESULT (convoke_async_result_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeAsyncResult, convoke_async_result, CONVOKE, ASYNC_RESULT, GObject)

struct _ConvokeAsyncResultClass
{
  GObjectClass parent_class;

  gpointer     padding[8];
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeAsyncResult *convoke_async_result_new (GObject              *object,
                                              ConvokeAsyncCallback *callback,
                                              GObject              *state);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_async_result_get_object (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeAsyncCallback *convoke_async_result_get_callback (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_async_result_get_state (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_result_set_status (ConvokeAsyncResult *self,
                                      const GError       *status);

CONVOKE_AVAILABLE_IN_0_1
GError *convoke_async_result_dup_status (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_async_result_check_status (ConvokeAsyncResult  *self,
                                            GError             **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_result_set_n_bytes (ConvokeAsyncResult *self,
                                       guint64             n_bytes);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_async_result_get_n_bytes (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_result_set_event (ConvokeAsyncResult *self,
                                     ConvokeSynchronize *event);

CONVOKE_AVAILABLE_IN_0_1
ConvokeSynchronize *convoke_async_result_dup_event (ConvokeAsyncResult *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_result_set_value (ConvokeAsyncResult *self,
                                     const GValue       *value);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_async_result_get_value (ConvokeAsyncResult  *self,
                                         GValue              *value,
                                         GError             **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_result_set_source_tag (ConvokeAsyncResult *self,
                                          gpointer            tag);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_async_result_invoke_callback (ConvokeAsyncResult  *self,
                                               GError             **error);

G_END_DECLS
