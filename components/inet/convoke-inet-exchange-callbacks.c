/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What libcurl calls while it works for one exchange. Nothing here enters
 * libcurl again or runs code of the program: things are written down, and told
 * when libcurl has returned.
 *
 * When WinINet's notifications are due, in libcurl's terms:
 *
 *   RESOLVING_NAME       it starts to resolve a name
 *   NAME_RESOLVED        it opens the first socket after that
 *   CONNECTING           the same; not when it takes a connection that was kept
 *   CONNECTED            it is about to send, on a connection that was made for it
 *   SENDING_REQUEST      it is about to send
 *   REQUEST_SENT         head and body were written
 *   RECEIVING_RESPONSE   the same
 *   RESPONSE_RECEIVED    the empty line after the head
 *   CLOSING_CONNECTION,  it closes the socket
 *   CONNECTION_CLOSED
 */

#include "convoke-inet-exchange-inside-private.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Bytes of all the heads of one hop. */
#define MAX_HEADS (256 * 1024)

/* Bytes of the body of a redirecting answer that are read so that its connection can be kept. */
#define MAX_REDIRECT_BODY (64 * 1024)

/* --- out --- */

static int
resolving_cb (void *resolver,
              void *reserved,
              void *user_data)
{
  ConvokeInetExchange *self = user_data;
  g_autoptr (ConvokeInetUrl) url = convoke_inet_url_parse (self->ask.url, NULL);

  if (url == NULL || self->hop.resolving || g_hostname_is_ip_address (url->host) || *url->host == '[')
    return 0;

  self->hop.resolving = TRUE;
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_RESOLVING_NAME, url->host, 0);
  return 0;
}

static char *
name_address (struct curl_sockaddr *address)
{
  char text[NI_MAXHOST];

  if (getnameinfo (&address->addr, address->addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
    return NULL;

  return g_strdup (text);
}

/* libcurl can try several addresses; the first is told, and the one that it got when it is connected. */
static void
tell_connecting (ConvokeInetExchange  *self,
                 struct curl_sockaddr *address)
{
  g_autofree char *text = name_address (address);

  if (self->hop.connecting)
    return;

  self->hop.connecting = TRUE;
  if (self->hop.resolving)
    convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_NAME_RESOLVED, text, 0);
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_CONNECTING, text, 0);
}

static curl_socket_t
open_socket_cb (void                 *user_data,
                curlsocktype          purpose,
                struct curl_sockaddr *address)
{
  ConvokeInetExchange *self = user_data;
  curl_socket_t fd = socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

  tell_connecting (self, address);
  if (fd != CURL_SOCKET_BAD)
    convoke_inet_multi_add_socket (self->multi, fd);

  return fd;
}

static int
ready_cb (void *user_data,
          char *address,
          char *local_address,
          int   port,
          int   local_port)
{
  ConvokeInetExchange *self = user_data;

  if (self->hop.connecting && !self->hop.sending)
    convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_CONNECTED, address, 0);
  convoke_inet_multi_own (self->multi, address, port, local_port, self);
  convoke_inet_exchange_set_connected (self, TRUE);
  if (!self->hop.sending)
    convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL, 0);
  self->hop.sending = TRUE;

  return CURL_PREREQFUNC_OK;
}

static guint64
get_body_size (ConvokeInetExchange *self)
{
  return self->ask.body != NULL && !self->ask.extended ? g_bytes_get_size (self->ask.body) : 0;
}

static void
tell_sent (ConvokeInetExchange *self)
{
  if (self->hop.sent)
    return;

  self->hop.sent = TRUE;
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_REQUEST_SENT, NULL, self->hop.head_out + self->hop.body_out);
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE, NULL, 0);
  self->due_sent = self->ask.extended;
}

static void
bytes_out (ConvokeInetExchange *self,
           gboolean             head,
           gsize                size)
{
  guint64 total = get_body_size (self);

  if (!self->hop.sending)
    return;

  if (head)
    self->hop.head_out += size;
  else
    self->hop.body_out += size;
  if (!head && total > 0)
    convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_PROGRESS, NULL, self->hop.body_out);
  if (self->hop.body_out >= total)
    tell_sent (self);
}

static size_t
read_cb (char   *to,
         size_t  size,
         size_t  n,
         void   *user_data)
{
  ConvokeInetExchange *self = user_data;
  gsize done;
  gboolean wait;

  tell_sent (self);
  g_mutex_lock (&self->lock);
  done = convoke_inet_buffer_copy (&self->out, to, size * n);
  wait = self->starving = done == 0 && !self->out_ended;
  g_mutex_unlock (&self->lock);

  self->due_moved = TRUE;
  convoke_inet_multi_mark (self->multi, self);
  return wait ? CURL_READFUNC_PAUSE : done;
}

/* --- in --- */

static gboolean
is_redirect (ConvokeInetExchange *self,
             ConvokeInetHead     *head)
{
  guint status = head->status;
  gboolean keeps_body = status == 307 || status == 308;

  if (!self->ask.follow || convoke_inet_head_get (head, "Location", 0) == NULL)
    return FALSE;
  /* A body that was written in parts is not there any more. */
  if (keeps_body && self->ask.extended)
    return FALSE;

  return keeps_body || status == 301 || status == 302 || status == 303;
}

static void
take_head (ConvokeInetExchange *self,
           ConvokeInetHead     *head)
{
  self->hop.redirecting = is_redirect (self, head);
  self->hop.announced = convoke_inet_head_get_length (head);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->head, convoke_inet_head_unref);
  self->head = convoke_inet_head_ref (head);
  g_mutex_unlock (&self->lock);

  self->due_head = !self->hop.redirecting;
}

static void
head_complete (ConvokeInetExchange *self)
{
  ConvokeInetHead *head = self->hop.head;

  tell_sent (self);
  if (head->status < 200 && head->status != 101)
    {
      convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_INTERMEDIATE_RESPONSE, NULL, head->status);
      return;
    }

  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED, NULL, head->size);
  take_head (self, head);
}

/* A status line begins the next head; what else comes after a head is the end of a chunked body. */
static gboolean
begins_head (ConvokeInetExchange *self,
             const char          *line,
             gsize                length)
{
  if (self->hop.head == NULL)
    return TRUE;

  return self->hop.head->complete && self->hop.head->status < 200 && length > 5 && memcmp (line, "HTTP/", 5) == 0;
}

static size_t
head_cb (char   *line,
         size_t  size,
         size_t  n,
         void   *user_data)
{
  ConvokeInetExchange *self = user_data;
  ConvokeInetHop *hop = &self->hop;
  gsize length = size * n;

  hop->heads_size += length;
  hop->too_large = hop->heads_size > MAX_HEADS;
  if (hop->too_large)
    return 0;

  if (begins_head (self, line, length))
    {
      g_clear_pointer (&hop->head, convoke_inet_head_unref);
      hop->head = convoke_inet_head_new ();
    }
  if (hop->head->complete)
    return length;

  convoke_inet_head_add_line (hop->head, line, length);
  if (hop->head->complete)
    head_complete (self);

  return length;
}

/* Whether it went in; otherwise libcurl waits until somebody reads. */
static gboolean
take_body (ConvokeInetExchange *self,
           const char          *data,
           gsize                size)
{
  g_autoptr (GBytes) bytes = NULL;
  gboolean room;

  g_mutex_lock (&self->lock);
  room = convoke_inet_buffer_has_room (&self->in, size);
  if (room)
    {
      bytes = g_bytes_new (data, size);
      convoke_inet_buffer_push (&self->in, bytes);
    }
  self->stalled = !room;
  g_mutex_unlock (&self->lock);

  return room;
}

static size_t
body_cb (char   *data,
         size_t  size,
         size_t  n,
         void   *user_data)
{
  ConvokeInetExchange *self = user_data;
  gsize length = size * n;

  if (self->hop.redirecting)
    return self->hop.announced >= 0 && self->hop.announced <= MAX_REDIRECT_BODY ? length : 0;
  if (!take_body (self, data, length))
    return CURL_WRITEFUNC_PAUSE;

  self->hop.body_in += length;
  self->due_moved = TRUE;
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_PROGRESS, NULL, self->hop.body_in);
  return length;
}

/* The only place where libcurl shows what went out, and what came beyond the announced length, which it drops. */
static int
debug_cb (CURL          *easy,
          curl_infotype  type,
          char          *data,
          size_t         size,
          void          *user_data)
{
  ConvokeInetExchange *self = user_data;

  if (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT)
    bytes_out (self, type == CURLINFO_HEADER_OUT, size);
  else if (type == CURLINFO_DATA_IN)
    self->hop.raw_in += size;

  return 0;
}

void
convoke_inet_exchange_set_callbacks (ConvokeInetExchange *self)
{
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_PRIVATE, self);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, self->text);
  curl_easy_setopt (easy, CURLOPT_RESOLVER_START_FUNCTION, resolving_cb);
  curl_easy_setopt (easy, CURLOPT_RESOLVER_START_DATA, self);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETDATA, self);
  /* The connection can outlive the exchange, but not the session. */
  curl_easy_setopt (easy, CURLOPT_CLOSESOCKETFUNCTION, convoke_inet_multi_close_socket_cb);
  curl_easy_setopt (easy, CURLOPT_CLOSESOCKETDATA, self->multi);
  curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, ready_cb);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, self);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, head_cb);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, body_cb);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (easy, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (easy, CURLOPT_READDATA, self);
  curl_easy_setopt (easy, CURLOPT_DEBUGFUNCTION, debug_cb);
  curl_easy_setopt (easy, CURLOPT_DEBUGDATA, self);
  curl_easy_setopt (easy, CURLOPT_VERBOSE, 1L);
}
