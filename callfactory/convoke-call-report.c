/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a call object can tell of the call in progress, or of the last one:
 * everything is the record's.
 */

#include "config.h"

#include "convoke-call-private.h"

/**
 * convoke_call_get_cancel_outcome:
 * @self: a call object
 *
 * Gets what became of the cancel (P-6) of the call in progress, or of the last
 * one. Any thread may call this.
 *
 * Returns: the outcome
 *
 * Since: 0.1
 */
ConvokeCancelOutcome
convoke_call_get_cancel_outcome (ConvokeCall *self)
{
  ConvokeCancelOutcome outcome;
  ConvokeRecord *record;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), CONVOKE_CANCEL_OUTCOME_NONE);

  record = convoke_call_dup_record_or_last (self);
  if (record == NULL)
    return CONVOKE_CANCEL_OUTCOME_NONE;

  outcome = convoke_record_get_outcome (record);
  convoke_record_unref (record);

  return outcome;
}

/**
 * convoke_call_get_request_id:
 * @self: a call object
 *
 * Gets the id of the call in progress, or of the last one: positive, and not
 * used twice in a process. The server sees the same in its context. Any thread
 * may call this.
 *
 * Returns: the id; 0 when nothing was begun yet
 *
 * Since: 0.1
 */
guint64
convoke_call_get_request_id (ConvokeCall *self)
{
  ConvokeRecord *record;
  guint64 id;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), 0);

  record = convoke_call_dup_record_or_last (self);
  if (record == NULL)
    return 0;

  id = convoke_record_get_id (record);
  convoke_record_unref (record);

  return id;
}

/**
 * convoke_call_get_progress_fraction:
 * @self: a call object
 *
 * Gets how much of the call is done. Any thread may call this.
 *
 * Returns: between 0 and 1; -1 when the server said nothing yet
 *
 * Since: 0.1
 */
double
convoke_call_get_progress_fraction (ConvokeCall *self)
{
  ConvokeRecord *record;
  ConvokeRecordExtra *extra;
  double fraction = -1;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), -1);

  record = convoke_call_dup_record_or_last (self);
  if (record == NULL)
    return fraction;

  extra = g_atomic_pointer_get (&record->extra);
  if (extra != NULL)
    {
      convoke_record_lock (record);
      fraction = extra->fraction;
      convoke_record_unlock (record);
    }
  convoke_record_unref (record);

  return fraction;
}

/**
 * convoke_call_get_progress_amount:
 * @self: a call object
 * @done: (out) (optional): the amount done
 * @total: (out) (optional): the amount in all; 0 when it is not known
 * @unit: (out) (optional) (nullable) (transfer full): what the amounts count,
 *   such as "bytes"; %NULL when the server said nothing yet
 *
 * Gets how much of the call is done, in the server's own unit. Any thread may
 * call this.
 *
 * Since: 0.1
 */
void
convoke_call_get_progress_amount (ConvokeCall  *self,
                                  guint64      *done,
                                  guint64      *total,
                                  char        **unit)
{
  ConvokeRecord *record;
  ConvokeRecordExtra *extra;
  guint64 amount_done = 0;
  guint64 amount_total = 0;
  char *amount_unit = NULL;

  g_return_if_fail (CONVOKE_IS_CALL (self));

  record = convoke_call_dup_record_or_last (self);
  extra = record != NULL ? g_atomic_pointer_get (&record->extra) : NULL;
  if (extra != NULL)
    {
      convoke_record_lock (record);
      amount_done = extra->done;
      amount_total = extra->total;
      amount_unit = g_strdup (extra->unit);
      convoke_record_unlock (record);
    }
  g_clear_pointer (&record, convoke_record_unref);

  if (done != NULL)
    *done = amount_done;
  if (total != NULL)
    *total = amount_total;
  if (unit != NULL)
    *unit = g_steal_pointer (&amount_unit);
  g_free (amount_unit);
}

/**
 * convoke_call_dup_status:
 * @self: a call object
 *
 * Gets the text in which the server last said what it does. Any thread may
 * call this.
 *
 * Returns: (transfer full) (nullable): the text; %NULL when it said nothing yet
 *
 * Since: 0.1
 */
char *
convoke_call_dup_status (ConvokeCall *self)
{
  ConvokeRecord *record;
  ConvokeRecordExtra *extra;
  char *status = NULL;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);

  record = convoke_call_dup_record_or_last (self);
  extra = record != NULL ? g_atomic_pointer_get (&record->extra) : NULL;
  if (extra != NULL)
    {
      convoke_record_lock (record);
      status = g_strdup (extra->status);
      convoke_record_unlock (record);
    }
  g_clear_pointer (&record, convoke_record_unref);

  return status;
}

/**
 * convoke_call_dup_details:
 * @self: a call object
 *
 * Gets what is known of the call in progress, or of the last one, beyond its
 * error: `request-id` (t), `interface` and `method` (s), `where` (s) it runs,
 * `started` (b), and the last `status` (s). Any thread may call this.
 *
 * Returns: (transfer full) (nullable): an `a{sv}`; %NULL when nothing was begun
 *
 * Since: 0.1
 */
GVariant *
convoke_call_dup_details (ConvokeCall *self)
{
  ConvokeRecord *record;
  GVariant *details;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);

  record = convoke_call_dup_record_or_last (self);
  if (record == NULL)
    return NULL;

  details = convoke_record_dup_details (record);
  convoke_record_unref (record);

  return details;
}
