/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-handle-result.h>
#include <convoke-server-call.h>
#include <convoke-work-queue.h>

G_BEGIN_DECLS

/**
 * ConvokeHandleOutcome:
 * @CONVOKE_HANDLE_OUTCOME_FAILED: it failed; the error tells why, and no completion will come
 * @CONVOKE_HANDLE_OUTCOME_DONE: it is done; no completion will come
 * @CONVOKE_HANDLE_OUTCOME_PENDING: it was begun; exactly one %CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE will come
 *
 * What a function of a handle returns (WI-16). Any of the three can be the answer
 * to an asynchronous call; an error is set for the first only.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_HANDLE_OUTCOME_FAILED,
  CONVOKE_HANDLE_OUTCOME_DONE,
  CONVOKE_HANDLE_OUTCOME_PENDING,
} ConvokeHandleOutcome;

/**
 * ConvokeHandleStatus:
 * @CONVOKE_HANDLE_STATUS_RESOLVING_NAME: a name is looked up; string: the name
 * @CONVOKE_HANDLE_STATUS_NAME_RESOLVED: it was found; string: the address
 * @CONVOKE_HANDLE_STATUS_CONNECTING: a connection is made; string: the address
 * @CONVOKE_HANDLE_STATUS_CONNECTED: it was made; string: the address
 * @CONVOKE_HANDLE_STATUS_SENDING_REQUEST: the request is being sent
 * @CONVOKE_HANDLE_STATUS_REQUEST_SENT: it was sent; unsigned 64-bit: the bytes, where they are known
 * @CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE: the answer is awaited
 * @CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED: some or all of it came; unsigned 64-bit: the bytes, where they are known
 * @CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION: the connection is being closed
 * @CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED: it was closed
 * @CONVOKE_HANDLE_STATUS_HANDLE_CREATED: the handle was made; [class@Handle]: the handle
 * @CONVOKE_HANDLE_STATUS_HANDLE_CLOSING: the last that is told of the handle; [class@Handle]: the handle,
 *   unless its last reference was dropped
 * @CONVOKE_HANDLE_STATUS_DETECTING_PROXY: a proxy is looked for
 * @CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE: a pending operation has ended; [class@HandleResult]: how
 * @CONVOKE_HANDLE_STATUS_REDIRECT: the request goes elsewhere; string: the new URL
 * @CONVOKE_HANDLE_STATUS_INTERMEDIATE_RESPONSE: an answer came that is not the last; unsigned 64-bit: its code
 * @CONVOKE_HANDLE_STATUS_PROGRESS: the operation reported progress; variant `(tt)`: the amount done and
 *   the total, each 0 where it is not known
 *
 * What the status callback is told, and what the information is then. Those
 * without are told without information.
 *
 * The numbers are WinINet's; %CONVOKE_HANDLE_STATUS_PROGRESS is an addition.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_HANDLE_STATUS_RESOLVING_NAME        = 10,
  CONVOKE_HANDLE_STATUS_NAME_RESOLVED         = 11,
  CONVOKE_HANDLE_STATUS_CONNECTING            = 20,
  CONVOKE_HANDLE_STATUS_CONNECTED             = 21,
  CONVOKE_HANDLE_STATUS_SENDING_REQUEST       = 30,
  CONVOKE_HANDLE_STATUS_REQUEST_SENT          = 31,
  CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE    = 40,
  CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED     = 41,
  CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION    = 50,
  CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED     = 51,
  CONVOKE_HANDLE_STATUS_HANDLE_CREATED        = 60,
  CONVOKE_HANDLE_STATUS_HANDLE_CLOSING        = 70,
  CONVOKE_HANDLE_STATUS_DETECTING_PROXY       = 80,
  CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE      = 100,
  CONVOKE_HANDLE_STATUS_REDIRECT              = 110,
  CONVOKE_HANDLE_STATUS_INTERMEDIATE_RESPONSE = 120,
  CONVOKE_HANDLE_STATUS_PROGRESS              = 1000,
} ConvokeHandleStatus;

#define CONVOKE_TYPE_HANDLE (convoke_handle_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeHandle, convoke_handle, CONVOKE, HANDLE, GObject)

/**
 * ConvokeHandleFunc:
 * @handle: (nullable): the handle; it can be closed already. %NULL when it was closed by dropping
 *   its last reference: the context value tells which it was
 * @context: its context value, which is never 0
 * @status: what happened
 * @information: (nullable): what there is to say of it, as [enum@HandleStatus]
 *   tells; valid until the callback returns
 * @user_data: (closure): what was given to [method@Handle.set_status_callback]
 *
 * Told of what happens on a handle (WI-9).
 *
 * It should be quick; it may call everything, also close @handle (WI-10), and
 * begin the next operation inside of the completion of the last (WI-20).
 *
 * Since: 0.1
 */
typedef void (*ConvokeHandleFunc) (ConvokeHandle       *handle,
                                   gsize                context,
                                   ConvokeHandleStatus  status,
                                   const GValue        *information,
                                   gpointer             user_data);

/**
 * ConvokeHandleClass:
 * @closed: told once when the handle was closed, after its pending operation
 *   was cancelled and before %CONVOKE_HANDLE_STATUS_HANDLE_CLOSING: what is
 *   notified here still arrives. Runs on the thread that closed, also in
 *   dispose, without a lock, and must not block. Not told of a handle that was made below a closed
 *   one, and so never open. %NULL (the default) does nothing.
 *
 * The class of handles. What has a tree of sessions, connections and requests
 * derives from it.
 *
 * Since: 0.1
 */
struct _ConvokeHandleClass
{
  /*< private >*/
  GObjectClass parent_class;

  /*< public >*/
  void (*closed) (ConvokeHandle *self);

  /*< private >*/
  gpointer padding[8];
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandle *convoke_handle_new (ConvokeHandle  *parent,
                                   gsize           context,
                                   gboolean        asynchronous,
                                   GError        **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_set_status_callback (ConvokeHandle      *self,
                                             ConvokeHandleFunc   func,
                                             gpointer            user_data,
                                             GDestroyNotify      destroy,
                                             GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_has_status_callback (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_handle_set_main_context (ConvokeHandle *self,
                                      GMainContext  *main_context);

CONVOKE_AVAILABLE_IN_0_1
GMainContext *convoke_handle_dup_main_context (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_handle_set_work_queue (ConvokeHandle    *self,
                                    ConvokeWorkQueue *work_queue);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_handle_dup_work_queue (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_handle_set_timeout (ConvokeHandle *self,
                                 gint64         timeout);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_handle_get_timeout (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_handle_call (ConvokeHandle  *self,
                                          GObject        *object,
                                          GType           iface,
                                          const char     *method,
                                          const GValue   *args,
                                          guint           n_args,
                                          gint64          timeout,
                                          GValue        **outs,
                                          guint          *n_outs,
                                          GError        **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_watch_call (ConvokeHandle  *self,
                                    ConvokeCall    *call,
                                    GError        **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_handle_dup_operation (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_close (ConvokeHandle  *self,
                               GError        **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_is_closed (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandle *convoke_handle_dup_parent (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
gsize convoke_handle_get_context (ConvokeHandle *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_get_asynchronous (ConvokeHandle *self);

/* --- for those who derive --- */

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_announce (ConvokeHandle  *self,
                                  GError        **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_check_open (ConvokeHandle  *self,
                                    GError        **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_check_idle (ConvokeHandle  *self,
                                    GError        **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_handle_begin_operation (ConvokeHandle  *self,
                                                   const char     *name,
                                                   GError        **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_handle_run (ConvokeHandle      *self,
                                         ConvokeServerCall  *operation,
                                         GValue             *result,
                                         GError            **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_handle_notify (ConvokeHandle       *self,
                            ConvokeHandleStatus  status,
                            const GValue        *information);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_notify_operation (ConvokeHandle       *self,
                                          ConvokeServerCall   *operation,
                                          ConvokeHandleStatus  status,
                                          const GValue        *information);

CONVOKE_AVAILABLE_IN_0_1
void convoke_handle_when_told (ConvokeHandle        *self,
                               ConvokeWorkQueueFunc  func,
                               gpointer              user_data);

G_END_DECLS
