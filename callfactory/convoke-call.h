/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-interface-info.h>
#include <convoke-cancel-method-calls.h>
#include <convoke-completion-queue.h>
#include <convoke-synchronize.h>

G_BEGIN_DECLS

/**
 * ConvokeCallState:
 * @CONVOKE_CALL_STATE_IDLE: no call is in progress; one can be begun
 * @CONVOKE_CALL_STATE_PENDING: a call was begun and has not completed
 * @CONVOKE_CALL_STATE_SIGNALED: the call has completed and waits to be finished
 *
 * The state of a call object.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CALL_STATE_IDLE,
  CONVOKE_CALL_STATE_PENDING,
  CONVOKE_CALL_STATE_SIGNALED,
} ConvokeCallState;

/**
 * ConvokeCallNotice:
 * @CONVOKE_CALL_NOTICE_PROGRESS: the call reported progress
 * @CONVOKE_CALL_NOTICE_COMPLETED: the call has completed (CallComplete)
 * @CONVOKE_CALL_NOTICE_SENT: the request has left (SendComplete); told only
 *   where [method@Call.set_notify_sent] asks for it
 *
 * What a #ConvokeCallFunc is told.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CALL_NOTICE_PROGRESS,
  CONVOKE_CALL_NOTICE_COMPLETED,
  CONVOKE_CALL_NOTICE_SENT,
} ConvokeCallNotice;

typedef struct _ConvokeServerCall ConvokeServerCall;

#define CONVOKE_TYPE_CALL (convoke_call_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeCall, convoke_call, CONVOKE, CALL, GObject)

/**
 * ConvokeCallFunc:
 * @call: the call object
 * @notice: what happened
 * @user_data: (closure): what was given to [method@Call.set_callback]
 *
 * Told of a call's progress and completion, where it was said when it was set.
 *
 * Since: 0.1
 */
typedef void (*ConvokeCallFunc) (ConvokeCall       *call,
                                 ConvokeCallNotice  notice,
                                 gpointer           user_data);

/**
 * ConvokeCallClass:
 * @begin: starts the method that the server call names, in the component's
 *   apartment, and completes or aborts the server call now or later; %NULL (the
 *   default): the object's own method is called. A failure ends the call with
 *   its error (SV-5).
 *
 * The class of call objects. A component that implements [iface@CallFactory]
 * derives from it to run its methods its own way.
 *
 * Since: 0.1
 */
struct _ConvokeCallClass
{
  /*< private >*/
  GObjectClass parent_class;

  /*< public >*/
  gboolean (*begin) (ConvokeCall        *self,
                     ConvokeServerCall  *server_call,
                     GError            **error);

  /*< private >*/
  gpointer padding[8];
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_create_call (GObject             *object,
                                  GType                iface,
                                  GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_create_call_full (GObject             *object,
                                       GType                iface,
                                       GObject             *outer,
                                       ConvokeSynchronize  *sink,
                                       GError             **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_call_dup_object (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
GType convoke_call_get_interface (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_begin (ConvokeCall  *self,
                             const char   *method,
                             GError      **error,
                             ...);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_begin_valist (ConvokeCall  *self,
                                    const char   *method,
                                    va_list       args,
                                    GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_begin_values (ConvokeCall   *self,
                                    const char    *method,
                                    const GValue  *args,
                                    guint          n_args,
                                    GError       **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_wait (ConvokeCall  *self,
                            gint64        timeout,
                            GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_finish (ConvokeCall  *self,
                              const char   *method,
                              GError      **error,
                              ...);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_finish_valist (ConvokeCall  *self,
                                     const char   *method,
                                     va_list       outs,
                                     GError      **error);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_call_finish_values (ConvokeCall  *self,
                                    const char   *method,
                                    guint        *n_outs,
                                    GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_cancel (ConvokeCall  *self,
                              gint64        grace,
                              GError      **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCallState convoke_call_get_state (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_check_status (ConvokeCall  *self,
                                    GError      **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCancelOutcome convoke_call_get_cancel_outcome (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_timeout (ConvokeCall *self,
                               gint64       timeout);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_call_get_timeout (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_ordered (ConvokeCall *self,
                               gboolean     ordered);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_get_ordered (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_call_get_request_id (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
double convoke_call_get_progress_fraction (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_get_progress_amount (ConvokeCall  *self,
                                       guint64      *done,
                                       guint64      *total,
                                       char        **unit);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_call_dup_status (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_call_dup_details (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_completion_queue (ConvokeCall            *self,
                                        ConvokeCompletionQueue *queue,
                                        guint64                 key);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_callback (ConvokeCall     *self,
                                GMainContext    *context,
                                ConvokeCallFunc  func,
                                gpointer         user_data,
                                GDestroyNotify   destroy);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_event (ConvokeCall        *self,
                             ConvokeSynchronize *event);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_add_direct_callback (ConvokeCall     *self,
                                       ConvokeCallFunc  func,
                                       gpointer         user_data,
                                       GDestroyNotify   destroy);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_add_issuer_callback (ConvokeCall     *self,
                                       ConvokeCallFunc  func,
                                       gpointer         user_data,
                                       GDestroyNotify   destroy);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_set_notify_sent (ConvokeCall *self,
                                   gboolean     notify);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_get_notify_sent (ConvokeCall *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_method_async (GObject             *object,
                                GType                iface,
                                const char          *method,
                                const GValue        *args,
                                guint                n_args,
                                gint64               timeout,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_call_method_finish (GObject       *object,
                                    GAsyncResult  *result,
                                    guint         *n_outs,
                                    GError       **error);

G_END_DECLS
