/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-peer-private.h"

#include "convoke-error.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Its sockets are closed a moment before it is gone. In milliseconds. */
#define LAST_MOMENT 250

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

GError *
convoke_peer_explain (ConvokeChannel *channel,
                      gpointer        data)
{
  ConvokePeer *self = data;
  struct pollfd fd = { .fd = self->pidfd, .events = POLLIN };
  g_autofree char *who = NULL;

  if (self->pidfd <= 0 || poll (&fd, 1, LAST_MOMENT) != 1)
    return NULL;

  who = convoke_channel_describe (channel);
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "%s ended", who);
}
