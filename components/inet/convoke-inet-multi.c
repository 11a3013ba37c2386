/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * libcurl's multi handle as sources of a main context: one source for each
 * socket, one for the time. One for each session, whose connections are kept
 * here between requests.
 *
 * libcurl's callbacks must not enter libcurl again, and what comes of them
 * (completions, notifications) can do anything. So they only write down what
 * happened and mark their exchange; marked exchanges are flushed when libcurl
 * has returned.
 */

#include "convoke-inet-multi-private.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _ConvokeInetMulti
{
  gint                         ref_count; /* (atomic) */
  ConvokeInetLoop             *loop;      /* (owned) */
  const ConvokeInetMultiFuncs *funcs;

  /* The rest belongs to the loop's thread. */
  CURLM                       *curlm;     /* (owned) */
  GSource                     *timer;     /* (owned) */
  GHashTable                  *owners;    /* fd of each socket -> exchange, or NULL */
  GPtrArray                   *marked;    /* exchanges to flush */
  guint                        depth;     /* of calls into libcurl */
};

/* --- sources --- */

typedef struct
{
  GSource           source;
  ConvokeInetMulti *multi;
  curl_socket_t     fd;
  gpointer          tag;
} SocketSource;

static void
enter (ConvokeInetMulti *self)
{
  self->depth++;
}

/* Tells the exchanges that ended. */
static void
read_messages (ConvokeInetMulti *self)
{
  CURLMsg *message;
  int n_left;

  while ((message = curl_multi_info_read (self->curlm, &n_left)) != NULL)
    {
      gpointer exchange = NULL;

      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &exchange);
      if (message->msg == CURLMSG_DONE && exchange != NULL)
        self->funcs->done (exchange, message->data.result);
    }
}

static void
flush_marked (ConvokeInetMulti *self)
{
  while (self->marked->len > 0)
    self->funcs->flush (g_ptr_array_steal_index (self->marked, 0));
}

static void
leave (ConvokeInetMulti *self)
{
  if (--self->depth > 0)
    return;

  self->depth++;
  read_messages (self);
  self->depth--;
  flush_marked (self);
}

static int
bits_of (GIOCondition condition)
{
  return (condition & (G_IO_IN | G_IO_HUP) ? CURL_CSELECT_IN : 0) |
         (condition & G_IO_OUT ? CURL_CSELECT_OUT : 0) |
         (condition & G_IO_ERR ? CURL_CSELECT_ERR : 0);
}

static void
act (ConvokeInetMulti *self,
     curl_socket_t     fd,
     int               bits)
{
  int running;

  convoke_inet_multi_ref (self);
  enter (self);
  curl_multi_socket_action (self->curlm, fd, bits, &running);
  leave (self);
  convoke_inet_multi_unref (self);
}

static gboolean
socket_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  SocketSource *self = (SocketSource *) source;

  act (self->multi, self->fd, bits_of (g_source_query_unix_fd (source, self->tag)));
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs socket_funcs = { .dispatch = socket_dispatch };

static gboolean
timer_dispatch (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  g_source_set_ready_time (source, -1);
  act (user_data, CURL_SOCKET_TIMEOUT, 0);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

/* --- what libcurl asks for --- */

static GIOCondition
condition_of (int what)
{
  return (what & CURL_POLL_IN ? G_IO_IN : 0) | (what & CURL_POLL_OUT ? G_IO_OUT : 0);
}

static SocketSource *
socket_source_new (ConvokeInetMulti *self,
                   curl_socket_t     fd,
                   GIOCondition      condition)
{
  SocketSource *source = (SocketSource *) g_source_new (&socket_funcs, sizeof *source);

  source->multi = self;
  source->fd = fd;
  source->tag = g_source_add_unix_fd (&source->source, fd, condition);
  g_source_attach (&source->source, convoke_inet_loop_get_context (self->loop));
  curl_multi_assign (self->curlm, fd, source);

  return source;
}

static void
socket_source_free (SocketSource *source)
{
  g_source_destroy (&source->source);
  g_source_unref (&source->source);
}

static int
socket_cb (CURL          *easy,
           curl_socket_t  fd,
           int            what,
           void          *user_data,
           void          *socket_data)
{
  ConvokeInetMulti *self = user_data;
  SocketSource *source = socket_data;

  if (what == CURL_POLL_REMOVE)
    g_clear_pointer (&source, socket_source_free);
  else if (source == NULL)
    socket_source_new (self, fd, condition_of (what));
  else
    g_source_modify_unix_fd (&source->source, source->tag, condition_of (what));

  return 0;
}

static int
timer_cb (CURLM *curlm,
          long   timeout,
          void  *user_data)
{
  ConvokeInetMulti *self = user_data;

  g_source_set_ready_time (self->timer, timeout < 0 ? -1 : g_get_monotonic_time () + timeout * 1000);
  return 0;
}

static gboolean
has_unread (curl_socket_t fd)
{
  char byte;

  return recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

int
convoke_inet_multi_close_socket_cb (void          *multi,
                                    curl_socket_t  fd)
{
  ConvokeInetMulti *self = multi;
  gpointer owner = NULL;

  if (g_hash_table_steal_extended (self->owners, GINT_TO_POINTER (fd), NULL, &owner) && owner != NULL)
    self->funcs->closing (owner, has_unread (fd));

  return close (fd);
}

/* --- life --- */

static void
set_up_curlm (ConvokeInetMulti *self)
{
  curl_multi_setopt (self->curlm, CURLMOPT_SOCKETFUNCTION, socket_cb);
  curl_multi_setopt (self->curlm, CURLMOPT_SOCKETDATA, self);
  curl_multi_setopt (self->curlm, CURLMOPT_TIMERFUNCTION, timer_cb);
  curl_multi_setopt (self->curlm, CURLMOPT_TIMERDATA, self);
}

ConvokeInetMulti *
convoke_inet_multi_new (const ConvokeInetMultiFuncs  *funcs,
                        GError                      **error)
{
  ConvokeInetLoop *loop = convoke_inet_loop_acquire (error);
  ConvokeInetMulti *self;

  if (loop == NULL)
    return NULL;

  self = g_new0 (ConvokeInetMulti, 1);
  self->ref_count = 1;
  self->loop = loop;
  self->funcs = funcs;
  self->curlm = curl_multi_init ();
  self->owners = g_hash_table_new (NULL, NULL);
  self->marked = g_ptr_array_new ();
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, NULL, self, NULL);
  set_up_curlm (self);
  g_source_attach (self->timer, convoke_inet_loop_get_context (loop));

  return self;
}

static void
free_cb (gpointer data)
{
  ConvokeInetMulti *self = data;

  curl_multi_cleanup (self->curlm);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_hash_table_unref (self->owners);
  g_ptr_array_unref (self->marked);
  convoke_inet_loop_release (self->loop);
  g_free (self);
}

ConvokeInetMulti *
convoke_inet_multi_ref (ConvokeInetMulti *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

/* The last reference can be dropped anywhere; libcurl's own is freed where it lives. */
void
convoke_inet_multi_unref (ConvokeInetMulti *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count) || convoke_inet_check_forked (NULL))
    return;

  convoke_inet_loop_put (self->loop, free_cb, self);
}

ConvokeInetLoop *
convoke_inet_multi_get_loop (ConvokeInetMulti *self)
{
  return self->loop;
}

/* --- exchanges --- */

void
convoke_inet_multi_add (ConvokeInetMulti *self,
                        CURL             *easy)
{
  enter (self);
  curl_multi_add_handle (self->curlm, easy);
  leave (self);
}

void
convoke_inet_multi_remove (ConvokeInetMulti *self,
                           CURL             *easy)
{
  enter (self);
  curl_multi_remove_handle (self->curlm, easy);
  leave (self);
}

void
convoke_inet_multi_unpause (ConvokeInetMulti *self,
                            CURL             *easy)
{
  enter (self);
  curl_easy_pause (easy, CURLPAUSE_CONT);
  leave (self);
}

void
convoke_inet_multi_mark (ConvokeInetMulti *self,
                         gpointer          exchange)
{
  if (!g_ptr_array_find (self->marked, exchange, NULL))
    g_ptr_array_add (self->marked, exchange);
  if (self->depth == 0)
    flush_marked (self);
}

void
convoke_inet_multi_unmark (ConvokeInetMulti *self,
                           gpointer          exchange)
{
  g_ptr_array_remove (self->marked, exchange);
}

void
convoke_inet_multi_add_socket (ConvokeInetMulti *self,
                               curl_socket_t     fd)
{
  g_hash_table_replace (self->owners, GINT_TO_POINTER (fd), NULL);
}

typedef int (*NameFunc) (int fd, struct sockaddr *address, socklen_t *length);

/* Whether one end of @fd is this; @address is NULL where any will do. */
static gboolean
has_end (int         fd,
         NameFunc    name,
         const char *address,
         int         port)
{
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  char host[NI_MAXHOST], service[NI_MAXSERV];

  if (name (fd, (struct sockaddr *) &storage, &length) != 0 ||
      getnameinfo ((struct sockaddr *) &storage, length, host, sizeof host, service, sizeof service,
                   NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return FALSE;

  return atoi (service) == port && (address == NULL || strcmp (host, address) == 0);
}

/* libcurl does not say which of its sockets a request goes over. */
void
convoke_inet_multi_own (ConvokeInetMulti *self,
                        const char       *address,
                        int               port,
                        int               local_port,
                        gpointer          exchange)
{
  GHashTableIter iter;
  gpointer fd;

  g_hash_table_iter_init (&iter, self->owners);
  while (g_hash_table_iter_next (&iter, &fd, NULL))
    if (has_end (GPOINTER_TO_INT (fd), getsockname, NULL, local_port) &&
        has_end (GPOINTER_TO_INT (fd), getpeername, address, port))
      {
        g_hash_table_iter_replace (&iter, exchange);
        return;
      }
}

gboolean
convoke_inet_multi_has_unread (ConvokeInetMulti *self,
                               gpointer          exchange)
{
  GHashTableIter iter;
  gpointer fd, owner;

  g_hash_table_iter_init (&iter, self->owners);
  while (g_hash_table_iter_next (&iter, &fd, &owner))
    if (owner == exchange && has_unread (GPOINTER_TO_INT (fd)))
      return TRUE;

  return FALSE;
}

void
convoke_inet_multi_disown (ConvokeInetMulti *self,
                           gpointer          exchange)
{
  GHashTableIter iter;
  gpointer owner;

  g_hash_table_iter_init (&iter, self->owners);
  while (g_hash_table_iter_next (&iter, NULL, &owner))
    if (owner == exchange)
      g_hash_table_iter_replace (&iter, NULL);
}
