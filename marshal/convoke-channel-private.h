/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A connection to another process: messages in order over one stream socket,
 * read by whoever waits (design D6).
 */

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-wire-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeChannel ConvokeChannel;
typedef struct _ConvokeImport ConvokeImport;
typedef struct _ConvokeExport ConvokeExport;

/* Kinds of messages. Each begins with the header of docs/wire.md. */
typedef enum
{
  CONVOKE_MESSAGE_HELLO = 1,
  CONVOKE_MESSAGE_CALL,       /* a method */
  CONVOKE_MESSAGE_REQUEST,    /* anything else that is answered; its kind is a ConvokeRequest */
  CONVOKE_MESSAGE_REPLY,      /* to a CALL or a REQUEST */
  CONVOKE_MESSAGE_FAILURE,    /* to the same: it did not get through; an error */
  CONVOKE_MESSAGE_CANCEL,     /* of a CALL or REQUEST */
  CONVOKE_MESSAGE_PROGRESS,   /* of a CALL */
  CONVOKE_MESSAGE_RELEASE,    /* references */
  CONVOKE_MESSAGE_TYPE,       /* what objects of one type implement */
  CONVOKE_MESSAGE_SIGNAL,     /* of an exported object: a signal that only tells */
  CONVOKE_MESSAGE_NOTIFY,     /* of an exported object: a property changed */
  CONVOKE_MESSAGE_GOODBYE,    /* the last one; an error that says why */
  CONVOKE_MESSAGE_DISCONNECT, /* an exported object was taken away from its clients */
  CONVOKE_N_MESSAGES
} ConvokeMessage;

typedef enum
{
  CONVOKE_REQUEST_GET = 1,    /* a property */
  CONVOKE_REQUEST_SET,
  CONVOKE_REQUEST_QUERY,      /* an interface that is learnt late */
  CONVOKE_REQUEST_EMIT,       /* a signal that asks: to the side that has the proxy */
  CONVOKE_REQUEST_ACTIVATE,   /* to a host */
  CONVOKE_REQUEST_ATTACH,     /* to a program: what it publishes under a name, or what a token says */
  CONVOKE_N_REQUESTS
} ConvokeRequest;

/* What a request does, at the side that got it. Runs in the apartment of @object (ACTIVATE, ATTACH: object is NULL, on a pool's thread; EMIT: the
 * proxy of the peer's object, in its home, or NULL when there is none any more).
 * @body is at the request's own part; @reply gets what the other side reads. FALSE: a FAILURE goes out. */
typedef gboolean (*ConvokeRequestHandler) (ConvokeChannel     *channel,
                                           GObject            *object,
                                           ConvokeWireReader  *body,
                                           ConvokeWireWriter  *reply,
                                           GError            **error);
/* One per kind, by the file that knows it; NULL: refused with NOT_SUPPORTED. Set while the library is loaded, before any channel. */
extern ConvokeRequestHandler convoke_request_handlers[CONVOKE_N_REQUESTS];

typedef struct
{
  const char *peer_name;     /* (nullable): for messages: "org.example.Coffee" */
  GPid        peer_pid;      /* 0: ask the socket */
  int         peer_pidfd;    /* (borrowed) until the channel has ended: readable when the peer's process has; 0: none. What it sent counts,
                              * but not that somebody else still has its end of the socket. */
  gboolean    serves;        /* Calls come in most of the time: the thread that reads them stays until others have to. */
  uid_t       peer_uid;
  gid_t       peer_gid;
  /* Called once, on any thread, when the channel has ended; @why is never NULL (a polite end: DISCONNECTED). */
  void      (*ended)         (ConvokeChannel *channel, const GError *why, gpointer data);
  gpointer    ended_data;
  /* (nullable): asked, for up to a moment, when the socket ended without a GOODBYE: the true cause (transfer full), or NULL. */
  GError   *(*explain)       (ConvokeChannel *channel, gpointer ended_data);
  /* (nullable): when the channel goes, and not before: a reader can still ask for the cause of an end that somebody else made. Where
   * no channel comes to be, the data stays the caller's. */
  GDestroyNotify ended_data_free;
  /* (nullable): nothing has happened for a while, after something has, and all is sent: the last reference may have gone, on either
   * side. On a thread of the library's, without a lock; short. */
  void      (*quiet)         (ConvokeChannel *channel, gpointer ended_data);
} ConvokeChannelOptions;

/* Takes @fd (a connected stream socket) over, says HELLO and starts to read. */
ConvokeChannel *convoke_channel_new   (int fd, const ConvokeChannelOptions *options, GError **error);
ConvokeChannel *convoke_channel_ref   (ConvokeChannel *self);
void            convoke_channel_unref (ConvokeChannel *self);
/* Ends it: all calls end with @why (copied), everything that the peer held is released. Idempotent; any thread. The peer is told. */
void            convoke_channel_close (ConvokeChannel *self, const GError *why);
/* (transfer full): why it ended, or NULL while it lives. */
GError         *convoke_channel_dup_end_reason (ConvokeChannel *self);
GCredentials   *convoke_channel_dup_credentials (ConvokeChannel *self);
/* "process 4711 (org.example.Coffee)" */
char           *convoke_channel_describe (ConvokeChannel *self);
/* Waits for the peer's HELLO. @deadline: monotonic, microseconds; -1: none. @cancellable: (nullable). */
gboolean        convoke_channel_wait_ready (ConvokeChannel *self, gint64 deadline, GCancellable *cancellable, GError **error);
/* For a host: objects that the peer holds, and calls in progress in either direction. */
guint           convoke_channel_get_n_exports (ConvokeChannel *self);
guint           convoke_channel_get_n_calls   (ConvokeChannel *self);
/* Objects of the peer that somebody has here. */
guint           convoke_channel_get_n_imports (ConvokeChannel *self);
/* The thread that iterates @context reads this channel, as long as nobody waits for it (design D6: only a host's loop is ours).
 * For objects that live there. Again does nothing. */
void            convoke_channel_read_in_context (ConvokeChannel *self, GMainContext *context);

/* The objects of both sides (convoke-object-table-private.h). */
typedef struct _ConvokeObjectTable ConvokeObjectTable;
ConvokeObjectTable *convoke_channel_get_objects (ConvokeChannel *self);
/* Where they live; NULL once it has ended. */
ConvokeApartment   *convoke_channel_dup_apartment (ConvokeChannel *self);

/* Sends a message: @writer holds it whole, header first (convoke_wire_begin_message ()). Any thread; never blocks for long; an error of
 * the socket ends the channel. */
void            convoke_channel_send    (ConvokeChannel *self, ConvokeWireWriter *message);

/* A request and its answer: blocks, serving this thread's chain meanwhile. @body begins with convoke_channel_begin_request (). @reply: the answer,
 * to be cleared by convoke_channel_clear_reply (). @timeout: microseconds, -1: none. @cancellable: (nullable). */
typedef struct
{
  ConvokeWireReader reader;
  gpointer          data;     /* owned */
  int               fds[CONVOKE_WIRE_MAX_FDS];
} ConvokeChannelReply;

void            convoke_channel_begin_request (ConvokeChannel *self, ConvokeWireWriter *writer, ConvokeRequest kind, guint64 object);
gboolean        convoke_channel_request       (ConvokeChannel *self, ConvokeWireWriter *writer, gint64 timeout, GCancellable *cancellable, ConvokeChannelReply *reply, GError **error);
void            convoke_channel_clear_reply   (ConvokeChannelReply *reply);

/* --- what a message begins with (docs/wire.md) --- */

typedef struct
{
  guint32 length;   /* of the whole message */
  guint8  kind;     /* ConvokeMessage */
  guint8  flags;
  guint16 n_fds;
  guint64 id;       /* of the call or request; of the object for SIGNAL and NOTIFY */
} ConvokeMessageHeader;

#define CONVOKE_MESSAGE_HEADER_SIZE 16

/* Leaves room for the header, which send fills in. */
void     convoke_wire_begin_message (ConvokeWireWriter *writer, ConvokeMessage kind, guint8 flags, guint64 id);
/* Reads and checks the header alone: kind, length within the limits. Pure: no channel needed. */
gboolean convoke_wire_parse_header  (const guint8 *data, gsize available, ConvokeMessageHeader *header, GError **error);

G_END_DECLS
