/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bench-process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* In the child. The parent may have ended before it could be watched. */
static void
end_with_parent (GPid parent)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (1);
}

static gboolean
fork_with_socket (BenchProcess *self)
{
  GPid parent = getpid ();
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    g_error ("socketpair: %s", g_strerror (errno));

  self->pid = fork ();
  if (self->pid < 0)
    g_error ("fork: %s", g_strerror (errno));

  if (self->pid == 0)
    end_with_parent (parent);

  self->fd = pair[self->pid == 0];
  close (pair[self->pid != 0]);

  return self->pid == 0;
}

void
bench_process_fork (BenchProcess *self,
                    void        (*serve) (int fd))
{
  if (!fork_with_socket (self))
    return;

  serve (self->fd);
  _exit (0);
}

/* dup2() onto itself would leave it closed on exec. */
static void
give_socket (int fd)
{
  if (fd == BENCH_PROCESS_FD)
    fd = dup (fd);
  dup2 (fd, BENCH_PROCESS_FD);
}

static char **
make_argv (const char         *name,
           const char * const *arguments)
{
  g_autofree char *folder = bench_process_folder ();
  g_autofree char *beside = g_build_filename (folder, name, NULL);
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();

  g_strv_builder_add (argv, g_file_test (beside, G_FILE_TEST_EXISTS) ? beside : name);
  if (arguments != NULL)
    g_strv_builder_addv (argv, (const char **) arguments);

  return g_strv_builder_end (argv);
}

void
bench_process_exec (BenchProcess       *self,
                    const char         *name,
                    const char * const *arguments)
{
  g_auto (GStrv) argv = make_argv (name, arguments);

  if (!fork_with_socket (self))
    return;

  give_socket (self->fd);
  execvp (argv[0], argv);
  _exit (127);
}

void
bench_process_stop (BenchProcess *self)
{
  if (self->fd >= 0)
    close (self->fd);

  kill (self->pid, SIGKILL);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

char *
bench_process_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return g_path_get_dirname (program);
}

void
bench_packet_fill (BenchPacket *packet,
                   gint32       number)
{
  packet->number = number;
  memcpy (packet->text, BENCH_TEXT, sizeof BENCH_TEXT);
}

void
bench_write (int           fd,
             gconstpointer data,
             gsize         length)
{
  while (length > 0)
    {
      gssize n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && errno != EINTR)
        g_error ("write: %s", g_strerror (errno));

      if (n > 0)
        {
          data = (const char *) data + n;
          length -= n;
        }
    }
}

gboolean
bench_read (int      fd,
            gpointer data,
            gsize    length)
{
  while (length > 0)
    {
      gssize n = read (fd, data, length);

      if (n == 0 || (n < 0 && errno != EINTR))
        return FALSE;

      if (n > 0)
        {
          data = (char *) data + n;
          length -= n;
        }
    }

  return TRUE;
}

void
bench_packet_call (int    fd,
                   gint32 number)
{
  BenchPacket packet;

  bench_packet_fill (&packet, number);
  bench_write (fd, &packet, sizeof packet);
  if (!bench_read (fd, &packet, sizeof packet))
    g_error ("The server has ended");

  bench_check (packet.number, number);
}

void
bench_check (gint32 result,
             gint32 number)
{
  g_assert_cmpint (result, ==, number + (gint32) strlen (BENCH_TEXT));
}
