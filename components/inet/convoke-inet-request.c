/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-request-private.h"

#include "convoke-inet-exchange-private.h"
#include "convoke-inet-fields-private.h"
#include "convoke-inet-file-private.h"

/*
 * WI-38:
 *
 *   OPEN --send----------------------------> SENDING --head--> ANSWERED
 *        --send-ex--> SENDING_EX --> WRITING --end--> ENDING --head--> ANSWERED
 *
 * A failure leads to FAILED, or within an extended send to CUT, from where end
 * is accepted once more (WI-28). From OPEN, ANSWERED, FAILED and CUT it can be
 * sent again (WI-39).
 */
typedef enum
{
  PHASE_OPEN,
  PHASE_SENDING,
  PHASE_SENDING_EX,
  PHASE_WRITING,
  PHASE_ENDING,
  PHASE_ANSWERED,
  PHASE_FAILED,
  PHASE_CUT,
} Phase;

struct _ConvokeInetRequest
{
  ConvokeInetFile          parent_instance;

  /* Fixed when it is made. */
  ConvokeInetSettings      settings;
  char                    *verb;      /* (owned) */
  ConvokeInetUrl          *url;       /* (owned) */
  ConvokeInetRequestFlags  flags;

  GMutex                   lock;      /* inside of the file's */
  GPtrArray               *fields;    /* (owned); LOCK: lock */
  Phase                    phase;     /* LOCK: lock */
  gint64                   total;     /* bytes of an extended send, -1: not known; LOCK: lock */
  guint64                  written;   /* bytes of it; LOCK: lock */
};

/**
 * ConvokeInetRequest:
 *
 * A request of HTTP and its answer; WinINet's `HttpOpenRequest` and what is
 * done with its handle.
 *
 * It is sent with [method@Request.send], whose end means that the answer's
 * headers are there, and then read with [method@File.read]. A body that is not
 * there as a whole is written between [method@Request.send_ex] and
 * [method@Request.end]. A request can be sent again; what was left of the
 * answer before is dropped (WI-39).
 *
 * What the status callback is told and when is the order of WI-22 to WI-31.
 * Names are resolved on threads of libcurl's, everything else happens on one
 * thread for all requests of the process.
 *
 * Closing it with [method@Convoke.Handle.close] ends everything at once, also
 * within its own callback (WI-33).
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeInetRequest, convoke_inet_request, CONVOKE_INET_TYPE_FILE)

enum { PROP_URL = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

/* --- phases --- */

static Phase
get_phase (ConvokeInetRequest *self)
{
  Phase phase;

  g_mutex_lock (&self->lock);
  phase = self->phase;
  g_mutex_unlock (&self->lock);

  return phase;
}

static void
set_phase (ConvokeInetRequest *self,
           Phase               phase)
{
  g_mutex_lock (&self->lock);
  self->phase = phase;
  g_mutex_unlock (&self->lock);
}

static gboolean
refuse_state (const char  *why,
              GError     **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE, why);
  return FALSE;
}

static gboolean
convoke_inet_request_check_readable (ConvokeInetFile  *file,
                                     GError          **error)
{
  switch (get_phase (CONVOKE_INET_REQUEST (file)))
    {
    case PHASE_ANSWERED:
      return TRUE;
    case PHASE_OPEN:
      return refuse_state ("There is no answer to read: send the request first", error);
    case PHASE_WRITING:
      return refuse_state ("There is no answer to read: the request is being written; end it first", error);
    default:
      return refuse_state ("There is no answer to read: the request failed; send it again", error);
    }
}

static gboolean
convoke_inet_request_check_writable (ConvokeInetFile  *file,
                                     gsize             size,
                                     GError          **error)
{
  ConvokeInetRequest *self = CONVOKE_INET_REQUEST (file);
  gboolean writing, fits;

  g_mutex_lock (&self->lock);
  writing = self->phase == PHASE_WRITING;
  fits = self->total < 0 || size <= (guint64) self->total - self->written;
  g_mutex_unlock (&self->lock);

  if (!writing)
    return refuse_state ("Nothing is to be written now: send the request in its extended form first", error);
  if (!fits)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "%" G_GSIZE_FORMAT " more bytes are more than was announced: %" G_GINT64_FORMAT " in all", size, self->total);

  return fits;
}

static void
convoke_inet_request_wrote (ConvokeInetFile *file,
                            gsize            size)
{
  ConvokeInetRequest *self = CONVOKE_INET_REQUEST (file);

  g_mutex_lock (&self->lock);
  self->written += size;
  g_mutex_unlock (&self->lock);
}

/* --- the ends of its operations --- */

/* The operation is placed before its exchange is: what an earlier one brought is not for it. */
static gboolean
is_in_phase (ConvokeInetRequest *self,
             Phase               phase,
             Phase               or)
{
  Phase now = get_phase (self);

  return now == phase || now == or;
}

static gboolean
answer_true (GValue *result)
{
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, TRUE);
  return TRUE;
}

static gboolean
check_sent (ConvokeInetRequest   *self,
            ConvokeInetExchange  *exchange,
            GValue               *result,
            GError              **error)
{
  if (!is_in_phase (self, PHASE_SENDING_EX, PHASE_SENDING_EX))
    return FALSE;
  if (convoke_inet_exchange_has_failed (exchange, error))
    {
      set_phase (self, PHASE_CUT);
      return FALSE;
    }
  if (!convoke_inet_exchange_has_sent (exchange))
    return FALSE;

  set_phase (self, PHASE_WRITING);
  return answer_true (result);
}

static gboolean
check_answer (ConvokeInetRequest   *self,
              ConvokeInetExchange  *exchange,
              GError              **error)
{
  if (!is_in_phase (self, PHASE_SENDING, PHASE_ENDING))
    return FALSE;
  if (convoke_inet_exchange_has_head (exchange))
    {
      set_phase (self, PHASE_ANSWERED);
      return TRUE;
    }

  if (convoke_inet_exchange_has_failed (exchange, error))
    set_phase (self, PHASE_FAILED);
  return FALSE;
}

static gboolean
answer_self (ConvokeInetRequest *self,
             GValue             *result)
{
  g_value_init (result, CONVOKE_INET_TYPE_REQUEST);
  g_value_set_object (result, self);
  return TRUE;
}

/* WI-28, X-50: an extended send that failed can be ended, which fails once more. */
static gboolean
fail_cut (ConvokeInetRequest  *self,
          GError             **error)
{
  set_phase (self, PHASE_FAILED);
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The request that was to be ended had failed before");
  return FALSE;
}

static gboolean
convoke_inet_request_check_wait (ConvokeInetFile      *file,
                                 ConvokeInetExchange  *exchange,
                                 ConvokeInetWait       wait,
                                 GValue               *result,
                                 GError              **error)
{
  ConvokeInetRequest *self = CONVOKE_INET_REQUEST (file);

  if (wait == CONVOKE_INET_WAIT_CUT)
    return fail_cut (self, error);
  if (exchange == NULL)
    return FALSE;
  if (wait == CONVOKE_INET_WAIT_SENT)
    return check_sent (self, exchange, result, error);
  if (!check_answer (self, exchange, error))
    return FALSE;

  return wait == CONVOKE_INET_WAIT_HANDLE ? answer_self (self, result) : answer_true (result);
}

static void
convoke_inet_request_abandoned (ConvokeInetFile *file,
                                ConvokeInetWait  wait)
{
  ConvokeInetRequest *self = CONVOKE_INET_REQUEST (file);

  /* What is read or written can be read or written again. */
  if (wait < CONVOKE_INET_WAIT_SENT)
    return;

  convoke_inet_file_drop_exchange (file);
  set_phase (self, wait == CONVOKE_INET_WAIT_SENT ? PHASE_CUT : PHASE_FAILED);
}

static const ConvokeInetFileFuncs file_funcs = {
  .check_readable = convoke_inet_request_check_readable,
  .check_writable = convoke_inet_request_check_writable,
  .wrote = convoke_inet_request_wrote,
  .check_wait = convoke_inet_request_check_wait,
  .abandoned = convoke_inet_request_abandoned,
};

static void
exchange_news (GObject               *owner,
               ConvokeInetExchange   *exchange,
               const ConvokeInetNews *news)
{
  ConvokeInetFile *file = CONVOKE_INET_FILE (owner);

  if (convoke_inet_file_is_current (file, exchange))
    convoke_inet_file_tell (file, news);
}

static void
exchange_moved (GObject             *owner,
                ConvokeInetExchange *exchange)
{
  convoke_inet_file_serve (CONVOKE_INET_FILE (owner));
}

static void
exchange_turned (GObject         *owner,
                 ConvokeInetTurn *turn)
{
  convoke_handle_when_told (CONVOKE_HANDLE (owner), (ConvokeWorkQueueFunc) convoke_inet_turn_go_on, turn);
}

static const ConvokeInetExchangeFuncs exchange_funcs = { exchange_news, exchange_moved, exchange_turned };

/* --- sending --- */

typedef struct
{
  const char *headers;
  GBytes     *body;
  gboolean    extended;
  gint64      total;
} Sending;

static gboolean
copy_fields (ConvokeInetRequest  *self,
             const char          *headers,
             GPtrArray          **fields,
             GError             **error)
{
  g_mutex_lock (&self->lock);
  *fields = convoke_inet_fields_copy (self->fields);
  g_mutex_unlock (&self->lock);

  return headers == NULL || convoke_inet_fields_add (*fields, headers, CONVOKE_INET_HEADER_ADD, error);
}

static ConvokeInetExchange *
make_exchange (ConvokeInetRequest *self,
               const Sending      *sending,
               GPtrArray          *fields)
{
  ConvokeInetAsk ask = {
    .verb = g_strdup (self->verb),
    .url = g_strdup (self->url->url),
    .user = g_strdup (self->url->user),
    .password = g_strdup (self->url->password),
    .fields = g_ptr_array_ref (fields),
    .body = sending->body != NULL ? g_bytes_ref (sending->body) : NULL,
    .extended = sending->extended,
    .total = sending->total,
    .follow = !(self->flags & CONVOKE_INET_REQUEST_NO_AUTO_REDIRECT),
    .allow_downgrade = (self->flags & CONVOKE_INET_REQUEST_ALLOW_DOWNGRADE) != 0,
    .agent = g_strdup (self->settings.agent),
    .proxy = g_strdup (self->settings.proxy),
    .ca_file = g_strdup (self->settings.ca_file),
    .connect_timeout = self->settings.connect_timeout,
  };

  return convoke_inet_exchange_new (convoke_inet_file_get_multi (CONVOKE_INET_FILE (self)), &exchange_funcs, G_OBJECT (self), &ask);
}

static gboolean
check_sendable (ConvokeInetRequest  *self,
                GError             **error)
{
  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_REQUEST, error) ||
      !convoke_handle_check_idle (CONVOKE_HANDLE (self), error))
    return FALSE;
  if (get_phase (self) == PHASE_WRITING)
    return refuse_state ("The request is being written: end it before you send it again", error);

  return TRUE;
}

static void
enter_sending (ConvokeInetRequest *self,
               const Sending      *sending)
{
  g_mutex_lock (&self->lock);
  self->phase = sending->extended ? PHASE_SENDING_EX : PHASE_SENDING;
  self->total = sending->total;
  self->written = 0;
  g_mutex_unlock (&self->lock);
}

/* The operation can be over before its exchange starts. */
static void
start_exchange (ConvokeInetRequest *self,
                ConvokeInetWait     wait,
                const Sending      *sending,
                GPtrArray          *fields)
{
  g_autoptr (ConvokeInetExchange) exchange = make_exchange (self, sending, fields);

  /* What was left of an earlier answer goes (WI-39). */
  convoke_inet_file_drop_exchange (CONVOKE_INET_FILE (self));
  enter_sending (self, sending);
  if (!convoke_inet_file_start_exchange (CONVOKE_INET_FILE (self), exchange))
    convoke_inet_request_abandoned (CONVOKE_INET_FILE (self), wait);
}

static ConvokeHandleOutcome
start (ConvokeInetRequest  *self,
       ConvokeInetWait      wait,
       const char          *name,
       const Sending       *sending,
       GError             **error)
{
  g_autoptr (GPtrArray) fields = NULL;
  g_autoptr (ConvokeServerCall) call = NULL;
  g_auto (GValue) result = G_VALUE_INIT;

  if (!check_sendable (self, error) || !copy_fields (self, sending->headers, &fields, error) ||
      !convoke_inet_file_begin (CONVOKE_INET_FILE (self), wait, name, &call, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  start_exchange (self, wait, sending, fields);
  return convoke_handle_run (CONVOKE_HANDLE (self), g_steal_pointer (&call), &result, error);
}

ConvokeHandleOutcome
convoke_inet_request_open_url (ConvokeInetRequest  *self,
                               const char          *headers,
                               GError             **error)
{
  const Sending sending = { .headers = headers };

  return start (self, CONVOKE_INET_WAIT_HANDLE, "open-url", &sending, error);
}

/**
 * convoke_inet_request_send:
 * @self: a request
 * @headers: (nullable): more header lines for this time
 * @body: (nullable): the body, or %NULL for none; not copied
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Sends the request, and ends when the headers of the answer are there; WinINet's
 * `HttpSendRequest`.
 *
 * On an asynchronous handle it is pending, and its result is %TRUE. What is
 * told meanwhile, in this order (WI-23, WI-26): where a name is to be resolved
 * RESOLVING_NAME and NAME_RESOLVED, on a new connection CONNECTING and
 * CONNECTED, then SENDING_REQUEST, REQUEST_SENT, RECEIVING_RESPONSE,
 * RESPONSE_RECEIVED. A redirect adds REDIRECT and the same once more (WI-27).
 *
 * A status of 404 or 500 is an answer and no failure:
 * [method@Request.query_status]. It fails with
 * %CONVOKE_ERROR_NAME_NOT_RESOLVED, %CONVOKE_ERROR_CANNOT_CONNECT (refused, or
 * no trusted TLS), %CONVOKE_ERROR_TIMEOUT (the session's time to connect, or
 * the handle's own deadline), %CONVOKE_ERROR_DISCONNECTED (the server broke
 * off), %CONVOKE_ERROR_PROTOCOL (what came is no HTTP, or without end),
 * %CONVOKE_ERROR_ACCESS_DENIED (a redirect away from TLS),
 * %CONVOKE_ERROR_NOT_SUPPORTED (one to another scheme) or
 * %CONVOKE_ERROR_CANCELLED. It was not begun with
 * %CONVOKE_ERROR_INVALID_ARGUMENT (@headers), %CONVOKE_ERROR_CALL_PENDING,
 * %CONVOKE_ERROR_HANDLE_STATE, %CONVOKE_ERROR_NO_CALLBACK,
 * %CONVOKE_ERROR_INVALID_HANDLE or %CONVOKE_ERROR_FORKED.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_request_send (ConvokeInetRequest  *self,
                           const char          *headers,
                           GBytes              *body,
                           GError             **error)
{
  const Sending sending = { .headers = headers, .body = body };

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);

  return start (self, CONVOKE_INET_WAIT_ANSWER, "send", &sending, error);
}

/**
 * convoke_inet_request_send_ex:
 * @self: a request
 * @headers: (nullable): more header lines for this time
 * @total: the size of the body in bytes, or -1 where it is not known
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Begins to send a request whose body is written afterwards, and ends when its
 * headers were sent; WinINet's `HttpSendRequestEx`. A body of unknown size is
 * sent in chunks.
 *
 * Then come [method@File.write], as often as needed, and [method@Request.end].
 * The verb must be one with a body. What is told is what
 * [method@Request.send] tells up to REQUEST_SENT (WI-23), and it fails as that
 * does.
 *
 * A redirect that keeps the body (307, 308) is not followed, since the body is
 * gone: it is the answer.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_request_send_ex (ConvokeInetRequest  *self,
                              const char          *headers,
                              gint64               total,
                              GError             **error)
{
  const Sending sending = { .headers = headers, .extended = TRUE, .total = MAX (total, -1) };

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);

  return start (self, CONVOKE_INET_WAIT_SENT, "send-ex", &sending, error);
}

/* FALSE: see the error. Whether there is a body to be ended, or only the failure of it to be told. */
static gboolean
enter_ending (ConvokeInetRequest  *self,
              ConvokeInetWait     *wait,
              GError             **error)
{
  gint64 missing = 0;
  Phase phase;

  g_mutex_lock (&self->lock);
  phase = self->phase;
  if (self->total >= 0)
    missing = self->total - (gint64) self->written;
  g_mutex_unlock (&self->lock);

  *wait = phase == PHASE_CUT ? CONVOKE_INET_WAIT_CUT : CONVOKE_INET_WAIT_ANSWER;
  if (phase != PHASE_CUT && phase != PHASE_WRITING)
    return refuse_state ("There is nothing to end: the request was not sent in its extended form", error);
  if (phase == PHASE_CUT || missing == 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE,
               "%" G_GINT64_FORMAT " of the announced bytes are not written yet", missing);
  return FALSE;
}

/**
 * convoke_inet_request_end:
 * @self: a request
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Ends an extended send, and ends itself when the headers of the answer are
 * there; WinINet's `HttpEndRequest`. It tells RECEIVING_RESPONSE and
 * RESPONSE_RECEIVED (WI-25), and its result is %TRUE.
 *
 * After [method@Request.send_ex] has failed it can be called all the same, and
 * fails with %CONVOKE_ERROR_CANCELLED (WI-28). Without it, and while bytes that
 * were announced are missing: %CONVOKE_ERROR_HANDLE_STATE. Otherwise it fails
 * as [method@Request.send] does.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_request_end (ConvokeInetRequest  *self,
                          GError             **error)
{
  ConvokeInetFile *file = (ConvokeInetFile *) self;
  g_autoptr (ConvokeInetExchange) exchange = NULL;
  g_autoptr (ConvokeServerCall) call = NULL;
  g_auto (GValue) result = G_VALUE_INIT;
  ConvokeInetWait wait;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_REQUEST, error) ||
      !convoke_handle_check_idle (CONVOKE_HANDLE (self), error) ||
      !enter_ending (self, &wait, error) ||
      !convoke_inet_file_begin (file, wait, "end", &call, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  exchange = convoke_inet_file_dup_exchange (file);
  if (wait == CONVOKE_INET_WAIT_ANSWER && exchange != NULL)
    {
      set_phase (self, PHASE_ENDING);
      convoke_inet_exchange_finish_writing (exchange);
    }
  convoke_inet_file_poke (file);

  return convoke_handle_run (CONVOKE_HANDLE (self), g_steal_pointer (&call), &result, error);
}

/* --- headers --- */

/**
 * convoke_inet_request_add_headers:
 * @self: a request
 * @headers: header lines, `Name: value`, separated by line ends
 * @flags: what becomes of headers of the same name
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Adds headers to what is sent from now on; WinINet's `HttpAddRequestHeaders`.
 *
 * `Authorization`, `Cookie` and `Host` do not travel along when a redirect leads
 * to another host. `Content-Length` and `Transfer-Encoding` are the module's.
 *
 * Returns: %FALSE with %CONVOKE_ERROR_INVALID_ARGUMENT, and then nothing was
 *   added, or %CONVOKE_ERROR_INVALID_HANDLE
 *
 * Since: 0.1
 */
gboolean
convoke_inet_request_add_headers (ConvokeInetRequest      *self,
                                  const char              *headers,
                                  ConvokeInetHeaderFlags   flags,
                                  GError                 **error)
{
  gboolean added;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (headers != NULL, FALSE);

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_REQUEST, error) ||
      !convoke_handle_check_open (CONVOKE_HANDLE (self), error))
    return FALSE;

  g_mutex_lock (&self->lock);
  added = convoke_inet_fields_add (self->fields, headers, flags, error);
  g_mutex_unlock (&self->lock);

  return added;
}

/* What is there, in the states in which it may be asked for (WI-38). */
static ConvokeInetHead *
dup_head (ConvokeInetRequest  *self,
          GError             **error)
{
  g_autoptr (ConvokeInetExchange) exchange = NULL;
  ConvokeInetHead *head = NULL;
  Phase phase;

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_REQUEST, error) ||
      !convoke_handle_check_open (CONVOKE_HANDLE (self), error))
    return NULL;

  phase = get_phase (self);
  exchange = convoke_inet_file_dup_exchange (CONVOKE_INET_FILE (self));
  if (exchange != NULL && phase != PHASE_SENDING_EX && phase != PHASE_WRITING)
    head = convoke_inet_exchange_dup_head (exchange);
  if (head != NULL)
    return head;

  if (phase == PHASE_SENDING_EX || phase == PHASE_WRITING || phase == PHASE_ENDING)
    refuse_state ("The answer's headers can be asked for when the request was ended", error);
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_HEADER_NOT_FOUND, "There is no answer that has headers");

  return NULL;
}

/**
 * convoke_inet_request_query_status:
 * @self: a request
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * The answer's status code, such as 200 or 404; WinINet's `HttpQueryInfo` with
 * `HTTP_QUERY_STATUS_CODE`. After %CONVOKE_HANDLE_STATUS_REDIRECT it is that of
 * the redirecting answer (WI-27), until the headers of the next one are there.
 *
 * Returns: the status, or 0 with %CONVOKE_ERROR_HEADER_NOT_FOUND (no answer),
 *   %CONVOKE_ERROR_HANDLE_STATE (within an extended send) or
 *   %CONVOKE_ERROR_INVALID_HANDLE
 *
 * Since: 0.1
 */
guint
convoke_inet_request_query_status (ConvokeInetRequest  *self,
                                   GError             **error)
{
  g_autoptr (ConvokeInetHead) head = NULL;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), 0);

  head = dup_head (self, error);
  return head != NULL ? head->status : 0;
}

/**
 * convoke_inet_request_query_header:
 * @self: a request
 * @name: a header's name, in any case of its letters
 * @index: which of those of that name, from 0
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * The value of one of the answer's headers; WinINet's `HttpQueryInfo`.
 *
 * What is no UTF-8 is read as Latin 1.
 *
 * Returns: (nullable) (transfer full): the value, or %NULL with an error as
 *   [method@Request.query_status] has them; %CONVOKE_ERROR_HEADER_NOT_FOUND also
 *   where there is no such header
 *
 * Since: 0.1
 */
char *
convoke_inet_request_query_header (ConvokeInetRequest  *self,
                                   const char          *name,
                                   guint                index,
                                   GError             **error)
{
  g_autoptr (ConvokeInetHead) head = NULL;
  const char *value;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  head = dup_head (self, error);
  if (head == NULL)
    return NULL;

  value = convoke_inet_head_get (head, name, index);
  if (value == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HEADER_NOT_FOUND, "The answer has no header \"%s\" number %u", name, index);

  return g_strdup (value);
}

/**
 * convoke_inet_request_query_headers:
 * @self: a request
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * The answer's status line and headers as they came, lines ended by CR and LF;
 * WinINet's `HttpQueryInfo` with `HTTP_QUERY_RAW_HEADERS_CRLF`.
 *
 * Returns: (nullable) (transfer full): the text, or %NULL with an error as
 *   [method@Request.query_status] has them
 *
 * Since: 0.1
 */
char *
convoke_inet_request_query_headers (ConvokeInetRequest  *self,
                                    GError             **error)
{
  g_autoptr (ConvokeInetHead) head = NULL;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);

  head = dup_head (self, error);
  return head != NULL ? g_strdup (head->text->str) : NULL;
}

/**
 * convoke_inet_request_dup_url:
 * @self: a request
 *
 * Where the request goes, or where redirects have led it. Without credentials.
 *
 * Returns: (transfer full): a URL
 *
 * Since: 0.1
 */
char *
convoke_inet_request_dup_url (ConvokeInetRequest *self)
{
  g_autoptr (ConvokeInetExchange) exchange = NULL;

  g_return_val_if_fail (CONVOKE_INET_IS_REQUEST (self), NULL);

  exchange = convoke_inet_file_dup_exchange (CONVOKE_INET_FILE (self));
  return exchange != NULL ? convoke_inet_exchange_dup_url (exchange) : g_strdup (self->url->url);
}

/* --- life --- */

static gboolean
check_verb (const char  *verb,
            GError     **error)
{
  if (convoke_inet_is_token (verb) && g_ascii_strcasecmp (verb, "CONNECT") != 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "\"%.40s\" is no verb of HTTP", verb);
  return FALSE;
}

ConvokeInetRequest *
convoke_inet_request_new (ConvokeHandle            *parent,
                          ConvokeInetMulti         *multi,
                          ConvokeInetSettings      *settings,
                          const char               *verb,
                          ConvokeInetUrl           *url,
                          ConvokeInetRequestFlags   flags,
                          gsize                     context,
                          GError                  **error)
{
  g_autoptr (ConvokeInetRequest) self = NULL;

  if (!check_verb (verb, error))
    {
      convoke_inet_settings_clear (settings);
      convoke_inet_url_free (url);
      return NULL;
    }

  self = g_object_new (CONVOKE_INET_TYPE_REQUEST, "parent", parent, "context", (guint64) context,
                       "asynchronous", convoke_handle_get_asynchronous (parent), NULL);
  convoke_inet_file_set_multi (CONVOKE_INET_FILE (self), multi);
  self->settings = *settings;
  *settings = (ConvokeInetSettings) { NULL };
  self->verb = g_strdup (verb);
  self->url = url;
  self->flags = flags;

  return convoke_handle_announce (CONVOKE_HANDLE (self), error) ? g_steal_pointer (&self) : NULL;
}

static void
convoke_inet_request_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_URL:
      g_value_take_string (value, convoke_inet_request_dup_url (CONVOKE_INET_REQUEST (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_inet_request_finalize (GObject *object)
{
  ConvokeInetRequest *self = CONVOKE_INET_REQUEST (object);

  convoke_inet_settings_clear (&self->settings);
  g_clear_pointer (&self->verb, g_free);
  g_clear_pointer (&self->url, convoke_inet_url_free);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_inet_request_parent_class)->finalize (object);
}

static void
convoke_inet_request_class_init (ConvokeInetRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = convoke_inet_request_get_property;
  object_class->finalize = convoke_inet_request_finalize;
  convoke_inet_file_class_set_funcs (CONVOKE_INET_FILE_CLASS (klass), &file_funcs);

  /**
   * ConvokeInetRequest:url:
   *
   * Where the request goes, or where redirects have led it.
   *
   * Since: 0.1
   */
  props[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_inet_request_init (ConvokeInetRequest *self)
{
  g_mutex_init (&self->lock);
  self->fields = convoke_inet_fields_new ();
}
