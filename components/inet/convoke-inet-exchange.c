/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A request and its answer, with the redirects between them.
 *
 * Redirects are followed here and not by libcurl: each is told, its head can be
 * asked for, whoever hears of it can stop it, and what must not travel to
 * another host stays behind.
 *
 * The body of the answer is read ahead up to a bound; then libcurl is paused,
 * and the connection fills up to the server. The same holds the other way
 * round for a body that is written in parts.
 *
 * While it runs, the exchange holds itself. It does not hold its owner: a
 * request that nobody has any more stops.
 */

#include "convoke-inet-exchange-inside-private.h"

#include <string.h>

#include "convoke-inet-error-private.h"
#include "convoke-inet-exchange-options-private.h"

/* Bytes that are read ahead, and bytes that are written ahead. */
#define BUFFER_LIMIT (256 * 1024)

#define MAX_HOPS 20

/* Milliseconds for which a redirect waits for a program that does not listen to it. */
#define PATIENCE 2000

void
convoke_inet_ask_clear (ConvokeInetAsk *self)
{
  g_clear_pointer (&self->verb, g_free);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, g_free);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->agent, g_free);
  g_clear_pointer (&self->proxy, g_free);
  g_clear_pointer (&self->ca_file, g_free);
}

/* --- life --- */

ConvokeInetExchange *
convoke_inet_exchange_new (ConvokeInetMulti               *multi,
                           const ConvokeInetExchangeFuncs *funcs,
                           GObject                        *owner,
                           ConvokeInetAsk                 *ask)
{
  ConvokeInetExchange *self = g_new0 (ConvokeInetExchange, 1);

  self->ref_count = 1;
  self->multi = convoke_inet_multi_ref (multi);
  self->funcs = funcs;
  g_weak_ref_init (&self->owner, owner);
  self->ask = *ask;
  memset (ask, 0, sizeof *ask);
  g_mutex_init (&self->lock);
  self->url = g_strdup (self->ask.url);
  convoke_inet_buffer_init (&self->in, BUFFER_LIMIT);
  convoke_inet_buffer_init (&self->out, BUFFER_LIMIT);

  return self;
}

ConvokeInetExchange *
convoke_inet_exchange_ref (ConvokeInetExchange *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
news_free (ConvokeInetNews *news)
{
  g_free (news->text);
  g_free (news);
}

void
convoke_inet_exchange_unref (ConvokeInetExchange *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  convoke_inet_ask_clear (&self->ask);
  g_clear_pointer (&self->origin, convoke_inet_url_free);
  g_clear_pointer (&self->hop.head, convoke_inet_head_unref);
  g_queue_clear_full (&self->news, (GDestroyNotify) news_free);
  g_clear_pointer (&self->head, convoke_inet_head_unref);
  g_clear_pointer (&self->url, g_free);
  convoke_inet_buffer_clear (&self->in);
  convoke_inet_buffer_clear (&self->out);
  g_clear_error (&self->error);
  g_weak_ref_clear (&self->owner);
  g_mutex_clear (&self->lock);
  convoke_inet_multi_unref (self->multi);
  g_free (self);
}

/* Runs @func on the loop's thread with a reference that it drops. */
static void
put (ConvokeInetExchange  *self,
     ConvokeWorkQueueFunc  func)
{
  convoke_inet_loop_put (convoke_inet_multi_get_loop (self->multi), func, convoke_inet_exchange_ref (self));
}

static gboolean
get_flag (ConvokeInetExchange *self,
          const gboolean      *flag)
{
  gboolean set;

  g_mutex_lock (&self->lock);
  set = *flag;
  g_mutex_unlock (&self->lock);

  return set;
}

void
convoke_inet_exchange_set_connected (ConvokeInetExchange *self,
                                     gboolean             connected)
{
  g_mutex_lock (&self->lock);
  self->connected = connected;
  g_mutex_unlock (&self->lock);
}

/* --- hops --- */

static void
drop_easy (ConvokeInetExchange *self)
{
  CURL *easy = g_steal_pointer (&self->easy);

  if (easy == NULL)
    return;

  convoke_inet_multi_remove (self->multi, easy);
  convoke_inet_multi_disown (self->multi, self);
  convoke_inet_multi_unmark (self->multi, self);
  curl_easy_cleanup (easy);
  g_clear_pointer (&self->list, curl_slist_free_all);
}

static void
end (ConvokeInetExchange *self,
     GError              *error)
{
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  self->connected = FALSE;
  self->error = error;
  g_mutex_unlock (&self->lock);
}

static void
begin_hop (ConvokeInetExchange *self)
{
  g_autoptr (ConvokeInetUrl) url = convoke_inet_url_parse (self->ask.url, NULL);
  gboolean first;
  CURLcode code;

  g_clear_pointer (&self->hop.head, convoke_inet_head_unref);
  self->hop = (ConvokeInetHop) { .announced = -1 };
  self->text[0] = '\0';
  if (self->origin == NULL)
    self->origin = convoke_inet_url_parse (self->ask.url, NULL);
  first = convoke_inet_url_same_origin (url, self->origin);

  self->easy = curl_easy_init ();
  convoke_inet_exchange_set_callbacks (self);
  code = convoke_inet_exchange_set_options (self->easy, &self->ask, first, &self->list);
  if (code == CURLE_OK)
    {
      convoke_inet_multi_add (self->multi, self->easy);
      return;
    }

  self->hop.done = TRUE;
  self->hop.code = code;
  convoke_inet_multi_mark (self->multi, self);
}

static void
start_cb (gpointer data)
{
  ConvokeInetExchange *self = data;

  if (!g_atomic_int_get (&self->stopped))
    {
      /* Dropped when it stops. */
      convoke_inet_exchange_ref (self);
      begin_hop (self);
    }
  convoke_inet_exchange_unref (self);
}

void
convoke_inet_exchange_start (ConvokeInetExchange *self)
{
  put (self, start_cb);
}

static void
end_patience (ConvokeInetExchange *self)
{
  if (self->patience == NULL)
    return;

  g_source_destroy (self->patience);
  g_clear_pointer (&self->patience, g_source_unref);
}

/* On the loop's thread. */
static void
leave (ConvokeInetExchange *self)
{
  end_patience (self);
  if (self->easy == NULL)
    return;

  drop_easy (self);
  convoke_inet_exchange_unref (self);
}

static void
stop_cb (gpointer data)
{
  ConvokeInetExchange *self = data;

  leave (self);
  convoke_inet_exchange_unref (self);
}

gboolean
convoke_inet_exchange_stop (ConvokeInetExchange *self)
{
  if (convoke_inet_check_forked (NULL) || !g_atomic_int_compare_and_exchange (&self->stopped, FALSE, TRUE))
    return FALSE;

  put (self, stop_cb);
  return get_flag (self, &self->connected);
}

/* --- redirects --- */

static gboolean
check_target (ConvokeInetExchange  *self,
              ConvokeInetUrl       *target,
              GError              **error)
{
  if (self->n_hops > MAX_HOPS)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "%s: more than %d redirects", self->origin->url, MAX_HOPS);
  else if (g_str_has_prefix (self->ask.url, "https:") && strcmp (target->scheme, "https") != 0 && !self->ask.allow_downgrade)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
                 "The redirect from %s to %s would leave TLS; open the request with allow-downgrade if it may",
                 self->ask.url, target->url);
  else
    return TRUE;

  return FALSE;
}

/* What browsers do with 301 and 302, and what 303 means, is a GET without the body. */
static void
change_verb (ConvokeInetExchange *self)
{
  guint status = self->hop.head->status;

  if (status == 307 || status == 308 || strcmp (self->ask.verb, "HEAD") == 0)
    return;
  if (status != 303 && strcmp (self->ask.verb, "POST") != 0)
    return;

  g_free (self->ask.verb);
  self->ask.verb = g_strdup ("GET");
  g_clear_pointer (&self->ask.body, g_bytes_unref);
  self->ask.extended = FALSE;
}

static void
move_to (ConvokeInetExchange *self,
         const char          *url)
{
  g_free (self->ask.url);
  self->ask.url = g_strdup (url);

  g_mutex_lock (&self->lock);
  g_free (self->url);
  self->url = g_strdup (url);
  g_mutex_unlock (&self->lock);
}

static gboolean
redirect (ConvokeInetExchange  *self,
          GError              **error)
{
  const char *location = convoke_inet_head_get (self->hop.head, "Location", 0);
  g_autoptr (ConvokeInetUrl) target = convoke_inet_url_follow (self->ask.url, location, error);

  self->n_hops++;
  if (target == NULL || !check_target (self, target, error))
    return FALSE;

  change_verb (self);
  move_to (self, target->url);
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_REDIRECT, target->url, 0);
  return TRUE;
}

/* --- ends --- */

static char *
name_host (ConvokeInetExchange *self)
{
  g_autoptr (ConvokeInetUrl) url = convoke_inet_url_parse (self->ask.url, NULL);

  return url != NULL ? g_strdup_printf ("%s:%u", url->host, url->port) : g_strdup (self->ask.url);
}

static GError *
protocol_error (const char *host,
                const char *what)
{
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "%s %s", host, what);
}

/* Under TLS there can be bytes that are no body. */
static gboolean
has_too_much (ConvokeInetExchange *self)
{
  ConvokeInetHop *hop = &self->hop;

  if (hop->announced < 0 || strcmp (self->ask.verb, "HEAD") == 0)
    return FALSE;

  return hop->raw_in > (guint64) hop->announced || (hop->unread && g_str_has_prefix (self->ask.url, "http:"));
}

/* libcurl is content with all of these. */
static GError *
check_answer (ConvokeInetExchange *self,
              const char          *host)
{
  ConvokeInetHop *hop = &self->hop;

  if (hop->head == NULL || !hop->head->complete)
    return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "%s closed the connection within the header", host);
  if (has_too_much (self))
    return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                        "%s sent more than the %" G_GINT64_FORMAT " bytes that it had announced", host, hop->announced);

  return NULL;
}

static GError *
find_error (ConvokeInetExchange *self)
{
  g_autofree char *host = name_host (self);

  if (self->hop.too_large)
    return protocol_error (host, "sent a header that is too large");
  if (self->hop.code != CURLE_OK)
    return convoke_inet_error_new (self->hop.code, self->text, host);

  return check_answer (self, host);
}

/* A redirecting answer's body was broken off by us. */
static gboolean
hop_is_good (ConvokeInetExchange *self)
{
  return self->hop.redirecting && !self->hop.too_large && (self->hop.code == CURLE_OK || self->hop.code == CURLE_WRITE_ERROR);
}

/* --- what is told --- */

static guint64
get_total (ConvokeInetExchange *self)
{
  if (self->hop.body_in == 0 && self->ask.body != NULL)
    return g_bytes_get_size (self->ask.body);

  return self->hop.announced > 0 ? self->hop.announced : 0;
}

void
convoke_inet_exchange_tell (ConvokeInetExchange *self,
                            ConvokeHandleStatus  status,
                            const char          *text,
                            guint64              number)
{
  ConvokeInetNews *last = g_queue_peek_tail (&self->news);

  convoke_inet_multi_mark (self->multi, self);
  /* Of progress the last is enough. */
  if (status == CONVOKE_HANDLE_STATUS_PROGRESS && last != NULL && last->status == status)
    {
      last->number = number;
      return;
    }

  last = g_new0 (ConvokeInetNews, 1);
  last->status = status;
  last->text = g_strdup (text);
  last->number = number;
  last->total = status == CONVOKE_HANDLE_STATUS_PROGRESS ? get_total (self) : 0;
  g_queue_push_tail (&self->news, last);
}

static gboolean
goes_on (ConvokeInetExchange *self)
{
  return !g_atomic_int_get (&self->stopped) && self->easy != NULL;
}

/* Until whoever writes an extended body has said that it was all, nothing is told of what comes after the head went out. */
static void
hold_after (ConvokeInetExchange *self,
            ConvokeHandleStatus  status)
{
  if (status != CONVOKE_HANDLE_STATUS_REQUEST_SENT || !self->ask.extended)
    return;

  g_mutex_lock (&self->lock);
  self->holding = !self->out_ended;
  g_mutex_unlock (&self->lock);
}

static void
tell_news (ConvokeInetExchange *self,
           GObject             *owner)
{
  while (goes_on (self) && !self->holding && self->news.length > 0)
    {
      ConvokeInetNews *news = g_queue_pop_head (&self->news);

      hold_after (self, news->status);
      self->funcs->news (owner, self, news);
      news_free (news);
    }
}

static gboolean
take_flag (gboolean *flag)
{
  gboolean set = *flag;

  *flag = FALSE;
  return set;
}

/* What others ask for is there when the news of it were told. */
static void
show_due (ConvokeInetExchange *self)
{
  gboolean sent = take_flag (&self->due_sent);
  gboolean head = !self->holding && take_flag (&self->due_head);

  if (!sent && !head)
    return;

  g_mutex_lock (&self->lock);
  self->sent |= sent;
  self->answered |= head;
  g_mutex_unlock (&self->lock);
  self->due_moved = TRUE;
}

static void
tell_due (ConvokeInetExchange *self,
          GObject             *owner)
{
  tell_news (self, owner);
  show_due (self);
  if (goes_on (self) && take_flag (&self->due_moved))
    self->funcs->moved (owner, self);
}

/* The connection goes back to the session before the last thing is told. */
static void
finish (ConvokeInetExchange *self,
        GObject             *owner,
        GError              *error)
{
  end (self, error);
  leave (self);
  self->funcs->moved (owner, self);
}

/* --- from a redirect to the next hop --- */

struct _ConvokeInetTurn
{
  ConvokeInetExchange *exchange; /* (owned) */
  guint                n_hops;   /* of it when it turned */
};

static void
next_hop (ConvokeInetExchange *self)
{
  end_patience (self);
  if (!goes_on (self))
    return;

  drop_easy (self);
  begin_hop (self);
}

/* One that comes when the exchange went on without it changes nothing. */
static void
turn_cb (gpointer data)
{
  ConvokeInetTurn *turn = data;
  ConvokeInetExchange *self = turn->exchange;

  if (self->patience != NULL && self->n_hops == turn->n_hops)
    next_hop (self);
  convoke_inet_exchange_unref (self);
  g_free (turn);
}

void
convoke_inet_turn_go_on (ConvokeInetTurn *turn)
{
  convoke_inet_loop_put (convoke_inet_multi_get_loop (turn->exchange->multi), turn_cb, turn);
}

static gboolean
patience_cb (gpointer data)
{
  next_hop (data);
  return G_SOURCE_REMOVE;
}

/* The program may want to look at the redirecting answer, or to stop here (WI-27). */
static void
turn (ConvokeInetExchange *self,
      GObject             *owner)
{
  ConvokeInetTurn *turn = g_new (ConvokeInetTurn, 1);

  *turn = (ConvokeInetTurn) { convoke_inet_exchange_ref (self), self->n_hops };
  self->patience = g_timeout_source_new (PATIENCE);
  g_source_set_callback (self->patience, patience_cb, convoke_inet_exchange_ref (self),
                         (GDestroyNotify) convoke_inet_exchange_unref);
  g_source_attach (self->patience, convoke_inet_loop_get_context (convoke_inet_multi_get_loop (self->multi)));
  self->funcs->turned (owner, turn);
}

static void
finish_hop (ConvokeInetExchange *self,
            GObject             *owner)
{
  GError *error = NULL;

  self->hop.done = FALSE;
  if (!hop_is_good (self))
    {
      finish (self, owner, find_error (self));
      return;
    }
  if (!redirect (self, &error))
    {
      finish (self, owner, error);
      return;
    }

  tell_news (self, owner);
  if (goes_on (self))
    turn (self, owner);
}

/* Nobody reads any more what is written: an answer that came early is told at the end of the writing. */
static void
turn_deaf (ConvokeInetExchange *self,
           GObject             *owner)
{
  g_mutex_lock (&self->lock);
  self->deaf = TRUE;
  g_mutex_unlock (&self->lock);

  self->funcs->moved (owner, self);
}

static void
end_hop (ConvokeInetExchange *self,
         GObject             *owner)
{
  if (self->holding && (self->hop.code == CURLE_OK || hop_is_good (self)))
    {
      turn_deaf (self, owner);
      return;
    }

  self->holding = FALSE;
  tell_due (self, owner);
  if (goes_on (self))
    finish_hop (self, owner);
}

static void
flush (gpointer data)
{
  ConvokeInetExchange *self = convoke_inet_exchange_ref (data);
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);

  if (owner == NULL || g_atomic_int_get (&self->stopped))
    leave (self);
  else
    tell_due (self, owner);

  if (owner != NULL && goes_on (self) && self->hop.done)
    end_hop (self, owner);

  convoke_inet_exchange_unref (self);
}

static void
done (gpointer exchange,
      CURLcode code)
{
  ConvokeInetExchange *self = exchange;

  self->hop.done = TRUE;
  self->hop.code = code;
  self->hop.unread |= convoke_inet_multi_has_unread (self->multi, self);
  convoke_inet_multi_mark (self->multi, self);
}

static void
closing (gpointer exchange,
         gboolean unread)
{
  ConvokeInetExchange *self = exchange;

  self->hop.unread |= unread;
  convoke_inet_exchange_set_connected (self, FALSE);
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION, NULL, 0);
  convoke_inet_exchange_tell (self, CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED, NULL, 0);
}

const ConvokeInetMultiFuncs convoke_inet_exchange_multi_funcs = { done, flush, closing };

/* --- from any thread --- */

ConvokeInetHead *
convoke_inet_exchange_dup_head (ConvokeInetExchange *self)
{
  ConvokeInetHead *head;

  g_mutex_lock (&self->lock);
  head = self->head != NULL ? convoke_inet_head_ref (self->head) : NULL;
  g_mutex_unlock (&self->lock);

  return head;
}

char *
convoke_inet_exchange_dup_url (ConvokeInetExchange *self)
{
  char *url;

  g_mutex_lock (&self->lock);
  url = g_strdup (self->url);
  g_mutex_unlock (&self->lock);

  return url;
}

static void
resume_cb (gpointer data)
{
  ConvokeInetExchange *self = data;

  if (goes_on (self))
    convoke_inet_multi_unpause (self->multi, self->easy);
  convoke_inet_exchange_unref (self);
}

/* Whether there is an end; with the error of it. */
static gboolean
copy_end_locked (ConvokeInetExchange  *self,
                 GError              **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));

  return self->ended;
}

/* libcurl waits until half of the room is free, and not for each byte. */
static gboolean
should_resume_locked (ConvokeInetExchange *self)
{
  return self->in.length <= self->in.limit / 2 && take_flag (&self->stalled);
}

gboolean
convoke_inet_exchange_read (ConvokeInetExchange  *self,
                            gsize                 count,
                            GBytes              **bytes,
                            GError              **error)
{
  gboolean resume = FALSE;

  *bytes = NULL;
  g_mutex_lock (&self->lock);
  if (self->in.length > 0 || (self->ended && self->error == NULL))
    *bytes = convoke_inet_buffer_take (&self->in, count);
  else
    copy_end_locked (self, error);
  resume = should_resume_locked (self);
  g_mutex_unlock (&self->lock);

  if (resume)
    put (self, resume_cb);
  return *bytes != NULL;
}

gboolean
convoke_inet_exchange_query (ConvokeInetExchange  *self,
                             gsize                *available,
                             GError              **error)
{
  gboolean known;

  g_mutex_lock (&self->lock);
  *available = self->in.length;
  known = self->in.length > 0 || (self->ended && self->error == NULL);
  if (!known)
    copy_end_locked (self, error);
  g_mutex_unlock (&self->lock);

  return known;
}

gboolean
convoke_inet_exchange_write (ConvokeInetExchange  *self,
                             GBytes               *bytes,
                             GError              **error)
{
  gboolean taken = FALSE;
  gboolean resume = FALSE;

  g_mutex_lock (&self->lock);
  if (self->deaf || copy_end_locked (self, error))
    /* An answer that came before the body was written is the answer. */
    taken = self->error == NULL;
  else if (convoke_inet_buffer_has_room (&self->out, g_bytes_get_size (bytes)))
    {
      convoke_inet_buffer_push (&self->out, bytes);
      taken = TRUE;
      resume = take_flag (&self->starving);
    }
  g_mutex_unlock (&self->lock);

  if (resume)
    put (self, resume_cb);
  return taken;
}

static void
release_cb (gpointer data)
{
  ConvokeInetExchange *self = data;

  self->holding = FALSE;
  if (goes_on (self))
    convoke_inet_multi_mark (self->multi, self);
  resume_cb (self);
}

void
convoke_inet_exchange_finish_writing (ConvokeInetExchange *self)
{
  g_mutex_lock (&self->lock);
  self->out_ended = TRUE;
  self->starving = FALSE;
  g_mutex_unlock (&self->lock);

  put (self, release_cb);
}

gboolean
convoke_inet_exchange_has_failed (ConvokeInetExchange  *self,
                                  GError              **error)
{
  gboolean failed;

  g_mutex_lock (&self->lock);
  failed = copy_end_locked (self, error) && self->error != NULL;
  g_mutex_unlock (&self->lock);

  return failed;
}

gboolean
convoke_inet_exchange_has_sent (ConvokeInetExchange *self)
{
  return get_flag (self, &self->sent);
}

gboolean
convoke_inet_exchange_has_head (ConvokeInetExchange *self)
{
  return get_flag (self, &self->answered);
}
