/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A host is in the table from the moment in which somebody decides to start it
 * until its channel has ended, or it is given up. Who finds one that is being
 * started waits for that; the start itself (a process, a channel) is short. A
 * host that says HELLO late or never is its users' business, each of whom has
 * a deadline.
 *
 * References: the table's, that of its channel until that has ended, and one
 * of each user. With the last one the process is killed if it still runs. The
 * channel itself can live on, as proxies keep it; what it asks us then finds
 * nothing.
 */

#include "config.h"

#include "convoke-host-process-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-object-table-private.h"
#include "convoke-pool-private.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a process may take to end by itself once its socket is closed. */
#define END_TIME (2 * G_USEC_PER_SEC)
/* How long the true cause of a socket's end is waited for. */
#define EXPLAIN_TIME (G_USEC_PER_SEC / 4)

#define HOST_DIR_NAME "convoke-1"

struct _ConvokeHostProcess
{
  gint            ref_count;  /* atomic */
  /* Constant once it is started: */
  char           *key;        /* (nullable): NULL, for one instance only */
  char           *program;
  ConvokeChild   *child;      /* (owned) */
  ConvokeChannel *channel;    /* (owned) */
  gint64          ready_by;

  gboolean        started;    /* LOCK: lock; or failed */
  GError         *failure;    /* LOCK: lock; (nullable): why it could not be started */
  guint           n_users;    /* LOCK: lock; activations under way */
  gboolean        useful;     /* LOCK: lock; it made an object */
  gboolean        stuck;      /* LOCK: lock; somebody waited in vain */
};

static GMutex      lock;
static GCond       start_over;
static GHashTable *hosts;     /* LOCK: lock; key -> ConvokeHostProcess (owned) */

/* --- finding the program --- */

typedef struct
{
  const char *loader;
  const char *program;
} HostKind;

static const HostKind host_kinds[] = {
  { "c", "convoke-host" },
  { "python", "convoke-host-python" },
  /* libpeas starts languages by itself. */
  { "peas", "convoke-host" },
};

static const char *
find_kind (const char  *loader,
           GError     **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (host_kinds); i++)
    if (g_str_equal (host_kinds[i].loader, loader))
      return host_kinds[i].program;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "There is no host for components of the loader “%s”", loader);
  return NULL;
}

/* The folder of hosts of the installation that this code is part of: one that was moved still works. */
static void
add_own_dirs (GPtrArray *dirs)
{
  g_autofree char *dir = NULL;
  Dl_info info;

  if (dladdr ((gpointer) convoke_host_process_find_program, &info) == 0 || info.dli_fname == NULL)
    return;

  dir = g_path_get_dirname (info.dli_fname);
  for (int level = 0; level < 3; level++)
    {
      char *parent = g_path_get_dirname (dir);

      g_ptr_array_add (dirs, g_build_filename (parent, "libexec", HOST_DIR_NAME, NULL));
      g_free (dir);
      dir = parent;
    }
}

static GPtrArray *
list_dirs (void)
{
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);
  /* A privileged program must not run what its caller's environment names. */
  const char *path = secure_getenv ("CONVOKE_HOST_PATH");
  g_auto (GStrv) entries = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);

  for (gsize i = 0; entries[i] != NULL; i++)
    if (*entries[i] != '\0')
      g_ptr_array_add (dirs, g_strdup (entries[i]));
  g_ptr_array_add (dirs, g_strdup (CONVOKE_HOST_DIR));
  add_own_dirs (dirs);

  return dirs;
}

char *
convoke_host_process_find_program (const char  *loader,
                                   GError     **error)
{
  const char *program = find_kind (loader, error);
  g_autoptr (GPtrArray) dirs = NULL;
  g_autofree char *tried = NULL;

  if (program == NULL)
    return NULL;

  dirs = list_dirs ();
  for (guint i = 0; i < dirs->len; i++)
    {
      g_autofree char *path = g_build_filename (dirs->pdata[i], program, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }

  g_ptr_array_add (dirs, NULL);
  tried = g_strjoinv (", ", (char **) dirs->pdata);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE,
               "The host of components of the loader “%s” is not installed: no file %s in %s", loader, program, tried);
  return NULL;
}

/* --- life --- */

static ConvokeHostProcess *
host_ref (ConvokeHostProcess *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
free_cb (gpointer data)
{
  ConvokeHostProcess *self = data;

  /* It goes by itself once its socket is closed, and may have something to write until then. */
  if (self->child != NULL)
    {
      convoke_pool_wait_enter ();
      convoke_child_wait (self->child, END_TIME);
      convoke_child_unref (self->child);
      convoke_pool_wait_leave ();
    }
  g_clear_error (&self->failure);
  g_free (self->program);
  g_free (self->key);
  g_free (self);
}

static void
host_unref (ConvokeHostProcess *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->channel, convoke_channel_unref);
  /* It can wait for the process: not on the thread that reads sockets, nor on a caller's. */
  convoke_pool_push (free_cb, self);
}

/* --- the table --- */

/* All that a process is given when it starts: who shares it must want the same. */
static char *
make_key (const ConvokeComponentFile *file)
{
  g_autofree char *environment = g_strjoinv ("\n", file->environment);
  const char *whose = file->group != NULL ? file->group : file->path;

  if (file->per_instance)
    return NULL;

  return g_strjoin ("\n", file->group != NULL ? "group" : "class", whose, file->loader, environment, NULL);
}

static ConvokeHostProcess *
find_locked (const char *key)
{
  return key != NULL && hosts != NULL ? g_hash_table_lookup (hosts, key) : NULL;
}

static ConvokeHostProcess *
add_locked (char *key)
{
  ConvokeHostProcess *self = g_new0 (ConvokeHostProcess, 1);

  self->ref_count = 1;
  self->key = key;
  if (key == NULL)
    return self;

  if (hosts == NULL)
    hosts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (hosts, self->key, host_ref (self));
  return self;
}

/* TRUE: a reference is the caller's to drop. */
static gboolean
remove_locked (ConvokeHostProcess *self)
{
  return self->key != NULL && find_locked (self->key) == self && g_hash_table_remove (hosts, self->key);
}

static void
remove_host (ConvokeHostProcess *self)
{
  gboolean removed;

  g_mutex_lock (&lock);
  removed = remove_locked (self);
  g_mutex_unlock (&lock);

  if (removed)
    host_unref (self);
}

/* --- starting --- */

/* What the channel has of us. */
typedef struct
{
  GMutex              lock;
  ConvokeHostProcess *host;  /* LOCK: lock; (owned) (nullable): NULL once the channel has ended */
} Tie;

static Tie *
tie_new (ConvokeHostProcess *host)
{
  Tie *self = g_new0 (Tie, 1);

  g_mutex_init (&self->lock);
  self->host = host_ref (host);
  return self;
}

static ConvokeHostProcess *
tie_dup_host (Tie *self)
{
  ConvokeHostProcess *host;

  g_mutex_lock (&self->lock);
  host = self->host != NULL ? host_ref (self->host) : NULL;
  g_mutex_unlock (&self->lock);

  return host;
}

static ConvokeHostProcess *
tie_steal_host (Tie *self)
{
  ConvokeHostProcess *host;

  g_mutex_lock (&self->lock);
  host = g_steal_pointer (&self->host);
  g_mutex_unlock (&self->lock);

  return host;
}

static void
tie_free (gpointer data)
{
  Tie *self = data;
  ConvokeHostProcess *host = tie_steal_host (self);

  if (host != NULL)
    host_unref (host);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        data)
{
  ConvokeHostProcess *self = tie_steal_host (data);

  /* What breaks the protocol, or is of another version, may not see that its socket is closed. */
  if (g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL)
      || g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH))
    convoke_child_kill (self->child, SIGKILL);

  remove_host (self);
  host_unref (self);
}

static GError *
explain_cb (ConvokeChannel *channel,
            gpointer        data)
{
  ConvokeHostProcess *self = tie_dup_host (data);
  GError *cause = NULL;

  if (self == NULL)
    return NULL;

  if (convoke_child_wait (self->child, EXPLAIN_TIME))
    cause = convoke_child_dup_end (self->child);
  host_unref (self);
  return cause;
}

static char **
make_environment (const ConvokeComponentFile *file)
{
  char **environment = g_get_environ ();

  for (gsize i = 0; file->environment[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (file->environment[i], "=", 2);

      if (parts[0] != NULL && parts[1] != NULL)
        environment = g_environ_setenv (environment, parts[0], parts[1], TRUE);
    }

  return environment;
}

static gboolean
open_channel (ConvokeHostProcess  *self,
              const char          *name,
              int                  socket,
              GError             **error)
{
  ConvokeChannelOptions options = {
    .peer_name = name,
    .peer_pid = convoke_child_get_pid (self->child),
    .peer_pidfd = convoke_child_get_pidfd (self->child),
    .peer_uid = geteuid (),
    .peer_gid = getegid (),
    .ended = ended_cb,
    .ended_data = tie_new (self),
    .explain = explain_cb,
    .ended_data_free = tie_free,
  };

  self->channel = convoke_channel_new (socket, &options, error);
  if (self->channel == NULL)
    tie_free (options.ended_data);
  return self->channel != NULL;
}

static gboolean
start (ConvokeHostProcess          *self,
       const ConvokeComponentFile  *file,
       GError                     **error)
{
  const char *name = file->group != NULL && !file->per_instance ? file->group : file->class_name;
  g_auto (GStrv) environment = make_environment (file);
  const char *argv[] = { NULL, name, NULL };
  int socket;

  self->ready_by = g_get_monotonic_time () + file->start_timeout;
  self->program = convoke_host_process_find_program (file->loader, error);
  if (self->program == NULL)
    return FALSE;

  argv[0] = self->program;
  self->child = convoke_child_spawn (name, argv, (const char * const *) environment, &socket, error);
  return self->child != NULL && open_channel (self, name, socket, error);
}

static void
start_and_tell (ConvokeHostProcess         *self,
                const ConvokeComponentFile *file)
{
  GError *failure = NULL;
  gboolean good = start (self, file, &failure);

  if (!good)
    remove_host (self);

  g_mutex_lock (&lock);
  self->started = TRUE;
  self->failure = failure;
  g_cond_broadcast (&start_over);
  g_mutex_unlock (&lock);
}

/* Its end is known, and ended_cb () still to come. */
static gboolean
has_ended_locked (ConvokeHostProcess *self)
{
  g_autoptr (GError) why = self->started && self->channel != NULL ? convoke_channel_dup_end_reason (self->channel) : NULL;

  return why != NULL;
}

static ConvokeHostProcess *
find_or_add (const ConvokeComponentFile *file,
             gboolean                   *fresh)
{
  g_autofree char *key = make_key (file);
  ConvokeHostProcess *gone = NULL;
  ConvokeHostProcess *self;

  g_mutex_lock (&lock);
  self = find_locked (key);
  if (self != NULL && has_ended_locked (self))
    {
      gone = self;
      self = NULL;
      remove_locked (gone);
    }
  *fresh = self == NULL;
  self = *fresh ? add_locked (g_steal_pointer (&key)) : host_ref (self);
  self->n_users++;
  g_mutex_unlock (&lock);

  if (gone != NULL)
    host_unref (gone);
  return self;
}

static gboolean
wait_until_started (ConvokeHostProcess  *self,
                    GError             **error)
{
  g_mutex_lock (&lock);
  while (!self->started)
    g_cond_wait (&start_over, &lock);
  if (self->failure != NULL && error != NULL)
    *error = g_error_copy (self->failure);
  g_mutex_unlock (&lock);

  return self->failure == NULL;
}

ConvokeHostProcess *
convoke_host_process_join (const ConvokeComponentFile  *file,
                           GError                     **error)
{
  ConvokeHostProcess *self;
  gboolean fresh;

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  self = find_or_add (file, &fresh);
  if (fresh)
    start_and_tell (self, file);
  if (wait_until_started (self, error))
    return self;

  convoke_host_process_leave (self, CONVOKE_HOST_REFUSED);
  return NULL;
}

static void
end_stuck (ConvokeHostProcess *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING, "The process did not start in time");

  convoke_child_kill (self->child, SIGKILL);
  convoke_channel_close (self->channel, why);
}

/* Whether anybody here would miss it. */
static gboolean
is_used (ConvokeHostProcess *self)
{
  g_autoptr (GPtrArray) proxies = NULL;

  if (self->channel == NULL)
    return FALSE;

  proxies = convoke_object_table_list_proxies (convoke_channel_get_objects (self->channel));
  return proxies->len > 0;
}

void
convoke_host_process_leave (ConvokeHostProcess *self,
                            ConvokeHostOutcome  outcome)
{
  gboolean used = outcome == CONVOKE_HOST_STUCK && is_used (self);
  gboolean stuck, removed = FALSE;

  g_mutex_lock (&lock);
  self->n_users--;
  self->useful |= outcome == CONVOKE_HOST_GOOD;
  self->stuck = outcome == CONVOKE_HOST_STUCK || (self->stuck && outcome != CONVOKE_HOST_GOOD);
  stuck = self->stuck && !used && self->n_users == 0;
  /* Under the same lock, so that nobody joins what is about to end. */
  if (stuck)
    removed = remove_locked (self);
  g_mutex_unlock (&lock);

  if (stuck)
    end_stuck (self);
  if (removed)
    host_unref (self);
  host_unref (self);
}

gboolean
convoke_host_process_is_useless (ConvokeHostProcess *self)
{
  gboolean useless;

  g_mutex_lock (&lock);
  useless = !self->useful;
  g_mutex_unlock (&lock);

  return useless;
}

ConvokeChannel *
convoke_host_process_get_channel (ConvokeHostProcess *self)
{
  return self->channel;
}

ConvokeChild *
convoke_host_process_get_child (ConvokeHostProcess *self)
{
  return self->child;
}

const char *
convoke_host_process_get_program (ConvokeHostProcess *self)
{
  return self->program;
}

gint64
convoke_host_process_get_ready_by (ConvokeHostProcess *self)
{
  return self->ready_by;
}
