/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <gio/gio.h>

#include "convoke-error.h"

/*
 * One code, and the number that each of the five historical families used for
 * it. A family that had no word for a thing gets the nearest of its own: a
 * program that was written for the family must be able to act on every number
 * that it is given.
 */

/* COM */
#define E_NOTIMPL                    0x80004001u
#define E_NOINTERFACE                0x80004002u
#define E_FAIL                       0x80004005u
#define E_PENDING                    0x8000000Au
#define E_UNEXPECTED                 0x8000FFFFu
#define E_ACCESSDENIED               0x80070005u
#define E_INVALIDARG                 0x80070057u
#define CO_E_NOT_SUPPORTED           0x80004021u
#define CLASS_E_NOAGGREGATION        0x80040110u
#define CLASS_E_CLASSNOTAVAILABLE    0x80040111u
#define REGDB_E_CLASSNOTREG          0x80040154u
#define CO_E_NOTINITIALIZED          0x800401F0u
#define CO_E_OBJNOTREG               0x800401FBu
#define CO_E_OBJISREG                0x800401FCu
#define CO_E_OBJNOTCONNECTED         0x800401FDu
#define CO_E_SERVER_EXEC_FAILURE     0x80080005u
#define CO_E_SERVER_STOPPING         0x80080008u
#define CO_E_CANCEL_DISABLED         0x80010140u
#define RPC_E_CALL_REJECTED          0x80010001u
#define RPC_E_CALL_CANCELED          0x80010002u
#define RPC_E_CANTCALLOUT_AGAIN      0x80010004u
#define RPC_E_SERVER_DIED            0x80010007u
#define RPC_E_OUT_OF_RESOURCES       0x80010101u
#define RPC_E_SERVERFAULT            0x80010105u
#define RPC_E_DISCONNECTED           0x80010108u
#define RPC_E_RETRYLATER             0x8001010Au
#define RPC_S_CALLPENDING            0x80010115u
#define RPC_E_CALL_COMPLETE          0x80010117u
#define RPC_E_TOO_LATE               0x80010119u
#define RPC_E_ACCESS_DENIED          0x8001011Bu
#define RPC_E_NO_CONTEXT             0x8001011Eu
#define RPC_E_TIMEOUT                0x8001011Fu
#define RPC_E_NO_SYNC                0x80010120u

/* Media Foundation */
#define MF_E_NOT_INITIALIZED         0xC00D36B0u
#define MF_E_NOT_FOUND               0xC00D36D5u
#define MF_E_MULTIPLE_BEGIN          0xC00D36D9u
#define MF_E_MULTIPLE_SUBSCRIBERS    0xC00D36DAu
#define MF_E_BAD_STARTUP_VERSION     0xC00D36E3u
#define MF_E_OPERATION_CANCELLED     0xC00D36EDu
#define MF_E_INVALID_WORKQUEUE       0xC00D36FFu
#define MF_E_NO_EVENTS_AVAILABLE     0xC00D3E80u
#define MF_E_SHUTDOWN                0xC00D3E85u

/* Microsoft RPC, and the numbers of the system that it shares */
#define SYS_ACCESS_DENIED            5u
#define SYS_INVALID_HANDLE           6u
#define SYS_OUT_OF_MEMORY            14u
#define SYS_NOT_SUPPORTED            50u
#define SYS_INVALID_PARAMETER        87u
#define SYS_PENDING                  997u
#define SYS_TIMEOUT                  1460u
#define RPC_S_INVALID_BINDING        1702u
#define RPC_S_OBJECT_NOT_FOUND       1710u
#define RPC_S_ALREADY_REGISTERED     1711u
#define RPC_S_NOT_REGISTERED         1714u
#define RPC_S_UNKNOWN_IF             1717u
#define RPC_S_OUT_OF_RESOURCES       1721u
#define RPC_S_SERVER_UNAVAILABLE     1722u
#define RPC_S_SERVER_TOO_BUSY        1723u
#define RPC_S_NO_CALL_ACTIVE         1725u
#define RPC_S_CALL_FAILED            1726u
#define RPC_S_PROTOCOL_ERROR         1728u
#define RPC_S_PROCNUM_OUT_OF_RANGE   1745u
#define RPC_S_INTERNAL_ERROR         1766u
#define RPC_S_CALL_CANCELLED         1818u
#define RPC_X_WRONG_PIPE_ORDER       1831u
#define RPC_S_INVALID_ASYNC_HANDLE   1914u
#define RPC_S_INVALID_ASYNC_CALL     1915u
#define RPC_X_PIPE_CLOSED            1916u
#define RPC_X_PIPE_DISCIPLINE_ERROR  1917u
#define RPC_X_PIPE_EMPTY             1918u

/* TAPI */
#define LINEERR_ALLOCATED            0x80000001u
#define LINEERR_INVALAPPHANDLE       0x80000014u
#define LINEERR_INVALCALLHANDLE      0x80000018u
#define LINEERR_INVALLINEHANDLE      0x8000002Bu
#define LINEERR_INVALPARAM           0x80000032u
#define LINEERR_OPERATIONFAILED      0x80000048u
#define LINEERR_OPERATIONUNAVAIL     0x80000049u
#define LINEERR_RESOURCEUNAVAIL      0x8000004Bu
#define LINEERR_UNINITIALIZED        0x80000050u
#define LINEERR_REINIT               0x80000052u

/* WinINet */
#define INET_OUT_OF_HANDLES          12001u
#define INET_TIMEOUT                 12002u
#define INET_INTERNAL_ERROR          12004u
#define INET_NAME_NOT_RESOLVED       12007u
#define INET_SHUTDOWN                12012u
#define INET_OPERATION_CANCELLED     12017u
#define INET_HANDLE_TYPE             12018u
#define INET_HANDLE_STATE            12019u
#define INET_NO_CONTEXT              12024u
#define INET_NO_CALLBACK             12025u
#define INET_REQUEST_PENDING         12026u
#define INET_CANNOT_CONNECT          12029u
#define INET_CONNECTION_ABORTED      12030u
#define INET_HANDLE_EXISTS           12036u
#define INET_ASYNC_THREAD_FAILED     12047u
#define HTTP_HEADER_NOT_FOUND        12150u
#define HTTP_INVALID_SERVER_RESPONSE 12152u

#define N_FAMILIES (CONVOKE_ERROR_FAMILY_INET + 1)
#define N_CODES    (CONVOKE_ERROR_FOREIGN + 1)

typedef struct
{
  const char *name;                  /* what stands for the code on the wire */
  guint32     status[N_FAMILIES];    /* COM, MF, RPC, TAPI, INET */
} Code;

#define CODE(code, name, com, mf, rpc, tapi, inet) \
  [CONVOKE_ERROR_ ## code] = { name, { com, mf, rpc, tapi, inet } }

static const Code codes[] = {
  CODE (FAILED, "failed",
        E_FAIL, E_FAIL, RPC_S_CALL_FAILED, LINEERR_OPERATIONFAILED, INET_INTERNAL_ERROR),
  CODE (NOT_SUPPORTED, "not-supported",
        CO_E_NOT_SUPPORTED, E_NOTIMPL, SYS_NOT_SUPPORTED, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (NO_INTERFACE, "no-interface",
        E_NOINTERFACE, E_NOINTERFACE, RPC_S_UNKNOWN_IF, LINEERR_OPERATIONUNAVAIL, INET_HANDLE_TYPE),
  CODE (NO_CLASS, "no-class",
        REGDB_E_CLASSNOTREG, REGDB_E_CLASSNOTREG, RPC_S_NOT_REGISTERED, LINEERR_OPERATIONUNAVAIL, INET_INTERNAL_ERROR),
  CODE (CLASS_NOT_AVAILABLE, "class-not-available",
        CLASS_E_CLASSNOTAVAILABLE, CLASS_E_CLASSNOTAVAILABLE, RPC_S_NOT_REGISTERED, LINEERR_OPERATIONUNAVAIL, INET_INTERNAL_ERROR),
  CODE (NO_AGGREGATION, "no-aggregation",
        CLASS_E_NOAGGREGATION, CLASS_E_NOAGGREGATION, SYS_NOT_SUPPORTED, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (NO_TYPELIB, "no-typelib",
        CO_E_NOT_SUPPORTED, CO_E_NOT_SUPPORTED, RPC_S_UNKNOWN_IF, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (NO_METHOD, "no-method",
        E_NOTIMPL, E_NOTIMPL, RPC_S_PROCNUM_OUT_OF_RANGE, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (INVALID_ARGUMENT, "invalid-argument",
        E_INVALIDARG, E_INVALIDARG, SYS_INVALID_PARAMETER, LINEERR_INVALPARAM, SYS_INVALID_PARAMETER),
  CODE (ACCESS_DENIED, "access-denied",
        RPC_E_ACCESS_DENIED, E_ACCESSDENIED, SYS_ACCESS_DENIED, LINEERR_OPERATIONFAILED, SYS_ACCESS_DENIED),
  CODE (UNEXPECTED, "unexpected",
        E_UNEXPECTED, E_UNEXPECTED, RPC_S_INVALID_ASYNC_CALL, LINEERR_OPERATIONFAILED, INET_HANDLE_STATE),
  CODE (TIMEOUT, "timeout",
        RPC_E_TIMEOUT, RPC_E_TIMEOUT, SYS_TIMEOUT, LINEERR_OPERATIONFAILED, INET_TIMEOUT),
  CODE (CALL_PENDING, "call-pending",
        RPC_S_CALLPENDING, E_PENDING, SYS_PENDING, LINEERR_ALLOCATED, INET_REQUEST_PENDING),
  CODE (CALL_COMPLETE, "call-complete",
        RPC_E_CALL_COMPLETE, E_UNEXPECTED, RPC_S_INVALID_ASYNC_HANDLE, LINEERR_INVALCALLHANDLE, INET_HANDLE_STATE),
  CODE (CANCELLED, "cancelled",
        RPC_E_CALL_CANCELED, MF_E_OPERATION_CANCELLED, RPC_S_CALL_CANCELLED, LINEERR_OPERATIONFAILED, INET_OPERATION_CANCELLED),
  CODE (CANCEL_DISABLED, "cancel-disabled",
        CO_E_CANCEL_DISABLED, CO_E_CANCEL_DISABLED, SYS_NOT_SUPPORTED, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (TOO_LATE, "too-late",
        RPC_E_TOO_LATE, E_UNEXPECTED, RPC_S_INVALID_ASYNC_CALL, LINEERR_OPERATIONFAILED, INET_HANDLE_STATE),
  CODE (NO_CONTEXT, "no-context",
        RPC_E_NO_CONTEXT, RPC_E_NO_CONTEXT, RPC_S_NO_CALL_ACTIVE, LINEERR_INVALCALLHANDLE, INET_NO_CONTEXT),
  CODE (SERVER_FAULT, "server-fault",
        RPC_E_SERVERFAULT, RPC_E_SERVERFAULT, RPC_S_INTERNAL_ERROR, LINEERR_OPERATIONFAILED, INET_INTERNAL_ERROR),
  CODE (SERVER_DIED, "server-died",
        RPC_E_SERVER_DIED, RPC_E_SERVER_DIED, RPC_S_CALL_FAILED, LINEERR_REINIT, INET_CONNECTION_ABORTED),
  CODE (SERVER_EXEC_FAILURE, "server-exec-failure",
        CO_E_SERVER_EXEC_FAILURE, CO_E_SERVER_EXEC_FAILURE, RPC_S_SERVER_UNAVAILABLE, LINEERR_OPERATIONFAILED, INET_CANNOT_CONNECT),
  CODE (SERVER_STOPPING, "server-stopping",
        CO_E_SERVER_STOPPING, CO_E_SERVER_STOPPING, RPC_S_SERVER_UNAVAILABLE, LINEERR_REINIT, INET_SHUTDOWN),
  CODE (DISCONNECTED, "disconnected",
        RPC_E_DISCONNECTED, RPC_E_DISCONNECTED, RPC_S_CALL_FAILED, LINEERR_REINIT, INET_CONNECTION_ABORTED),
  CODE (CALL_REJECTED, "call-rejected",
        RPC_E_CALL_REJECTED, RPC_E_CALL_REJECTED, RPC_S_SERVER_TOO_BUSY, LINEERR_OPERATIONFAILED, INET_CONNECTION_ABORTED),
  CODE (BUSY, "busy",
        RPC_E_RETRYLATER, RPC_E_RETRYLATER, RPC_S_SERVER_TOO_BUSY, LINEERR_RESOURCEUNAVAIL, INET_REQUEST_PENDING),
  CODE (DEADLOCK, "deadlock",
        RPC_E_CANTCALLOUT_AGAIN, RPC_E_CANTCALLOUT_AGAIN, RPC_S_CALL_FAILED, LINEERR_OPERATIONFAILED, INET_INTERNAL_ERROR),
  CODE (OUT_OF_RESOURCES, "out-of-resources",
        RPC_E_OUT_OF_RESOURCES, E_FAIL, RPC_S_OUT_OF_RESOURCES, LINEERR_RESOURCEUNAVAIL, INET_OUT_OF_HANDLES),
  CODE (NO_SYNC, "no-sync",
        RPC_E_NO_SYNC, RPC_E_NO_SYNC, RPC_S_INVALID_ASYNC_HANDLE, LINEERR_OPERATIONFAILED, SYS_INVALID_HANDLE),
  CODE (FORKED, "forked",
        RPC_E_DISCONNECTED, RPC_E_DISCONNECTED, RPC_S_INVALID_BINDING, LINEERR_REINIT, SYS_INVALID_HANDLE),
  CODE (PROTOCOL, "protocol",
        RPC_E_SERVERFAULT, RPC_E_SERVERFAULT, RPC_S_PROTOCOL_ERROR, LINEERR_OPERATIONFAILED, HTTP_INVALID_SERVER_RESPONSE),
  CODE (VERSION_MISMATCH, "version-mismatch",
        CO_E_NOT_SUPPORTED, MF_E_BAD_STARTUP_VERSION, RPC_S_UNKNOWN_IF, LINEERR_OPERATIONUNAVAIL, SYS_NOT_SUPPORTED),
  CODE (NOT_REGISTERED, "not-registered",
        CO_E_OBJNOTREG, CO_E_OBJNOTREG, RPC_S_NOT_REGISTERED, LINEERR_INVALAPPHANDLE, SYS_INVALID_HANDLE),
  CODE (ALREADY_REGISTERED, "already-registered",
        CO_E_OBJISREG, CO_E_OBJISREG, RPC_S_ALREADY_REGISTERED, LINEERR_ALLOCATED, INET_HANDLE_EXISTS),
  CODE (NOT_CONNECTED, "not-connected",
        CO_E_OBJNOTCONNECTED, CO_E_OBJNOTCONNECTED, RPC_S_INVALID_BINDING, LINEERR_INVALLINEHANDLE, SYS_INVALID_HANDLE),
  CODE (NOT_STARTED, "not-started",
        CO_E_NOTINITIALIZED, MF_E_NOT_INITIALIZED, RPC_S_INVALID_BINDING, LINEERR_UNINITIALIZED, SYS_INVALID_HANDLE),
  CODE (SHUTDOWN, "shutdown",
        CO_E_SERVER_STOPPING, MF_E_SHUTDOWN, RPC_S_SERVER_UNAVAILABLE, LINEERR_INVALAPPHANDLE, INET_SHUTDOWN),
  CODE (NOT_FOUND, "not-found",
        E_INVALIDARG, MF_E_NOT_FOUND, RPC_S_OBJECT_NOT_FOUND, LINEERR_INVALPARAM, SYS_INVALID_PARAMETER),
  CODE (INVALID_QUEUE, "invalid-queue",
        E_INVALIDARG, MF_E_INVALID_WORKQUEUE, SYS_INVALID_PARAMETER, LINEERR_INVALAPPHANDLE, INET_ASYNC_THREAD_FAILED),
  CODE (MULTIPLE_BEGIN, "multiple-begin",
        RPC_S_CALLPENDING, MF_E_MULTIPLE_BEGIN, SYS_PENDING, LINEERR_ALLOCATED, INET_REQUEST_PENDING),
  CODE (MULTIPLE_SUBSCRIBERS, "multiple-subscribers",
        RPC_S_CALLPENDING, MF_E_MULTIPLE_SUBSCRIBERS, SYS_PENDING, LINEERR_ALLOCATED, INET_REQUEST_PENDING),
  CODE (NO_EVENTS, "no-events",
        E_PENDING, MF_E_NO_EVENTS_AVAILABLE, SYS_PENDING, LINEERR_OPERATIONFAILED, SYS_PENDING),
  CODE (INVALID_HANDLE, "invalid-handle",
        E_INVALIDARG, E_INVALIDARG, RPC_S_INVALID_ASYNC_HANDLE, LINEERR_INVALLINEHANDLE, SYS_INVALID_HANDLE),
  CODE (HANDLE_TYPE, "handle-type",
        E_INVALIDARG, E_INVALIDARG, RPC_S_INVALID_ASYNC_HANDLE, LINEERR_INVALLINEHANDLE, INET_HANDLE_TYPE),
  CODE (HANDLE_STATE, "handle-state",
        E_UNEXPECTED, E_UNEXPECTED, RPC_S_INVALID_ASYNC_CALL, LINEERR_INVALCALLHANDLE, INET_HANDLE_STATE),
  CODE (HANDLE_IDLE, "handle-idle",
        RPC_E_CALL_COMPLETE, E_UNEXPECTED, RPC_S_INVALID_BINDING, LINEERR_INVALCALLHANDLE, INET_HANDLE_STATE),
  CODE (PIPE_ORDER, "pipe-order",
        E_UNEXPECTED, E_UNEXPECTED, RPC_X_WRONG_PIPE_ORDER, LINEERR_OPERATIONFAILED, INET_HANDLE_STATE),
  CODE (PIPE_CLOSED, "pipe-closed",
        RPC_E_DISCONNECTED, RPC_E_DISCONNECTED, RPC_X_PIPE_CLOSED, LINEERR_OPERATIONFAILED, INET_CONNECTION_ABORTED),
  CODE (PIPE_DISCIPLINE, "pipe-discipline",
        E_UNEXPECTED, E_UNEXPECTED, RPC_X_PIPE_DISCIPLINE_ERROR, LINEERR_OPERATIONFAILED, INET_HANDLE_STATE),
  CODE (PIPE_EMPTY, "pipe-empty",
        E_PENDING, E_PENDING, RPC_X_PIPE_EMPTY, LINEERR_OPERATIONFAILED, SYS_PENDING),
  CODE (NAME_NOT_RESOLVED, "name-not-resolved",
        E_FAIL, E_FAIL, RPC_S_SERVER_UNAVAILABLE, LINEERR_OPERATIONFAILED, INET_NAME_NOT_RESOLVED),
  CODE (CANNOT_CONNECT, "cannot-connect",
        RPC_E_DISCONNECTED, RPC_E_DISCONNECTED, RPC_S_SERVER_UNAVAILABLE, LINEERR_OPERATIONFAILED, INET_CANNOT_CONNECT),
  CODE (HEADER_NOT_FOUND, "header-not-found",
        E_INVALIDARG, MF_E_NOT_FOUND, RPC_S_OBJECT_NOT_FOUND, LINEERR_INVALPARAM, HTTP_HEADER_NOT_FOUND),
  CODE (NO_CALLBACK, "no-callback",
        E_UNEXPECTED, E_UNEXPECTED, RPC_S_INVALID_ASYNC_CALL, LINEERR_OPERATIONFAILED, INET_NO_CALLBACK),
  CODE (FOREIGN, "foreign",
        E_FAIL, E_FAIL, RPC_S_CALL_FAILED, LINEERR_OPERATIONFAILED, INET_INTERNAL_ERROR),
};
G_STATIC_ASSERT (G_N_ELEMENTS (codes) == N_CODES);

/* What GIO's own failures are called here. */
static const struct
{
  GIOErrorEnum theirs;
  ConvokeError ours;
} io_codes[] = {
  { G_IO_ERROR_CANCELLED,           CONVOKE_ERROR_CANCELLED },
  { G_IO_ERROR_TIMED_OUT,           CONVOKE_ERROR_TIMEOUT },
  { G_IO_ERROR_PENDING,             CONVOKE_ERROR_CALL_PENDING },
  { G_IO_ERROR_WOULD_BLOCK,         CONVOKE_ERROR_CALL_PENDING },
  { G_IO_ERROR_BUSY,                CONVOKE_ERROR_BUSY },
  { G_IO_ERROR_NOT_SUPPORTED,       CONVOKE_ERROR_NOT_SUPPORTED },
  { G_IO_ERROR_INVALID_ARGUMENT,    CONVOKE_ERROR_INVALID_ARGUMENT },
  { G_IO_ERROR_INVALID_DATA,        CONVOKE_ERROR_PROTOCOL },
  { G_IO_ERROR_PERMISSION_DENIED,   CONVOKE_ERROR_ACCESS_DENIED },
  { G_IO_ERROR_NOT_FOUND,           CONVOKE_ERROR_NOT_FOUND },
  { G_IO_ERROR_EXISTS,              CONVOKE_ERROR_ALREADY_REGISTERED },
  { G_IO_ERROR_CLOSED,              CONVOKE_ERROR_INVALID_HANDLE },
  { G_IO_ERROR_NOT_INITIALIZED,     CONVOKE_ERROR_NOT_STARTED },
  { G_IO_ERROR_NO_SPACE,            CONVOKE_ERROR_OUT_OF_RESOURCES },
  { G_IO_ERROR_TOO_MANY_OPEN_FILES, CONVOKE_ERROR_OUT_OF_RESOURCES },
  { G_IO_ERROR_HOST_NOT_FOUND,      CONVOKE_ERROR_NAME_NOT_RESOLVED },
  { G_IO_ERROR_CONNECTION_REFUSED,  CONVOKE_ERROR_CANNOT_CONNECT },
  { G_IO_ERROR_HOST_UNREACHABLE,    CONVOKE_ERROR_CANNOT_CONNECT },
  { G_IO_ERROR_NETWORK_UNREACHABLE, CONVOKE_ERROR_CANNOT_CONNECT },
  { G_IO_ERROR_CONNECTION_CLOSED,   CONVOKE_ERROR_DISCONNECTED },
  { G_IO_ERROR_NOT_CONNECTED,       CONVOKE_ERROR_NOT_CONNECTED },
};

/**
 * convoke_error_quark:
 *
 * The domain of Convoke's own errors.
 *
 * Returns: the quark of [error@Convoke.Error]
 *
 * Since: 0.1
 */
GQuark
convoke_error_quark (void)
{
  /* Not G_DEFINE_QUARK: threads fail at once, and what that keeps is not atomic. */
  static gint kept;
  GQuark quark = (GQuark) g_atomic_int_get (&kept);

  if (G_LIKELY (quark != 0))
    return quark;

  quark = g_quark_from_static_string ("convoke-error-quark");
  g_atomic_int_set (&kept, (gint) quark);
  return quark;
}

static ConvokeError
code_of_io_error (int theirs)
{
  for (guint i = 0; i < G_N_ELEMENTS (io_codes); i++)
    if ((int) io_codes[i].theirs == theirs)
      return io_codes[i].ours;

  return CONVOKE_ERROR_FAILED;
}

static ConvokeError
code_of_error (const GError *error)
{
  if (error->domain == CONVOKE_ERROR)
    return error->code >= 0 && error->code < (int) N_CODES ? (ConvokeError) error->code
                                                           : CONVOKE_ERROR_FAILED;

  if (error->domain == G_IO_ERROR)
    return code_of_io_error (error->code);

  return CONVOKE_ERROR_FAILED;
}

/**
 * convoke_error_get_name:
 * @code: a code
 *
 * The name by which @code travels to another process and by which it is
 * written in messages, such as `no-interface`. Names never change; numbers
 * do.
 *
 * Any thread may call this.
 *
 * Returns: (nullable): the name, or %NULL if @code is no code of this version
 *
 * Since: 0.1
 */
const char *
convoke_error_get_name (ConvokeError code)
{
  if ((guint) code >= N_CODES)
    return NULL;

  return codes[code].name;
}

/**
 * convoke_error_to_status:
 * @error: (nullable): an error of any domain, or %NULL
 * @family: whose number is wanted
 *
 * The number that one of the historical systems would have given.
 *
 * An error of Convoke has a number of its own in each family, or the nearest
 * that the family has. An error of [error@Gio.IOErrorEnum] is read as the
 * code that means the same, and any other error as a failure in general.
 * No error is success, which is 0 in each family.
 *
 * Any thread may call this.
 *
 * Returns: the status value, 0 for no error
 *
 * Since: 0.1
 */
guint32
convoke_error_to_status (const GError       *error,
                         ConvokeErrorFamily  family)
{
  g_return_val_if_fail ((guint) family < N_FAMILIES, E_INVALIDARG);

  if (error == NULL)
    return 0;

  return codes[code_of_error (error)].status[family];
}

/**
 * convoke_error_to_hresult:
 * @error: (nullable): an error of any domain, or %NULL
 *
 * The `HRESULT` for @error: [func@Convoke.error_to_status] for
 * %CONVOKE_ERROR_FAMILY_COM.
 *
 * Returns: the `HRESULT`, 0 for no error
 *
 * Since: 0.1
 */
guint32
convoke_error_to_hresult (const GError *error)
{
  return convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_COM);
}
