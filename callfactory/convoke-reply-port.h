/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-reply-queue.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_REPLY_PORT (convoke_reply_port_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeReplyPort, convoke_reply_port, CONVOKE, REPLY_PORT, GObject)

/**
 * ConvokeReplyFunc:
 * @message: (transfer none): what has come; take a reference to keep it
 * @user_data: (closure): what was given to [ctor@ReplyPort.new_for_context]
 *
 * Gets the messages of a port, in the main context that the port was made
 * with. It should return soon and may use the port, and shut it down (TA-24).
 *
 * Since: 0.1
 */
typedef void (*ConvokeReplyFunc) (ConvokeReplyMessage *message,
                                  gpointer             user_data);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyPort *convoke_reply_port_new (guint64 key);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyPort *convoke_reply_port_new_for_context (guint64           key,
                                                      GMainContext     *context,
                                                      ConvokeReplyFunc  func,
                                                      gpointer          user_data,
                                                      GDestroyNotify    destroy);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyPort *convoke_reply_port_new_for_queue (guint64            key,
                                                    ConvokeReplyQueue *queue);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_reply_port_get_key (ConvokeReplyPort *self);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_reply_port_reserve_id (ConvokeReplyPort  *self,
                                      GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_release_id (ConvokeReplyPort  *self,
                                        gint32             request_id,
                                        GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_reply_port_request (ConvokeReplyPort  *self,
                                   GObject           *object,
                                   GType              iface,
                                   const char        *method,
                                   const GValue      *args,
                                   guint              n_args,
                                   gint64             timeout,
                                   gint32             request_id,
                                   GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_attach (ConvokeReplyPort  *self,
                                    ConvokeCall       *call,
                                    GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_reply_port_get_attached_id (ConvokeReplyPort *self,
                                           ConvokeCall      *call);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_cancel (ConvokeReplyPort  *self,
                                    gint32             request_id,
                                    gint64             grace,
                                    GError           **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyMessage *convoke_reply_port_get_message (ConvokeReplyPort  *self,
                                                     gint64             timeout,
                                                     GError           **error);

CONVOKE_AVAILABLE_IN_0_1
int convoke_reply_port_get_fd (ConvokeReplyPort  *self,
                               GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_open (ConvokeReplyPort    *self,
                                  GObject             *object,
                                  const char * const  *signals,
                                  guint64              key,
                                  GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_set_filter (ConvokeReplyPort    *self,
                                        GObject             *object,
                                        const char * const  *signals,
                                        GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_close (ConvokeReplyPort  *self,
                                   GObject           *object,
                                   GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_port_shutdown (ConvokeReplyPort  *self,
                                      GError           **error);

G_END_DECLS
