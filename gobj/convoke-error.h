/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_ERROR (convoke_error_quark ())

/**
 * ConvokeError:
 * @CONVOKE_ERROR_FAILED: it failed, and no other code fits
 * @CONVOKE_ERROR_NOT_SUPPORTED: the operation, or the type of an argument, is not supported here
 * @CONVOKE_ERROR_NO_INTERFACE: the object does not implement the interface
 * @CONVOKE_ERROR_NO_CLASS: the class is not registered
 * @CONVOKE_ERROR_CLASS_NOT_AVAILABLE: the module has no such class
 * @CONVOKE_ERROR_NO_AGGREGATION: the class cannot be aggregated
 * @CONVOKE_ERROR_NO_TYPELIB: nothing describes the interface; see [func@Convoke.require]
 * @CONVOKE_ERROR_NO_METHOD: the interface has no such method
 * @CONVOKE_ERROR_INVALID_ARGUMENT: an argument has the wrong count, type, range, or is %NULL
 * @CONVOKE_ERROR_ACCESS_DENIED: the caller may not do this
 * @CONVOKE_ERROR_UNEXPECTED: the object is in a state that does not allow this
 * @CONVOKE_ERROR_TIMEOUT: a bounded wait or a deadline expired
 * @CONVOKE_ERROR_CALL_PENDING: a call is in progress
 * @CONVOKE_ERROR_CALL_COMPLETE: no such call is in progress
 * @CONVOKE_ERROR_CANCELLED: the call was cancelled
 * @CONVOKE_ERROR_CANCEL_DISABLED: cancellation of synchronous calls is not enabled on the thread
 * @CONVOKE_ERROR_TOO_LATE: the time for this is over
 * @CONVOKE_ERROR_NO_CONTEXT: the call context does not have what was asked
 * @CONVOKE_ERROR_SERVER_FAULT: the implementation ended without an answer
 * @CONVOKE_ERROR_SERVER_DIED: the process of the implementation died
 * @CONVOKE_ERROR_SERVER_EXEC_FAILURE: the process of the implementation could not be started
 * @CONVOKE_ERROR_SERVER_STOPPING: the process of the implementation is going away
 * @CONVOKE_ERROR_DISCONNECTED: the object is disconnected from its clients
 * @CONVOKE_ERROR_CALL_REJECTED: the callee refused the call
 * @CONVOKE_ERROR_BUSY: the callee is busy; try again later
 * @CONVOKE_ERROR_DEADLOCK: the call could only be served by a thread that waits for it
 * @CONVOKE_ERROR_OUT_OF_RESOURCES: a bound was reached
 * @CONVOKE_ERROR_NO_SYNC: there is nothing to wait for
 * @CONVOKE_ERROR_FORKED: the object belongs to the parent process
 * @CONVOKE_ERROR_PROTOCOL: the other side broke the protocol
 * @CONVOKE_ERROR_VERSION_MISMATCH: the two sides disagree on a version or on the shape of a method
 * @CONVOKE_ERROR_NOT_REGISTERED: the object is not registered any more
 * @CONVOKE_ERROR_ALREADY_REGISTERED: the object is registered already
 * @CONVOKE_ERROR_NOT_CONNECTED: the token was used up, or its owner is gone
 * @CONVOKE_ERROR_NOT_STARTED: the platform or thread was not initialised
 * @CONVOKE_ERROR_SHUTDOWN: the queue, port or platform was shut down
 * @CONVOKE_ERROR_NOT_FOUND: there is no such item
 * @CONVOKE_ERROR_INVALID_QUEUE: there is no such queue, or it cannot honour the flags
 * @CONVOKE_ERROR_MULTIPLE_BEGIN: the same callback waits already, with another state
 * @CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS: another callback waits already
 * @CONVOKE_ERROR_NO_EVENTS: no event is available
 * @CONVOKE_ERROR_INVALID_HANDLE: the handle was closed or never existed
 * @CONVOKE_ERROR_HANDLE_TYPE: the handle is of the wrong kind
 * @CONVOKE_ERROR_HANDLE_STATE: the handle is in the wrong state
 * @CONVOKE_ERROR_HANDLE_IDLE: the handle has no call whose status could be told
 * @CONVOKE_ERROR_PIPE_ORDER: the pipe was used in the wrong order
 * @CONVOKE_ERROR_PIPE_CLOSED: the other end of the pipe is closed
 * @CONVOKE_ERROR_PIPE_DISCIPLINE: the pipe was not drained before the call ended
 * @CONVOKE_ERROR_PIPE_EMPTY: the pipe has no data yet
 * @CONVOKE_ERROR_NAME_NOT_RESOLVED: the host name could not be resolved
 * @CONVOKE_ERROR_CANNOT_CONNECT: the connection was refused
 * @CONVOKE_ERROR_HEADER_NOT_FOUND: the response has no such header
 * @CONVOKE_ERROR_NO_CALLBACK: nobody would be told of the end: there is no callback
 * @CONVOKE_ERROR_FOREIGN: an error of a domain that is unknown here; its name is in the message
 *
 * What can go wrong, named for what the caller can do about it.
 *
 * The code never depends on the view through which the call was made (P-12);
 * [func@Convoke.error_to_status] gives the number that one of the five
 * historical families would have used.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_ERROR_FAILED,
  CONVOKE_ERROR_NOT_SUPPORTED,
  CONVOKE_ERROR_NO_INTERFACE,
  CONVOKE_ERROR_NO_CLASS,
  CONVOKE_ERROR_CLASS_NOT_AVAILABLE,
  CONVOKE_ERROR_NO_AGGREGATION,
  CONVOKE_ERROR_NO_TYPELIB,
  CONVOKE_ERROR_NO_METHOD,
  CONVOKE_ERROR_INVALID_ARGUMENT,
  CONVOKE_ERROR_ACCESS_DENIED,
  CONVOKE_ERROR_UNEXPECTED,
  CONVOKE_ERROR_TIMEOUT,
  CONVOKE_ERROR_CALL_PENDING,
  CONVOKE_ERROR_CALL_COMPLETE,
  CONVOKE_ERROR_CANCELLED,
  CONVOKE_ERROR_CANCEL_DISABLED,
  CONVOKE_ERROR_TOO_LATE,
  CONVOKE_ERROR_NO_CONTEXT,
  CONVOKE_ERROR_SERVER_FAULT,
  CONVOKE_ERROR_SERVER_DIED,
  CONVOKE_ERROR_SERVER_EXEC_FAILURE,
  CONVOKE_ERROR_SERVER_STOPPING,
  CONVOKE_ERROR_DISCONNECTED,
  CONVOKE_ERROR_CALL_REJECTED,
  CONVOKE_ERROR_BUSY,
  CONVOKE_ERROR_DEADLOCK,
  CONVOKE_ERROR_OUT_OF_RESOURCES,
  CONVOKE_ERROR_NO_SYNC,
  CONVOKE_ERROR_FORKED,
  CONVOKE_ERROR_PROTOCOL,
  CONVOKE_ERROR_VERSION_MISMATCH,
  CONVOKE_ERROR_NOT_REGISTERED,
  CONVOKE_ERROR_ALREADY_REGISTERED,
  CONVOKE_ERROR_NOT_CONNECTED,
  CONVOKE_ERROR_NOT_STARTED,
  CONVOKE_ERROR_SHUTDOWN,
  CONVOKE_ERROR_NOT_FOUND,
  CONVOKE_ERROR_INVALID_QUEUE,
  CONVOKE_ERROR_MULTIPLE_BEGIN,
  CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS,
  CONVOKE_ERROR_NO_EVENTS,
  CONVOKE_ERROR_INVALID_HANDLE,
  CONVOKE_ERROR_HANDLE_TYPE,
  CONVOKE_ERROR_HANDLE_STATE,
  CONVOKE_ERROR_HANDLE_IDLE,
  CONVOKE_ERROR_PIPE_ORDER,
  CONVOKE_ERROR_PIPE_CLOSED,
  CONVOKE_ERROR_PIPE_DISCIPLINE,
  CONVOKE_ERROR_PIPE_EMPTY,
  CONVOKE_ERROR_NAME_NOT_RESOLVED,
  CONVOKE_ERROR_CANNOT_CONNECT,
  CONVOKE_ERROR_HEADER_NOT_FOUND,
  CONVOKE_ERROR_NO_CALLBACK,
  CONVOKE_ERROR_FOREIGN,
} ConvokeError;

/**
 * ConvokeErrorFamily:
 * @CONVOKE_ERROR_FAMILY_COM: HRESULTs of COM
 * @CONVOKE_ERROR_FAMILY_MF: HRESULTs of Media Foundation
 * @CONVOKE_ERROR_FAMILY_RPC: status values of Microsoft RPC
 * @CONVOKE_ERROR_FAMILY_TAPI: LINEERR values of TAPI
 * @CONVOKE_ERROR_FAMILY_INET: error numbers of WinINet
 *
 * The system whose number [func@Convoke.error_to_status] gives.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_ERROR_FAMILY_COM,
  CONVOKE_ERROR_FAMILY_MF,
  CONVOKE_ERROR_FAMILY_RPC,
  CONVOKE_ERROR_FAMILY_TAPI,
  CONVOKE_ERROR_FAMILY_INET,
} ConvokeErrorFamily;

CONVOKE_AVAILABLE_IN_0_1
GQuark convoke_error_quark (void);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_error_get_name (ConvokeError code);

CONVOKE_AVAILABLE_IN_0_1
guint32 convoke_error_to_status (const GError       *error,
                                 ConvokeErrorFamily  family);

CONVOKE_AVAILABLE_IN_0_1
guint32 convoke_error_to_hresult (const GError *error);

G_END_DECLS
