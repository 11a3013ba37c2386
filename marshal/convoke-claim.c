/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * NAME is a socket, and NAME+lock the file that says whether somebody has it:
 * the kernel holds a lock on it for as long as the process lives. So a dead
 * process has nothing, whatever it left behind, and of two that start at once
 * one gets the lock. Both are marked (by the sticky bit) as not to be removed
 * by those who tidy such folders up; where the lock's file is removed all the
 * same, a socket that somebody still listens to is left alone.
 *
 * A file of the lock is removed by who has the lock. Who waits to open it can
 * open one that is about to be removed, and looks whether it is still there
 * once it is locked.
 *
 * A forked child would have the lock and the socket, too, and keep the name
 * when its parent ends: it closes both first of all.
 */

#include "config.h"

#include "convoke-claim-private.h"

#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-publish-dir-private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LOCK_SUFFIX "+lock"
#define BACKLOG 128
/* How often a lock's file that was removed meanwhile is opened again. */
#define MOST_TRIES 64
/* Longer than this nobody waits for a place in the line without looking up, in microseconds. */
#define LOOK_TIME 50000

struct _ConvokeClaim
{
  gint   ref_count;    /* atomic */
  char  *name;
  char  *socket_path;
  char  *lock_path;
  int    fd;           /* -1: none. Constant once it listens */
  int    lock_fd;      /* LOCK: lock; -1: given back */
  ino_t  inode;        /* of the socket's file; 0: none was made */
};

/* Held while descriptors are made or closed, so that a fork finds all of them. */
static GMutex  lock;
static GQueue  claims;  /* LOCK: lock; (element-type ConvokeClaim) borrowed */

/* --- fork --- */

static void
before_fork_cb (void)
{
  g_mutex_lock (&lock);
}

static void
after_fork_cb (void)
{
  g_mutex_unlock (&lock);
}

static void
in_child_cb (void)
{
  for (GList *l = claims.head; l != NULL; l = l->next)
    {
      ConvokeClaim *self = l->data;

      if (self->fd >= 0)
        close (self->fd);
      if (self->lock_fd >= 0)
        close (self->lock_fd);
      /* The files are the parent's. */
      self->fd = self->lock_fd = -1;
    }
  g_mutex_unlock (&lock);
}

static void
watch_forks (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      if (pthread_atfork (before_fork_cb, after_fork_cb, in_child_cb) != 0)
        g_error ("Out of memory while registering the fork handlers");
      g_once_init_leave (&done, 1);
    }
}

/* --- names and paths --- */

gboolean
convoke_claim_check_name (const char  *name,
                          GError     **error)
{
  return convoke_component_file_check_name (name, "what is published", error);
}

static gboolean
make_address (const char          *path,
              struct sockaddr_un  *address,
              GError             **error)
{
  if (strlen (path) >= sizeof address->sun_path)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "The name is too long: the path of a socket has at most %u bytes, and this one is %s",
                   (guint) sizeof address->sun_path - 1, path);
      return FALSE;
    }

  *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
  strcpy (address->sun_path, path);
  return TRUE;
}

static char *
find_socket (const char          *name,
             struct sockaddr_un  *address,
             GError             **error)
{
  g_autofree char *dir = NULL;
  g_autofree char *path = NULL;

  if (!convoke_claim_check_name (name, error))
    return NULL;

  dir = convoke_publish_dir_ensure (error);
  if (dir == NULL)
    return NULL;

  path = g_build_filename (dir, name, NULL);
  return make_address (path, address, error) ? g_steal_pointer (&path) : NULL;
}

static gboolean
fail (const char  *path,
      int          code,
      GError     **error)
{
  ConvokeError what = code == EMFILE || code == ENFILE || code == ENOMEM || code == ENOSPC || code == ENOBUFS
                        ? CONVOKE_ERROR_OUT_OF_RESOURCES : CONVOKE_ERROR_ACCESS_DENIED;

  g_set_error (error, CONVOKE_ERROR, what, "%s cannot be used: %s", path,
               code == ELOOP ? "it is a link" : g_strerror (code));
  return FALSE;
}

static gboolean
fail_in_the_way (const char  *path,
                 GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "%s is in the way: it is not what Convoke makes there; remove it", path);
  return FALSE;
}

/* --- the lock --- */

static gboolean
try_lock (int fd)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  return fcntl (fd, F_OFD_SETLK, &whole) == 0;
}

/* What whoever has the lock wrote into the file; 0: it cannot be told. */
static GPid
read_pid (int fd)
{
  char text[16] = { 0, };
  gboolean read = pread (fd, text, sizeof text - 1, 0) > 0;
  gint64 pid = read ? g_ascii_strtoll (text, NULL, 10) : 0;

  return pid > 0 && pid <= G_MAXINT ? (GPid) pid : 0;
}

/* Asks without taking it, since a starter that came just then would find it taken. */
static gboolean
is_locked (const char *path,
           GPid       *pid)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  gboolean locked;

  if (fd < 0)
    return FALSE;

  locked = fcntl (fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  *pid = read_pid (fd);
  close (fd);
  return locked;
}

static gboolean
is_still_there (const char        *path,
                const struct stat *opened)
{
  struct stat named;

  return lstat (path, &named) == 0 && named.st_ino == opened->st_ino && named.st_dev == opened->st_dev;
}

static gboolean
is_plain_file (const struct stat *info)
{
  return S_ISREG (info->st_mode) && info->st_uid == geteuid () && info->st_nlink <= 1;
}

static gboolean
fail_taken (ConvokeClaim  *self,
            int            fd,
            GError       **error)
{
  GPid pid = read_pid (fd);

  if (pid > 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                 "“%s” is published by process %d", self->name, (int) pid);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                 "“%s” is published by another process", self->name);
  return FALSE;
}

/* For messages. */
static void
write_pid (int fd)
{
  g_autofree char *text = g_strdup_printf ("%d\n", (int) getpid ());

  if (ftruncate (fd, 0) < 0 || pwrite (fd, text, strlen (text), 0) < 0)
    g_debug ("The number of this process could not be written: %s", g_strerror (errno));
}

/* FALSE without an error: the file was removed before it was locked. */
static gboolean
take_lock_once (ConvokeClaim  *self,
                GError       **error)
{
  int fd = open (self->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  struct stat info;
  gboolean ok = FALSE;

  if (fd < 0)
    return errno == EISDIR ? fail_in_the_way (self->lock_path, error) : fail (self->lock_path, errno, error);

  if (fstat (fd, &info) < 0 || !is_plain_file (&info))
    fail_in_the_way (self->lock_path, error);
  else if (!try_lock (fd))
    fail_taken (self, fd, error);
  else
    ok = is_still_there (self->lock_path, &info);

  if (!ok)
    {
      close (fd);
      return FALSE;
    }

  fchmod (fd, S_ISVTX | S_IRUSR | S_IWUSR);
  write_pid (fd);
  self->lock_fd = fd;
  return TRUE;
}

static gboolean
take_lock_locked (ConvokeClaim  *self,
                  GError       **error)
{
  for (guint i = 0; i < MOST_TRIES; i++)
    {
      GError *failure = NULL;

      if (take_lock_once (self, &failure))
        return TRUE;
      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
    }

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
               "“%s” is being published and given back again and again by others", self->name);
  return FALSE;
}

/* --- the socket --- */

static int
make_socket (int flags)
{
  return socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

/* Somebody has it although the lock is free: the lock's file was removed. */
static gboolean
is_listened_to (const struct sockaddr_un *address)
{
  int fd = make_socket (SOCK_NONBLOCK);
  gboolean answered;

  if (fd < 0)
    return TRUE;

  answered = connect (fd, (const struct sockaddr *) address, sizeof *address) == 0 || errno == EAGAIN;
  close (fd);
  return answered;
}

static gboolean
is_own_socket (const struct stat *info)
{
  return S_ISSOCK (info->st_mode) && info->st_uid == geteuid ();
}

/* What a process left behind that is gone. */
static gboolean
clear_the_way (ConvokeClaim              *self,
               const struct sockaddr_un  *address,
               GError                   **error)
{
  struct stat info;

  if (lstat (self->socket_path, &info) < 0)
    return errno == ENOENT || fail (self->socket_path, errno, error);
  if (!is_own_socket (&info))
    return fail_in_the_way (self->socket_path, error);
  if (is_listened_to (address))
    return fail_taken (self, -1, error);

  return unlink (self->socket_path) == 0 || errno == ENOENT || fail (self->socket_path, errno, error);
}

static gboolean
listen_locked (ConvokeClaim              *self,
               const struct sockaddr_un  *address,
               GError                   **error)
{
  struct stat info;

  self->fd = make_socket (SOCK_NONBLOCK);
  if (self->fd < 0 || bind (self->fd, (const struct sockaddr *) address, sizeof *address) < 0)
    return fail (self->socket_path, errno, error);

  if (lstat (self->socket_path, &info) == 0)
    self->inode = info.st_ino;
  chmod (self->socket_path, S_ISVTX | S_IRUSR | S_IWUSR);
  return listen (self->fd, BACKLOG) == 0 || fail (self->socket_path, errno, error);
}

/* --- life --- */

static void
remove_socket (ConvokeClaim *self)
{
  struct stat info;

  if (self->inode != 0 && lstat (self->socket_path, &info) == 0 && info.st_ino == self->inode)
    unlink (self->socket_path);
}

static void
remove_lock (ConvokeClaim *self)
{
  struct stat info;

  if (fstat (self->lock_fd, &info) == 0 && is_still_there (self->lock_path, &info))
    unlink (self->lock_path);
}

static void
give_back_locked (ConvokeClaim *self)
{
  if (self->lock_fd < 0)
    return;

  remove_socket (self);
  if (self->fd >= 0)
    shutdown (self->fd, SHUT_RDWR);
  remove_lock (self);
  close (self->lock_fd);
  self->lock_fd = -1;
}

void
convoke_claim_give_back (ConvokeClaim *self)
{
  g_mutex_lock (&lock);
  give_back_locked (self);
  g_mutex_unlock (&lock);
}

ConvokeClaim *
convoke_claim_ref (ConvokeClaim *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_claim_unref (ConvokeClaim *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_mutex_lock (&lock);
  give_back_locked (self);
  if (self->fd >= 0)
    close (self->fd);
  g_queue_remove (&claims, self);
  g_mutex_unlock (&lock);

  g_free (self->name);
  g_free (self->socket_path);
  g_free (self->lock_path);
  g_free (self);
}

static gboolean
claim_locked (ConvokeClaim              *self,
              const struct sockaddr_un  *address,
              GError                   **error)
{
  return take_lock_locked (self, error) && clear_the_way (self, address, error) && listen_locked (self, address, error);
}

ConvokeClaim *
convoke_claim_new (const char  *name,
                   GError     **error)
{
  g_autoptr (ConvokeClaim) self = NULL;
  struct sockaddr_un address;
  char *path = find_socket (name, &address, error);
  gboolean ok;

  if (path == NULL)
    return NULL;

  watch_forks ();
  self = g_new0 (ConvokeClaim, 1);
  self->ref_count = 1;
  self->name = g_strdup (name);
  self->socket_path = path;
  self->lock_path = g_strconcat (path, LOCK_SUFFIX, NULL);
  self->fd = -1;
  self->lock_fd = -1;

  g_mutex_lock (&lock);
  g_queue_push_tail (&claims, self);
  ok = claim_locked (self, &address, error);
  g_mutex_unlock (&lock);

  return ok ? g_steal_pointer (&self) : NULL;
}

int
convoke_claim_get_fd (ConvokeClaim *self)
{
  return self->fd;
}

/* --- those who come --- */

static gboolean
fail_nobody (const char  *name,
             GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "No program publishes “%s”", name);
  return FALSE;
}

/* The time after which a connect () that finds the line full looks up. */
static void
set_connect_time (int    fd,
                  gint64 time)
{
  struct timeval timeout = { 0, time };

  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}

static gboolean
may_wait (const char    *name,
          gint64         deadline,
          GCancellable  *cancellable,
          GError       **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "Attaching to “%s” was cancelled", name);
  else if (g_get_monotonic_time () >= deadline)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The program that publishes “%s” did not answer in time", name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
connect_in_time (int                        fd,
                 const struct sockaddr_un  *address,
                 const char                *name,
                 gint64                     deadline,
                 GCancellable              *cancellable,
                 GError                   **error)
{
  while (may_wait (name, deadline, cancellable, error))
    {
      set_connect_time (fd, LOOK_TIME);
      if (connect (fd, (const struct sockaddr *) address, sizeof *address) == 0)
        {
          set_connect_time (fd, 0);
          return TRUE;
        }
      if (errno == ECONNREFUSED || errno == ENOENT)
        return fail_nobody (name, error);
      if (errno != EAGAIN && errno != EINTR)
        return fail (address->sun_path, errno, error);
    }

  return FALSE;
}

static gboolean
check_socket (const char  *name,
              const char  *path,
              GError     **error)
{
  struct stat info;

  if (lstat (path, &info) < 0)
    return errno == ENOENT ? fail_nobody (name, error) : fail (path, errno, error);

  return is_own_socket (&info) || fail_in_the_way (path, error);
}

int
convoke_claim_connect (const char    *name,
                       gint64         deadline,
                       GCancellable  *cancellable,
                       GError       **error)
{
  struct sockaddr_un address;
  g_autofree char *path = find_socket (name, &address, error);
  int fd;

  if (path == NULL || !check_socket (name, path, error))
    return -1;

  fd = make_socket (0);
  if (fd < 0)
    {
      fail (path, errno, error);
      return -1;
    }
  if (!connect_in_time (fd, &address, name, deadline, cancellable, error))
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* --- the list --- */

static gboolean
is_taken (const char *dir,
          const char *name,
          GPid       *pid)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *lock_path = g_strconcat (path, LOCK_SUFFIX, NULL);
  struct stat info;

  return convoke_component_file_is_class_name (name) && lstat (path, &info) == 0 && is_own_socket (&info)
         && is_locked (lock_path, pid);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* (transfer full): all that are taken, or those that the process @pid has; not ended by NULL. */
static GPtrArray *
find_names (GPid     pid,
            GError **error)
{
  g_autofree char *path = convoke_publish_dir_ensure (error);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = NULL;
  GPtrArray *names;
  const char *name;

  if (path == NULL)
    return NULL;

  dir = g_dir_open (path, 0, &local_error);
  if (dir == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED, local_error->message);
      return NULL;
    }

  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      GPid owner;

      if (is_taken (path, name, &owner) && (pid == 0 || owner == pid))
        g_ptr_array_add (names, g_strdup (name));
    }

  return names;
}

char **
convoke_claim_list_names (GError **error)
{
  GPtrArray *names = find_names (0, error);

  if (names == NULL)
    return NULL;

  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

char *
convoke_claim_find_name (GPid     pid,
                         GError **error)
{
  g_autoptr (GPtrArray) names = find_names (pid, error);

  if (names == NULL)
    return NULL;
  if (names->len > 0)
    return g_strdup (names->pdata[0]);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
               "The process %d is gone, or publishes nothing through which it could be reached", (int) pid);
  return NULL;
}
