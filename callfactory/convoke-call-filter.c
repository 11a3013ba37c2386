/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An apartment can have one filter, which is asked when a call is about to
 * start in it. While it decides, the thread serves the call's chain but not
 * the call: what it defers or reports would be another's.
 */

#include "config.h"

#include "convoke-call-filter-private.h"
#include "convoke-error.h"

struct _ConvokeCallFilter
{
  gatomicrefcount       ref_count;
  ConvokeCallFilterFunc func;
  gpointer              user_data;
  GDestroyNotify        destroy;
};

static ConvokeCallFilter *
call_filter_new (ConvokeCallFilterFunc func,
                 gpointer              user_data,
                 GDestroyNotify        destroy)
{
  ConvokeCallFilter *self = g_new (ConvokeCallFilter, 1);

  *self = (ConvokeCallFilter) { .func = func, .user_data = user_data, .destroy = destroy };
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

ConvokeCallFilter *
convoke_call_filter_ref (ConvokeCallFilter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
convoke_call_filter_unref (ConvokeCallFilter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/**
 * convoke_apartment_set_call_filter:
 * @self: an apartment
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): the filter, or %NULL for none
 * @user_data: what @func is given
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Sets who is asked before a call to an object of the apartment starts, in
 * place of whoever was asked before (OM-59). COM's message filter is this.
 *
 * Calls from other apartments and other processes are asked for, and begun
 * calls from anywhere. A proxy that is called where its object may be used
 * anyway goes straight to the object, and properties are no calls.
 *
 * A call that is rejected fails with %CONVOKE_ERROR_CALL_REJECTED, and one
 * that is to be tried later with %CONVOKE_ERROR_BUSY, which
 * [func@Convoke.set_busy_timeout] and [func@Convoke.set_busy_handler] turn
 * into another try. The method has not run then.
 *
 * The objects of the apartment that [func@Apartment.dup_any] gives are called
 * on many threads at once, and so is its filter.
 *
 * Any thread may call this. A call for which the filter before is being asked
 * is decided by that.
 *
 * Since: 0.1
 */
void
convoke_apartment_set_call_filter (ConvokeApartment      *self,
                                   ConvokeCallFilterFunc  func,
                                   gpointer               user_data,
                                   GDestroyNotify         destroy)
{
  ConvokeCallFilter *before;

  g_return_if_fail (CONVOKE_IS_APARTMENT (self));

  before = convoke_apartment_swap_filter (self, func != NULL ? call_filter_new (func, user_data, destroy) : NULL);
  if (before != NULL)
    convoke_call_filter_unref (before);
}

/* --- asking --- */

static ConvokeCallVerdict
ask (ConvokeCallFilter *self,
     ConvokeRecord     *record)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_new (record);
  const ConvokeMethodInfo *method = convoke_record_get_method (record);
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;
  ConvokeCallVerdict verdict;

  convoke_thread_begin_serving (thread, NULL, record->task.chain, &outer);
  verdict = self->func (record->target, method->owner->name, method->callable.name, context, self->user_data);
  convoke_thread_end_serving (thread, &outer);

  return verdict;
}

static void
set_refused (ConvokeRecord       *record,
             ConvokeCallVerdict   verdict,
             GError             **error)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (record);
  gboolean busy = verdict == CONVOKE_CALL_VERDICT_RETRY_LATER;

  g_set_error (error, CONVOKE_ERROR, busy ? CONVOKE_ERROR_BUSY : CONVOKE_ERROR_CALL_REJECTED,
               "The filter of the callee %s %s.%s of %s", busy ? "has no time for" : "rejected",
               method->owner->name, method->callable.name, G_OBJECT_TYPE_NAME (record->target));
}

gboolean
convoke_call_filter_admit (ConvokeRecord  *record,
                           GError        **error)
{
  ConvokeCallFilter *filter = convoke_apartment_dup_filter (record->apartment);
  ConvokeCallVerdict verdict;

  if (filter == NULL)
    return TRUE;

  verdict = ask (filter, record);
  convoke_call_filter_unref (filter);
  if (verdict == CONVOKE_CALL_VERDICT_HANDLE)
    return TRUE;

  set_refused (record, verdict, error);
  return FALSE;
}
