/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the slots of a proxy do.
 *
 * A call from where the object may be used anyway goes straight to the
 * object's slot. Every other call is the engine's, which runs the slot where
 * the object lives and maps what must not cross as it is: an object that is
 * bound elsewhere becomes its proxy, a callback a trampoline.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-engine-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"
#include "convoke-remote-pair-private.h"
#include "convoke-thread-private.h"
#include "convoke-visit-private.h"

/* --- GIO's asynchronous pairs --- */

static const char failed_tag[] = "convoke_proxy_async";

static gboolean
is_ready_callback (const ConvokeArgInfo *arg)
{
  return arg->type.kind == CONVOKE_TYPE_KIND_CALLBACK && arg->closure >= 0 &&
         g_strcmp0 (arg->type.name, "Gio.AsyncReadyCallback") == 0;
}

/* A caller of x_async learns everything through its callback, also that x_async did not get through. */
static gboolean
fail_async (ConvokeProxy             *self,
            const ConvokeMethodInfo  *method,
            void                    **args,
            GError                   *error)
{
  for (guint i = 0; i < method->callable.n_args; i++)
    {
      const ConvokeArgInfo *arg = &method->callable.args[i];
      g_autoptr (GTask) task = NULL;

      if (!is_ready_callback (arg) || *(gpointer *) args[1 + i] == NULL)
        continue;

      task = g_task_new (self, NULL,
                         *(GAsyncReadyCallback *) args[1 + i],
                         *(gpointer *) args[1 + arg->closure]);
      g_task_set_source_tag (task, (gpointer) failed_tag);
      g_task_return_error (task, error);
      return TRUE;
    }

  return FALSE;
}

/* x_finish of such an x_async: its error, or NULL. */
static GError *
steal_async_failure (const ConvokeMethodInfo  *method,
                     void                    **args)
{
  GError *error = NULL;

  for (guint i = 0; i < method->callable.n_args; i++)
    {
      gpointer result;

      if (g_strcmp0 (method->callable.args[i].type.name, "Gio.AsyncResult") != 0)
        continue;

      result = *(gpointer *) args[1 + i];
      if (G_IS_TASK (result) && g_task_get_source_tag (result) == failed_tag)
        g_task_propagate_pointer (result, &error);
    }

  return error;
}

/* --- a call --- */

static gboolean
is_direct (ConvokeProxy            *self,
           const ConvokeMethodInfo *method,
           const ConvokePlan       *plan)
{
  if (convoke_apartment_is_remote (self->apartment))
    return FALSE;

  /* An object that any thread may call can still lend what belongs to one thread, and a deadline needs the engine. */
  if (convoke_apartment_get_threading (self->apartment) == CONVOKE_THREADING_ANY)
    return method->deadline == 0 && !convoke_plan_has_references (plan) && convoke_thread_self ()->cancellation == 0;

  return convoke_apartment_is_current (self->apartment);
}

static gboolean
call_directly (ConvokeProxy             *self,
               const ConvokeMethodInfo  *method,
               const ConvokePlan        *plan,
               void                    **args,
               void                     *ret,
               GError                  **error)
{
  GCallback slot = convoke_method_info_get_slot (method, self->target);
  gpointer target = self->target;
  void *instance = args[0];

  if (slot == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s does not implement %s.%s",
                   G_OBJECT_TYPE_NAME (target), method->owner->name, method->callable.name);
      return FALSE;
    }

  args[0] = &target;
  ffi_call (convoke_plan_get_cif (plan), slot, ret, args);
  args[0] = instance;

  return TRUE;
}

static gboolean
call_engine (ConvokeProxy             *self,
             const ConvokeMethodInfo  *method,
             void                    **args,
             void                     *ret,
             GError                  **error)
{
  ConvokeBusyHandler *busy = convoke_proxy_dup_busy_handler (self);
  gboolean ok = convoke_engine_call (self->target, self->apartment, method, args, ret,
                                     self->since, busy, error);

  if (G_UNLIKELY (busy != NULL))
    convoke_busy_handler_unref (busy);
  return ok;
}

static gboolean
has_call_scope (const ConvokeMethodInfo *method)
{
  for (guint i = 0; i < method->callable.n_args; i++)
    if (method->callable.args[i].type.kind == CONVOKE_TYPE_KIND_CALLBACK &&
        method->callable.args[i].scope == CONVOKE_SCOPE_CALL)
      return TRUE;

  return FALSE;
}

/*
 * A callback that lives as long as the call runs on the thread that called.
 * A thread without a main context of its own has no apartment in which the
 * engine could find it; it gets one for this call.
 */
static gboolean
call_on_visit (ConvokeProxy             *self,
               const ConvokeMethodInfo  *method,
               void                    **args,
               void                     *ret,
               GError                  **error)
{
  g_autoptr (ConvokeApartment) own = convoke_visit_new ();
  ConvokeHold hold;
  gboolean ok;

  if (!convoke_apartment_try_enter (own, &hold))
    g_assert_not_reached ();
  ok = call_engine (self, method, args, ret, error);
  convoke_apartment_leave (own, &hold);

  return ok;
}

static gboolean
call_elsewhere (ConvokeProxy             *self,
                const ConvokeMethodInfo  *method,
                const ConvokePlan        *plan,
                void                    **args,
                void                     *ret,
                GError                  **error)
{
  if (method->finish != NULL && convoke_import_from_object (self->target) != NULL)
    return convoke_remote_pair_begin (self, method, args, error);
  if (method->begin != NULL && convoke_import_from_object (self->target) != NULL)
    return convoke_remote_pair_finish (self, method, args, ret, error);

  if (convoke_plan_has_references (plan) && has_call_scope (method))
    {
      g_autoptr (ConvokeApartment) home = convoke_proxy_dup_home ();

      if (!convoke_apartment_is_current (home))
        return call_on_visit (self, method, args, ret, error);
    }

  return call_engine (self, method, args, ret, error);
}

static gboolean
check_callable (ConvokeProxy             *self,
                const ConvokeMethodInfo  *method,
                GError                  **error)
{
  if (convoke_check_forked (error))
    return FALSE;

  if (method->refusal != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "Cannot call %s.%s through a proxy: %s",
                   method->owner->name, method->callable.name, method->refusal);
      return FALSE;
    }

  return TRUE;
}

/* On failure, *answered tells whether the caller's places hold an answer already. */
static gboolean
forward (ConvokeProxy             *self,
         const ConvokeMethodInfo  *method,
         const ConvokePlan        *plan,
         void                    **args,
         void                     *ret,
         gboolean                 *answered,
         GError                  **error)
{
  gboolean ok;

  if (!check_callable (self, method, error) || !convoke_proxy_enter (self, error))
    return FALSE;

  /* What is called back meanwhile can drop the caller's reference. */
  g_object_ref (self);
  *answered = !is_direct (self, method, plan);
  if (*answered)
    ok = call_elsewhere (self, method, plan, args, ret, error);
  else
    ok = call_directly (self, method, plan, args, ret, error);
  convoke_proxy_leave (self);
  g_object_unref (self);

  return ok;
}

void
convoke_proxy_call_slot (const ConvokeCallableInfo  *callable,
                         const ConvokePlan          *plan,
                         void                      **args,
                         void                       *ret)
{
  /* A method begins with its callable. */
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;
  ConvokeProxy *self = *(ConvokeProxy **) args[0];
  gboolean answered = FALSE;
  GError *error = NULL;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);

  if (method->begin != NULL)
    error = steal_async_failure (method, args);

  if (error == NULL && forward (self, method, plan, args, ret, &answered, &error))
    return;

  if (!answered)
    {
      convoke_frame_consume_native (plan, args, FALSE);
      convoke_frame_answer_failed (plan, args, ret);
    }
  convoke_frame_throw_native (plan, args, error);
  if (method->finish == NULL || !fail_async (self, method, args, error))
    convoke_proxy_tell_failure (self, callable->name, callable->throws, error);
}
