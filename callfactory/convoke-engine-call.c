/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Blocking on the engine: synchronous calls from proxies, and other work that
 * has to run in an apartment.
 */

#include "config.h"

#include "convoke-busy-handler-private.h"
#include "convoke-call-factory.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-record-private.h"

/* --- synchronous calls --- */

static gboolean
captures (ConvokeThread           *thread,
          const ConvokeMethodInfo *method,
          const ConvokePlan       *plan)
{
  if (method->oneway)
    return TRUE;

  return (g_atomic_int_get (&thread->cancellation) > 0 || method->deadline > 0) && convoke_plan_can_capture (plan, NULL);
}

static ConvokeRecord *
make_frame (const ConvokePlan  *plan,
            gboolean            captured,
            void              **args,
            void               *ret,
            GError            **error)
{
  ConvokeRecord *self = convoke_record_new_brief (plan, captured);

  if (!captured)
    convoke_frame_init_borrowed (&self->frame, plan, args, ret);
  else if (!convoke_frame_capture_native (&self->frame, plan, convoke_record_get_storage (self), args, error))
    {
      memset (&self->frame, 0, sizeof self->frame);
      self->frame.plan = plan;
      g_clear_pointer (&self, convoke_record_unref);
    }

  return self;
}

/* A component's own call object serves synchronous calls too (SV-3). */
static gboolean
dup_server_object (GObject                  *target,
                   const ConvokeMethodInfo  *method,
                   GObject                 **server_object,
                   GError                  **error)
{
  *server_object = NULL;
  if (!CONVOKE_IS_CALL_FACTORY (target))
    return TRUE;

  return convoke_call_factory_make_server_object (target, method->owner->gtype, server_object, error);
}

/* Runs at once when the thread may; otherwise queues. */
static gboolean
run_or_launch (ConvokeRecord  *self,
               GError        **error)
{
  ConvokeHold hold;

  if (!convoke_apartment_try_enter (self->apartment, &hold))
    return convoke_record_launch (self, error);

  convoke_record_arm_deadline (self);
  convoke_record_run (self);
  convoke_apartment_leave (self->apartment, &hold);
  return TRUE;
}

static ConvokeApartment *
get_remote (ConvokeRecord *self)
{
  return convoke_apartment_is_remote (self->apartment) ? self->apartment : NULL;
}

static gboolean
call_and_wait (ConvokeRecord  *self,
               ConvokeThread  *thread,
               void          **args,
               void           *ret,
               GError        **error)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (self);
  ConvokeView view = { .funcs = NULL };
  guint64 chain = thread->chain != 0 ? thread->chain : convoke_chain_new ();
  gboolean cancellable = g_atomic_int_get (&thread->cancellation) > 0;
  gboolean prepared;
  gboolean done = FALSE;

  convoke_event_core_init (&view.event);
  prepared = convoke_record_prepare (self, &view, chain, FALSE, method->deadline, error);

  /* Not before: others can cancel it from now on. */
  if (prepared && cancellable)
    {
      g_autoptr (GObject) canceller = convoke_canceller_new (self);

      convoke_thread_push_cancel_object (thread, CONVOKE_CANCEL_METHOD_CALLS (canceller));
    }

  if (prepared && run_or_launch (self, error))
    {
      /* Without a limit and outside of a fork it cannot fail. */
      convoke_wait_for_call (&view.event, chain, get_remote (self), !cancellable && method->deadline <= 0,
                             CONVOKE_WAIT_DEFAULT, -1, NULL);
      done = TRUE;
    }

  if (prepared && cancellable)
    convoke_thread_pop_cancel_object (thread);
  convoke_record_detach (self);
  convoke_event_core_clear (&view.event);

  if (!done)
    return FALSE;
  if (convoke_record_get_error (self) != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&convoke_record_get_extra (self)->error));
      return FALSE;
    }
  if (self->frame.captured)
    convoke_frame_take_native (&self->frame, args, ret, self->target);

  return TRUE;
}

static gboolean
call (GObject                  *target,
      ConvokeApartment         *apartment,
      const ConvokeMethodInfo  *method,
      const ConvokePlan        *plan,
      void                    **args,
      void                     *ret,
      guint                     since,
      gboolean                 *consumed,
      GError                  **error)
{
  ConvokeThread *thread = convoke_thread_self ();
  g_autoptr (GObject) server_object = NULL;
  ConvokeRecord *self;
  gboolean captured;
  gboolean done;

  if (convoke_check_forked (error))
    return FALSE;
  if (method->oneway && !convoke_plan_can_capture (plan, error))
    return FALSE;
  if (!dup_server_object (target, method, &server_object, error))
    return FALSE;

  self = make_frame (plan, captures (thread, method, plan), args, ret, error);
  if (self == NULL)
    return FALSE;

  captured = self->frame.captured;
  self->frame.tag = since;
  convoke_record_bind (self, target, apartment, server_object);
  if (method->oneway)
    done = convoke_record_prepare (self, NULL, convoke_chain_new (), TRUE, method->deadline, error) &&
           convoke_record_launch (self, error);
  else
    done = call_and_wait (self, thread, args, ret, error);

  /* The server may still be at a captured one. */
  *consumed = captured || self->frame.invoked;
  convoke_record_unref (self);
  return done;
}

/* Whether a call that did not run can be made once more with the same arguments: nothing of them is gone. */
static gboolean
are_left (const ConvokePlan *plan)
{
  if (plan->has_references)
    return FALSE;

  for (guint i = 0; i < plan->n_args; i++)
    if (plan->steps[i].is_in && !plan->steps[i].plain && plan->steps[i].transfer != CONVOKE_TRANSFER_NONE)
      return FALSE;

  return TRUE;
}

static gboolean
call_again (ConvokeBusyHandler *busy,
            gint64              begun,
            const ConvokePlan  *plan,
            gboolean            consumed,
            const GError       *why)
{
  return busy != NULL && g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_BUSY) && (!consumed || are_left (plan)) &&
         convoke_busy_handler_wait (busy, begun);
}

gboolean
convoke_engine_call (GObject                  *target,
                     ConvokeApartment         *apartment,
                     const ConvokeMethodInfo  *method,
                     void                    **args,
                     void                     *ret,
                     guint                     since,
                     ConvokeBusyHandler       *busy,
                     GError                  **error)
{
  const ConvokePlan *plan = convoke_plan_get ((ConvokeCallableInfo *) &method->callable, error);
  gint64 begun = busy != NULL ? g_get_monotonic_time () : 0;
  g_autoptr (GError) local_error = NULL;
  gboolean consumed;

  if (plan == NULL)
    return FALSE;

  do
    {
      g_clear_error (&local_error);
      consumed = FALSE;
      if (call (target, apartment, method, plan, args, ret, since, &consumed, &local_error))
        return TRUE;
    }
  while (call_again (busy, begun, plan, consumed, local_error));

  /* The inputs are the callee's, whether or not it ever got them. */
  if (!consumed)
    convoke_frame_consume_native (plan, args, FALSE);
  convoke_frame_answer_failed (plan, args, ret);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- other work in an apartment --- */

typedef struct
{
  ConvokeTask       task;
  void            (*func) (gpointer data);
  gpointer          data;
  GError           *error;
  ConvokeEventCore  event;
} ConvokeInvocation;

static void
invocation_run (ConvokeTask *task)
{
  ConvokeInvocation *self = (ConvokeInvocation *) task;
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;

  convoke_thread_begin_serving (thread, NULL, task->chain, &outer);
  self->func (self->data);
  convoke_thread_end_serving (thread, &outer);

  convoke_event_core_set_last (&self->event);
}

static void
invocation_drop (ConvokeTask *task,
                 GError      *error)
{
  ConvokeInvocation *self = (ConvokeInvocation *) task;

  self->error = error;
  convoke_event_core_set_last (&self->event);
}

static const ConvokeTaskFuncs invocation_funcs = { invocation_run, invocation_drop };

gboolean
convoke_engine_invoke (ConvokeApartment  *apartment,
                       void             (*func) (gpointer data),
                       gpointer           data,
                       GError           **error)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeInvocation self = {
    .task.funcs = &invocation_funcs,
    .func = func,
    .data = data,
  };
  ConvokeHold hold;

  if (convoke_check_forked (error))
    return FALSE;

  if (convoke_apartment_try_enter (apartment, &hold))
    {
      func (data);
      convoke_apartment_leave (apartment, &hold);
      return TRUE;
    }

  self.task.chain = thread->chain != 0 ? thread->chain : convoke_chain_new ();
  convoke_event_core_init (&self.event);
  if (convoke_apartment_post (apartment, &self.task, error))
    {
      convoke_wait (&self.event, FALSE, self.task.chain, CONVOKE_WAIT_DEFAULT, -1, NULL);
      if (self.error != NULL)
        g_propagate_error (error, g_steal_pointer (&self.error));
      else
        func = NULL;
    }
  convoke_event_core_clear (&self.event);

  return func == NULL;
}

typedef struct
{
  ConvokeTask     task;
  void          (*func) (gpointer data);
  gpointer        data;
  GDestroyNotify  destroy;
} ConvokePost;

static void
post_free (ConvokePost *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

static void
post_run (ConvokeTask *task)
{
  ConvokePost *self = (ConvokePost *) task;

  self->func (self->data);
  post_free (self);
}

static void
post_drop (ConvokeTask *task,
           GError      *error)
{
  g_clear_error (&error);
  post_free ((ConvokePost *) task);
}

static const ConvokeTaskFuncs post_funcs = { post_run, post_drop };

void
convoke_engine_post (ConvokeApartment *apartment,
                     void            (*func) (gpointer data),
                     gpointer          data,
                     GDestroyNotify    destroy)
{
  ConvokePost *self = g_new0 (ConvokePost, 1);

  self->task.funcs = &post_funcs;
  self->task.begun = TRUE;
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  /* Of no chain, so nobody refuses it. */
  if (!convoke_apartment_post (apartment, &self->task, NULL))
    g_assert_not_reached ();
}
