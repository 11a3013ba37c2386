/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The call engine. There is one state machine; everything else is a view.
 *
 *   IDLE ----begin----> PENDING ----gate----> SIGNALED ----finish----> IDLE
 *
 * Each begin makes a record, which owns the frame, the context and the gate
 * until the server side has ended. A call object points at its current record
 * only, so its state is derived: no record is IDLE, a record whose event is
 * not set is PENDING, one whose event is set is SIGNALED. The record knows its
 * view (a call object, or the stack of a blocked caller) until that detaches.
 *
 * The gate is one bit, CLOSED, won by one thread. Whoever wins writes the
 * outcome and then tells the view; whoever comes later changes nothing and
 * what it brings is dropped. The server side says its last word once (ENDING),
 * whether the gate is still open or not; outputs are written to the frame
 * before the gate is tried, by the server side alone.
 *
 * Who may meet whom, and what happens. Rows come second, columns were first.
 *
 *             | begin(not    | start (the   | reply        | cancel       | deadline     | drop of the
 *             | started)     | method runs) |              |              | or grace     | call object
 *   ----------+--------------+--------------+--------------+--------------+--------------+-------------
 *   begin     | CALL_PENDING | CALL_PENDING | CALL_PENDING | CALL_PENDING | CALL_PENDING | -
 *             |              |              | until finish | until finish | until finish |
 *   start     | runs         | -            | -            | skipped if   | skipped      | runs (CF-22)
 *             |              |              |              | the cancel   |              |
 *             |              |              |              | closed it    |              |
 *   reply     | -            | SIGNALED,    | CALL_COMPLETE| grace left:  | dropped,     | dropped,
 *             |              | real result  | to the       | real result, | TOO_LATE to  | freed
 *             |              |              | server       | or stopped;  | the server   |
 *             |              |              |              | else dropped |              |
 *   cancel    | SIGNALED,    | grace 0:     | CALL_COMPLETE| CANCELLED, or| CALL_COMPLETE| -
 *             | CANCELLED,   | SIGNALED,    | outcome      | a shorter    |              |
 *             | stopped:     | abandoned;   | too late     | grace        |              |
 *             | never runs   | else sent    |              |              |              |
 *   deadline  | SIGNALED,    | SIGNALED,    | disarmed     | grace first: | -            | cancel is
 *             | TIMEOUT,     | TIMEOUT,     |              | CANCELLED;   |              | sent to the
 *             | never runs   | cancel sent  |              | else TIMEOUT |              | server
 *   drop      | runs to its  | runs to its  | result freed | result freed | result freed | -
 *             | end          | end          |              |              |              |
 *
 * tests/callfactory/test-call-orders.c forces each cell.
 *
 * Locks: a record's lock guards its view and the lazily made rest. It is
 * innermost but for the event's and the timers'; no foreign code runs under it.
 */

#include "config.h"

#include <malloc.h>

#include "convoke-call-factory.h"
#include "convoke-call-filter-private.h"
#include "convoke-carrier-private.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-hooks-private.h"
#include "convoke-pool-private.h"
#include "convoke-record-private.h"
#include "convoke-sync-point-private.h"

static void record_task_run  (ConvokeTask *task);
static void record_task_drop (ConvokeTask *task,
                              GError      *error);
static void timer_fired      (ConvokeTimer *timer);

static char *record_describe_caller (ConvokeTask *task);

static const ConvokeTaskFuncs record_task_funcs = { record_task_run, record_task_drop, record_describe_caller };

/* Bytes of a record that a thread keeps for its next call. */
#define SPARE_SIZE 512

#define RECORD_SIZE ((sizeof (ConvokeRecord) + 7) & ~(gsize) 7)

/* --- life --- */

/* A thread that makes synchronous calls, or serves calls from elsewhere, needs one such record after the other. */
static ConvokeRecord *
allocate_brief (gsize size)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (size > SPARE_SIZE)
    return g_malloc (size);
  if (thread->spare == NULL)
    return g_malloc (SPARE_SIZE);

  return g_steal_pointer (&thread->spare);
}

static void
free_memory (ConvokeRecord *self)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (thread->spare == NULL && malloc_usable_size (self) >= SPARE_SIZE)
    thread->spare = self;
  else
    g_free (self);
}

gpointer
convoke_record_get_storage (ConvokeRecord *self)
{
  return (char *) self + RECORD_SIZE;
}

static ConvokeRecord *
init (ConvokeRecord     *self,
      const ConvokePlan *plan)
{
  memset (self, 0, sizeof *self);
  self->task.funcs = &record_task_funcs;
  self->ref_count = 1;
  self->frame.plan = plan;

  return self;
}

static gsize
get_size (const ConvokePlan *plan,
          gboolean           captured)
{
  return RECORD_SIZE + (captured ? convoke_frame_get_storage_size (plan) : 0);
}

ConvokeRecord *
convoke_record_new (const ConvokePlan *plan,
                    gboolean           captured)
{
  return init (g_malloc (get_size (plan, captured)), plan);
}

ConvokeRecord *
convoke_record_new_brief (const ConvokePlan *plan,
                          gboolean           captured)
{
  return init (allocate_brief (get_size (plan, captured)), plan);
}

ConvokeRecord *
convoke_record_new_with_room (const ConvokePlan *plan,
                              gsize              more,
                              gpointer          *room)
{
  gsize size = get_size (plan, TRUE);
  ConvokeRecord *self = init (allocate_brief (size + more), plan);

  *room = (char *) self + size;
  return self;
}

ConvokeRecord *
convoke_record_ref (ConvokeRecord *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
extra_free (ConvokeRecordExtra *extra)
{
  g_clear_object (&extra->cancellable);
  g_clear_object (&extra->home);
  g_clear_object (&extra->server_object);
  g_clear_pointer (&extra->pipes, convoke_pipe_binding_free);
  g_clear_error (&extra->error);
  g_assert (extra->subscriptions == NULL);
  g_free (extra->unit);
  g_free (extra->status);
  g_free (extra);
}

/* What belongs to one use of a record. */
static void
record_clear (ConvokeRecord *self)
{
  convoke_frame_clear (&self->frame);
  g_clear_pointer (&self->extra, extra_free);
}

void
convoke_record_unref (ConvokeRecord *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  record_clear (self);
  if (self->target != NULL)
    convoke_apartment_release (self->apartment, self->target);
  g_clear_object (&self->apartment);
  /* Other views detach before they go. */
  if (self->view != NULL && self->view->funcs != NULL && self->view->funcs->free != NULL)
    self->view->funcs->free (self->view);
  free_memory (self);
}

/* Whether a call object that holds @self may use it for its next call: nobody else knows it any more. */
gboolean
convoke_record_reusable (ConvokeRecord     *self,
                         const ConvokePlan *plan)
{
  return g_atomic_int_get (&self->ref_count) == 1 && self->frame.plan == plan;
}

void
convoke_record_reuse (ConvokeRecord *self)
{
  record_clear (self);
  self->state = 0;
  self->view = NULL;
}

void
convoke_record_bind (ConvokeRecord    *self,
                     GObject          *target,
                     ConvokeApartment *apartment,
                     GObject          *server_object)
{
  if (self->apartment == NULL)
    {
      self->target = target != NULL ? g_object_ref (target) : NULL;
      self->apartment = g_object_ref (apartment);
    }
  if (server_object != NULL)
    convoke_record_get_extra (self)->server_object = g_object_ref (server_object);
}

const ConvokeMethodInfo *
convoke_record_get_method (ConvokeRecord *self)
{
  /* A method begins with its callable. */
  return (const ConvokeMethodInfo *) convoke_plan_get_callable (self->frame.plan);
}

ConvokeRecordExtra *
convoke_record_get_extra (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = g_atomic_pointer_get (&self->extra);

  if (extra != NULL)
    return extra;

  extra = g_new0 (ConvokeRecordExtra, 1);
  extra->record = self;
  extra->timer.func = timer_fired;
  extra->fraction = -1;
  if (g_atomic_pointer_compare_and_exchange (&self->extra, NULL, extra))
    return extra;

  g_free (extra);
  return g_atomic_pointer_get (&self->extra);
}

static ConvokeRecordExtra *
peek_extra (ConvokeRecord *self)
{
  return g_atomic_pointer_get (&self->extra);
}

/* A begun call is the first of its chain, so the chain's number is the call's. */
guint64
convoke_record_get_id (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra;
  guint64 none = 0;

  if (self->task.begun)
    return self->task.chain;

  extra = convoke_record_get_extra (self);
  if (__atomic_load_n (&extra->id, __ATOMIC_RELAXED) == 0)
    __atomic_compare_exchange_n (&extra->id, &none, convoke_chain_new (), FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED);

  return __atomic_load_n (&extra->id, __ATOMIC_RELAXED);
}

/* Only once the view was told. */
const GError *
convoke_record_get_error (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = peek_extra (self);

  return extra != NULL ? extra->error : NULL;
}

const GError *
convoke_record_get_cause (ConvokeRecord *self)
{
  const GError *error = convoke_record_get_error (self);

  return error != NULL ? error : self->frame.error;
}

/* --- the gate --- */

static gint
get_state (ConvokeRecord *self)
{
  return g_atomic_int_get (&self->state);
}

/* Closes the gate, unless one of @unless is set; TRUE for the one thread that did. */
static gboolean
close_gate (ConvokeRecord *self,
            gint           bits,
            gint           unless)
{
  gint old = get_state (self);

  do
    {
      if (old & (CONVOKE_RECORD_CLOSED | unless))
        return FALSE;
    }
  while (!g_atomic_int_compare_and_exchange_full (&self->state, old, old | CONVOKE_RECORD_CLOSED | bits, &old));

  return TRUE;
}

static void
disarm (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = peek_extra (self);

  if (extra != NULL && convoke_timer_disarm (&extra->timer))
    convoke_record_unref (self);
}

/* Under the lock. *funcs: of the view, which can be gone once the lock is. */
static gpointer
hold_view (ConvokeRecord           *self,
           const ConvokeViewFuncs **funcs)
{
  *funcs = self->view->funcs;
  return *funcs != NULL ? (*funcs)->hold (self->view, self) : NULL;
}

/* Whoever waits for a call to elsewhere may sleep on a socket. */
static void
kick_carrier (ConvokeRecord *self)
{
  gpointer carrier;
  const ConvokeCarrierFuncs *funcs = convoke_apartment_get_carrier (self->apartment, &carrier);

  if (funcs != NULL)
    funcs->kick (carrier);
}

/* What the call ended with: an error of the engine's, or what the method threw (NULL, too, when its caller did not ask). */
static const GError *
get_outcome (ConvokeRecord *self)
{
  const ConvokePlan *plan = self->frame.plan;
  GError **place = NULL;

  if (convoke_record_get_error (self) != NULL)
    return convoke_record_get_error (self);
  if (self->frame.captured)
    return self->frame.error;

  if (plan->callable->throws)
    place = *(GError ***) self->frame.args[plan->n_native - 1];
  return place != NULL ? *place : NULL;
}

/* Before the view is told, so that who is told finds them as they will stay. */
static void
end_pipes (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = peek_extra (self);

  if (extra != NULL && extra->pipes != NULL)
    convoke_pipe_binding_end (extra->pipes, get_outcome (self));
}

/* After the gate: the outcome becomes visible, once. */
static void
publish (ConvokeRecord *self,
         GError        *error)
{
  const ConvokeViewFuncs *funcs = NULL;
  ConvokeView *view;
  gpointer held = NULL;
  gboolean wake = FALSE;

  if (error != NULL)
    convoke_record_get_extra (self)->error = error;
  end_pipes (self);

  CONVOKE_SYNC_POINT ("engine/gate-closed");

  convoke_record_lock (self);
  view = self->view;
  if (view != NULL)
    {
      held = hold_view (self, &funcs);
      if (held != NULL && (get_state (self) & CONVOKE_RECORD_SENDING))
        peek_extra (self)->late = g_steal_pointer (&held);
      wake = convoke_event_core_set_begin (&view->event);
    }
  convoke_record_unlock (self);
  kick_carrier (self);

  /* The view may be gone by now; the wake uses its address only. */
  if (wake)
    convoke_event_core_wake (&view->event);
  if (held != NULL)
    funcs->completed (held);

  disarm (self);
}

/* A borrowed frame is the blocked caller's memory, which a method can write to until it returns, also when its call was
 * deferred and has completed. TRUE: the return will tell the view. */
static gboolean
wait_for_return (ConvokeRecord *self)
{
  if (self->frame.captured || !(get_state (self) & CONVOKE_RECORD_DEFERRED))
    return FALSE;

  return !(g_atomic_int_or ((guint *) &self->state, CONVOKE_RECORD_UNTOLD) & CONVOKE_RECORD_RETURNED);
}

gboolean
convoke_record_complete (ConvokeRecord *self,
                         GError        *error,
                         gint           bits)
{
  if (!close_gate (self, bits, 0))
    {
      g_clear_error (&error);
      return FALSE;
    }

  if (error != NULL)
    convoke_record_get_extra (self)->error = error;
  if (!wait_for_return (self))
    publish (self, NULL);

  return TRUE;
}

void
convoke_record_detach (ConvokeRecord *self)
{
  convoke_record_lock (self);
  self->view = NULL;
  convoke_record_unlock (self);
}

/* --- leaving --- */

void
convoke_record_begin_sending (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra;

  if (!(get_state (self) & CONVOKE_RECORD_TELL_SENT))
    return;

  extra = convoke_record_get_extra (self);
  /* Under the lock: who closes the gate from now on tells the view after it had the lock. */
  convoke_record_lock (self);
  if (self->view != NULL && !(get_state (self) & CONVOKE_RECORD_CLOSED))
    extra->leaving = hold_view (self, &extra->leaving_funcs);
  if (extra->leaving != NULL)
    g_atomic_int_or ((guint *) &self->state, CONVOKE_RECORD_SENDING);
  convoke_record_unlock (self);
}

/* Who was told that it has left is told of the end afterwards: on this thread, if the end came meanwhile. */
void
convoke_record_end_sending (ConvokeRecord *self,
                            gboolean       sent)
{
  ConvokeRecordExtra *extra = peek_extra (self);
  gpointer late;

  if (!(get_state (self) & CONVOKE_RECORD_SENDING))
    return;

  extra->leaving_funcs->sent (g_steal_pointer (&extra->leaving), sent);

  convoke_record_lock (self);
  g_atomic_int_and ((guint *) &self->state, ~CONVOKE_RECORD_SENDING);
  late = g_steal_pointer (&extra->late);
  convoke_record_unlock (self);

  if (late != NULL)
    extra->leaving_funcs->completed (late);
}

/* --- the server side --- */

/* A component's own call object may point back at us, so it goes once the method returned and the call ended. */
static void
mark_server_side (ConvokeRecord *self,
                  gint           bit)
{
  gint old = g_atomic_int_or ((guint *) &self->state, bit);
  gint both = CONVOKE_RECORD_ENDED | CONVOKE_RECORD_RETURNED;

  if ((bit & CONVOKE_RECORD_RETURNED) && (old & CONVOKE_RECORD_UNTOLD))
    publish (self, NULL);

  if ((old & both) != both && ((old | bit) & both) == both && peek_extra (self) != NULL)
    g_clear_object (&peek_extra (self)->server_object);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
set_too_late (ConvokeRecord  *self,
              GError        **error)
{
  gint state = get_state (self);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE,
               "The caller of %s does not wait any more: %s",
               convoke_record_get_method (self)->callable.name,
               state & CONVOKE_RECORD_EXPIRED ? "the deadline had passed" : "the call had been cancelled");
  return FALSE;
}

static gboolean
set_gone (ConvokeRecord  *self,
          GError        **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
               "The caller of %s is gone, and nobody gets the answer", convoke_record_get_method (self)->callable.name);
  return FALSE;
}

gboolean
convoke_record_end (ConvokeRecord  *self,
                    GError         *reason,
                    GError        **error)
{
  const GError *outcome = reason;
  gint bits = 0;
  gboolean delivered;

  if (g_atomic_int_or ((guint *) &self->state, CONVOKE_RECORD_ENDING) & CONVOKE_RECORD_ENDING)
    {
      g_clear_error (&reason);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                   "The call of %s was completed or aborted already",
                   convoke_record_get_method (self)->callable.name);
      return FALSE;
    }

  /* What a synchronous method threw is with its caller already. */
  if (outcome == NULL && self->frame.captured)
    outcome = self->frame.error;
  if ((get_state (self) & CONVOKE_RECORD_CANCEL) && outcome != NULL && is_cancelled (outcome))
    bits = CONVOKE_RECORD_STOPPED;

  CONVOKE_SYNC_POINT ("engine/reply");

  delivered = convoke_record_complete (self, reason, bits);
  mark_server_side (self, CONVOKE_RECORD_ENDED);
  convoke_server_call_events_end (self);
  if (!delivered)
    return set_too_late (self, error);

  return !(get_state (self) & CONVOKE_RECORD_GONE) || set_gone (self, error);
}

static gboolean
keep_results (gpointer data)
{
  ConvokeRecord *self = data;

  return !(get_state (self) & CONVOKE_RECORD_DEFERRED);
}

static void
begin_server_object (ConvokeRecord *self,
                     ConvokeCall   *object)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_new (self);
  GError *error = NULL;

  if (CONVOKE_CALL_GET_CLASS (object)->begin (object, server_call, &error))
    return;

  if (error == NULL)
    error = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                         "%s could not begin %s and gave no reason",
                         G_OBJECT_TYPE_NAME (object), convoke_record_get_method (self)->callable.name);
  convoke_record_end (self, error, NULL);
}

static void
call_slot (ConvokeRecord *self)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (self);
  GCallback slot = convoke_method_info_get_slot (method, self->target);

  if (slot == NULL)
    {
      convoke_record_end (self,
                          g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                                       "%s does not implement %s.%s", G_OBJECT_TYPE_NAME (self->target),
                                       method->owner->name, method->callable.name),
                          NULL);
      return;
    }

  convoke_frame_invoke (&self->frame, self->target, slot, keep_results, self);
  if (!keep_results (self))
    return;

  convoke_record_map_outs (self);
  convoke_record_end (self, NULL, NULL);
}

gboolean
convoke_record_start (ConvokeRecord *self)
{
  gint old = get_state (self);

  do
    {
      if (old & CONVOKE_RECORD_CLOSED)
        return FALSE;
    }
  while (!g_atomic_int_compare_and_exchange_full (&self->state, old, old | CONVOKE_RECORD_STARTED, &old));

  return TRUE;
}

void
convoke_record_leave (ConvokeRecord *self)
{
  mark_server_side (self, CONVOKE_RECORD_ENDED | CONVOKE_RECORD_RETURNED);
}

/* FALSE: its object was disconnected, or the filter of the apartment refused it, and it has ended. */
static gboolean
is_admitted (ConvokeRecord *self)
{
  GError *error = NULL;

  if (convoke_disconnection_check (self->target, self->frame.tag, &error) &&
      (G_LIKELY (!convoke_apartment_has_filter (self->apartment)) || convoke_call_filter_admit (self, &error)))
    return TRUE;

  convoke_record_end (self, error, NULL);
  convoke_record_leave (self);
  return FALSE;
}

void
convoke_record_run (ConvokeRecord *self)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;

  CONVOKE_SYNC_POINT ("engine/before-start");

  if (!convoke_record_start (self))
    {
      convoke_record_leave (self);
      return;
    }
  if (!is_admitted (self))
    return;

  convoke_thread_begin_serving (thread, self, self->task.chain, &outer);

  if (peek_extra (self) != NULL && peek_extra (self)->server_object != NULL)
    begin_server_object (self, CONVOKE_CALL (peek_extra (self)->server_object));
  else
    call_slot (self);

  convoke_thread_end_serving (thread, &outer);

  mark_server_side (self, CONVOKE_RECORD_RETURNED);
}

static void
record_task_run (ConvokeTask *task)
{
  ConvokeRecord *self = (ConvokeRecord *) task;

  convoke_record_run (self);
  convoke_record_unref (self);
}

ConvokeRecord *
convoke_record_from_task (ConvokeTask *task)
{
  return task->funcs == &record_task_funcs ? (ConvokeRecord *) task : NULL;
}

static void
record_task_drop (ConvokeTask *task,
                  GError      *error)
{
  ConvokeRecord *self = (ConvokeRecord *) task;

  convoke_record_complete (self, error, 0);
  mark_server_side (self, CONVOKE_RECORD_ENDED | CONVOKE_RECORD_RETURNED);
  convoke_record_unref (self);
}

/* Of those who are told, only the ones from elsewhere stay until the call has run or was dropped. */
static char *
record_describe_caller (ConvokeTask *task)
{
  ConvokeRecord *self = (ConvokeRecord *) task;

  if (!(get_state (self) & CONVOKE_RECORD_INCOMING) || self->view == NULL || self->view->funcs->describe == NULL)
    return NULL;

  return self->view->funcs->describe (self->view);
}

/* --- cancel and deadline --- */

GCancellable *
convoke_record_dup_cancellable (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (self);
  GCancellable *cancellable;

  convoke_record_lock (self);
  if (extra->cancellable == NULL)
    extra->cancellable = g_cancellable_new ();
  cancellable = g_object_ref (extra->cancellable);
  convoke_record_unlock (self);

  /* The bit is set before the cancellable is looked for, so one of the two sees the other. */
  if (get_state (self) & CONVOKE_RECORD_CANCEL)
    g_cancellable_cancel (cancellable);

  return cancellable;
}

/* The message to the server; @bits say who sends it. */
static void
tell_server (ConvokeRecord *self,
             guint          bits)
{
  ConvokeRecordExtra *extra;
  g_autoptr (GCancellable) cancellable = NULL;
  const ConvokeCarrierFuncs *funcs;
  gpointer carrier;

  g_atomic_int_or ((guint *) &self->state, CONVOKE_RECORD_CANCEL | bits);

  funcs = convoke_apartment_get_carrier (self->apartment, &carrier);
  if (funcs != NULL)
    funcs->cancel (carrier, self);

  extra = peek_extra (self);
  if (extra == NULL)
    return;

  convoke_server_call_events_tell (self);
  if (extra->pipes != NULL)
    convoke_pipe_binding_cancel (extra->pipes);
  convoke_record_lock (self);
  g_set_object (&cancellable, extra->cancellable);
  convoke_record_unlock (self);

  /* Handlers of the component run here. */
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

static void
send_cancel (ConvokeRecord *self)
{
  /* After its end nobody asks for anything. */
  tell_server (self, get_state (self) & CONVOKE_RECORD_GONE ? 0 : CONVOKE_RECORD_ASKED);
}

static GError *
cancelled_error (ConvokeRecord *self)
{
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The call of %s was cancelled",
                      convoke_record_get_method (self)->callable.name);
}

/* A call that has not started leaves the queue where that is possible; otherwise its turn will skip it. */
static void
withdraw (ConvokeRecord *self)
{
  if (get_state (self) & CONVOKE_RECORD_STARTED)
    return;
  if (!convoke_apartment_withdraw (self->apartment, &self->task))
    return;

  mark_server_side (self, CONVOKE_RECORD_ENDED | CONVOKE_RECORD_RETURNED);
  convoke_record_unref (self);
}

static gboolean
never_started (ConvokeRecord *self,
               gint           bits,
               GError        *error)
{
  if (!close_gate (self, bits | CONVOKE_RECORD_STOPPED, CONVOKE_RECORD_STARTED))
    {
      g_clear_error (&error);
      return FALSE;
    }

  publish (self, error);
  withdraw (self);
  return TRUE;
}

/* A borrowed frame is the blocked caller's memory: only the server can end such a call once it runs. */
static void
abandon (ConvokeRecord *self,
         gint           bits,
         GError        *error)
{
  if (self->frame.captured)
    convoke_record_complete (self, error, bits | CONVOKE_RECORD_ABANDONED);
  else
    g_clear_error (&error);
}

static GError *
expired_error (ConvokeRecord *self)
{
  const char *name = convoke_record_get_method (self)->callable.name;
  g_autofree char *where = NULL;
  guint n_workers;

  if (get_state (self) & CONVOKE_RECORD_STARTED)
    return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT,
                        "The deadline of %s passed before it answered", name);

  if (convoke_apartment_get_threading (self->apartment) != CONVOKE_THREADING_CONTEXT &&
      convoke_pool_is_full (&n_workers))
    return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT,
                        "The deadline of %s passed before it could start: all %u workers are busy", name, n_workers);

  where = convoke_apartment_describe (self->apartment);
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT,
                      "The deadline of %s passed before it could start: its %s did not run it", name, where);
}

static void
timer_fired (ConvokeTimer *timer)
{
  ConvokeRecordExtra *extra = (ConvokeRecordExtra *) timer;
  ConvokeRecord *self = extra->record;
  gboolean by_grace;
  GError *error;
  gint bits;

  convoke_record_lock (self);
  by_grace = extra->grace_due != 0 && (extra->deadline == 0 || extra->grace_due <= extra->deadline);
  convoke_record_unlock (self);

  error = by_grace ? cancelled_error (self) : expired_error (self);
  bits = CONVOKE_RECORD_CANCEL | (by_grace ? 0 : CONVOKE_RECORD_EXPIRED);

  CONVOKE_SYNC_POINT ("engine/expired");

  /* The gate before the message: what a server answers to the cancel comes too late, however fast it is. */
  if (!never_started (self, bits | CONVOKE_RECORD_ABANDONED, g_error_copy (error)))
    abandon (self, bits, g_error_copy (error));
  send_cancel (self);

  g_error_free (error);
  convoke_record_unref (self);
}

/* The timer keeps the record. */
static void
arm (ConvokeRecord *self,
     gint64         due)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (self);

  convoke_record_ref (self);
  if (convoke_timer_arm (&extra->timer, due))
    convoke_record_unref (self);

  /* Whoever closed the gate before could not disarm what was not armed yet. */
  if (get_state (self) & CONVOKE_RECORD_CLOSED)
    disarm (self);
}

static gint64
due_after (gint64 microseconds)
{
  gint64 now = g_get_monotonic_time ();

  return microseconds > G_MAXINT64 - now ? G_MAXINT64 : now + microseconds;
}

/* TRUE when @grace ends before what ends the call already. */
static gboolean
shorten_grace (ConvokeRecord *self,
               gint64         grace)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (self);
  gint64 due = due_after (grace);
  gboolean shorter;

  convoke_record_lock (self);
  shorter = extra->grace_due == 0 || due < extra->grace_due;
  if (shorter)
    extra->grace_due = due;
  if (extra->deadline != 0 && extra->deadline < due)
    due = extra->deadline;
  /* Under the lock: of two graces the shorter one is armed last. */
  if (shorter)
    arm (self, due);
  convoke_record_unlock (self);

  return shorter;
}

static gboolean
set_cancelled_already (ConvokeRecord  *self,
                       GError        **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The call of %s was cancelled already",
               convoke_record_get_method (self)->callable.name);
  return FALSE;
}

void
convoke_record_request_cancel (ConvokeRecord *self)
{
  if (!never_started (self, CONVOKE_RECORD_CANCEL, cancelled_error (self)))
    send_cancel (self);
}

void
convoke_record_lose_caller (ConvokeRecord *self)
{
  if (!never_started (self, CONVOKE_RECORD_CANCEL | CONVOKE_RECORD_GONE, cancelled_error (self)))
    tell_server (self, CONVOKE_RECORD_GONE);
}

gboolean
convoke_record_cancel (ConvokeRecord  *self,
                       gint64          grace,
                       GError        **error)
{
  gint old = get_state (self);
  gint cut = CONVOKE_RECORD_ABANDONED | CONVOKE_RECORD_STOPPED;

  CONVOKE_SYNC_POINT ("engine/cancel");

  if (old & CONVOKE_RECORD_CLOSED)
    {
      if ((old & cut) && !(old & CONVOKE_RECORD_EXPIRED))
        return set_cancelled_already (self, error);

      g_atomic_int_or ((guint *) &self->state, CONVOKE_RECORD_CANCEL);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "The call of %s has completed",
                   convoke_record_get_method (self)->callable.name);
      return FALSE;
    }

  if (never_started (self, CONVOKE_RECORD_CANCEL, cancelled_error (self)))
    {
      send_cancel (self);
      return TRUE;
    }
  if (grace == 0)
    {
      /* The gate before the message, as with a deadline. */
      abandon (self, CONVOKE_RECORD_CANCEL, cancelled_error (self));
      send_cancel (self);
      return TRUE;
    }

  send_cancel (self);
  if (grace > 0 && shorten_grace (self, grace))
    return TRUE;

  return !(old & CONVOKE_RECORD_CANCEL) || set_cancelled_already (self, error);
}

ConvokeCancelOutcome
convoke_record_get_outcome (ConvokeRecord *self)
{
  gint state = get_state (self);

  if (!(state & CONVOKE_RECORD_CANCEL))
    return CONVOKE_CANCEL_OUTCOME_NONE;
  if (state & CONVOKE_RECORD_ABANDONED)
    return CONVOKE_CANCEL_OUTCOME_ABANDONED;
  if (state & CONVOKE_RECORD_STOPPED)
    return CONVOKE_CANCEL_OUTCOME_STOPPED;
  if (state & CONVOKE_RECORD_REFUSED)
    return CONVOKE_CANCEL_OUTCOME_REFUSED;

  return state & CONVOKE_RECORD_CLOSED ? CONVOKE_CANCEL_OUTCOME_TOO_LATE : CONVOKE_CANCEL_OUTCOME_REQUESTED;
}

void
convoke_record_set_test_cancel (ConvokeRecord  *self,
                                GError        **error)
{
  gint state = get_state (self);
  const char *name = convoke_record_get_method (self)->callable.name;

  if (state & CONVOKE_RECORD_CANCEL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "Cancelling of %s was requested", name);
  else if (state & CONVOKE_RECORD_CLOSED)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "The call of %s has completed", name);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "The call of %s is running", name);
}

/* --- progress --- */

void
convoke_record_notify_progress (ConvokeRecord *self)
{
  const ConvokeViewFuncs *funcs = NULL;
  gpointer held = NULL;

  convoke_record_lock (self);
  if (self->view != NULL && !(get_state (self) & CONVOKE_RECORD_CLOSED))
    held = hold_view (self, &funcs);
  convoke_record_unlock (self);

  if (held != NULL)
    funcs->progress (held);
}

void
convoke_record_take_progress (ConvokeRecord *self,
                              double         fraction,
                              guint64        done,
                              guint64        total,
                              const char    *unit,
                              const char    *status)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (self);

  convoke_record_lock (self);
  extra->fraction = fraction >= 0 && fraction <= 1 ? fraction : -1;
  extra->done = done;
  extra->total = total;
  g_free (extra->unit);
  extra->unit = g_strdup (unit);
  g_free (extra->status);
  extra->status = g_strdup (status);
  convoke_record_unlock (self);

  convoke_record_notify_progress (self);
}

GVariant *
convoke_record_dup_details (ConvokeRecord *self)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (self);
  g_autofree char *where = convoke_apartment_describe (self->apartment);
  ConvokeRecordExtra *extra = peek_extra (self);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "request-id", "t", convoke_record_get_id (self));
  g_variant_dict_insert (&dict, "interface", "s", method->owner->name);
  g_variant_dict_insert (&dict, "method", "s", method->callable.name);
  g_variant_dict_insert (&dict, "where", "s", where);
  g_variant_dict_insert (&dict, "started", "b", (get_state (self) & CONVOKE_RECORD_STARTED) != 0);
  if (extra != NULL)
    {
      convoke_record_lock (self);
      if (extra->status != NULL)
        g_variant_dict_insert (&dict, "status", "s", extra->status);
      convoke_record_unlock (self);
    }

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* --- starting --- */

/* Where the caller's own objects live, for the results that come back. */
static ConvokeApartment *
dup_home (void)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (thread->holds != NULL)
    return g_object_ref (thread->holds->apartment);

  return convoke_apartment_new_for_context (NULL);
}

static GObject *
map_object_in (GObject               *object,
               const ConvokeTypeInfo *type,
               gpointer               user_data)
{
  ConvokeRecord *self = user_data;

  return convoke_hooks.map_object (object, type, peek_extra (self)->home, self->apartment);
}

static GObject *
map_object_out (GObject               *object,
                const ConvokeTypeInfo *type,
                gpointer               user_data)
{
  ConvokeRecord *self = user_data;

  return convoke_hooks.map_object (object, type, self->apartment, peek_extra (self)->home);
}

static gboolean
map_callback_in (const ConvokeArgInfo  *arg,
                 gpointer              *callback,
                 gpointer              *data,
                 gpointer              *destroy,
                 gpointer              *owned,
                 GDestroyNotify        *free_owned,
                 gpointer               user_data,
                 GError               **error)
{
  ConvokeRecord *self = user_data;

  return convoke_hooks.map_callback (arg, callback, data, destroy, owned, free_owned,
                                     peek_extra (self)->home, self->apartment, error);
}

void
convoke_record_prepare_incoming (ConvokeRecord *self,
                                 ConvokeView   *view,
                                 guint64        chain,
                                 gboolean       begun,
                                 gint64         deadline)
{
  self->state = CONVOKE_RECORD_INCOMING;
  self->frame.tag = convoke_disconnection_now ();
  self->task.chain = chain;
  self->task.begun = begun;
  self->view = view;
  if (deadline > 0)
    convoke_record_get_extra (self)->deadline = due_after (deadline);
}

void
convoke_record_map_outs (ConvokeRecord *self)
{
  if (get_state (self) & CONVOKE_RECORD_INCOMING)
    return;

  if (peek_extra (self) != NULL && peek_extra (self)->home != NULL)
    convoke_frame_map_out (&self->frame, map_object_out, self);
  if (!self->frame.captured && convoke_hooks.keep_outs != NULL)
    convoke_hooks.keep_outs (self->target, &self->frame);
}

/* What nobody waits for has no end that a pipe could share. */
static gboolean
bind_pipes (ConvokeRecord  *self,
            GError        **error)
{
  GError *local_error = NULL;

  if (convoke_record_get_method (self)->oneway)
    return TRUE;

  convoke_record_get_extra (self)->pipes = convoke_pipe_binding_new (&self->frame, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

/* Everything that can be known before the call may be seen; nothing runs yet. */
gboolean
convoke_record_prepare (ConvokeRecord  *self,
                        ConvokeView    *view,
                        guint64         chain,
                        gboolean        begun,
                        gint64          timeout,
                        GError        **error)
{
  if (convoke_plan_has_references (self->frame.plan) && convoke_hooks.map_object != NULL)
    {
      convoke_record_get_extra (self)->home = dup_home ();
      /* What leaves the process is the carrier's to map. */
      if (!convoke_apartment_is_remote (self->apartment) &&
          !convoke_frame_map_in (&self->frame, map_object_in, map_callback_in, self, error))
        return FALSE;
      if (!bind_pipes (self, error))
        return FALSE;
    }

  self->task.chain = chain;
  self->task.begun = begun;
  self->view = view;
  if (timeout > 0)
    convoke_record_get_extra (self)->deadline = due_after (timeout);

  return TRUE;
}

void
convoke_record_arm_deadline (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = peek_extra (self);

  if (extra != NULL && extra->deadline != 0)
    arm (self, extra->deadline);
}

gboolean
convoke_record_enqueue (ConvokeRecord  *self,
                        GError        **error)
{
  if (G_UNLIKELY (get_state (self) & CONVOKE_RECORD_UNORDERED))
    return convoke_apartment_post_loose (self->apartment, &self->task, error);

  return convoke_apartment_post (self->apartment, &self->task, error);
}

/* What goes elsewhere leaves when its carrier says so. */
static gboolean
post (ConvokeRecord  *self,
      GError        **error)
{
  gboolean posted;

  if (convoke_apartment_is_remote (self->apartment))
    return convoke_apartment_post (self->apartment, &self->task, error);

  convoke_record_begin_sending (self);
  posted = convoke_record_enqueue (self, error);
  convoke_record_end_sending (self, posted);

  return posted;
}

gboolean
convoke_record_launch (ConvokeRecord  *self,
                       GError        **error)
{
  convoke_record_arm_deadline (self);
  convoke_record_ref (self);
  if (post (self, error))
    return TRUE;

  /* It may have expired or been cancelled while it was to be sent: then its end was told, and it had begun. */
  if (!close_gate (self, 0, 0))
    {
      g_clear_error (error);
      mark_server_side (self, CONVOKE_RECORD_ENDED | CONVOKE_RECORD_RETURNED);
      convoke_record_unref (self);
      return TRUE;
    }

  convoke_record_detach (self);
  disarm (self);
  convoke_record_unref (self);
  return FALSE;
}

/* Started and returned from the beginning: what is left of the server side is its last word. */
ConvokeServerCall *
convoke_record_launch_operation (ConvokeRecord *self)
{
  ConvokeServerCall *server_call = convoke_server_call_new (self);

  convoke_record_start (self);
  mark_server_side (self, CONVOKE_RECORD_RETURNED);
  convoke_record_arm_deadline (self);

  return server_call;
}

/* What blocks its caller is in nobody's line; what was begun does not pass what waits. */
static gboolean
try_enter (ConvokeRecord *self,
           ConvokeHold   *hold)
{
  if (!self->task.begun)
    return convoke_apartment_try_enter (self->apartment, hold);

  return convoke_apartment_try_enter_in_order (self->apartment, hold);
}

void
convoke_record_dispatch (ConvokeRecord *self,
                         void         (*before_run) (void))
{
  GError *error = NULL;
  ConvokeHold hold;

  convoke_record_arm_deadline (self);

  if (try_enter (self, &hold))
    {
      ConvokeApartment *apartment = g_object_ref (self->apartment);

      before_run ();
      convoke_record_run (self);
      convoke_record_unref (self);
      convoke_apartment_leave (apartment, &hold);
      g_object_unref (apartment);
    }
  else if (!convoke_record_enqueue (self, &error))
    record_task_drop (&self->task, error);
}
