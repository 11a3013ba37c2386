/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A thread that runs a main context of its own: the other place of these tests. */

#include <gio/gio.h>

typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
} TestHome;

static inline gpointer
test_home_main (gpointer data)
{
  TestHome *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  /* What was posted last. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static inline TestHome *
test_home_new (void)
{
  TestHome *self = g_new0 (TestHome, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("home", test_home_main, self);
  return self;
}

typedef struct
{
  void     (*func) (gpointer data);
  gpointer   data;
  GMutex     lock;
  GCond      cond;
  gboolean   done;
} TestHomeRun;

static inline gboolean
test_home_run_cb (gpointer data)
{
  TestHomeRun *run = data;

  run->func (run->data);
  g_mutex_lock (&run->lock);
  run->done = TRUE;
  g_cond_signal (&run->cond);
  g_mutex_unlock (&run->lock);
  return G_SOURCE_REMOVE;
}

/* g_main_context_invoke() would run it here where that thread has not got its context yet. */
static inline void
test_home_queue (TestHome    *self,
                 GSourceFunc  func,
                 gpointer     data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

/* Runs @func in that thread and waits, without serving anything here. */
static inline void
test_home_run (TestHome  *self,
               void     (*func) (gpointer data),
               gpointer   data)
{
  TestHomeRun run = { func, data, };

  g_mutex_init (&run.lock);
  g_cond_init (&run.cond);
  test_home_queue (self, test_home_run_cb, &run);
  g_mutex_lock (&run.lock);
  while (!run.done)
    g_cond_wait (&run.cond, &run.lock);
  g_mutex_unlock (&run.lock);
  g_mutex_clear (&run.lock);
  g_cond_clear (&run.cond);
}

static inline void
test_home_quit (gpointer data)
{
  g_main_loop_quit (data);
}

static inline void
test_home_free (TestHome *self)
{
  test_home_run (self, test_home_quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestHome, test_home_free)

/* --- objects that live there --- */

static inline void
test_home_bind_cb (gpointer data)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (data);

  g_assert_nonnull (apartment);
}

/* Binds @object, which nobody has seen yet, to that thread. */
static inline gpointer
test_home_bind (TestHome *self,
                gpointer  object)
{
  test_home_run (self, test_home_bind_cb, object);
  return object;
}

/* The proxy of an object that lives there; takes @object. */
static inline gpointer
test_home_adopt (TestHome *self,
                 gpointer  object)
{
  g_autoptr (GError) error = NULL;
  GObject *proxy;

  test_home_bind (self, object);
  proxy = convoke_create_proxy (object, &error);
  g_assert_no_error (error);
  g_assert_nonnull (proxy);
  g_object_unref (object);
  return proxy;
}

/* Iterates the default main context until *@flag, with a limit that only a broken program meets. */
static inline gboolean
test_give_up_cb (gpointer data)
{
  g_error ("Waited for a minute");
  return G_SOURCE_REMOVE;
}

static inline void
test_iterate_until (gint *flag)
{
  guint limit = g_timeout_add_seconds (60, test_give_up_cb, NULL);

  while (!g_atomic_int_get (flag))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

static inline void
test_require (const char *namespace_,
              const char *version)
{
  g_autoptr (GError) error = NULL;

  convoke_require (namespace_, version, &error);
  g_assert_no_error (error);
}
