/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeCancelOutcome:
 * @CONVOKE_CANCEL_OUTCOME_NONE: nobody cancelled
 * @CONVOKE_CANCEL_OUTCOME_REQUESTED: the server was told and has not answered
 * @CONVOKE_CANCEL_OUTCOME_STOPPED: the server obeyed, or never began
 * @CONVOKE_CANCEL_OUTCOME_REFUSED: the server goes on to its end
 * @CONVOKE_CANCEL_OUTCOME_TOO_LATE: the real result stands
 * @CONVOKE_CANCEL_OUTCOME_ABANDONED: the caller stopped waiting; what the
 *   server did is unknown
 *
 * What became of a cancel (P-6).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CANCEL_OUTCOME_NONE,
  CONVOKE_CANCEL_OUTCOME_REQUESTED,
  CONVOKE_CANCEL_OUTCOME_STOPPED,
  CONVOKE_CANCEL_OUTCOME_REFUSED,
  CONVOKE_CANCEL_OUTCOME_TOO_LATE,
  CONVOKE_CANCEL_OUTCOME_ABANDONED,
} ConvokeCancelOutcome;

/**
 * CONVOKE_CANCEL_ABORTIVE:
 *
 * The grace of an abortive cancel: the call completes at once, whatever the
 * server does (RA-14).
 *
 * Since: 0.1
 */
#define CONVOKE_CANCEL_ABORTIVE 0

/**
 * CONVOKE_CANCEL_POLITE:
 *
 * The grace of a cancel that is only asked for: the call completes when the
 * server ends it (RA-14). One with a grace may follow (RA-16).
 *
 * Since: 0.1
 */
#define CONVOKE_CANCEL_POLITE -1

#define CONVOKE_TYPE_CANCEL_METHOD_CALLS (convoke_cancel_method_calls_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeCancelMethodCalls, convoke_cancel_method_calls, CONVOKE, CANCEL_METHOD_CALLS, GObject)

/**
 * ConvokeCancelMethodCallsInterface:
 * @cancel: asks for the end of the call
 * @test_cancel: always sets the error: %CONVOKE_ERROR_CANCELLED,
 *   %CONVOKE_ERROR_CALL_PENDING or %CONVOKE_ERROR_CALL_COMPLETE (CX-6)
 *
 * What can be cancelled.
 *
 * Since: 0.1
 */
struct _ConvokeCancelMethodCallsInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
  gboolean (*cancel)      (ConvokeCancelMethodCalls  *self,
                           gint64                     grace,
                           GError                   **error);
  void     (*test_cancel) (ConvokeCancelMethodCalls  *self,
                           GError                   **error);
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_cancel_method_calls_cancel (ConvokeCancelMethodCalls  *self,
                                             gint64                     grace,
                                             GError                   **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_cancel_method_calls_test_cancel (ConvokeCancelMethodCalls  *self,
                                                  GError                   **error);

/* Synchronous calls (CX-10 to CX-16) */
CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_thread_get_id (void);

CONVOKE_AVAILABLE_IN_0_1
void convoke_enable_call_cancellation (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_disable_call_cancellation (GError **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCancelMethodCalls *convoke_dup_cancel_object (guint64   thread_id,
                                                     GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_set_cancel_object (GObject  *object,
                                    GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_cancel_call (guint64   thread_id,
                              gint64    grace,
                              GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_test_cancel (GError **error);

G_END_DECLS
