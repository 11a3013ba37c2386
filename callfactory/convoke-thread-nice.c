/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-thread-nice-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-nursery-private.h"
#include "convoke-timer-private.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>

#define PATIENCE 1000 /* milliseconds, for one answer */

/* Who can be asked; they have the same method. */
typedef struct
{
  GBusType    bus;
  const char *name;
  const char *path;
  const char *iface;
} Service;

static const Service services[] = {
  {
    G_BUS_TYPE_SESSION, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Realtime",
  },
  {
    G_BUS_TYPE_SYSTEM, "org.freedesktop.RealtimeKit1", "/org/freedesktop/RealtimeKit1",
    "org.freedesktop.RealtimeKit1",
  },
};

static gint denied; /* (atomic) for tests */

void
convoke_thread_deny_nice (gboolean deny)
{
  g_atomic_int_set (&denied, deny);
}

static pid_t
get_thread_id (void)
{
  return (pid_t) syscall (SYS_gettid);
}

/* GIO would start a session bus of its own where there is none. */
static gboolean
has_bus (GBusType bus)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  return bus == G_BUS_TYPE_SYSTEM || g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL
         || g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A connection of our own: the program's may end the program when its bus does. */
static GDBusConnection *
connect_to_bus (GBusType      bus,
                GCancellable *cancellable,
                GError      **error)
{
  g_autofree char *address = NULL;

  if (!has_bus (bus))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no session bus");
      return NULL;
    }

  address = g_dbus_address_get_for_bus_sync (bus, cancellable, error);
  if (address == NULL)
    return NULL;

  return g_dbus_connection_new_for_address_sync (address,
                                                 G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                 | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                 NULL, cancellable, error);
}

static gboolean
ask_service (const Service  *service,
             int             nice,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus (service->bus, cancellable, error);
  g_autoptr (GVariant) reply = NULL;

  if (connection == NULL)
    return FALSE;

  reply = g_dbus_connection_call_sync (connection, service->name, service->path, service->iface,
                                       "MakeThreadHighPriorityWithPID",
                                       g_variant_new ("(tti)", (guint64) getpid (), (guint64) get_thread_id (), nice),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE, cancellable, error);
  g_dbus_connection_close_sync (connection, NULL, NULL);

  return reply != NULL;
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED);
}

/* Bounds what a bus can take that does not answer; freed by the second of the asking thread and the timer. */
typedef struct
{
  ConvokeTimer  timer;
  GCancellable *cancellable; /* (owned) */
  gint          n_users;     /* (atomic) */
} Bound;

static void
bound_leave (Bound *self)
{
  if (!g_atomic_int_dec_and_test (&self->n_users))
    return;

  g_object_unref (self->cancellable);
  g_free (self);
}

static void
give_up_cb (ConvokeTimer *timer)
{
  Bound *self = (Bound *) timer;

  g_cancellable_cancel (self->cancellable);
  bound_leave (self);
}

static Bound *
bound_enter (void)
{
  Bound *self = g_new0 (Bound, 1);

  self->timer.func = give_up_cb;
  self->cancellable = g_cancellable_new ();
  self->n_users = 2;
  convoke_timer_arm (&self->timer, g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND);

  return self;
}

static gboolean
ask_for_a_while (const Service  *service,
                 int             nice,
                 GError        **error)
{
  Bound *bound = bound_enter ();
  gboolean done = ask_service (service, nice, bound->cancellable, error);

  if (convoke_timer_disarm (&bound->timer))
    bound_leave (bound);
  bound_leave (bound);

  return done;
}

static gboolean
ask_somebody (int      nice,
              GError **error)
{
  GString *answers = g_string_new (NULL);
  gboolean refused = FALSE;
  gboolean done = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (services) && !done; i++)
    {
      g_autoptr (GError) cause = NULL;

      done = ask_for_a_while (&services[i], nice, &cause);
      if (done)
        break;

      refused |= is_refusal (cause);
      g_dbus_error_strip_remote_error (cause);
      g_string_append_printf (answers, "; %s: %s", services[i].name, cause->message);
    }

  if (!done)
    g_set_error (error, CONVOKE_ERROR, refused ? CONVOKE_ERROR_ACCESS_DENIED : CONVOKE_ERROR_NOT_SUPPORTED,
                 "No thread of this process may have nice value %d; raise its RLIMIT_NICE or provide a real-time "
                 "service%s", nice, answers->str);
  g_string_free (answers, TRUE);

  return done;
}

int
convoke_thread_get_usual_nice (void)
{
  return getpriority (PRIO_PROCESS, (id_t) getpid ());
}

static gboolean
set_nice (int       nice,
          gboolean  ask,
          GError  **error)
{
  if (!g_atomic_int_get (&denied) && setpriority (PRIO_PROCESS, (id_t) get_thread_id (), nice) == 0)
    return TRUE;
  if (ask)
    return ask_somebody (nice, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "No thread of this process may have nice value %d: %s", nice, g_strerror (errno));
  return FALSE;
}

#else

int
convoke_thread_get_usual_nice (void)
{
  return 0;
}

void
convoke_thread_deny_nice (gboolean deny)
{
}

static gboolean
set_nice (int       nice,
          gboolean  ask,
          GError  **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "On this system threads have no nice values of their own");
  return FALSE;
}

#endif

gboolean
convoke_thread_set_nice (int       nice,
                         gboolean  ask,
                         GError  **error)
{
  if (!set_nice (nice, ask, error))
    return FALSE;

  convoke_nursery_set_needed (nice != convoke_thread_get_usual_nice ());

  return TRUE;
}
