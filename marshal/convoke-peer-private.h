/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The process at the other end of a socket that we did not start: known by a descriptor of it, where there is one. */

#include "convoke-channel-private.h"

G_BEGIN_DECLS

typedef struct _ConvokePeer ConvokePeer;

/* Of a connected socket. */
ConvokePeer *convoke_peer_new       (int fd);
void         convoke_peer_free      (gpointer self);
/* 0: it cannot be told, as that of a process of another container. */
GPid         convoke_peer_get_pid   (ConvokePeer *self);
/* Readable when it has ended. Borrowed; 0: there is none. */
int          convoke_peer_get_pidfd (ConvokePeer *self);
/* ConvokeChannelOptions.explain, where the peer is the data: whether the process has ended. */
GError      *convoke_peer_explain   (ConvokeChannel *channel, gpointer self);

G_END_DECLS
