/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-do.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FD 1024

/* A core file would only cost time; a sanitizer's handler would change the cause. */
static void
die_plainly (int signum)
{
  struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  signal (signum, SIG_DFL);
}

static void
touch_nothing (void)
{
  volatile char *page = mmap (NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  die_plainly (SIGSEGV);
  *page = 1;
}

static gboolean
is_socket (int fd)
{
  int type;
  socklen_t length = sizeof type;

  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

static void
write_rubbish (void)
{
  char rubbish[256];

  memset (rubbish, 0xa5, sizeof rubbish);
  for (int fd = 3; fd < MAX_FD; fd++)
    if (is_socket (fd))
      send (fd, rubbish, sizeof rubbish, MSG_NOSIGNAL);
}

/* A socket that another thread just sleeps on would stay open until that wakes. */
static void
close_all (void)
{
  for (int fd = 3; fd < MAX_FD; fd++)
    if (is_socket (fd))
      shutdown (fd, SHUT_RDWR);
  for (int fd = 0; fd < MAX_FD; fd++)
    close (fd);
}

/* In the child that is left behind: lives until nobody is at the other end of a socket. */
static void G_GNUC_NORETURN
stay_behind (void)
{
  struct pollfd fds[MAX_FD];
  nfds_t n = 0;

  for (int fd = 3; fd < MAX_FD; fd++)
    if (is_socket (fd))
      fds[n++] = (struct pollfd) { .fd = fd };

  while (poll (fds, n, -1) < 0 && errno == EINTR)
    ;
  _exit (0);
}

static void
leave_child (void)
{
  if (fork () == 0)
    stay_behind ();
  _exit (4);
}

void
death_do (DeathWay way)
{
  switch (way)
    {
    case DEATH_WAY_NONE:
      break;
    case DEATH_WAY_SEGV:
      touch_nothing ();
      break;
    case DEATH_WAY_ABORT:
      die_plainly (SIGABRT);
      abort ();
    case DEATH_WAY_EXIT:
      exit (0);
    case DEATH_WAY_EXIT_3:
      exit (3);
    case DEATH_WAY_KILL:
      kill (getpid (), SIGKILL);
      break;
    case DEATH_WAY_FORK:
      leave_child ();
      break;
    case DEATH_WAY_CLOSE:
      close_all ();
      break;
    case DEATH_WAY_RUBBISH:
      write_rubbish ();
      break;
    case DEATH_WAY_STOP:
      /* To this thread, so that it does not run on. */
      raise (SIGSTOP);
      break;
    case DEATH_WAY_SPIN:
      while (TRUE)
        __asm__ volatile ("" ::: "memory");
    case DEATH_WAY_NAP:
      g_usleep (300000);
      break;
    case DEATH_WAY_NEVER:
      while (TRUE)
        pause ();
    }
}

/* --- later --- */

static int wake_fd = -1;

static void
signal_cb (int signum)
{
  guint64 one = 1;

  if (write (wake_fd, &one, sizeof one) < 0)
    abort ();
}

static gpointer
wait_and_do (gpointer data)
{
  guint64 n;

  while (read (wake_fd, &n, sizeof n) < 0 && errno == EINTR)
    ;
  death_do (GPOINTER_TO_INT (data));
  return NULL;
}

void
death_arm (DeathWay way)
{
  struct sigaction action = { .sa_handler = signal_cb, .sa_flags = SA_RESTART };

  wake_fd = eventfd (0, EFD_CLOEXEC);
  g_thread_unref (g_thread_new ("death", wait_and_do, GINT_TO_POINTER (way)));
  sigaction (SIGUSR1, &action, NULL);
}
