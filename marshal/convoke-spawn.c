/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Between vfork () and execve () the child runs on its parent's memory: only
 * system calls there, no allocation and nothing that keeps a state. Signals
 * are blocked around it, because a handler of the program's must not run in
 * the child; they are let in when all are back at their defaults. What fails
 * is written to a pipe that a successful exec closes. (A shared variable would
 * do, but under some tools vfork () is fork ().)
 */

#include "config.h"

#include "convoke-spawn-private.h"

#include "convoke-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_FD 3
#define REPORT_FD 4

typedef enum
{
  STEP_DESCRIPTORS,
  STEP_EXEC,
} Step;

typedef struct
{
  Step step;
  int  errnum;
} Report;

/* --- in the child --- */

static void G_GNUC_NORETURN
report_and_exit (Step step)
{
  Report report = { step, errno };

  if (write (REPORT_FD, &report, sizeof report) < 0)
    _exit (126);
  _exit (127);
}

static void
reset_signals (void)
{
  struct sigaction reset = { .sa_handler = SIG_DFL };
  sigset_t none;

  for (int signum = 1; signum < _NSIG; signum++)
    sigaction (signum, &reset, NULL);
  sigemptyset (&none);
  pthread_sigmask (SIG_SETMASK, &none, NULL);
}

static void
close_from (unsigned int first)
{
  struct rlimit limit = { .rlim_cur = 1024 };

#ifdef SYS_close_range
  if (syscall (SYS_close_range, first, ~0u, 0u) == 0)
    return;
#endif
  getrlimit (RLIMIT_NOFILE, &limit);
  for (unsigned int fd = first; fd < limit.rlim_cur; fd++)
    close ((int) fd);
}

static void G_GNUC_NORETURN
run_child (const ConvokeSpawn *self,
           int                 report_fd,
           GPid                parent)
{
  /* The report first, so that the others can be reported. All of them are far above. */
  if (dup2 (report_fd, REPORT_FD) < 0)
    _exit (126);
  fcntl (REPORT_FD, F_SETFD, FD_CLOEXEC);
  if (dup2 (self->null_fd, 0) < 0 || dup2 (self->null_fd, 1) < 0 || dup2 (self->err_fd, 2) < 0
      || dup2 (self->socket, SOCKET_FD) < 0)
    report_and_exit (STEP_DESCRIPTORS);
  close_from (REPORT_FD + 1);

  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  /* It may have died before. */
  if (getppid () != parent)
    _exit (126);

  reset_signals ();
  execve (self->argv[0], (char * const *) self->argv, (char * const *) self->envp);
  report_and_exit (STEP_EXEC);
}

/* --- in the parent --- */

static G_GNUC_NO_INLINE GPid
make_child (const ConvokeSpawn *self,
            int                 report_fd)
{
  GPid parent = getpid ();
  GPid pid = vfork ();

  if (pid == 0)
    run_child (self, report_fd, parent);

  return pid;
}

static GPid
make_child_without_signals (const ConvokeSpawn *self,
                            int                 report_fd)
{
  sigset_t all, before;
  GPid pid;
  int saved;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  pid = make_child (self, report_fd);
  saved = errno;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = saved;

  return pid;
}

static int
open_pidfd (GPid pid)
{
#ifdef SYS_pidfd_open
  return (int) syscall (SYS_pidfd_open, pid, 0u);
#else
  errno = ENOSYS;
  return -1;
#endif
}

/* Nothing of it may be left, not even for a moment. */
static void
reap (GPid pid,
      int  signum)
{
  if (signum != 0)
    kill (pid, signum);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

static gboolean
read_report (int     fd,
             Report *report)
{
  gssize n;

  do
    n = read (fd, report, sizeof *report);
  while (n < 0 && errno == EINTR);

  return n == sizeof *report;
}

static gboolean
set_failed (GError     **error,
            const char  *path,
            const char  *what,
            int          errnum)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE,
               "%s cannot be started: %s%s", path, what, g_strerror (errnum));
  return FALSE;
}

static gboolean
finish_spawn (ConvokeSpawn  *self,
              int            report_fd,
              GError       **error)
{
  Report report;

  if (self->pid < 0)
    return set_failed (error, self->argv[0], "no process: ", errno);

  if (read_report (report_fd, &report))
    {
      reap (self->pid, 0);
      return set_failed (error, self->argv[0], report.step == STEP_DESCRIPTORS ? "its descriptors: " : "", report.errnum);
    }

  self->pidfd = open_pidfd (self->pid);
  /* Gone already, where a program ignores SIGCHLD: then the pid tells as much. */
  if (self->pidfd < 0 && errno != ENOSYS && errno != ESRCH)
    {
      int errnum = errno;

      reap (self->pid, SIGKILL);
      return set_failed (error, self->argv[0], "no descriptor of the process: ", errnum);
    }

  return TRUE;
}

gboolean
convoke_spawn (ConvokeSpawn  *self,
               GError       **error)
{
  g_autoptr (GError) failed = NULL;
  gboolean good;
  int fds[2];
  int high;

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, &failed))
    return set_failed (error, self->argv[0], "no pipe: ", EMFILE);

  high = fcntl (fds[1], F_DUPFD_CLOEXEC, 10);
  close (fds[1]);
  if (high < 0)
    {
      close (fds[0]);
      return set_failed (error, self->argv[0], "no pipe: ", EMFILE);
    }

  self->pid = make_child_without_signals (self, high);
  close (high);
  good = finish_spawn (self, fds[0], error);
  close (fds[0]);

  return good;
}
