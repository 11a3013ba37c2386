/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A callback that crosses to another apartment is replaced by a function that
 * runs it where it came from, with the user data of the replacement pointing
 * to a trampoline. The function is one per callback type; only the trampoline
 * is made per callback.
 *
 * How long a trampoline lives is the callback's scope:
 *   call      until the call that it was given to is over: the call's frame owns it
 *   async     until the callback has run, once
 *   notified  until its destroy notify, which also runs where it came from
 *   forever   for ever, as the callback itself
 * and in each case until the frame goes, where the callee never got it.
 *
 * The callee waits while the callback runs, so that whatever the callback's
 * arguments point to is there. GAsyncReadyCallback is different: it only tells,
 * it carries references, and its caller is usually the callee's main loop;
 * it is posted, unless its scope says that it may be called again.
 */

#include "config.h"

#include "convoke-engine-private.h"
#include "convoke-error.h"
#include "convoke-proxy-private.h"
#include "convoke-trampoline-private.h"
#include "convoke-visit-private.h"

typedef struct
{
  const ConvokeArgInfo *arg;
  gpointer              callback;
  gpointer              data;
  GDestroyNotify        destroy;
  ConvokeApartment     *home;    /* (owned) where the callback came from */
  ConvokeApartment     *away;    /* (owned) where it was given to */
} Trampoline;

static Trampoline *
trampoline_new (const ConvokeArgInfo *arg,
                gpointer              callback,
                gpointer              data,
                ConvokeApartment     *home,
                ConvokeApartment     *away)
{
  Trampoline *self = g_new0 (Trampoline, 1);

  self->arg = arg;
  self->callback = callback;
  self->data = data;
  self->home = g_object_ref (home);
  self->away = g_object_ref (away);
  return self;
}

static void
trampoline_free (gpointer data)
{
  Trampoline *self = data;

  g_object_unref (self->home);
  g_object_unref (self->away);
  g_free (self);
}

/* --- the callee waits --- */

typedef struct
{
  Trampoline   *trampoline;
  ConvokeFrame  frame;
} Visit;

static GObject *
map_to_home (GObject               *object,
             const ConvokeTypeInfo *type,
             gpointer               user_data)
{
  Trampoline *self = user_data;

  return convoke_proxy_map_object (object, type, self->away, self->home);
}

static GObject *
map_to_away (GObject               *object,
             const ConvokeTypeInfo *type,
             gpointer               user_data)
{
  Trampoline *self = user_data;

  return convoke_proxy_map_object (object, type, self->home, self->away);
}

static gboolean
map_callback_to_home (const ConvokeArgInfo  *arg,
                      gpointer              *callback,
                      gpointer              *data,
                      gpointer              *destroy,
                      gpointer              *owned,
                      GDestroyNotify        *free_owned,
                      gpointer               user_data,
                      GError               **error)
{
  Trampoline *self = user_data;

  return convoke_trampoline_map_callback (arg, callback, data, destroy, owned, free_owned,
                                          self->away, self->home, error);
}

/* A callback has no server call. */
static gboolean
keep_results (gpointer data)
{
  return TRUE;
}

static void
run_visit (gpointer data)
{
  Visit *self = data;

  convoke_frame_invoke (&self->frame, NULL, (GCallback) self->trampoline->callback, keep_results, NULL);
  convoke_frame_map_out (&self->frame, map_to_away, self->trampoline);
}

/* What fails on the way has nobody to be told but the callee, who gets the
 * answer of a callback that did nothing. */
static void
visit_home (Trampoline         *self,
            const ConvokePlan  *plan,
            void              **args,
            void               *ret)
{
  Visit visit = { self, };
  g_autoptr (GError) error = NULL;

  convoke_frame_init_borrowed (&visit.frame, plan, args, ret);
  if (!convoke_frame_map_in (&visit.frame, map_to_home, map_callback_to_home, self, &error) ||
      !convoke_engine_invoke (self->home, run_visit, &visit, &error))
    convoke_frame_set_failed (&visit.frame, error);
  convoke_frame_clear (&visit.frame);
}

/* --- GAsyncReadyCallback of scope async --- */

typedef struct
{
  Trampoline   *trampoline;  /* (owned) */
  GObject      *source;      /* (owned) (nullable) */
  GAsyncResult *result;      /* (owned) */
} Ready;

static void
ready_free (gpointer data)
{
  Ready *self = data;

  g_clear_object (&self->source);
  g_clear_object (&self->result);
  trampoline_free (self->trampoline);
  g_free (self);
}

static void
run_ready (gpointer data)
{
  Ready *self = data;

  ((GAsyncReadyCallback) self->trampoline->callback) (self->source, self->result, self->trampoline->data);
}

/* Takes @self. */
static void
post_ready (Trampoline   *self,
            GObject      *source,
            GAsyncResult *result)
{
  const ConvokeTypeInfo any = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject" };
  Ready *ready = g_new0 (Ready, 1);
  ConvokeApartment *home = self->home;

  ready->trampoline = self;
  ready->result = g_object_ref (result);
  if (source != NULL)
    {
      ready->source = convoke_proxy_map_object (source, &any, self->away, home);
      if (ready->source == NULL)
        ready->source = g_object_ref (source);
    }

  convoke_engine_post (home, run_ready, ready, ready_free);
}

static gboolean
is_ready_callback (const ConvokeArgInfo *arg)
{
  return arg->scope == CONVOKE_SCOPE_ASYNC && g_strcmp0 (arg->type.name, "Gio.AsyncReadyCallback") == 0;
}

/* --- the functions that stand in --- */

/* The index of the user data among a callback's arguments, or -1. */
static int
find_user_data (const ConvokeCallableInfo *callable)
{
  int found = -1;

  for (guint i = 0; i < callable->n_args; i++)
    {
      const ConvokeArgInfo *arg = &callable->args[i];

      if (arg->direction != CONVOKE_DIRECTION_IN ||
          (arg->type.kind != CONVOKE_TYPE_KIND_POINTER && !(arg->type.kind == CONVOKE_TYPE_KIND_VOID && arg->type.is_pointer)))
        continue;

      /* In a typelib, the user data of a callback names itself; where it was not annotated it is the last pointer. */
      if (arg->closure == (int) i || arg->closure_of >= 0)
        return i;
      found = i;
    }

  return found;
}

static void
run_trampoline (const ConvokeCallableInfo  *callable,
                const ConvokePlan          *plan,
                void                      **args,
                void                       *ret)
{
  int user_data = find_user_data (callable);
  Trampoline *self = *(Trampoline **) args[user_data];
  gpointer data = self->data;

  if (is_ready_callback (self->arg))
    {
      post_ready (self, *(GObject **) args[0], *(GAsyncResult **) args[1]);
      return;
    }

  args[user_data] = &data;
  if (convoke_apartment_is_current (self->home))
    ffi_call (convoke_plan_get_cif (plan), (GCallback) self->callback, ret, args);
  else
    visit_home (self, plan, args, ret);

  if (self->arg->scope == CONVOKE_SCOPE_ASYNC)
    trampoline_free (self);
}

static void
run_destroy (gpointer data)
{
  Trampoline *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
}

/* The destroy notify of every notified callback. */
static void
destroy_trampoline (gpointer data)
{
  Trampoline *self = data;

  if (convoke_apartment_is_current (self->home))
    {
      run_destroy (self);
      trampoline_free (self);
    }
  else
    convoke_engine_post (self->home, run_destroy, self, trampoline_free);
}

/* --- mapping --- */

static gboolean
stays_as_it_is (gpointer          callback,
                ConvokeApartment *from,
                ConvokeApartment *to)
{
  return callback == NULL || from == NULL || from == to ||
         convoke_apartment_get_threading (from) == CONVOKE_THREADING_ANY;
}

static gboolean
check_callback (const ConvokeArgInfo  *arg,
                gpointer              *data,
                GError               **error)
{
  const char *why = NULL;

  if (arg->type.callback == NULL)
    why = "nothing describes its arguments";
  else if (arg->scope == CONVOKE_SCOPE_NONE)
    why = "nothing says how long it is needed (scope)";
  else if (data == NULL || arg->closure < 0 || find_user_data (arg->type.callback) < 0)
    why = "it has no user data";

  if (why == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The callback '%s' cannot be called from elsewhere: %s", arg->name, why);
  return FALSE;
}

gboolean
convoke_trampoline_map_callback (const ConvokeArgInfo  *arg,
                                 gpointer              *callback,
                                 gpointer              *data,
                                 gpointer              *destroy,
                                 gpointer              *owned,
                                 GDestroyNotify        *free_owned,
                                 gpointer               from_apartment,
                                 gpointer               to_apartment,
                                 GError               **error)
{
  g_autoptr (ConvokeApartment) home = NULL;
  Trampoline *self;
  GCallback code;

  if (stays_as_it_is (*callback, from_apartment, to_apartment))
    return TRUE;

  if (!check_callback (arg, data, error))
    return FALSE;

  code = convoke_closure_get (arg->type.callback, run_trampoline, error);
  if (code == NULL)
    return FALSE;

  home = arg->scope == CONVOKE_SCOPE_CALL ? g_object_ref (from_apartment) : convoke_visit_dup_lasting (from_apartment);
  self = trampoline_new (arg, *callback, *data, home, to_apartment);
  *callback = (gpointer) code;
  *data = self;

  *owned = self;
  *free_owned = trampoline_free;

  if (arg->scope == CONVOKE_SCOPE_NOTIFIED && destroy != NULL && arg->destroy >= 0)
    {
      self->destroy = *(GDestroyNotify *) destroy;
      *destroy = (gpointer) destroy_trampoline;
    }

  return TRUE;
}
