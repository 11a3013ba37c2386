/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a process does that has nothing to do but be a host: it makes the
 * components that the other end of its one socket asks for, serves them, and
 * goes when nobody has any of them.
 *
 * The main thread runs the default main context, where components without
 * declared threading live; it reads the socket itself. Requests to activate
 * come on a thread of the pool, so that the loading of a component that hangs
 * holds up nothing but itself and the objects of its thread.
 *
 * Whether it is idle is looked at now and then: only a request to activate can
 * end an idle time, so two looks without one between them that both find
 * nothing are enough.
 */

#include "config.h"

#include "convoke-host.h"

#include "convoke-apartment-private.h"
#include "convoke-channel-private.h"
#include "convoke-component-file-private.h"
#include "convoke-engine-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"
#include "convoke-local-placer-private.h"
#include "convoke-parcel-private.h"
#include "convoke-server-process.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOKS_PER_IDLE_TIME 4
#define SHORTEST_LOOK 10  /* milliseconds */
/* Whoever started the process and never asks for anything has changed their mind. */
#define PATIENCE (60 * G_USEC_PER_SEC)
/* What components still have in their streams may take so long. */
#define FLUSH_TIME (G_USEC_PER_SEC)

static GMutex            start_lock;          /* held until the channel is known, as requests can come before */
static ConvokeChannel   *host_channel;        /* LOCK: start_lock; constant once it is known */
static ConvokeApartment *host_apartment;      /* constant: of the main thread */
static gint              n_activations;       /* atomic; so many were asked for */

/* Of the main thread: */
static gint64            idle_timeout = PATIENCE;  /* microseconds */
static guint             look;                /* the source */
static gint64            idle_since;          /* monotonic; 0: it is busy */
static gint              n_activations_seen;
static gboolean          had_file;            /* idle_timeout is a component's */

/* --- the end --- */

static gpointer
end_late_cb (gpointer data)
{
  g_usleep (FLUSH_TIME);
  _exit (EXIT_SUCCESS);
  return NULL;
}

/* Not exit (): threads of components run on, and what is torn down under them crashes. Any thread. */
static void G_GNUC_NORETURN
end_process (int status)
{
  GThread *guard = g_thread_try_new ("convoke-host-end", end_late_cb, NULL, NULL);

  /* A stream can be locked by a thread that never comes back. */
  if (guard != NULL)
    fflush (NULL);
  _exit (status);
}

static gboolean
is_fault (const GError *why)
{
  return g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL)
         || g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
}

/* What is on stderr is the last words that the other side is told. */
static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        data)
{
  if (!is_fault (why))
    end_process (EXIT_SUCCESS);

  fprintf (stderr, "convoke-host: %s\n", why->message);
  end_process (EXIT_FAILURE);
}

/* --- idle time --- */

static gboolean
is_busy (void)
{
  gint n = g_atomic_int_get (&n_activations);
  gboolean activated = n != n_activations_seen;

  n_activations_seen = n;
  return activated || convoke_channel_get_n_calls (host_channel) > 0 || convoke_channel_get_n_exports (host_channel) > 0
         || convoke_server_process_is_in_use ();
}

static void
leave (void)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING,
                                                "Nobody had any object of the host");

  convoke_channel_close (host_channel, why);
  end_process (EXIT_SUCCESS);
}

static void schedule_look (void);

static gboolean
look_cb (gpointer data)
{
  gint64 now = g_get_monotonic_time ();

  if (is_busy ())
    idle_since = 0;
  else if (idle_since == 0)
    idle_since = now;
  if (idle_since != 0 && now - idle_since >= idle_timeout)
    leave ();

  look = 0;
  schedule_look ();
  return G_SOURCE_REMOVE;
}

static void
schedule_look (void)
{
  guint64 interval = idle_timeout / 1000 / LOOKS_PER_IDLE_TIME;

  g_clear_handle_id (&look, g_source_remove);
  look = g_timeout_add_full (G_PRIORITY_DEFAULT, CLAMP (interval, SHORTEST_LOOK, G_MAXUINT), look_cb, NULL, NULL);
}

/* On the main thread. The longest one of those who share the process counts. Nobody can share that of one instance. */
static void
take_idle_timeout_cb (gpointer data)
{
  const ConvokeComponentFile *file = data;
  gint64 wanted = file->per_instance ? 0 : file->idle_timeout;

  idle_timeout = had_file ? MAX (idle_timeout, wanted) : wanted;
  had_file = TRUE;
  idle_since = 0;
  schedule_look ();
}

/* --- activation --- */

/* What is asked for, and what comes of it. */
typedef struct
{
  ConvokeComponentFile  *file;        /* (owned) */
  ConvokeProperties     *properties;  /* (owned) */
  GObject               *object;      /* (out) */
  GError               **error;
} Creation;

static void
creation_clear (Creation *self)
{
  g_clear_pointer (&self->file, convoke_component_file_unref);
  g_clear_pointer (&self->properties, convoke_properties_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Creation, creation_clear)

static void
create_cb (gpointer data)
{
  Creation *self = data;

  self->object = convoke_local_placer_create (self->file, self->properties, G_TYPE_OBJECT, host_apartment, self->error);
}

/* Where a component without declared threading belongs can depend on its class, which is known only when it is loaded; until
 * then it is taken for the main thread's. */
static gboolean
belongs_to_main_thread (const ConvokeComponentFile *file)
{
  return !file->has_threading || file->threading == CONVOKE_THREADING_CONTEXT;
}

/* A group's process can have what another of the group cannot be with. */
static gboolean
admits (const ConvokeComponentFile  *file,
        GError                     **error)
{
  if (convoke_firewall_admits (file, error))
    return TRUE;

  g_prefix_error (error, "%s cannot be in the process of %s%s: ", file->class_name,
                  file->group != NULL ? "the group " : "its host", file->group != NULL ? file->group : "");
  return FALSE;
}

static GObject *
create (Creation  *self,
        GError   **error)
{
  if (!admits (self->file, error))
    return NULL;

  self->error = error;
  if (!belongs_to_main_thread (self->file))
    create_cb (self);
  else if (!convoke_engine_invoke (host_apartment, create_cb, self, error))
    return NULL;

  return self->object;
}

static gboolean
read_request (ConvokeChannel     *channel,
              ConvokeWireReader  *body,
              Creation           *creation,
              GError            **error)
{
  g_autoptr (GVariant) variant = convoke_wire_get_variant (body, error);
  g_auto (ConvokeParcel) parcel = { { 0, }, };

  if (variant == NULL)
    return FALSE;

  /* First its typelibs: proxies of what it is made with have the interfaces that are known here. */
  creation->file = convoke_component_file_from_variant (variant, error);
  if (creation->file == NULL || !convoke_component_require (creation->file, error))
    return FALSE;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), host_apartment);
  creation->properties = convoke_wire_read_properties (body, &parcel.refs, error);
  return creation->properties != NULL && convoke_wire_reader_end (body, error);
}

/* Only who started the process may have it run code: other connections of its components are refused. */
static gboolean
check_channel (ConvokeChannel  *channel,
               GError         **error)
{
  gboolean ours;

  g_mutex_lock (&start_lock);
  ours = channel == host_channel;
  g_mutex_unlock (&start_lock);
  if (ours)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
                       "This process makes components for the one that started it only");
  return FALSE;
}

static gboolean
handle_activate (ConvokeChannel     *channel,
                 GObject            *none,
                 ConvokeWireReader  *body,
                 ConvokeWireWriter  *reply,
                 GError            **error)
{
  g_auto (Creation) creation = { NULL, };
  GObject *object;

  if (!check_channel (channel, error))
    return FALSE;

  g_atomic_int_inc (&n_activations);
  if (!read_request (channel, body, &creation, error))
    return FALSE;

  convoke_engine_post (host_apartment, take_idle_timeout_cb, convoke_component_file_ref (creation.file),
                       (GDestroyNotify) convoke_component_file_unref);
  object = create (&creation, error);
  return object != NULL && convoke_parcel_answer (convoke_channel_get_objects (channel), object, reply, error);
}

/* --- running --- */

static gboolean
check_socket (int      fd,
              GError **error)
{
  struct stat info;

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISSOCK (info.st_mode))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "The descriptor %d is no socket: a host is started by those who use its components", fd);
  return FALSE;
}

/**
 * convoke_host_run:
 * @fd: a connected stream socket, which is taken over
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes this process a host: it serves the components that the other end of
 * @fd activates.
 *
 * It is all that the main function of a host for components of some language
 * has to do, once the language is ready: Convoke starts it with the socket as
 * descriptor 3. Components that declare no other threading live on the
 * calling thread, which must be the main thread and runs the default main
 * context.
 *
 * It returns only when it fails. Otherwise the process ends: with status 0,
 * at once, when the other end closes the socket or dies, and when nobody has
 * had an object of the host for the `IdleTimeout=` of its components; with
 * status 1 when the other end breaks the protocol or is of another version.
 * Threads of components are not waited for; standard streams are flushed.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @fd is no socket,
 * %CONVOKE_ERROR_UNEXPECTED when the process is a host already, and
 * %CONVOKE_ERROR_OUT_OF_RESOURCES.
 *
 * Returns: %FALSE
 *
 * Since: 0.1
 */
gboolean
convoke_host_run (int      fd,
                  GError **error)
{
  ConvokeChannelOptions options = { .peer_name = "the program that started this host", .serves = TRUE, .ended = ended_cb };
  g_autoptr (GMainLoop) loop = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_socket (fd, error))
    return FALSE;
  if (host_channel != NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED, "This process is a host already");
      return FALSE;
    }

  host_apartment = convoke_apartment_new_for_context (g_main_context_default ());
  convoke_request_handlers[CONVOKE_REQUEST_ACTIVATE] = handle_activate;
  g_mutex_lock (&start_lock);
  host_channel = convoke_channel_new (fd, &options, error);
  g_mutex_unlock (&start_lock);
  if (host_channel == NULL)
    return FALSE;

  convoke_channel_read_in_context (host_channel, g_main_context_default ());
  schedule_look ();
  loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (loop);
  return FALSE;
}
