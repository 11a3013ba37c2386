/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Between processes a pair of x_async and x_finish is one call. Its method is
 * put together here: what goes in is what x_async takes, what comes out is what
 * x_finish gives.
 *
 *   caller                                     object
 *   x_async: a GTask, and the call is begun -> x_async with a callback of ours
 *                                              ...
 *   the GTask returns                       <- in which x_finish runs
 *   x_finish: takes the call's results
 *
 * A cancellable goes the way of any other; see convoke-remote-cancel.c.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-call-private.h"
#include "convoke-copy-private.h"
#include "convoke-error.h"
#include "convoke-object-table-private.h"
#include "convoke-remote-pair-private.h"

typedef struct
{
  ConvokeMethodInfo        method;        /* first */
  const ConvokeMethodInfo *begin;
  int                     *of_begin;      /* for each argument of x_async: which of ours it is, or -1 */
  int                     *of_finish;     /* for each argument of x_finish */
  int                      callback;      /* among the arguments of x_async */
  int                      user_data;
  int                      result;        /* among the arguments of x_finish */
} Pair;

/* --- the method --- */

static int
find_arg (const ConvokeCallableInfo *callable,
          const char                *type_name)
{
  for (guint i = 0; i < callable->n_args; i++)
    if (g_strcmp0 (callable->args[i].type.name, type_name) == 0)
      return i;

  return -1;
}

static char *
find_refusal (const Pair *self)
{
  const ConvokeMethodInfo *begin = self->begin;
  const ConvokeMethodInfo *finish = begin->finish;

  if (begin->refusal != NULL || finish->refusal != NULL)
    return g_strdup (begin->refusal != NULL ? begin->refusal : finish->refusal);

  for (guint i = 0; i < begin->callable.n_args; i++)
    if (begin->callable.args[i].direction != CONVOKE_DIRECTION_IN)
      return g_strdup_printf ("argument '%s' of %s comes out before the method is done",
                              begin->callable.args[i].name, begin->callable.name);

  for (guint i = 0; i < finish->callable.n_args; i++)
    if ((int) i != self->result && finish->callable.args[i].direction != CONVOKE_DIRECTION_OUT)
      return g_strdup_printf ("argument '%s' of %s goes in after the method was begun",
                              finish->callable.args[i].name, finish->callable.name);

  return NULL;
}

/* Which arguments are left, numbered from @first on. */
static guint
number_args (const ConvokeCallableInfo *callable,
             int                        without,
             int                        without_too,
             guint                      first,
             int                      **numbers)
{
  *numbers = g_new (int, callable->n_args + 1);

  for (guint i = 0; i < callable->n_args; i++)
    {
      gboolean left_out = (int) i == without || (int) i == without_too;

      (*numbers)[i] = left_out ? -1 : (int) first++;
    }

  return first;
}

static int
renumber (int        index,
          const int *numbers)
{
  return index >= 0 ? numbers[index] : index;
}

static void
copy_arg (ConvokeArgInfo       *arg,
          const ConvokeArgInfo *from,
          const int            *numbers)
{
  *arg = *from;
  arg->closure = renumber (from->closure, numbers);
  arg->destroy = renumber (from->destroy, numbers);
  arg->length_of = renumber (from->length_of, numbers);
  arg->closure_of = renumber (from->closure_of, numbers);
  arg->type.length_arg = renumber (from->type.length_arg, numbers);
}

static void
copy_args (ConvokeArgInfo            *args,
           const ConvokeCallableInfo *callable,
           const int                 *numbers)
{
  for (guint i = 0; i < callable->n_args; i++)
    if (numbers[i] >= 0)
      copy_arg (&args[numbers[i]], &callable->args[i], numbers);
}

static void
pair_make_callable (Pair *self)
{
  const ConvokeCallableInfo *begin = &self->begin->callable;
  const ConvokeCallableInfo *finish = &self->begin->finish->callable;
  ConvokeCallableInfo *callable = &self->method.callable;

  callable->plan = NULL;
  callable->throws = finish->throws;
  callable->n_args = number_args (begin, self->callback, self->user_data, 0, &self->of_begin);
  callable->n_args = number_args (finish, self->result, -1, callable->n_args, &self->of_finish);

  callable->args = g_new0 (ConvokeArgInfo, callable->n_args + 1);
  copy_args (callable->args, begin, self->of_begin);
  copy_args (callable->args, finish, self->of_finish);
  copy_arg (&callable->ret, &finish->ret, self->of_finish);
}

static Pair *
pair_new (const ConvokeMethodInfo *begin)
{
  Pair *self = g_new0 (Pair, 1);

  self->begin = begin;
  self->method = *begin;
  self->callback = find_arg (&begin->callable, "Gio.AsyncReadyCallback");
  self->user_data = begin->callable.args[self->callback].closure;
  self->result = find_arg (&begin->finish->callable, "Gio.AsyncResult");
  self->method.refusal = find_refusal (self);
  pair_make_callable (self);

  return self;
}

static const Pair *
ensure_pair (const ConvokeMethodInfo *begin)
{
  static GMutex pairs_lock;
  static GHashTable *pairs;   /* LOCK: pairs_lock; ConvokeMethodInfo -> Pair, as long-lived as that */
  Pair *pair;

  g_mutex_lock (&pairs_lock);
  if (pairs == NULL)
    pairs = g_hash_table_new (NULL, NULL);
  pair = g_hash_table_lookup (pairs, begin);
  if (pair == NULL)
    {
      pair = pair_new (begin);
      g_hash_table_insert (pairs, (gpointer) begin, pair);
    }
  g_mutex_unlock (&pairs_lock);

  return pair;
}

static const Pair *
get_pair (const ConvokeMethodInfo  *begin,
          GError                  **error)
{
  const Pair *self = ensure_pair (begin);

  return convoke_method_info_check (&self->method, error) ? self : NULL;
}

const ConvokeMethodInfo *
convoke_remote_pair_get (const ConvokeMethodInfo  *begin,
                         GError                  **error)
{
  const Pair *self = get_pair (begin, error);

  return self != NULL ? &self->method : NULL;
}

static const ConvokePlan *
get_plan (const ConvokeMethodInfo  *method,
          GError                  **error)
{
  return convoke_plan_get ((ConvokeCallableInfo *) &method->callable, error);
}

gboolean
convoke_remote_pair_can_cross (const ConvokeMethodInfo  *begin,
                               GError                  **error)
{
  const ConvokeMethodInfo *pair = convoke_remote_pair_get (begin, error);
  const ConvokePlan *plan = pair != NULL ? get_plan (pair, error) : NULL;

  return plan != NULL && convoke_wire_can_cross (plan, error);
}

/* --- the caller's side --- */

static const char pair_tag[] = "convoke_remote_pair";

/* The task's data. */
typedef struct
{
  const Pair  *pair;
  ConvokeCall *call;  /* (owned) */
} PairTask;

static void
pair_task_free (gpointer data)
{
  PairTask *self = data;

  g_object_unref (self->call);
  g_free (self);
}

static void
pair_completed (ConvokeCall       *call,
                ConvokeCallNotice  notice,
                gpointer           data)
{
  g_autoptr (GTask) task = NULL;

  if (notice != CONVOKE_CALL_NOTICE_COMPLETED)
    return;

  /* The reference that begin took. */
  task = g_steal_pointer ((GTask **) data);
  g_task_return_boolean (task, TRUE);
}

/* Native arguments of the pair's method, as far as @args has them. */
static void
lay_out (void               **ours,
         const ConvokePlan   *plan,
         void               **args,
         const int           *numbers,
         guint                n_args)
{
  ours[0] = args[0];
  for (guint i = 0; i < n_args; i++)
    if (numbers[i] >= 0)
      ours[1 + numbers[i]] = args[1 + i];

  if (convoke_plan_get_callable (plan)->throws)
    ours[convoke_plan_get_n_native (plan) - 1] = args[1 + n_args];
}

static gboolean
begin_call (const Pair   *pair,
            ConvokeCall  *call,
            void        **args,
            GError      **error)
{
  const ConvokePlan *plan = get_plan (&pair->method, NULL);
  void **ours = g_newa0 (void *, convoke_plan_get_n_native (plan) + 1);

  lay_out (ours, plan, args, pair->of_begin, pair->begin->callable.n_args);
  return convoke_call_begin_native (call, &pair->method, ours, error);
}

static gpointer
get_arg (void **args,
         int    index)
{
  return index >= 0 ? *(gpointer *) args[1 + index] : NULL;
}

static GTask *
task_new (ConvokeProxy *proxy,
          const Pair   *pair,
          void        **args,
          ConvokeCall  *call)
{
  GTask *task = g_task_new (proxy, NULL, (GAsyncReadyCallback) get_arg (args, pair->callback),
                            get_arg (args, pair->user_data));
  PairTask *self = g_new0 (PairTask, 1);

  self->pair = pair;
  self->call = g_object_ref (call);
  g_task_set_source_tag (task, (gpointer) pair_tag);
  g_task_set_task_data (task, self, pair_task_free);

  return task;
}

/* Takes the inputs over. */
static gboolean
launch (GTask   *task,
        void   **args,
        GError **error)
{
  PairTask *self = g_task_get_task_data (task);
  GTask **pending = g_new (GTask *, 1);

  /* Cleared by the completion, which comes exactly once for a begin that succeeded. */
  *pending = g_object_ref (task);
  convoke_call_set_callback (self->call, g_task_get_context (task), pair_completed, pending, g_free);

  if (begin_call (self->pair, self->call, args, error))
    return TRUE;

  g_clear_object (pending);
  return FALSE;
}

/* A call object for the pair, where it can cross and the other side means the same by both methods. */
static ConvokeCall *
make_call (ConvokeProxy             *proxy,
           const ConvokeMethodInfo  *begin,
           GError                  **error)
{
  guint iface, index;

  if (!convoke_remote_pair_can_cross (begin, error) ||
      !convoke_import_find_method (CONVOKE_IMPORT (proxy->target), begin->finish, &iface, &index, error))
    return NULL;

  return convoke_call_new_plain (proxy->target, begin->owner->gtype, proxy->since, NULL, NULL, error);
}

gboolean
convoke_remote_pair_begin (ConvokeProxy             *proxy,
                           const ConvokeMethodInfo  *begin,
                           void                    **args,
                           GError                  **error)
{
  g_autoptr (ConvokeCall) call = make_call (proxy, begin, error);
  g_autoptr (GTask) task = NULL;

  if (call == NULL)
    {
      convoke_frame_consume_native (get_plan (begin, NULL), args, FALSE);
      return FALSE;
    }

  task = task_new (proxy, ensure_pair (begin), args, call);
  return launch (task, args, error);
}

/* --- x_finish, at the caller --- */

static PairTask *
find_task (ConvokeProxy             *proxy,
           const ConvokeMethodInfo  *finish,
           void                    **args,
           GError                  **error)
{
  const Pair *pair = get_pair (finish->begin, error);
  gpointer result;

  if (pair == NULL)
    return NULL;

  result = get_arg (args, pair->result);
  if (g_task_is_valid (result, proxy) && g_task_get_source_tag (result) == pair_tag &&
      ((PairTask *) g_task_get_task_data (result))->pair == pair)
    return g_task_get_task_data (result);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "The result that %s was given is not one of %s on this object",
               finish->callable.name, finish->begin->callable.name);
  return NULL;
}

static gboolean
finish_call (PairTask                 *self,
             void                    **args,
             void                     *ret,
             GError                  **error)
{
  const ConvokeMethodInfo *finish = self->pair->begin->finish;
  const ConvokePlan *plan = get_plan (&self->pair->method, NULL);
  void **ours = g_newa0 (void *, convoke_plan_get_n_native (plan) + 1);

  lay_out (ours, plan, args, self->pair->of_finish, finish->callable.n_args);
  return convoke_call_finish_native (self->call, &self->pair->method, ours, ret, error);
}

/* What the object's x_finish threw did not fail on its way. */
static gboolean
was_thrown (PairTask *self)
{
  ConvokeRecord *record = convoke_call_dup_record_or_last (self->call);
  gboolean thrown = record != NULL && convoke_record_get_error (record) == NULL && record->frame.error != NULL;

  g_clear_pointer (&record, convoke_record_unref);
  return thrown;
}

gboolean
convoke_remote_pair_finish (ConvokeProxy             *proxy,
                            const ConvokeMethodInfo  *finish,
                            void                    **args,
                            void                     *ret,
                            GError                  **error)
{
  const ConvokePlan *plan = get_plan (finish, error);
  g_autoptr (GError) local_error = NULL;
  PairTask *self = find_task (proxy, finish, args, &local_error);

  if (self != NULL && finish_call (self, args, ret, &local_error))
    return TRUE;

  convoke_frame_answer_failed (plan, args, ret);
  if (self != NULL && was_thrown (self))
    {
      convoke_frame_throw_native (plan, args, local_error);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- a call object for one half --- */

static gboolean
keep_results (gpointer data)
{
  return TRUE;
}

/* As in one process: x_async is over when it has begun, and its callback comes later. */
gboolean
convoke_remote_pair_send (ConvokeRecord  *record,
                          GError        **error)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (record);
  g_autoptr (ConvokeApartment) home = convoke_proxy_dup_home ();
  g_autoptr (GObject) proxy = (GObject *) convoke_proxy_table_ensure (record->target, home, error);
  GCallback slot = proxy != NULL ? convoke_method_info_get_slot (method, proxy) : NULL;

  if (proxy == NULL)
    return FALSE;
  if (slot == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement %s.%s",
                   G_OBJECT_TYPE_NAME (proxy), method->owner->name, method->callable.name);
      return FALSE;
    }

  if (convoke_record_start (record))
    convoke_frame_invoke (&record->frame, proxy, slot, keep_results, NULL);
  convoke_record_end (record, NULL, NULL);
  convoke_record_leave (record);
  convoke_record_unref (record);
  return TRUE;
}

/* --- the object's side --- */

/* One call of the object's x_async. */
typedef struct
{
  const Pair        *pair;
  ConvokeServerCall *server_call;  /* (owned) */
  ConvokeRecord     *record;       /* (borrowed) the server call's */
  GAsyncResult      *result;       /* (owned) (nullable) what the callback was given */
} PairRun;

static void
pair_run_free (gpointer data)
{
  PairRun *self = data;

  g_clear_object (&self->result);
  g_object_unref (self->server_call);
  g_free (self);
}

/* What x_async returns is nothing. */
static gboolean
drop_results (gpointer data)
{
  return FALSE;
}

/* The inputs are x_async's. What a method that got them once more would consume goes. */
static void
drop_inputs (const ConvokePlan  *plan,
             void              **args)
{
  for (guint i = 0; i < plan->n_args; i++)
    if (plan->steps[i].pass == CONVOKE_PASS_SHALLOW)
      convoke_container_free (&plan->steps[i].info->type, *(gpointer *) args[1 + i]);
}

static void
call_finish (void     **args,
             void      *ret,
             gpointer   data)
{
  PairRun *self = data;
  const ConvokeMethodInfo *finish = self->pair->begin->finish;
  const ConvokePlan *plan = get_plan (finish, NULL);
  guint n_args = finish->callable.n_args;
  void **theirs = g_newa (void *, convoke_plan_get_n_native (plan) + 1);

  drop_inputs (self->record->frame.plan, args);
  theirs[0] = args[0];
  for (guint i = 0; i < n_args; i++)
    theirs[1 + i] = (int) i == self->pair->result ? (void *) &self->result : args[1 + self->pair->of_finish[i]];
  if (finish->callable.throws)
    theirs[1 + n_args] = args[1 + self->pair->method.callable.n_args];

  ffi_call (convoke_plan_get_cif (plan), convoke_method_info_get_slot (finish, self->record->target), ret, theirs);
}

static void
run_finish (gpointer data)
{
  PairRun *self = data;

  convoke_frame_invoke_callee (&self->record->frame, self->record->target, call_finish, self, keep_results, NULL);
  convoke_server_call_complete_stored (self->server_call, NULL);
}

/* Most callbacks come where x_async was called. Those of an object that has no main context come to the default one. */
static void
pair_ready (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  PairRun *self = data;

  self->result = g_object_ref (result);
  if (convoke_apartment_is_current (self->record->apartment))
    {
      run_finish (self);
      pair_run_free (self);
    }
  else
    convoke_engine_post (self->record->apartment, run_finish, self, pair_run_free);
}

static void
call_begin (void     **args,
            void      *ret,
            gpointer   data)
{
  PairRun *self = data;
  const Pair *pair = self->pair;
  const ConvokePlan *plan = get_plan (pair->begin, NULL);
  guint n_args = pair->begin->callable.n_args;
  void **theirs = g_newa (void *, convoke_plan_get_n_native (plan) + 1);
  gpointer callback = (gpointer) pair_ready;
  gpointer user_data = self;
  ffi_arg nothing[2];

  *(guint64 *) ret = 0;
  theirs[0] = args[0];
  for (guint i = 0; i < n_args; i++)
    theirs[1 + i] = (int) i == pair->callback  ? &callback
                  : (int) i == pair->user_data ? &user_data
                                               : args[1 + pair->of_begin[i]];

  ffi_call (convoke_plan_get_cif (plan), convoke_method_info_get_slot (pair->begin, self->record->target), nothing, theirs);
}

static gboolean
check_slots (const ConvokeMethodInfo  *begin,
             GObject                  *target,
             GError                  **error)
{
  const ConvokeMethodInfo *missing = convoke_method_info_get_slot (begin, target) == NULL ? begin
                                   : convoke_method_info_get_slot (begin->finish, target) == NULL ? begin->finish
                                   : NULL;

  if (missing == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement %s.%s",
               G_OBJECT_TYPE_NAME (target), missing->owner->name, missing->callable.name);
  return FALSE;
}

typedef struct
{
  ConvokeCall parent_instance;
} ConvokePairServer;

typedef struct
{
  ConvokeCallClass parent_class;
} ConvokePairServerClass;

static GType convoke_pair_server_get_type (void);

G_DEFINE_FINAL_TYPE (ConvokePairServer, convoke_pair_server, CONVOKE_TYPE_CALL)

static gboolean
convoke_pair_server_begin (ConvokeCall        *call,
                           ConvokeServerCall  *server_call,
                           GError            **error)
{
  ConvokeRecord *record = convoke_server_call_get_record (server_call);
  /* A pair begins with its method. */
  const Pair *pair = (const Pair *) convoke_record_get_method (record);
  PairRun *self;

  if (!check_slots (pair->begin, record->target, error))
    return FALSE;

  self = g_new0 (PairRun, 1);
  self->pair = pair;
  self->server_call = g_object_ref (server_call);
  self->record = record;

  /* It can be over when this returns, as far as we know. */
  convoke_frame_invoke_callee (&record->frame, record->target, call_begin, self, drop_results, NULL);
  return TRUE;
}

static void
convoke_pair_server_class_init (ConvokePairServerClass *class)
{
  CONVOKE_CALL_CLASS (class)->begin = convoke_pair_server_begin;
}

static void
convoke_pair_server_init (ConvokePairServer *self)
{
}

GObject *
convoke_remote_pair_new_server (void)
{
  return g_object_new (convoke_pair_server_get_type (), NULL);
}
