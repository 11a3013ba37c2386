/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The server: a thread that accepts, and one per connection. A descriptor of
 * each connection wakes it when the test released something, so that nobody
 * here sleeps or polls in turns.
 */

#include "test-http-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_OPEN 64
#define MAX_HEADS 1024

struct _TestHttp
{
  int          listener;
  int          wake;           /* readable when the server ends */
  guint16      port;
  GThread     *thread;
  GSubprocess *tls;            /* (owned) (nullable) */

  GMutex       lock;           /* guards all below */
  GCond        changed;
  gboolean     ending;
  GHashTable  *permits;        /* (owned): owned name -> how many */
  GPtrArray   *clients;        /* (owned): of those that are open */
  GPtrArray   *done;           /* (owned): threads that can be joined */
  GPtrArray   *heads;          /* (owned): of owned strings */
  guint        n_connections;
  guint        n_requests;
};

static void
tell (int wake)
{
  uint64_t one = 1;

  if (write (wake, &one, sizeof one) < 0)
    g_assert (errno == EAGAIN);
}

gboolean
test_http_is_ending (TestHttp *self)
{
  gboolean ending;

  g_mutex_lock (&self->lock);
  ending = self->ending;
  g_mutex_unlock (&self->lock);
  return ending;
}

gboolean
test_http_take_permit (TestHttp   *self,
                       const char *name)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->permits, name));
  if (n > 0)
    g_hash_table_replace (self->permits, g_strdup (name), GUINT_TO_POINTER (n - 1));
  g_mutex_unlock (&self->lock);
  return n > 0;
}

static void
wake_clients_locked (TestHttp *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    tell (((TestHttpClient *) self->clients->pdata[i])->wake);
}

void
test_http_release (TestHttp   *self,
                   const char *name,
                   guint       n)
{
  g_mutex_lock (&self->lock);
  n += GPOINTER_TO_UINT (g_hash_table_lookup (self->permits, name));
  g_hash_table_replace (self->permits, g_strdup (name), GUINT_TO_POINTER (n));
  wake_clients_locked (self);
  g_mutex_unlock (&self->lock);
}

/* --- one connection --- */

static void
count_request (TestHttp              *self,
               const TestHttpRequest *request)
{
  g_mutex_lock (&self->lock);
  self->n_requests++;
  if (self->heads->len < MAX_HEADS)
    g_ptr_array_add (self->heads, g_strdup (request->head));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Whether the connection is good for another request. */
static gboolean
serve_one (TestHttpClient *client)
{
  TestHttpRequest request = { NULL, };
  gboolean good = test_http_client_read (client, &request);

  if (good)
    {
      count_request (client->server, &request);
      good = test_http_answer (client, &request);
    }
  test_http_request_clear (&request);

  if (good && client->closing)
    test_http_client_linger (client);
  return good && !client->closing;
}

static void
leave (TestHttpClient *client)
{
  TestHttp *self = client->server;

  g_mutex_lock (&self->lock);
  close (client->fd);
  close (client->wake);
  g_ptr_array_remove (self->clients, client);
  g_ptr_array_add (self->done, g_thread_self ());
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  g_string_free (client->in, TRUE);
  g_free (client);
}

static gpointer
client_thread (gpointer data)
{
  while (serve_one (data))
    ;
  leave (data);
  return NULL;
}

static void
join_done (TestHttp *self)
{
  g_autoptr (GPtrArray) done = NULL;

  g_mutex_lock (&self->lock);
  done = g_steal_pointer (&self->done);
  self->done = g_ptr_array_new ();
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < done->len; i++)
    g_thread_join (done->pdata[i]);
}

static void
take_in (TestHttp *self,
         int       fd)
{
  TestHttpClient *client = g_new0 (TestHttpClient, 1);
  int now = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  *client = (TestHttpClient) { self, fd, eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK), g_string_new (NULL), FALSE };

  g_mutex_lock (&self->lock);
  self->n_connections++;
  g_ptr_array_add (self->clients, client);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  g_thread_new ("test-http-client", client_thread, client);
}

static void
accept_one (TestHttp *self)
{
  int fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (fd >= 0 && test_http_get_n_open (self) < MAX_OPEN)
    take_in (self, fd);
  else if (fd >= 0)
    close (fd);
}

static gpointer
accept_thread (gpointer data)
{
  TestHttp *self = data;
  struct pollfd fds[] = { { self->listener, POLLIN, 0 }, { self->wake, POLLIN, 0 } };

  while (!test_http_is_ending (self))
    {
      if (poll (fds, 2, -1) > 0 && fds[0].revents != 0)
        accept_one (self);
      join_done (self);
    }

  return NULL;
}

/* --- the server --- */

/* A socket on the loopback, on a port that was free. */
static int
bind_any (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &length), ==, 0);
  *port = ntohs (address.sin_port);
  return fd;
}

guint16
test_http_closed_port (int *keeper)
{
  guint16 port;

  *keeper = bind_any (&port);
  return port;
}

TestHttp *
test_http_new (void)
{
  TestHttp *self = g_new0 (TestHttp, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->permits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->clients = g_ptr_array_new ();
  self->done = g_ptr_array_new ();
  self->heads = g_ptr_array_new_with_free_func (g_free);
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->listener = bind_any (&self->port);
  g_assert_cmpint (listen (self->listener, MAX_OPEN), ==, 0);
  self->thread = g_thread_new ("test-http", accept_thread, self);
  return self;
}

static void
end_tls (TestHttp *self)
{
  /* Its input is ours: it ends when that does. */
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->tls), NULL, NULL);
  g_subprocess_wait (self->tls, NULL, NULL);
  g_object_unref (self->tls);
}

static void
end_threads (TestHttp *self)
{
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  wake_clients_locked (self);
  tell (self->wake);
  g_mutex_unlock (&self->lock);

  g_thread_join (self->thread);
  g_assert_true (test_http_wait_open (self, 0));
  join_done (self);
}

void
test_http_free (TestHttp *self)
{
  if (self->tls != NULL)
    end_tls (self);
  end_threads (self);

  close (self->listener);
  close (self->wake);
  g_hash_table_unref (self->permits);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->heads);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

guint16
test_http_get_port (TestHttp *self)
{
  return self->port;
}

char *
test_http_dup_url (TestHttp   *self,
                   const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
}

static guint
read_port (GInputStream *stream)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stream);
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  return line != NULL ? g_ascii_strtoull (line, NULL, 10) : 0;
}

guint16
test_http_start_tls (TestHttp   *self,
                     const char *certificate)
{
  const char *tests = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *program = g_build_filename (tests, "http", "tls-relay.py", NULL);
  g_autofree char *file = g_build_filename (tests, "http", "certificates", certificate, NULL);
  g_autofree char *port = g_strdup_printf ("%u", self->port);

  g_assert_null (self->tls);
  self->tls = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                                "/usr/bin/python3", program, file, port, NULL);
  return self->tls != NULL ? read_port (g_subprocess_get_stdout_pipe (self->tls)) : 0;
}

/* --- what a test asks --- */

guint
test_http_get_n_connections (TestHttp *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_connections;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
test_http_get_n_requests (TestHttp *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_requests;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
test_http_get_n_open (TestHttp *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->clients->len;
  g_mutex_unlock (&self->lock);
  return n;
}

char *
test_http_dup_request (TestHttp *self,
                       guint     i)
{
  char *head;

  g_mutex_lock (&self->lock);
  head = i < self->heads->len ? g_strdup (self->heads->pdata[i]) : NULL;
  g_mutex_unlock (&self->lock);
  return head;
}

gboolean
test_http_wait_requests (TestHttp *self,
                         guint     n)
{
  gint64 end = g_get_monotonic_time () + TEST_HTTP_PATIENCE * G_TIME_SPAN_MILLISECOND;
  gboolean good;

  g_mutex_lock (&self->lock);
  while (self->n_requests < n && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  good = self->n_requests >= n;
  g_mutex_unlock (&self->lock);
  return good;
}

gboolean
test_http_wait_open (TestHttp *self,
                     guint     at_most)
{
  gint64 end = g_get_monotonic_time () + TEST_HTTP_PATIENCE * G_TIME_SPAN_MILLISECOND;
  gboolean good;

  g_mutex_lock (&self->lock);
  while (self->clients->len > at_most && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  good = self->clients->len <= at_most;
  g_mutex_unlock (&self->lock);
  return good;
}
