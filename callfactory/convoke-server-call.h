/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>
#include <convoke-call-context.h>
#include <convoke-work-queue.h>

G_BEGIN_DECLS

/**
 * ConvokeServerCallEvents:
 * @CONVOKE_SERVER_CALL_EVENTS_CANCEL: the caller asked for the end of the call, or
 *   its deadline or grace passed (ClientCancel)
 * @CONVOKE_SERVER_CALL_EVENTS_DISCONNECT: the caller's process has ended, or the
 *   connection to it: nobody will read the answer (ClientDisconnect). A caller of
 *   this process never goes like that.
 *
 * What a caller can do while its call is worked on (RA-26).
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  CONVOKE_SERVER_CALL_EVENTS_CANCEL     = 1 << 0,
  CONVOKE_SERVER_CALL_EVENTS_DISCONNECT = 1 << 1,
} ConvokeServerCallEvents;

#define CONVOKE_TYPE_SERVER_CALL (convoke_server_call_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeServerCall, convoke_server_call, CONVOKE, SERVER_CALL, GObject)

/**
 * ConvokeServerCallFunc:
 * @server_call: the server call
 * @event: what the caller did, one flag
 * @user_data: (closure): what was given to [method@ServerCall.subscribe]
 *
 * Told what the caller of a call did, where the subscriber said.
 *
 * Since: 0.1
 */
typedef void (*ConvokeServerCallFunc) (ConvokeServerCall       *server_call,
                                       ConvokeServerCallEvents  event,
                                       gpointer                 user_data);

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_server_call_defer (GObject  *object,
                                              GError  **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_server_call_dup_method (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_server_call_dup_object (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
GType convoke_server_call_get_interface (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_server_call_get_request_id (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_server_call_get_time_left (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
GCredentials *convoke_server_call_dup_credentials (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_server_call_dup_args (ConvokeServerCall *self,
                                      guint             *n_args);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_complete (ConvokeServerCall  *self,
                                       GError            **error,
                                       ...);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_complete_values (ConvokeServerCall  *self,
                                              const GValue       *outs,
                                              guint               n_outs,
                                              GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_abort (ConvokeServerCall  *self,
                                    const GError       *reason,
                                    GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_test_cancel (ConvokeServerCall  *self,
                                          GError            **error);

CONVOKE_AVAILABLE_IN_0_1
guint32 convoke_server_call_get_cancel_status (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_server_call_refuse_cancel (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_subscribe (ConvokeServerCall        *self,
                                        ConvokeServerCallEvents   events,
                                        GMainContext             *context,
                                        ConvokeServerCallFunc     func,
                                        gpointer                  user_data,
                                        GDestroyNotify            destroy,
                                        GError                  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_subscribe_in_queue (ConvokeServerCall        *self,
                                                 ConvokeServerCallEvents   events,
                                                 ConvokeWorkQueue         *queue,
                                                 ConvokeServerCallFunc     func,
                                                 gpointer                  user_data,
                                                 GDestroyNotify            destroy,
                                                 GError                  **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCallContext *convoke_server_call_dup_context (ConvokeServerCall *self);

G_END_DECLS
