/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * In the caller's process, on a thread of its own.
 *
 * The thread makes the component and then runs a main context. Everything
 * that belongs there holds the context's apartment: the component itself,
 * whatever it handed out, the calls on their way to them. So the end of the
 * apartment is the end of the thread.
 *
 * Who asks waits for the thread as for a call, and can stop waiting: then the
 * thread drops what it made.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-error.h"
#include "convoke-event-core-private.h"
#include "convoke-fork-private.h"
#include "convoke-identity-private.h"
#include "convoke-local-placer-private.h"
#include "convoke-proxy-private.h"
#include "convoke-thread-private.h"
#include "convoke-wait-private.h"

/* --- what the thread is asked for: shared by both sides --- */

typedef struct
{
  ConvokeComponentFile *file;
  ConvokeProperties    *properties; /* (owned) (nullable) */
  GType                 iface;
  ConvokeApartment     *from;       /* (owned): of their objects */
  guint64               chain;      /* of who asks: the component may call back while it is made */
  ConvokeEventCore      changed;    /* set when it has ended, or who asks is cancelled */

  GMutex                lock;
  gboolean              ended;      /* LOCK: lock */
  gboolean              abandoned;  /* LOCK: lock; nobody waits any more */
  GObject              *object;     /* LOCK: lock; (owned) */
  GError               *error;      /* LOCK: lock; (owned) */
} Start;

static Start *
start_new (const ConvokeComponentFile *file,
           const ConvokeProperties    *properties,
           GType                       iface,
           ConvokeApartment           *from)
{
  Start *self = g_atomic_rc_box_new0 (Start);
  guint64 chain = convoke_thread_self ()->chain;

  self->file = convoke_component_file_ref (file);
  self->properties = convoke_properties_ref (properties);
  self->iface = iface;
  self->from = g_object_ref (from);
  self->chain = chain != 0 ? chain : convoke_chain_new ();
  convoke_event_core_init (&self->changed);
  g_mutex_init (&self->lock);
  return self;
}

static void
start_wipe (gpointer data)
{
  Start *self = data;

  convoke_component_file_unref (self->file);
  convoke_properties_unref (self->properties);
  g_object_unref (self->from);
  convoke_event_core_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_clear_error (&self->error);
}

static void
start_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, start_wipe);
}

typedef Start StartRef;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StartRef, start_unref)

/* The last reference would run the object's code here, wherever that is. */
static void
release_object (GObject *object)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (object);

  convoke_apartment_release (apartment, object);
}

/* Takes both. */
static void
start_end (Start   *self,
           GObject *object,
           GError  *error)
{
  gboolean abandoned;

  g_mutex_lock (&self->lock);
  abandoned = self->abandoned;
  self->ended = TRUE;
  self->error = error;
  if (!abandoned)
    self->object = g_steal_pointer (&object);
  g_mutex_unlock (&self->lock);

  convoke_event_core_set (&self->changed);
  if (object != NULL)
    release_object (object);
}

/* --- the thread --- */

typedef struct
{
  GMainContext *context;  /* (owned) */
  gint          over;     /* (atomic): nothing belongs here any more */
} Home;

static Home *
home_new (void)
{
  Home *self = g_atomic_rc_box_new0 (Home);

  self->context = g_main_context_new ();
  return self;
}

static void
home_wipe (gpointer data)
{
  Home *self = data;

  g_main_context_unref (self->context);
}

static void
home_unref (Home *self)
{
  g_atomic_rc_box_release_full (self, home_wipe);
}

static void
apartment_gone_cb (gpointer  data,
                   GObject  *where_it_was)
{
  Home *self = data;

  g_atomic_int_set (&self->over, TRUE);
  g_main_context_wakeup (self->context);
  home_unref (self);
}

/* Also what is not bound to the thread is at home there: its sources, its thread-local data. */
static void
keep_while_it_lives (ConvokeApartment *apartment,
                     GObject          *object)
{
  GQuark quark = g_quark_from_static_string ("convoke-thread-home");

  if (!g_object_replace_qdata (object, quark, NULL, g_object_ref (apartment), g_object_unref, NULL))
    g_object_unref (apartment);
}

static void
create (Start            *start,
        ConvokeApartment *apartment)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;
  ConvokeHold hold;
  GError *error = NULL;
  GObject *object;

  if (!convoke_apartment_try_enter (apartment, &hold))
    g_assert_not_reached ();

  convoke_thread_begin_serving (thread, NULL, start->chain, &outer);
  object = convoke_local_placer_create (start->file, start->properties, start->iface, start->from, &error);
  if (object != NULL && !convoke_is_proxy (object))
    keep_while_it_lives (apartment, object);
  start_end (start, object, error);
  convoke_thread_end_serving (thread, &outer);

  convoke_apartment_leave (apartment, &hold);
}

static void
create_at_home (Start *start,
                Home  *home)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_new_for_context (home->context);

  g_object_weak_ref (G_OBJECT (apartment), apartment_gone_cb, g_atomic_rc_box_acquire (home));
  create (start, apartment);
}

static gpointer
run_home (gpointer data)
{
  g_autoptr (StartRef) start = data;
  Home *home = home_new ();

  g_main_context_push_thread_default (home->context);
  create_at_home (start, home);
  g_clear_pointer (&start, start_unref);

  while (!g_atomic_int_get (&home->over))
    g_main_context_iteration (home->context, TRUE);

  g_main_context_pop_thread_default (home->context);
  home_unref (home);
  return NULL;
}

/* --- who asks --- */

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  Start *self = data;

  convoke_event_core_set (&self->changed);
}

static gint64
time_until (gint64 deadline)
{
  return deadline < 0 ? -1 : MAX (0, deadline - g_get_monotonic_time ());
}

static void
wait_for_end (Start        *self,
              gint64        deadline,
              GCancellable *cancellable)
{
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_atomic_rc_box_acquire (self), start_unref);

  convoke_wait (&self->changed, FALSE, self->chain, CONVOKE_WAIT_DEFAULT, time_until (deadline), NULL);
  g_cancellable_disconnect (cancellable, id);
}

static void
set_abandoned (const Start   *self,
               GCancellable  *cancellable,
               GError       **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED,
                 "The activation of %s was cancelled", self->file->class_name);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT,
                 "The activation of %s took too long", self->file->class_name);
}

/* The object, as the thread made it, or why there is none. */
static GObject *
start_take (Start         *self,
            GCancellable  *cancellable,
            GError       **error)
{
  GObject *object;

  g_mutex_lock (&self->lock);
  object = g_steal_pointer (&self->object);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  self->abandoned = !self->ended;
  if (self->abandoned)
    set_abandoned (self, cancellable, error);
  g_mutex_unlock (&self->lock);

  return object;
}

static GObject *
make_elsewhere (const ConvokeComponentFile  *file,
                const ConvokeProperties     *properties,
                GType                        iface,
                ConvokeApartment            *home,
                gint64                       deadline,
                GCancellable                *cancellable,
                GError                     **error)
{
  g_autoptr (StartRef) start = start_new (file, properties, iface, home);
  g_autoptr (GError) local_error = NULL;
  GThread *thread = convoke_identity_start_thread ("convoke-home", run_home, g_atomic_rc_box_acquire (start), &local_error);

  if (thread == NULL)
    {
      start_unref (start);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "There is no thread for %s: %s", file->class_name, local_error->message);
      return NULL;
    }

  g_thread_unref (thread);
  wait_for_end (start, deadline, cancellable);
  return start_take (start, cancellable, error);
}

gboolean
convoke_thread_placer_is_available (const ConvokeComponentFile  *file,
                                    GError                     **error)
{
  /* Its thread is that of the process that uses it first, and these end. */
  if (!g_str_equal (file->loader, "peas"))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "libpeas can be used on one thread of a process only");
  return FALSE;
}

GObject *
convoke_thread_placer_activate (const ConvokeComponentFile  *file,
                                const ConvokeProperties     *properties,
                                GType                        iface,
                                gpointer                     home,
                                gint64                       deadline,
                                GCancellable                *cancellable,
                                GVariantDict                *placement,
                                GError                     **error)
{
  GObject *object;
  GObject *proxy;

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  object = make_elsewhere (file, properties, iface, home, deadline, cancellable, error);
  if (object == NULL || convoke_is_proxy (object))
    return object;

  proxy = (GObject *) convoke_proxy_table_ensure (object, home, error);
  release_object (object);
  return proxy;
}
