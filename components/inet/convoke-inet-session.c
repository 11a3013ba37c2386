/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-session-private.h"

#include <string.h>

#include "convoke-inet-exchange-private.h"
#include "convoke-inet-file-private.h"
#include "convoke-inet-request-private.h"
#include "convoke-inet-service-private.h"

struct _ConvokeInetSession
{
  ConvokeHandle        parent_instance;

  GMutex               lock;
  ConvokeInetMulti    *multi;     /* (owned) (nullable); LOCK: lock; until it is closed */
  ConvokeInetSettings  settings;  /* LOCK: lock */
};

/* Microseconds. */
#define CONNECT_TIMEOUT (60 * G_USEC_PER_SEC)

/**
 * ConvokeInetSession:
 *
 * The root of a tree of handles for the internet; WinINet's `InternetOpen`.
 *
 * It says whether what is below it is asynchronous (WI-2), what the program
 * calls itself, through which proxy it goes and whom it trusts; a request goes
 * by what the session said when it was opened. Connections that are kept
 * alive are the session's, and go with it.
 *
 * Certificates are always checked. Without [property@Session:proxy] libcurl
 * goes by the environment: `http_proxy`, `https_proxy`, `all_proxy` and
 * `no_proxy`.
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeInetSession, convoke_inet_session, CONVOKE_TYPE_HANDLE)

enum { PROP_AGENT = 1, PROP_PROXY, PROP_CA_FILE, PROP_CONNECT_TIMEOUT, N_PROPS };

static GParamSpec *props[N_PROPS];

/**
 * convoke_inet_session_new:
 * @agent: (nullable): what the program calls itself to servers
 * @asynchronous: whether operations below the session are pending (WI-2)
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Opens a session; WinINet's `InternetOpen`, with `INTERNET_FLAG_ASYNC` for
 * @asynchronous. Operations of handles whose context value is 0 block in any
 * case (P-10).
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT (@agent is no line of text),
 * %CONVOKE_ERROR_OUT_OF_RESOURCES (no thread could be started) or
 * %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): a session
 *
 * Since: 0.1
 */
ConvokeInetSession *
convoke_inet_session_new (const char  *agent,
                          gboolean     asynchronous,
                          GError     **error)
{
  ConvokeInetMulti *multi;
  ConvokeInetSession *self;

  if (agent != NULL && strpbrk (agent, "\r\n") != NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The agent's name has a line end in it");
      return NULL;
    }

  multi = convoke_inet_multi_new (&convoke_inet_exchange_multi_funcs, error);
  if (multi == NULL)
    return NULL;

  self = g_object_new (CONVOKE_INET_TYPE_SESSION, "asynchronous", asynchronous, NULL);
  self->multi = multi;
  self->settings.agent = g_strdup (agent);

  return self;
}

/* --- settings --- */

static void
set_text (ConvokeInetSession  *self,
          char               **field,
          const char          *text,
          guint                id)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = g_strcmp0 (*field, text) != 0;
  if (changed)
    {
      g_free (*field);
      *field = g_strdup (text);
    }
  g_mutex_unlock (&self->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[id]);
}

static char *
dup_text (ConvokeInetSession  *self,
          char               **field)
{
  char *text;

  g_mutex_lock (&self->lock);
  text = g_strdup (*field);
  g_mutex_unlock (&self->lock);

  return text;
}

/**
 * convoke_inet_session_set_proxy:
 * @self: a session
 * @proxy: (nullable): the proxy's URL, an empty text for none, or %NULL to go by
 *   the environment
 *
 * Sets the proxy of the requests that are opened from now on.
 *
 * Since: 0.1
 */
void
convoke_inet_session_set_proxy (ConvokeInetSession *self,
                                const char         *proxy)
{
  g_return_if_fail (CONVOKE_INET_IS_SESSION (self));

  set_text (self, &self->settings.proxy, proxy, PROP_PROXY);
}

/**
 * convoke_inet_session_dup_proxy:
 * @self: a session
 *
 * Tells the proxy of the requests that are opened from now on.
 *
 * Returns: (nullable) (transfer full): the proxy, as it was set
 *
 * Since: 0.1
 */
char *
convoke_inet_session_dup_proxy (ConvokeInetSession *self)
{
  g_return_val_if_fail (CONVOKE_INET_IS_SESSION (self), NULL);

  return dup_text (self, &self->settings.proxy);
}

/**
 * convoke_inet_session_set_ca_file:
 * @self: a session
 * @ca_file: (type filename) (nullable): a file of certificates in PEM, or %NULL
 *   for those that the system trusts
 *
 * Sets whom the requests that are opened from now on trust, instead of the
 * system's authorities. Checking cannot be turned off.
 *
 * Since: 0.1
 */
void
convoke_inet_session_set_ca_file (ConvokeInetSession *self,
                                  const char         *ca_file)
{
  g_return_if_fail (CONVOKE_INET_IS_SESSION (self));

  set_text (self, &self->settings.ca_file, ca_file, PROP_CA_FILE);
}

/**
 * convoke_inet_session_dup_ca_file:
 * @self: a session
 *
 * Tells whom the requests trust that are opened from now on.
 *
 * Returns: (type filename) (nullable) (transfer full): the file, as it was set
 *
 * Since: 0.1
 */
char *
convoke_inet_session_dup_ca_file (ConvokeInetSession *self)
{
  g_return_val_if_fail (CONVOKE_INET_IS_SESSION (self), NULL);

  return dup_text (self, &self->settings.ca_file);
}

/**
 * convoke_inet_session_set_connect_timeout:
 * @self: a session
 * @timeout: microseconds, 0 for none
 *
 * Sets how long requests that are opened from now on may take until they are
 * connected: names, connection and TLS. An operation as a whole has
 * [property@Convoke.Handle:timeout].
 *
 * Since: 0.1
 */
void
convoke_inet_session_set_connect_timeout (ConvokeInetSession *self,
                                          gint64              timeout)
{
  g_return_if_fail (CONVOKE_INET_IS_SESSION (self));
  g_return_if_fail (timeout >= 0);

  g_mutex_lock (&self->lock);
  self->settings.connect_timeout = timeout;
  g_mutex_unlock (&self->lock);

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECT_TIMEOUT]);
}

/**
 * convoke_inet_session_get_connect_timeout:
 * @self: a session
 *
 * Tells how long requests may take until they are connected.
 *
 * Returns: microseconds, 0 for none
 *
 * Since: 0.1
 */
gint64
convoke_inet_session_get_connect_timeout (ConvokeInetSession *self)
{
  gint64 timeout;

  g_return_val_if_fail (CONVOKE_INET_IS_SESSION (self), 0);

  g_mutex_lock (&self->lock);
  timeout = self->settings.connect_timeout;
  g_mutex_unlock (&self->lock);

  return timeout;
}

/* --- what is below it --- */

/* NULL once it was closed. */
static ConvokeInetMulti *
copy_settings (ConvokeInetSession  *self,
               ConvokeInetSettings *settings)
{
  ConvokeInetMulti *multi = NULL;

  g_mutex_lock (&self->lock);
  if (self->multi != NULL)
    multi = convoke_inet_multi_ref (self->multi);
  convoke_inet_settings_copy (&self->settings, settings);
  g_mutex_unlock (&self->lock);

  return multi;
}

ConvokeInetRequest *
convoke_inet_session_make_request (ConvokeInetSession       *self,
                                   ConvokeHandle            *parent,
                                   const char               *verb,
                                   ConvokeInetUrl           *url,
                                   ConvokeInetRequestFlags   flags,
                                   gsize                     context,
                                   GError                  **error)
{
  ConvokeInetSettings settings = { NULL };
  ConvokeInetMulti *multi = copy_settings (self, &settings);
  ConvokeInetRequest *request;

  if (multi == NULL || convoke_inet_check_forked (error))
    {
      if (multi == NULL)
        g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE, "The session was closed");
      g_clear_pointer (&multi, convoke_inet_multi_unref);
      convoke_inet_settings_clear (&settings);
      convoke_inet_url_free (url);
      return NULL;
    }

  request = convoke_inet_request_new (parent, multi, &settings, verb, url, flags, context, error);
  convoke_inet_multi_unref (multi);

  return request;
}

/**
 * convoke_inet_session_connect:
 * @self: a session
 * @host: the name or address of a host
 * @port: the port, or 0 for the one that the request's scheme has
 * @service: what for
 * @user: (nullable): as whom to ask there
 * @password: (nullable): with which password
 * @context: the connection's context value
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a connection's handle; WinINet's `InternetConnect`. It completes at
 * once, since nothing is connected yet, and tells the status callback of
 * %CONVOKE_HANDLE_STATUS_HANDLE_CREATED first, on this thread (WI-22).
 *
 * Credentials are sent in HTTP's basic form, to this host and port alone: use
 * them with %CONVOKE_INET_REQUEST_SECURE.
 *
 * Fails with %CONVOKE_ERROR_NOT_SUPPORTED (FTP and Gopher are not spoken yet),
 * %CONVOKE_ERROR_INVALID_ARGUMENT (@host is none),
 * %CONVOKE_ERROR_HANDLE_TYPE (@self is no session),
 * %CONVOKE_ERROR_INVALID_HANDLE or %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
ConvokeInetConnection *
convoke_inet_session_connect (ConvokeInetSession  *self,
                              const char          *host,
                              guint16              port,
                              ConvokeInetService   service,
                              const char          *user,
                              const char          *password,
                              gsize                context,
                              GError             **error)
{
  g_autoptr (ConvokeInetUrl) url = NULL;
  const ConvokeInetScheme *scheme;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);
  g_return_val_if_fail (host != NULL, NULL);

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_SESSION, error) || convoke_inet_check_forked (error) ||
      !convoke_handle_check_open (CONVOKE_HANDLE (self), error))
    return NULL;

  scheme = convoke_inet_find_scheme (service, FALSE, error);
  if (scheme != NULL)
    url = convoke_inet_url_build (scheme->scheme, host, port != 0 ? port : scheme->port, "/", error);
  if (url == NULL)
    return NULL;

  return convoke_inet_connection_new (self, host, port, service, user, password, context, error);
}

static ConvokeInetRequest *
make_for_url (ConvokeInetSession       *self,
              const char               *text,
              ConvokeInetRequestFlags   flags,
              gsize                     context,
              GError                  **error)
{
  ConvokeInetUrl *url = convoke_inet_url_parse (text, error);

  if (url == NULL)
    return NULL;

  return convoke_inet_session_make_request (self, CONVOKE_HANDLE (self), "GET", url, flags, context, error);
}

/**
 * convoke_inet_session_open_url:
 * @self: a session
 * @url: a URL of HTTP or HTTPS
 * @headers: (nullable): header lines
 * @flags: how the request is made; the URL says whether it is secure
 * @context: the request's context value; 0: it blocks, and tells nobody
 * @request: (out) (optional) (nullable) (transfer full): the request, when it is done
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a request, sends it, and ends when the headers of the answer are there;
 * WinINet's `InternetOpenUrl`.
 *
 * Where it is pending the request is the *result* (WI-30), and is announced by
 * %CONVOKE_HANDLE_STATUS_HANDLE_CREATED before. The result has the only reference
 * to it: who wants to read takes one. There is no connection to be seen: the
 * request is directly below the session.
 *
 * It was not begun with %CONVOKE_ERROR_INVALID_ARGUMENT (no URL, or @headers are
 * none) or %CONVOKE_ERROR_NOT_SUPPORTED (another scheme); otherwise it fails as
 * [method@Request.send] does.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_session_open_url (ConvokeInetSession       *self,
                               const char               *url,
                               const char               *headers,
                               ConvokeInetRequestFlags   flags,
                               gsize                     context,
                               ConvokeInetRequest      **request,
                               GError                  **error)
{
  g_autoptr (ConvokeInetRequest) made = NULL;
  ConvokeHandleOutcome outcome;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (url != NULL, CONVOKE_HANDLE_OUTCOME_FAILED);

  if (request != NULL)
    *request = NULL;
  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_SESSION, error) ||
      !convoke_handle_check_open (CONVOKE_HANDLE (self), error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  made = make_for_url (self, url, flags, context, error);
  if (made == NULL)
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  outcome = convoke_inet_request_open_url (made, headers, error);
  if (outcome == CONVOKE_HANDLE_OUTCOME_DONE && request != NULL)
    *request = g_steal_pointer (&made);

  return outcome;
}

/* --- object --- */

static void
convoke_inet_session_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  ConvokeInetSession *self = CONVOKE_INET_SESSION (object);

  switch (id)
    {
    case PROP_AGENT:
      g_value_take_string (value, dup_text (self, &self->settings.agent));
      break;
    case PROP_PROXY:
      g_value_take_string (value, convoke_inet_session_dup_proxy (self));
      break;
    case PROP_CA_FILE:
      g_value_take_string (value, convoke_inet_session_dup_ca_file (self));
      break;
    case PROP_CONNECT_TIMEOUT:
      g_value_set_int64 (value, convoke_inet_session_get_connect_timeout (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_inet_session_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  ConvokeInetSession *self = CONVOKE_INET_SESSION (object);

  switch (id)
    {
    case PROP_PROXY:
      convoke_inet_session_set_proxy (self, g_value_get_string (value));
      break;
    case PROP_CA_FILE:
      convoke_inet_session_set_ca_file (self, g_value_get_string (value));
      break;
    case PROP_CONNECT_TIMEOUT:
      convoke_inet_session_set_connect_timeout (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
drop_multi (ConvokeInetSession *self)
{
  ConvokeInetMulti *multi;

  g_mutex_lock (&self->lock);
  multi = g_steal_pointer (&self->multi);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&multi, convoke_inet_multi_unref);
}

/* The connections that are kept go when the last request of it is gone. */
static void
convoke_inet_session_closed (ConvokeHandle *handle)
{
  drop_multi (CONVOKE_INET_SESSION (handle));

  if (CONVOKE_HANDLE_CLASS (convoke_inet_session_parent_class)->closed != NULL)
    CONVOKE_HANDLE_CLASS (convoke_inet_session_parent_class)->closed (handle);
}

static void
convoke_inet_session_finalize (GObject *object)
{
  ConvokeInetSession *self = CONVOKE_INET_SESSION (object);

  drop_multi (self);
  convoke_inet_settings_clear (&self->settings);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_inet_session_parent_class)->finalize (object);
}

static void
convoke_inet_session_class_init (ConvokeInetSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = convoke_inet_session_get_property;
  object_class->set_property = convoke_inet_session_set_property;
  object_class->finalize = convoke_inet_session_finalize;
  CONVOKE_HANDLE_CLASS (klass)->closed = convoke_inet_session_closed;

  /**
   * ConvokeInetSession:agent:
   *
   * What the program calls itself to servers.
   *
   * Since: 0.1
   */
  props[PROP_AGENT] = g_param_spec_string ("agent", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ConvokeInetSession:proxy: (setter set_proxy) (getter dup_proxy)
   *
   * The proxy's URL, an empty text for none, or %NULL to go by the environment.
   *
   * Since: 0.1
   */
  props[PROP_PROXY] = g_param_spec_string ("proxy", NULL, NULL, NULL, flags);

  /**
   * ConvokeInetSession:ca-file: (setter set_ca_file) (getter dup_ca_file)
   *
   * A file of certificates in PEM that are trusted, or %NULL for the system's.
   *
   * Since: 0.1
   */
  props[PROP_CA_FILE] = g_param_spec_string ("ca-file", NULL, NULL, NULL, flags);

  /**
   * ConvokeInetSession:connect-timeout: (setter set_connect_timeout) (getter get_connect_timeout)
   *
   * How long a request may take until it is connected, in microseconds; 0: for ever.
   *
   * Since: 0.1
   */
  props[PROP_CONNECT_TIMEOUT] = g_param_spec_int64 ("connect-timeout", NULL, NULL, 0, G_MAXINT64, CONNECT_TIMEOUT, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_inet_session_init (ConvokeInetSession *self)
{
  g_mutex_init (&self->lock);
  self->settings.connect_timeout = CONNECT_TIMEOUT;
}
