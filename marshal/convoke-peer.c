/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-peer-private.h"

#include "convoke-error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Its sockets are closed a moment before it is gone. In milliseconds, as is the time between two looks where nothing tells of its end. */
#define LAST_MOMENT 250
#define LOOK_TIME 5

struct _ConvokePeer
{
  GPid pid;
  int  pidfd;  /* owned; 0: none */
};

static int
open_pidfd (GPid pid)
{
#ifdef SYS_pidfd_open
  int fd = pid > 0 ? (int) syscall (SYS_pidfd_open, pid, 0u) : -1;

  return MAX (fd, 0);
#else
  return 0;
#endif
}

ConvokePeer *
convoke_peer_new (int fd)
{
  ConvokePeer *self = g_new0 (ConvokePeer, 1);
  struct ucred credentials = { 0, };
  socklen_t size = sizeof credentials;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0)
    self->pid = credentials.pid;
  self->pidfd = open_pidfd (self->pid);
  return self;
}

void
convoke_peer_free (gpointer data)
{
  ConvokePeer *self = data;

  if (self->pidfd > 0)
    close (self->pidfd);
  g_free (self);
}

GPid
convoke_peer_get_pid (ConvokePeer *self)
{
  return self->pid;
}

int
convoke_peer_get_pidfd (ConvokePeer *self)
{
  return self->pidfd;
}

static gboolean
is_gone (ConvokePeer *self)
{
  return self->pid > 0 && kill (self->pid, 0) < 0 && errno == ESRCH;
}

/* For systems that have no descriptors of processes. */
static gboolean
look_for_end (ConvokePeer *self)
{
  guint looks = self->pid > 0 ? LAST_MOMENT / LOOK_TIME : 0;

  while (looks-- > 0 && !is_gone (self))
    g_usleep (LOOK_TIME * 1000);

  return is_gone (self);
}

static gboolean
wait_for_end (ConvokePeer *self)
{
  struct pollfd fd = { .fd = self->pidfd, .events = POLLIN };

  return self->pidfd > 0 ? poll (&fd, 1, LAST_MOMENT) == 1 : look_for_end (self);
}

GError *
convoke_peer_explain (ConvokeChannel *channel,
                      gpointer        data)
{
  g_autofree char *who = NULL;

  if (!wait_for_end (data))
    return NULL;

  who = convoke_channel_describe (channel);
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "%s ended", who);
}
