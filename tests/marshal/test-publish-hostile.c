/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Those who come to a program that publishes and mean no good, or come in
 * great number: the program goes on, and who comes in earnest is served.
 */

#include "publish/published.h"

#include "../death/death-account.h"
#include "convoke-channel-private.h"
#include "convoke-listener-private.h"
#include "../test-child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define MAGIC 0x454b5643u

/* --- saying things --- */

/* The other side may be gone, which is what is wanted. */
static void
say (int           fd,
     gconstpointer data,
     gsize         length)
{
  send (fd, data, length, MSG_NOSIGNAL);
}

/* Sends @message, or so many of its bytes, and clears it. */
static void
say_message (int                fd,
             ConvokeWireWriter *message,
             gsize              most)
{
  guint32 length = GUINT32_TO_LE (message->length);

  memcpy (message->data, &length, sizeof length);
  say (fd, message->data, MIN (message->length, most));
  convoke_wire_writer_clear (message);
}

static void
say_hello (int   fd,
           gsize most)
{
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_HELLO, 0, 0);
  convoke_wire_put_u32 (&message, MAGIC);
  convoke_wire_put_u16 (&message, 1);
  convoke_wire_put_u16 (&message, 1);
  convoke_wire_put_string (&message, "9.7");
  say_message (fd, &message, most);
}

static void
say_attach (int         fd,
            const char *name,
            guint64     number)
{
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_REQUEST, 0, number << 24 | number);
  convoke_wire_put_u8 (&message, CONVOKE_REQUEST_ATTACH);
  convoke_wire_put_u64 (&message, 0);
  convoke_wire_put_u64 (&message, 77);
  convoke_wire_put_string (&message, name);
  convoke_wire_put_string (&message, NULL);
  say_message (fd, &message, G_MAXSIZE);
}

/* Until the other side closes it; what it said (transfer full). */
static GByteArray *
hear_all (int fd)
{
  GByteArray *heard = g_byte_array_new ();
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  guint8 piece[1024];
  gssize n;

  do
    {
      g_assert_cmpint (poll (&poll_fd, 1, PATIENCE / 1000), ==, 1);
      n = recv (fd, piece, sizeof piece, 0);
      if (n > 0)
        g_byte_array_append (heard, piece, n);
    }
  while (n > 0);

  return heard;
}

static void
assert_ended (int         fd,
              const char *words)
{
  g_autoptr (GByteArray) heard = hear_all (fd);

  g_assert_nonnull (memmem (heard->data, heard->len, words, strlen (words)));
  close (fd);
}

/* TRUE: a reference came. */
static gboolean
is_admitted (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  guint8 heard[65536];
  gsize n = 0;

  while (memmem (heard, n, "ConvokeTestPriceFeed", 20) == NULL)
    {
      gssize more;

      g_assert_cmpint (poll (&poll_fd, 1, PATIENCE / 1000), ==, 1);
      more = recv (fd, heard + n, sizeof heard - n, 0);
      if (more <= 0)
        return FALSE;
      n += more;
    }

  return TRUE;
}

/* --- a program of one's own --- */

typedef struct
{
  ConvokeTestServer *server;
  guint64            cookie;
} Own;

static void
own_init (Own *self)
{
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();
  g_autoptr (GError) error = NULL;

  self->server = convoke_test_server_new ();
  convoke_apartment_bind (any, G_OBJECT (self->server), &error);
  g_assert_no_error (error);
  self->cookie = convoke_publish ("org.example.Own", G_OBJECT (self->server), &error);
  g_assert_no_error (error);
}

static void
own_clear (Own *self)
{
  g_autoptr (GError) error = NULL;

  convoke_unpublish (self->cookie, &error);
  g_assert_no_error (error);
  g_object_unref (self->server);
}

static void
assert_serves (Publisher *publisher)
{
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");

  g_assert_cmpint (ask (shop, "pid"), ==, publisher_get_pid (publisher));
}

/* --- what they say --- */

static void
test_rubbish (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);

  g_test_summary ("Who sends rubbish is sent away, and the program goes on");

  for (guint i = 0; i < 200; i++)
    {
      int fd = connect_raw ("org.example.Shop");
      guint8 rubbish[64];

      for (guint j = 0; j < sizeof rubbish; j++)
        rubbish[j] = g_rand_int (rand);
      say (fd, rubbish, sizeof rubbish);
      if (i % 2)
        shutdown (fd, SHUT_WR);
      close (fd);
    }
  assert_serves (publisher);
}

static void
test_rubbish_is_answered (void)
{
  Own own;
  int fd;

  g_test_summary ("Who sends rubbish is told so, and the connection ends");

  own_init (&own);
  fd = connect_raw ("org.example.Own");
  say (fd, "GET / HTTP/1.1\r\n\r\n", 18);
  assert_ended (fd, "sent what is no message");
  own_clear (&own);
}

static void
test_half_hello (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");

  g_test_summary ("Who leaves in the middle of a hello leaves nothing behind");

  for (guint i = 1; i < 40; i++)
    {
      int fd = connect_raw ("org.example.Shop");

      say_hello (fd, i);
      close (fd);
    }
  assert_serves (publisher);
}

static void
test_silent (void)
{
  Own own;
  int fd;

  g_test_summary ("Who says nothing is sent away after a while, also after a hello");

  convoke_listener_patience = 5000;
  own_init (&own);
  fd = connect_raw ("org.example.Own");
  assert_ended (fd, "did not say in time");
  fd = connect_raw ("org.example.Own");
  say_hello (fd, G_MAXSIZE);
  assert_ended (fd, "did not say in time");
  own_clear (&own);
  convoke_listener_patience = 10 * G_USEC_PER_SEC;
}

static void
test_no_name (void)
{
  Own own;
  int fd;

  g_test_summary ("A request to attach without a name fails, and nothing else");

  own_init (&own);
  fd = connect_raw ("org.example.Own");
  say_hello (fd, G_MAXSIZE);
  say_attach (fd, NULL, 1);
  say_attach (fd, "org.example.Own", 2);
  g_assert_true (is_admitted (fd));
  close (fd);
  own_clear (&own);
}

static void
test_other_name (void)
{
  Own own;
  int fd;

  g_test_summary ("A name that the program does not publish is an error that says so, and lets nobody stay");

  convoke_listener_patience = 50000;
  own_init (&own);
  fd = connect_raw ("org.example.Own");
  say_hello (fd, G_MAXSIZE);
  say_attach (fd, "org.example.Other", 1);
  assert_ended (fd, "does not publish");
  own_clear (&own);
  convoke_listener_patience = 10 * G_USEC_PER_SEC;
}

static void
test_wrong_door (void)
{
  ConvokeChannelOptions options = { .peer_name = "the other end" };
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The test is over");
  g_autoptr (GError) error = NULL;
  ConvokeChannelReply reply;
  ConvokeWireWriter writer;
  ConvokeChannel *ends[2];
  int fds[2];
  Own own;

  g_test_summary ("Over a connection that did not come in through a socket of the program nothing is handed out");

  own_init (&own);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      ends[i] = convoke_channel_new (fds[i], &options, &error);
      g_assert_no_error (error);
    }
  convoke_channel_wait_ready (ends[0], -1, NULL, &error);
  g_assert_no_error (error);

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (ends[0], &writer, CONVOKE_REQUEST_ATTACH, 0);
  convoke_wire_put_string (&writer, "org.example.Own");
  convoke_wire_put_string (&writer, NULL);
  g_assert_false (convoke_channel_request (ends[0], &writer, -1, NULL, &reply, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  convoke_wire_writer_clear (&writer);

  for (guint i = 0; i < 2; i++)
    {
      convoke_channel_close (ends[i], why);
      convoke_channel_unref (ends[i]);
    }
  own_clear (&own);
}

/* --- how many they are --- */

#define A_CROWD 1000

static void
test_crowd (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");

  g_test_summary ("A thousand that come and go do not keep out who comes in earnest");

  for (guint i = 0; i < A_CROWD; i++)
    close (connect_raw ("org.example.Shop"));
  assert_serves (publisher);
}

static void
test_silent_crowd (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  int fds[300];

  g_test_summary ("Many that stay and say nothing do not keep out who comes in earnest, and cost a bounded number of descriptors");

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = connect_raw ("org.example.Shop");
      if (i % 2)
        say_hello (fds[i], G_MAXSIZE);
    }
  assert_serves (publisher);
  {
    g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");

    g_assert_cmpfloat (ask (shop, "descriptors"), <, 150);
  }
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static void
test_too_many (void)
{
  Own own;
  int fds[4];
  int more;

  g_test_summary ("Who comes when the program has as many connections as it may have is told so");

  convoke_listener_max_guests = G_N_ELEMENTS (fds);
  own_init (&own);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = connect_raw ("org.example.Own");
      say_hello (fds[i], G_MAXSIZE);
      say_attach (fds[i], "org.example.Own", 1);
      g_assert_true (is_admitted (fds[i]));
    }
  more = connect_raw ("org.example.Own");
  say_hello (more, G_MAXSIZE);
  assert_ended (more, "as many connections as it may have");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  own_clear (&own);
  convoke_listener_max_guests = 128;
}

static void
test_poor (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("poor", "org.example.Shop");
  int fds[60];

  g_test_summary ("A program without descriptors lets in who comes as soon as it has some");

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = connect_raw ("org.example.Shop");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  assert_serves (publisher);
}

/* --- who they are --- */

static void
open_up (const char *path)
{
  g_assert_cmpint (chmod (path, 0777), ==, 0);
}

static void
test_other_user (void)
{
  g_autofree char *own = g_build_filename (runtime_dir, "convoke-1", NULL);
  g_autofree char *published = g_build_filename (own, "published", NULL);
  g_autofree char *path = published_path ("org.example.Shop");
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  int status;
  pid_t pid;

  g_test_summary ("Who is another user is sent away without a word, even where the folder lets them in (D14)");

  if (geteuid () != 0)
    {
      g_test_skip ("Only root can be another user");
      return;
    }

  open_up (runtime_dir);
  open_up (own);
  open_up (published);
  open_up (path);
  pid = fork ();
  if (pid == 0)
    {
      int fd;

      if (setresgid (65534, 65534, 65534) < 0 || setresuid (65534, 65534, 65534) < 0)
        _exit (2);
      fd = connect_raw ("org.example.Shop");
      test_child_end (hear_all (fd)->len == 0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (chmod (published, 0700), ==, 0);
  g_assert_cmpint (chmod (own, 0700), ==, 0);
  g_assert_cmpint (chmod (runtime_dir, 0700), ==, 0);
  assert_serves (publisher);
}

/* --- fork --- */

static gboolean
is_forked (GError *error)
{
  g_autoptr (GError) owned = error;

  return g_error_matches (owned, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
}

static gboolean
all_fail (guint64 cookie)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GError *errors[3] = { NULL, };

  return convoke_publish ("org.example.Child", G_OBJECT (server), &errors[0]) == 0 && is_forked (errors[0])
         && !convoke_unpublish (cookie, &errors[1]) && is_forked (errors[1])
         && convoke_attach ("org.example.Own", CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, &errors[2]) == NULL && is_forked (errors[2]);
}

static void
test_fork (void)
{
  g_autofree char *path = published_path ("org.example.Own");
  int status;
  pid_t pid;
  Own own;

  g_test_summary ("In a forked child everything fails with FORKED, and the name stays the parent's");

  own_init (&own);
  pid = fork ();
  if (pid == 0)
    test_child_end (all_fail (own.cookie));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  close (connect_raw ("org.example.Own"));
  own_clear (&own);
}

/* Without them nothing tells of the end of a process whose sockets another has, too. */
static gboolean
has_process_descriptors (void)
{
  int fd = syscall (SYS_pidfd_open, getpid (), 0u);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static void
test_child_outlives (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (Publisher) next = NULL;
  g_autoptr (GError) error = NULL;
  GPid child;

  g_test_summary ("A child of a program that ended keeps neither its name nor those who had attached");

  if (!has_process_descriptors ())
    {
      g_test_skip ("There are no descriptors of processes here");
      return;
    }

  child = ask (shop, "child");
  publisher_kill (publisher);
  convoke_test_price_feed_get_price (shop, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  next = publisher_new ("loop", "org.example.Shop");
  assert_serves (next);
  kill (child, SIGKILL);
}

/* --- what is left --- */

static void
attach_and_go (void)
{
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");

  ask (shop, "pid");
}

static void
publish_and_go (void)
{
  Own own;

  own_init (&own);
  close (connect_raw ("org.example.Own"));
  own_clear (&own);
}

static void
test_rounds (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  DeathAccount before;

  g_test_summary ("A hundred rounds of attaching and letting go, and of publishing, leave no descriptor and no thread");

  attach_and_go ();
  publish_and_go ();
  before = death_account_take ();
  for (guint i = 0; i < 100; i++)
    {
      attach_and_go ();
      publish_and_go ();
    }
  death_account_settle (&before);
}

#define N_THREADS 6
#define N_ROUNDS 60

static gpointer
attach_often_cb (gpointer name)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (ConvokeTestPriceFeed) shop = attach (name);

      ask (shop, "pid");
      /* Long enough for the connection to go, or not. */
      if (i % 3 == 0)
        g_usleep (20000);
    }

  return NULL;
}

static gpointer
publish_often_cb (gpointer data)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    publish_and_go ();

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("any", "org.example.Shop org.example.Store");
  GThread *threads[N_THREADS + 1];
  DeathAccount before;

  g_test_summary ("Threads that attach and let go while others do meet no connection that is just going");

  attach_and_go ();
  publish_and_go ();
  before = death_account_take ();
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("attaches", attach_often_cb, (gpointer) (i % 2 ? "org.example.Shop" : "org.example.Store"));
  threads[N_THREADS] = g_thread_new ("publishes", publish_often_cb, NULL);
  for (guint i = 0; i <= N_THREADS; i++)
    g_thread_join (threads[i]);
  death_account_settle (&before);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  published_init ();
  death_account_init ();

  g_test_add_func ("/marshal/publish-hostile/rubbish", test_rubbish);
  g_test_add_func ("/marshal/publish-hostile/rubbish-is-answered", test_rubbish_is_answered);
  g_test_add_func ("/marshal/publish-hostile/half-hello", test_half_hello);
  g_test_add_func ("/marshal/publish-hostile/silent", test_silent);
  g_test_add_func ("/marshal/publish-hostile/no-name", test_no_name);
  g_test_add_func ("/marshal/publish-hostile/other-name", test_other_name);
  g_test_add_func ("/marshal/publish-hostile/wrong-door", test_wrong_door);
  g_test_add_func ("/marshal/publish-hostile/crowd", test_crowd);
  g_test_add_func ("/marshal/publish-hostile/silent-crowd", test_silent_crowd);
  g_test_add_func ("/marshal/publish-hostile/too-many", test_too_many);
  g_test_add_func ("/marshal/publish-hostile/poor", test_poor);
  g_test_add_func ("/marshal/publish-hostile/other-user", test_other_user);
  g_test_add_func ("/marshal/publish-hostile/fork", test_fork);
  g_test_add_func ("/marshal/publish-hostile/child-outlives", test_child_outlives);
  g_test_add_func ("/marshal/publish-hostile/rounds", test_rounds);
  g_test_add_func ("/marshal/publish-hostile/threads", test_threads);

  return published_clear (g_test_run ());
}
