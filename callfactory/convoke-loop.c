/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-loop-private.h"

#include "convoke-error.h"
#include "convoke-identity-private.h"

/* One source for all items: none is made for any of them. */
typedef struct
{
  GSource         source;

  GMainContext   *context; /* (owned) constant */
  ConvokeWorkFunc func;    /* (nullable) what to run next; handed over by the context's own lock, with the ready time */
  gpointer        data;
} Target;

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  Target *self = (Target *) source;
  ConvokeWorkFunc func = self->func;
  gpointer data = self->data;

  /* Before it runs, because it may push the next one. */
  self->func = NULL;
  g_source_set_ready_time (source, -1);
  if (func != NULL)
    func (data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
  .dispatch = dispatch,
};

gpointer
convoke_context_target_new (GMainContext *context)
{
  Target *self = (Target *) g_source_new (&source_funcs, sizeof (Target));

  self->context = g_main_context_ref (context);
  g_source_set_static_name (&self->source, "[convoke] work queue");
  /* An item that runs a loop of its own is still running: the next one waits. */
  g_source_set_can_recurse (&self->source, FALSE);
  g_source_set_ready_time (&self->source, -1);
  g_source_attach (&self->source, context);

  return self;
}

static void
target_push (gpointer        target,
             ConvokeWorkFunc func,
             gpointer        data)
{
  Target *self = target;

  g_assert (self->func == NULL);

  self->data = data;
  self->func = func;
  g_source_set_ready_time (&self->source, 0);
}

/* What else the loop has to do cannot be known, so it gets its turn. */
static gboolean
target_has_queued (gpointer target)
{
  return TRUE;
}

static void
target_unref (gpointer target)
{
  Target *self = target;
  GMainContext *context = self->context;

  g_source_destroy (&self->source);
  g_source_unref (&self->source);
  g_main_context_unref (context);
}

const ConvokeTargetFuncs convoke_context_target_funcs = { target_push, target_has_queued, target_unref };

static gpointer
loop_thread (gpointer data)
{
  g_autoptr (GMainLoop) loop = data;
  GMainContext *context = g_main_loop_get_context (loop);

  g_main_context_push_thread_default (context);
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);

  return NULL;
}

GMainLoop *
convoke_loop_start (GMainContext  *context,
                    GError       **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, TRUE);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GThread) thread = convoke_identity_start_thread ("convoke-loop", loop_thread, g_main_loop_ref (loop), &cause);

  if (thread != NULL)
    return g_steal_pointer (&loop);

  g_main_loop_unref (loop);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "No thread for a loop: %s", cause->message);

  return NULL;
}
