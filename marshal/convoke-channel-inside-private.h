/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the channel's own files share. */

#include "convoke-channel-private.h"
#include "convoke-parcel-private.h"
#include "convoke-reactor-private.h"
#include "convoke-record-private.h"
#include "convoke-remote-cancel-private.h"
#include "convoke-ticker-private.h"

G_BEGIN_DECLS

/* Calls and requests of one side that the other has not answered. */
#define CONVOKE_CHANNEL_MAX_CALLS 65536
/* Bytes that may wait to be sent: callers wait beyond the first, and a peer that lets it come to the second is given up. */
#define CONVOKE_CHANNEL_HIGH_WATER (1u << 20)
#define CONVOKE_CHANNEL_MAX_OUTPUT (4u * CONVOKE_WIRE_MAX_MESSAGE)
/* Bytes of calls and requests that came in and are not over. A variable for the tests. */
extern gssize convoke_channel_max_input;
/* What a call takes beside its message, about. */
#define CONVOKE_CHANNEL_CALL_COST 512

/* Flags of CALL */
enum
{
  CONVOKE_CALL_BEGUN    = 1 << 0,
  CONVOKE_CALL_ONEWAY   = 1 << 1,
  CONVOKE_CALL_DEADLINE = 1 << 2,
  CONVOKE_CALL_LEVEL    = 3 << 3,  /* ConvokeImpersonationLevel; 0: the default */
  CONVOKE_CALL_CANCELLABLE = 1 << 5, /* the caller gave one */
  CONVOKE_CALL_CANCELLED = 1 << 6, /* which is cancelled already */
  CONVOKE_CALL_UNORDERED = 1 << 7, /* it may start before those begun before it */
};

#define CONVOKE_CALL_LEVEL_SHIFT 3

/* One answer that is waited for. */
typedef struct
{
  gpointer data;        /* (owned) ConvokeRecord, or (borrowed) ConvokePendingRequest; NULL: free */
  guint64  id;
  gboolean is_request;
  guint    next_free;
} ConvokeTicket;

typedef struct
{
  ConvokeEventCore     event;
  ConvokeChannelReply *reply;
  GError              *error;
  gboolean             ok;
  ConvokeRequest       kind;   /* constant */
} ConvokePendingRequest;

/* One call or request that is answered here. */
typedef struct
{
  guint64        id;     /* 0: none */
  ConvokeRecord *record; /* (borrowed) removed before its end is told; NULL: a request */
} ConvokeIncomingSlot;

typedef struct
{
  gsize at;              /* in out: the byte with which they go */
  guint n_fds;
  int   fds[CONVOKE_WIRE_MAX_FDS];
} ConvokeOutFds;

struct _ConvokeChannel
{
  gint                  ref_count;     /* atomic */
  int                   fd;            /* constant */
  ConvokeChannelOptions options;       /* constant; strings owned */
  GCredentials         *credentials;   /* constant (owned) of the peer */
  char                 *description;   /* constant */
  ConvokeObjectTable   *objects;       /* constant (owned) */
  gint                  ended;         /* atomic */

  /* Who reads (convoke-channel-read.c). */
  guint                 role;          /* atomic */
  guint                 work;          /* atomic; the I/O thread's work while it reads here */
  guint8               *in;            /* of whoever has the role, as all in_ */
  gsize                 in_start;
  gsize                 in_end;
  gsize                 in_size;
  int                   in_fds[2 * CONVOKE_WIRE_MAX_FDS];
  guint                 n_in_fds;
  gboolean              greeted;       /* of whoever has the role: HELLO came */
  int                   kick_fd;       /* atomic; made at the first wait that can be kicked */
  gint                  asleep;        /* atomic; how the leader sleeps: on kick_fd, or where it hears no kick */
  gint                  wary;          /* atomic; one was kicked who did not hear it: leaders sleep on kick_fd from now on */
  guint                 last_role;     /* the ticker's */
  guint                 n_quiet;       /* the ticker's */
  guint                 last_work;     /* the ticker's */
  ConvokeTicker         ticker;
  ConvokeWatch          watch;
  ConvokeWatch          peer_watch;    /* of the peer's process, where there is a descriptor of it */

  GMutex                lock;
  guint                 armed;         /* LOCK: lock; events that the reactor watches for */
  GQueue                followers;     /* LOCK: lock; ConvokeFollower of those who wait for somebody else's reading */
  ConvokeApartment     *apartment;     /* LOCK: lock; (owned) until the end */
  GError               *why;           /* LOCK: lock; once ended */
  gboolean              ready;         /* LOCK: lock; HELLO came */
  GCond                 changed;       /* with lock */
  GSource              *source;        /* LOCK: lock; (owned) (nullable) a main context that reads */
  gboolean              source_armed;  /* LOCK: lock; it polls for input */
  guint                 source_busy;   /* LOCK: lock; so many times its thread is at work on what it has read */
  gint                  context_calls; /* atomic; grows with calls for objects of main contexts, and shrinks with others */

  GMutex                calls_lock;    /* innermost */
  ConvokeTicket        *tickets;       /* LOCK: calls_lock, as all below */
  guint                 n_tickets;
  guint                 first_free;
  guint                 n_calls;
  guint64               last_id;
  ConvokeIncomingSlot  *incoming;
  guint                 n_incoming_slots;
  guint                 n_incoming;
  gssize                input;         /* atomic; bytes of what came in and is not over */
  gboolean              closed_calls;

  GMutex                send_lock;     /* after lock and the table's; before calls_lock */
  GByteArray           *out;           /* LOCK: send_lock */
  gsize                 out_start;     /* LOCK: send_lock */
  GArray               *out_fds;       /* LOCK: send_lock; ConvokeOutFds */
  GThread              *corker;        /* LOCK: send_lock; what this thread sends can wait for its flush */
  gboolean              said_goodbye;  /* LOCK: send_lock */
  GCond                 drained;       /* with send_lock */
  gint                  n_crowded;     /* atomic; threads that wait for it */
};

/* --- convoke-channel.c --- */
void     convoke_channel_flush        (ConvokeChannel *self);
void     convoke_channel_cork         (ConvokeChannel *self);
/* Something is unsent. */
gboolean convoke_channel_has_output   (ConvokeChannel *self);
/* A caller's thread waits here while too much is unsent, unless @record is over meanwhile. */
void     convoke_channel_wait_for_room (ConvokeChannel *self, ConvokeRecord *record);
/* For those: a record is over. */
void     convoke_channel_look_for_room (ConvokeChannel *self);
/* A reference, unless the last is gone: for who found it in a list. */
gboolean convoke_channel_try_ref      (ConvokeChannel *self);
/* Takes @error. The peer broke the protocol, the socket failed, ... */
void     convoke_channel_fail         (ConvokeChannel *self, GError *error);
void     convoke_channel_send_failure (ConvokeChannel *self, guint64 id, const GError *error);
gboolean convoke_channel_handle_hello   (ConvokeChannel *self, ConvokeWireReader *body, GError **error);
gboolean convoke_channel_handle_goodbye (ConvokeChannel *self, ConvokeWireReader *body, GError **error);

/* --- convoke-channel-read.c --- */
gboolean convoke_channel_park    (gpointer carrier, ConvokeEventCore *core, guint seen, gint64 deadline, gboolean quiet);
void     convoke_channel_kick    (gpointer carrier);
void     convoke_channel_start_reading (ConvokeChannel *self);
void     convoke_channel_stop_reading  (ConvokeChannel *self);
void     convoke_channel_init_reading  (ConvokeChannel *self);
void     convoke_channel_want_output (ConvokeChannel *self);
/* For who handles a message: what its order matters for has been done, and foreign code comes. */
void     convoke_channel_begin_foreign (void);
/* A call for an object of @apartment came in. */
void     convoke_channel_note_callee (ConvokeChannel *self, ConvokeApartment *apartment);

/* --- convoke-channel-calls.c: who waits for what --- */
/* 0 and OUT_OF_RESOURCES or DISCONNECTED. */
guint64  convoke_channel_add_ticket  (ConvokeChannel *self, gpointer data, gboolean is_request, GError **error);
/* What the ticket was for; NULL: no such. Exactly one gets it. */
gpointer convoke_channel_take_ticket (ConvokeChannel *self, guint64 id, gboolean *is_request);
/* TRUE: it was for @data, and is for @heir from now on. */
gboolean convoke_channel_pass_ticket (ConvokeChannel *self, guint64 id, gpointer data, gpointer heir);
/* (transfer full) (nullable): only records. */
ConvokeRecord *convoke_channel_dup_ticket (ConvokeChannel *self, guint64 id);
/* Refuses new ones from now on and takes those that are left, one by one. */
gpointer convoke_channel_drain_ticket (ConvokeChannel *self, gboolean *is_request);

/* FALSE: the number is taken, or beyond the bounds. */
gboolean convoke_channel_add_incoming    (ConvokeChannel *self, guint64 id, ConvokeRecord *record, GError **error);
void     convoke_channel_remove_incoming (ConvokeChannel *self, guint64 id);
/* What came in takes memory until it is over. FALSE with OUT_OF_RESOURCES: it takes too much, and was not counted. */
gboolean convoke_channel_add_input       (ConvokeChannel *self, gsize size, GError **error);
void     convoke_channel_remove_input    (ConvokeChannel *self, gsize size);
/* (transfer full) (nullable) */
ConvokeRecord *convoke_channel_dup_incoming (ConvokeChannel *self, guint64 id);
/* One of those that are left, without removing it (transfer full) (nullable); @index: where to look from, moved on. */
ConvokeRecord *convoke_channel_next_incoming (ConvokeChannel *self, guint *index);

/* --- convoke-remote-call.c: calls that go out --- */
extern const ConvokeCarrierFuncs convoke_channel_carrier_funcs;
gboolean convoke_channel_handle_reply    (ConvokeChannel *self, const ConvokeMessageHeader *header, ConvokeWireReader *body, GError **error);
gboolean convoke_channel_handle_progress (ConvokeChannel *self, guint64 id, ConvokeWireReader *body, GError **error);
void     convoke_channel_end_calls       (ConvokeChannel *self, const GError *why);

/* --- convoke-channel-request.c --- */
gboolean convoke_channel_handle_request (ConvokeChannel *self, guint64 id, ConvokeWireReader *body, gboolean here, GError **error);
gboolean convoke_channel_answer_request (ConvokeChannel *self, ConvokePendingRequest *request, gboolean failed, ConvokeWireReader *body, GError **error);
void     convoke_channel_fail_request   (ConvokeChannel *self, ConvokePendingRequest *request, GError *error);

/* --- convoke-stub.c: calls that come in --- */
/* @here: the calling thread may run what its apartment allows here. */
gboolean convoke_channel_handle_call    (ConvokeChannel *self, const ConvokeMessageHeader *header, ConvokeWireReader *body, gboolean here, GError **error);
void     convoke_channel_handle_cancel  (ConvokeChannel *self, guint64 id);
void     convoke_channel_abandon_incoming (ConvokeChannel *self);

/* The number goes where the header has it, once it is known. */
static inline void
convoke_channel_set_id (ConvokeWireWriter *message,
                        guint64            id)
{
  guint64 little = GUINT64_TO_LE (id);

  memcpy (message->data + G_STRUCT_OFFSET (ConvokeMessageHeader, id), &little, sizeof little);
}

/* A record that left the process comes back. */
static inline void
convoke_channel_finish_record (ConvokeRecord *record,
                               GError        *error)
{
  convoke_record_end (record, convoke_remote_cancel_detach (record, error), NULL);
  convoke_record_leave (record);
  convoke_record_unref (record);
}

G_END_DECLS
