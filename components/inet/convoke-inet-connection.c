/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-file-private.h"
#include "convoke-inet-service-private.h"
#include "convoke-inet-session-private.h"

struct _ConvokeInetConnection
{
  ConvokeHandle       parent_instance;

  /* Fixed when it is made. */
  ConvokeInetSession *session;   /* (owned) */
  char               *host;      /* (owned) */
  guint16             port;      /* 0: the scheme's own */
  ConvokeInetService  service;
  char               *user;      /* (owned) (nullable) */
  char               *password;  /* (owned) (nullable) */
};

/**
 * ConvokeInetConnection:
 *
 * A host, a port, and as whom to ask there; WinINet's `InternetConnect`.
 *
 * It is no socket: connections are made when a request needs one and kept by
 * the session. Below it are the service's files, which are requests for HTTP;
 * FTP's and Gopher's will have their place there.
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeInetConnection, convoke_inet_connection, CONVOKE_TYPE_HANDLE)

enum { PROP_HOST = 1, PROP_PORT, N_PROPS };

static GParamSpec *props[N_PROPS];

ConvokeInetConnection *
convoke_inet_connection_new (ConvokeInetSession  *session,
                             const char          *host,
                             guint16              port,
                             ConvokeInetService   service,
                             const char          *user,
                             const char          *password,
                             gsize                context,
                             GError             **error)
{
  g_autoptr (ConvokeInetConnection) self =
    g_object_new (CONVOKE_INET_TYPE_CONNECTION, "parent", session, "context", (guint64) context,
                  "asynchronous", convoke_handle_get_asynchronous (CONVOKE_HANDLE (session)), NULL);

  self->session = g_object_ref (session);
  self->host = g_strdup (host);
  self->port = port;
  self->service = service;
  self->user = g_strdup (user);
  self->password = g_strdup (password);

  return convoke_handle_announce (CONVOKE_HANDLE (self), error) ? g_steal_pointer (&self) : NULL;
}

static ConvokeInetUrl *
make_url (ConvokeInetConnection    *self,
          const char               *path,
          ConvokeInetRequestFlags   flags,
          GError                  **error)
{
  gboolean secure = (flags & CONVOKE_INET_REQUEST_SECURE) != 0;
  const ConvokeInetScheme *scheme = convoke_inet_find_scheme (self->service, secure, error);
  ConvokeInetUrl *url;

  if (scheme == NULL)
    return NULL;

  url = convoke_inet_url_build (scheme->scheme, self->host, self->port != 0 ? self->port : scheme->port, path, error);
  if (url != NULL && self->user != NULL)
    {
      url->user = g_strdup (self->user);
      url->password = g_strdup (self->password);
    }

  return url;
}

/**
 * convoke_inet_connection_open_request:
 * @self: a connection
 * @verb: the verb, such as `GET` or `POST`
 * @path: the path and query, such as `/prices?of=tea`
 * @flags: how the request is made
 * @context: the request's context value; 0: it blocks, and tells nobody
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a request, which is sent by [method@Request.send]; WinINet's
 * `HttpOpenRequest`. It completes at once, and tells the status callback
 * of %CONVOKE_HANDLE_STATUS_HANDLE_CREATED first, on this thread (WI-22).
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT (@verb or @path),
 * %CONVOKE_ERROR_HANDLE_TYPE (@self is no connection),
 * %CONVOKE_ERROR_INVALID_HANDLE or %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): the request
 *
 * Since: 0.1
 */
ConvokeInetRequest *
convoke_inet_connection_open_request (ConvokeInetConnection    *self,
                                      const char               *verb,
                                      const char               *path,
                                      ConvokeInetRequestFlags   flags,
                                      gsize                     context,
                                      GError                  **error)
{
  ConvokeInetUrl *url;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);
  g_return_val_if_fail (verb != NULL && path != NULL, NULL);

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_CONNECTION, error) ||
      !convoke_handle_check_open (CONVOKE_HANDLE (self), error))
    return NULL;

  url = make_url (self, path, flags, error);
  if (url == NULL)
    return NULL;

  return convoke_inet_session_make_request (self->session, CONVOKE_HANDLE (self), verb, url, flags, context, error);
}

/**
 * convoke_inet_connection_get_host:
 * @self: a connection
 *
 * Tells whom the connection is to.
 *
 * Returns: the host, as it was given
 *
 * Since: 0.1
 */
const char *
convoke_inet_connection_get_host (ConvokeInetConnection *self)
{
  g_return_val_if_fail (CONVOKE_INET_IS_CONNECTION (self), NULL);

  return self->host;
}

/**
 * convoke_inet_connection_get_port:
 * @self: a connection
 *
 * Tells which port the connection is to.
 *
 * Returns: the port; 0: the one that the request's scheme has
 *
 * Since: 0.1
 */
guint16
convoke_inet_connection_get_port (ConvokeInetConnection *self)
{
  g_return_val_if_fail (CONVOKE_INET_IS_CONNECTION (self), 0);

  return self->port;
}

/**
 * convoke_inet_connection_get_service:
 * @self: a connection
 *
 * Tells what the connection is used for.
 *
 * Returns: what it is used for
 *
 * Since: 0.1
 */
ConvokeInetService
convoke_inet_connection_get_service (ConvokeInetConnection *self)
{
  g_return_val_if_fail (CONVOKE_INET_IS_CONNECTION (self), CONVOKE_INET_SERVICE_HTTP);

  return self->service;
}

static void
convoke_inet_connection_get_property (GObject    *object,
                                      guint       id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  ConvokeInetConnection *self = CONVOKE_INET_CONNECTION (object);

  switch (id)
    {
    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_inet_connection_finalize (GObject *object)
{
  ConvokeInetConnection *self = CONVOKE_INET_CONNECTION (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, g_free);

  G_OBJECT_CLASS (convoke_inet_connection_parent_class)->finalize (object);
}

static void
convoke_inet_connection_class_init (ConvokeInetConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = convoke_inet_connection_get_property;
  object_class->finalize = convoke_inet_connection_finalize;

  /**
   * ConvokeInetConnection:host: (getter get_host)
   *
   * The host, as it was given.
   *
   * Since: 0.1
   */
  props[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ConvokeInetConnection:port: (getter get_port)
   *
   * The port; 0: the one that the request's scheme has.
   *
   * Since: 0.1
   */
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_inet_connection_init (ConvokeInetConnection *self)
{
}
