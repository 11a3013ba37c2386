/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Where the kernel has no descriptors of processes, the pid takes their place:
 * it stays ours until we reap it, and the waits look at it now and then.
 */

#include "config.h"

#include "convoke-child-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-nursery-private.h"
#include "convoke-spawn-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

#define TAIL_SIZE 4096
/* How long the last reference waits for a process that was killed. The nursery reaps what takes longer. */
#define REAP_TIME G_USEC_PER_SEC
/* Milliseconds between two looks where nothing tells of an end. */
#define LOOK_TIME 5

struct _ConvokeChild
{
  ConvokeNurseling nurseling;        /* must be first: the nursery gives it back; watches stderr */
  gint             ref_count;        /* atomic */
  char            *name;             /* (nullable) */
  GPid             pid;
  int              pidfd;            /* owned; -1: the system has none */

  GMutex           lock;
  gboolean         ended;            /* LOCK: lock; reaped, or somebody else did */
  siginfo_t        end;              /* LOCK: lock; si_pid is 0 when somebody else reaped it */

  /* LOCK: the nursery's */
  int              err_fd;           /* owned; -1: at its end, or not ours */
  guint64          n_said;           /* bytes that it ever wrote */
  char             tail[TAIL_SIZE];  /* a ring */
};

/* --- what it says --- */

static void
keep_locked (ConvokeChild *self,
             const char   *said,
             gsize         length)
{
  for (gsize i = 0; i < length; i++)
    self->tail[self->n_said++ % TAIL_SIZE] = said[i];
}

/* Reads what there is, but no more than a pipe holds: a child that never stops writing must not keep us. */
static void
drain_locked (ConvokeChild *self)
{
  char said[TAIL_SIZE];

  for (guint i = 0; i < 16 && self->err_fd >= 0; i++)
    {
      gssize n = read (self->err_fd, said, sizeof said);

      if (n > 0)
        keep_locked (self, said, n);
      else if (n < 0 && errno == EINTR)
        continue;
      else if (n < 0 && errno == EAGAIN)
        return;
      else
        {
          self->nurseling.fd = -1;
          close (self->err_fd);
          self->err_fd = -1;
        }
    }
}

static gboolean
stderr_ready (ConvokeNurseling *nurseling)
{
  drain_locked ((ConvokeChild *) nurseling);
  return TRUE;
}

static char *
copy_tail_locked (ConvokeChild *self,
                  gsize        *length)
{
  gsize n = MIN (self->n_said, TAIL_SIZE);
  char *copy = g_malloc (n + 1);

  for (gsize i = 0; i < n; i++)
    copy[i] = self->tail[(self->n_said - n + i) % TAIL_SIZE];
  *length = n;

  return copy;
}

/* The rest of a character whose beginning is lost. */
static gsize
skip_rest (const char *text,
           gsize       length)
{
  gsize n = 0;

  while (n < 3 && n < length && ((guint8) text[n] & 0xc0) == 0x80)
    n++;

  return n;
}

/* It goes into messages that end on terminals and in logs. */
static char *
make_harmless (const char *said,
               gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (said, length);
  GString *text = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (text, c != '\n' && c != '\t' && g_unichar_iscntrl (c) ? 0xfffd : c);
    }

  return g_string_free (text, FALSE);
}

char *
convoke_child_dup_stderr (ConvokeChild *self)
{
  g_autofree char *said = NULL;
  gsize length, skipped = 0;

  convoke_nursery_lock ();
  drain_locked (self);
  said = copy_tail_locked (self, &length);
  if (self->n_said > length)
    skipped = skip_rest (said, length);
  convoke_nursery_unlock ();

  return make_harmless (said + skipped, length - skipped);
}

/* --- making --- */

static gboolean
spawn_cb (gpointer   data,
          GError   **error)
{
  return convoke_spawn (data, error);
}

/* Out of the way of the numbers that a child has, whatever the program closed. */
static int
move_up (int fd)
{
  int high;

  if (fd < 0)
    return -1;

  high = fcntl (fd, F_DUPFD_CLOEXEC, 10);
  close (fd);
  return high;
}

static gboolean
stderr_is_inherited (void)
{
  return g_strcmp0 (secure_getenv ("CONVOKE_HOST_STDERR"), "inherit") == 0;
}

static void
open_stderr (ConvokeChild *self,
             ConvokeSpawn *spawn)
{
  int fds[2] = { -1, -1 };

  if (stderr_is_inherited ())
    spawn->err_fd = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
  if (spawn->err_fd >= 0 || pipe2 (fds, O_CLOEXEC) < 0)
    return;

  spawn->err_fd = move_up (fds[1]);
  self->err_fd = fds[0];
  fcntl (self->err_fd, F_SETFL, O_NONBLOCK);
}

static int
open_socket (ConvokeSpawn *spawn)
{
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    return -1;

  spawn->socket = move_up (fds[1]);
  return fds[0];
}

static gboolean
open_all (ConvokeChild  *self,
          ConvokeSpawn  *spawn,
          int           *socket,
          GError       **error)
{
  open_stderr (self, spawn);
  *socket = open_socket (spawn);
  spawn->null_fd = move_up (open ("/dev/null", O_RDWR | O_CLOEXEC));
  if (*socket >= 0 && spawn->socket >= 0 && spawn->err_fd >= 0 && spawn->null_fd >= 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE,
               "%s cannot be started: no descriptors: %s", spawn->argv[0], g_strerror (errno));
  return FALSE;
}

static void
clear_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
free_child (ConvokeChild *self)
{
  clear_fd (&self->err_fd);
  clear_fd (&self->pidfd);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

static gboolean
start (ConvokeChild  *self,
       ConvokeSpawn  *spawn,
       int           *socket,
       GError       **error)
{
  if (!open_all (self, spawn, socket, error))
    return FALSE;

  self->nurseling.fd = self->err_fd;
  self->nurseling.ready = stderr_ready;
  return convoke_nursery_enter (&self->nurseling, spawn_cb, spawn, error);
}

ConvokeChild *
convoke_child_spawn (const char          *name,
                     const char * const  *argv,
                     const char * const  *envp,
                     int                 *socket,
                     GError             **error)
{
  ConvokeSpawn spawn = { .argv = argv, .envp = envp, .null_fd = -1, .err_fd = -1, .socket = -1, .pidfd = -1 };
  ConvokeChild *self = g_new0 (ConvokeChild, 1);
  gboolean good;
  int ours = -1;

  self->ref_count = 1;
  self->name = g_strdup (name);
  self->err_fd = -1;
  self->pidfd = -1;
  g_mutex_init (&self->lock);

  good = start (self, &spawn, &ours, error);
  clear_fd (&spawn.null_fd);
  clear_fd (&spawn.err_fd);
  clear_fd (&spawn.socket);
  if (!good)
    {
      clear_fd (&ours);
      free_child (self);
      return NULL;
    }

  self->pid = spawn.pid;
  self->pidfd = spawn.pidfd;
  *socket = ours;
  return self;
}

/* --- its end --- */

static gboolean
reap_locked (ConvokeChild *self)
{
  siginfo_t info = { 0, };

  if (self->ended)
    return TRUE;

  /* A program that ignores SIGCHLD, or waits for any child, takes the status away; the end is still seen. */
  if (waitid (self->pidfd >= 0 ? P_PIDFD : P_PID, self->pidfd >= 0 ? self->pidfd : self->pid, &info, WEXITED | WNOHANG) < 0)
    self->ended = errno == ECHILD;
  else if (info.si_pid != 0)
    {
      self->ended = TRUE;
      self->end = info;
    }

  return self->ended;
}

static gboolean
reap (ConvokeChild *self)
{
  gboolean ended;

  g_mutex_lock (&self->lock);
  ended = reap_locked (self);
  g_mutex_unlock (&self->lock);

  return ended;
}

static int
poll_time (gint64 deadline)
{
  gint64 left = deadline - g_get_monotonic_time ();

  return (int) CLAMP ((left + 999) / 1000, 0, G_MAXINT);
}

gboolean
convoke_child_wait (ConvokeChild *self,
                    gint64        timeout)
{
  gint64 deadline = g_get_monotonic_time () + timeout;
  struct pollfd fd = { .fd = self->pidfd, .events = POLLIN };
  int left;

  while (!reap (self))
    {
      left = poll_time (deadline);
      if (left == 0)
        return FALSE;
      poll (&fd, 1, self->pidfd >= 0 ? left : MIN (left, LOOK_TIME));
    }

  return TRUE;
}

void
convoke_child_kill (ConvokeChild *self,
                    int           signum)
{
  g_mutex_lock (&self->lock);
#ifdef SYS_pidfd_send_signal
  if (self->pidfd >= 0)
    syscall (SYS_pidfd_send_signal, self->pidfd, signum, NULL, 0u);
#endif
  if (self->pidfd < 0 && !reap_locked (self))
    kill (self->pid, signum);
  g_mutex_unlock (&self->lock);
}

static char *
describe_signal (int signum)
{
#if CONVOKE_HAVE_SIGABBREV
  const char *name = sigabbrev_np (signum);

  if (name != NULL)
    return g_strdup (name);
#endif
  return g_strdup_printf ("%d", signum);
}

static char *
describe_end (const siginfo_t *end)
{
  g_autofree char *name = NULL;

  if (end->si_pid == 0)
    return g_strdup ("has ended, nobody knows how");
  if (end->si_code == CLD_EXITED)
    return g_strdup_printf ("ended with status %d", end->si_status);

  name = describe_signal (end->si_status);
  return g_strdup_printf ("was killed by signal %s%s", name, end->si_code == CLD_DUMPED ? " (core dumped)" : "");
}

GError *
convoke_child_dup_end (ConvokeChild *self)
{
  g_autofree char *who = convoke_child_describe (self);
  g_autofree char *how = NULL;
  g_autofree char *said = NULL;
  siginfo_t end;

  if (!reap (self))
    return NULL;

  g_mutex_lock (&self->lock);
  end = self->end;
  g_mutex_unlock (&self->lock);

  how = describe_end (&end);
  said = convoke_child_dup_stderr (self);
  g_strchomp (said);
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED, "%s %s%s%s",
                      who, how, *said != '\0' ? "; its last words:\n" : "", said);
}

/* --- life --- */

ConvokeChild *
convoke_child_ref (ConvokeChild *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static gboolean
end_ready (ConvokeNurseling *nurseling)
{
  ConvokeChild *self = (ConvokeChild *) nurseling;

  if (!reap (self))
    return TRUE;

  free_child (self);
  return FALSE;
}

void
convoke_child_unref (ConvokeChild *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  /* All of it is the parent's. */
  if (convoke_check_forked (NULL))
    return;

  if (!reap (self))
    convoke_child_kill (self, SIGKILL);
  /* Without a descriptor nothing would tell the nursery. */
  if (convoke_child_wait (self, self->pidfd >= 0 ? REAP_TIME : G_MAXINT64 / 2))
    {
      convoke_nursery_leave (&self->nurseling);
      free_child (self);
    }
  else
    convoke_nursery_change (&self->nurseling, self->pidfd, end_ready);
}

GPid
convoke_child_get_pid (ConvokeChild *self)
{
  return self->pid;
}

int
convoke_child_get_pidfd (ConvokeChild *self)
{
  return self->pidfd;
}

char *
convoke_child_describe (ConvokeChild *self)
{
  return self->name != NULL ? g_strdup_printf ("process %d (%s)", self->pid, self->name)
                            : g_strdup_printf ("process %d", self->pid);
}
