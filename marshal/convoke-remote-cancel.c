/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-frame-steps-private.h"
#include "convoke-remote-cancel-private.h"
#include "convoke-wire-private.h"

static GCancellable **
find_argument (ConvokeRecord *record)
{
  const ConvokePlan *plan = record->frame.plan;
  int cancellable = convoke_wire_get_cancellable (plan);

  return cancellable >= 0 ? convoke_frame_get_location (&record->frame, &plan->steps[cancellable]) : NULL;
}

guint8
convoke_remote_cancel_get_flags (ConvokeRecord *record)
{
  GCancellable **argument = find_argument (record);

  if (argument == NULL || *argument == NULL)
    return 0;

  return CONVOKE_CALL_CANCELLABLE | (g_cancellable_is_cancelled (*argument) ? CONVOKE_CALL_CANCELLED : 0);
}

/* What becomes of the call is the server's to say. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  convoke_record_cancel (data, -1, NULL);
}

static void
record_dropped (gpointer  data,
                GClosure *closure)
{
  convoke_record_unref (data);
}

void
convoke_remote_cancel_attach (ConvokeRecord *record)
{
  GCancellable **argument = find_argument (record);
  ConvokeRecordExtra *extra;

  if (argument == NULL || *argument == NULL)
    return;

  extra = convoke_record_get_extra (record);
  extra->given = g_object_ref (*argument);
  extra->given_handler = g_signal_connect_data (extra->given, "cancelled", G_CALLBACK (cancelled_cb),
                                                convoke_record_ref (record), record_dropped, 0);
  /* Between the look when the message was written and now. */
  if (g_cancellable_is_cancelled (extra->given))
    convoke_record_cancel (record, -1, NULL);
}

/* GIO's callers expect GIO's code for what they cancelled themselves. */
static GError *
as_gio_error (GCancellable *cancellable,
              GError       *error)
{
  if (!g_cancellable_is_cancelled (cancellable) || !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED))
    return error;

  g_clear_error (&error);
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  return error;
}

/* Not g_cancellable_disconnect (): that waits for the handlers, one of which may wait for this very call. */
GError *
convoke_remote_cancel_detach (ConvokeRecord *record,
                              GError        *error)
{
  ConvokeRecordExtra *extra = record->extra;

  if (extra == NULL || extra->given == NULL)
    return error;

  error = as_gio_error (extra->given, error);
  g_signal_handler_disconnect (extra->given, extra->given_handler);
  g_clear_object (&extra->given);
  return error;
}

void
convoke_remote_cancel_fill (ConvokeRecord *record,
                            guint8         flags)
{
  GCancellable **argument = find_argument (record);

  /* None is not one that is never cancelled: there are methods that refuse any. */
  if (argument == NULL || !(flags & CONVOKE_CALL_CANCELLABLE))
    return;

  *argument = convoke_record_dup_cancellable (record);
  if (flags & CONVOKE_CALL_CANCELLED)
    g_cancellable_cancel (*argument);
}
