/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The one queue on which libcurl runs: a main context and a thread that
 * iterates it, for all sessions of the process. Every call into libcurl is
 * made there; other threads put functions. No code of the program runs on it
 * but completion sinks, which come where a call ends.
 *
 * The thread ends after the last session is gone, and is not joined: the last
 * reference to a session may be dropped on the thread itself.
 */

#include "convoke-inet-loop-private.h"

#include <curl/curl.h>
#include <pthread.h>

struct _ConvokeInetLoop
{
  GMainContext     *context;  /* (owned) */
  ConvokeWorkQueue *queue;    /* (owned) served by the context */
  guint             n_users;  /* LOCK: loop_lock */
  gboolean          quit;     /* the thread's own */
};

static GMutex loop_lock;
static ConvokeInetLoop *the_loop; /* (nullable); LOCK: loop_lock */
static gint forked; /* (atomic) */
static GPrivate own_loop;

static void
fork_child (void)
{
  g_atomic_int_set (&forked, TRUE);
}

static void
init_once (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      pthread_atfork (NULL, NULL, fork_child);
      g_once_init_leave (&done, 1);
    }
}

gboolean
convoke_inet_check_forked (GError **error)
{
  if (G_LIKELY (!g_atomic_int_get (&forked)))
    return FALSE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED,
                       "The module was used before fork(), and its thread is in the parent; use it after exec()");
  return TRUE;
}

static void
loop_free (ConvokeInetLoop *self)
{
  g_object_unref (self->queue);
  g_main_context_unref (self->context);
  g_free (self);
}

static gpointer
loop_run (gpointer data)
{
  ConvokeInetLoop *self = data;

  g_private_set (&own_loop, self);
  while (!self->quit)
    g_main_context_iteration (self->context, TRUE);

  loop_free (self);
  return NULL;
}

static ConvokeInetLoop *
loop_new (GError **error)
{
  ConvokeInetLoop *self = g_new0 (ConvokeInetLoop, 1);
  GThread *thread;

  self->context = g_main_context_new ();
  self->queue = convoke_work_queue_new_for_context (self->context);
  thread = g_thread_try_new ("convoke-inet", loop_run, self, NULL);
  if (thread == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "The thread of the transfers could not be started");
      loop_free (self);
      return NULL;
    }

  g_thread_unref (thread);
  return self;
}

ConvokeInetLoop *
convoke_inet_loop_acquire (GError **error)
{
  ConvokeInetLoop *self;

  init_once ();
  if (convoke_inet_check_forked (error))
    return NULL;

  g_mutex_lock (&loop_lock);
  if (the_loop == NULL)
    the_loop = loop_new (error);
  self = the_loop;
  if (self != NULL)
    self->n_users++;
  g_mutex_unlock (&loop_lock);

  return self;
}

static void
quit_cb (gpointer data)
{
  ConvokeInetLoop *self = data;

  self->quit = TRUE;
}

void
convoke_inet_loop_release (ConvokeInetLoop *self)
{
  gboolean last;

  if (g_atomic_int_get (&forked))
    return;

  g_mutex_lock (&loop_lock);
  last = --self->n_users == 0;
  if (last)
    the_loop = NULL;
  g_mutex_unlock (&loop_lock);

  if (last)
    convoke_inet_loop_put (self, quit_cb, self);
}

void
convoke_inet_loop_put (ConvokeInetLoop      *self,
                       ConvokeWorkQueueFunc  func,
                       gpointer              user_data)
{
  /* Fails in a forked child alone, where there is nobody to run it. */
  convoke_work_queue_put_function (self->queue, func, user_data, NULL, NULL);
}

GMainContext *
convoke_inet_loop_get_context (ConvokeInetLoop *self)
{
  return self->context;
}

gboolean
convoke_inet_loop_is_own_thread (void)
{
  return g_private_get (&own_loop) != NULL;
}
