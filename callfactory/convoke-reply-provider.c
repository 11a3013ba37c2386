/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The service provider's side as TAPI has it: a request function that is given
 * an id and answers with it, and completions by id. To its callers it is an
 * object with one method, whose calls are deferred; so it works at every
 * distance, and how a request ends is the engine's alone.
 */

#include "config.h"

#include "convoke-reply-provider.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"

typedef struct
{
  ConvokePendingCalls *pending;   /* (owned) constant */
} ConvokeReplyProviderPrivate;

static void convoke_reply_provider_service_init (ConvokeReplyServiceInterface *iface);

/**
 * ConvokeReplyProvider:
 *
 * A component that is asked by [method@Convoke.ReplyService.perform] and
 * completes each request later, by its id.
 *
 * Derive from it, implement `request`, and report each id that it accepted
 * once: a second report is refused. A provider that gives up calls
 * [method@ReplyProvider.close]; whatever it has not completed then fails
 * (TA-31). While a request is under way its provider lives.
 *
 * In C, [func@Convoke.require] the namespace Convoke first, where a provider
 * is called through Convoke: that is what describes the interface.
 *
 * Any thread may report; `request` runs where the class's threading says.
 *
 * Since: 0.1
 */
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (ConvokeReplyProvider, convoke_reply_provider, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (ConvokeReplyProvider)
                                  G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_REPLY_SERVICE, convoke_reply_provider_service_init))

static ConvokePendingCalls *
get_pending (ConvokeReplyProvider *self)
{
  return ((ConvokeReplyProviderPrivate *) convoke_reply_provider_get_instance_private (self))->pending;
}

static void
convoke_reply_provider_dispose (GObject *object)
{
  if (!convoke_check_forked (NULL))
    convoke_pending_calls_close (get_pending (CONVOKE_REPLY_PROVIDER (object)), NULL);

  G_OBJECT_CLASS (convoke_reply_provider_parent_class)->dispose (object);
}

static void
convoke_reply_provider_finalize (GObject *object)
{
  g_object_unref (get_pending (CONVOKE_REPLY_PROVIDER (object)));

  G_OBJECT_CLASS (convoke_reply_provider_parent_class)->finalize (object);
}

static void
convoke_reply_provider_class_init (ConvokeReplyProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = convoke_reply_provider_dispose;
  G_OBJECT_CLASS (klass)->finalize = convoke_reply_provider_finalize;
}

static void
convoke_reply_provider_init (ConvokeReplyProvider *self)
{
  ConvokeReplyProviderPrivate *priv = convoke_reply_provider_get_instance_private (self);

  priv->pending = convoke_pending_calls_new ();
}

/* --- being asked --- */

/* Takes @error, the provider's own. NULL: it was accepted. */
static GError *
judge (ConvokeReplyProvider *self,
       gint32                request_id,
       gint32                answer,
       GError               *error)
{
  /* In most languages whoever throws returns nothing, which is 0. */
  if (answer <= 0 && error != NULL)
    return error;

  g_clear_error (&error);
  if (answer == request_id)
    return NULL;
  if (answer < 0)
    return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                        "%s refused the request with %d and gave no reason", G_OBJECT_TYPE_NAME (self), answer);

  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                      "%s answered the request %d with %d, which is neither its id nor an error",
                      G_OBJECT_TYPE_NAME (self), request_id, answer);
}

static void
ask (ConvokeReplyProvider *self,
     gint32                request_id,
     const char           *name,
     GVariant             *parameters)
{
  ConvokeReplyProviderClass *klass = CONVOKE_REPLY_PROVIDER_GET_CLASS (self);
  g_autoptr (GError) refusal = NULL;
  GError *error = NULL;
  gint32 answer = -1;

  if (klass->request != NULL)
    answer = klass->request (self, request_id, name, parameters, &error);
  else
    g_set_error (&error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s takes no requests", G_OBJECT_TYPE_NAME (self));

  /* What it completed before it refused stands. */
  refusal = judge (self, request_id, answer, error);
  if (refusal != NULL)
    convoke_pending_calls_abort (get_pending (self), request_id, refusal, NULL);
}

static GVariant *
convoke_reply_provider_perform (ConvokeReplyService  *service,
                                const char           *name,
                                GVariant             *parameters,
                                GError              **error)
{
  ConvokeReplyProvider *self = CONVOKE_REPLY_PROVIDER (service);
  g_autoptr (ConvokeServerCall) call = convoke_server_call_defer (G_OBJECT (self), error);
  GError *failure = NULL;
  gint32 request_id;

  if (call == NULL)
    return NULL;

  request_id = convoke_pending_calls_add (get_pending (self), call, &failure);
  if (request_id != 0)
    ask (self, request_id, name, parameters);
  else
    convoke_server_call_abort (call, failure, NULL);
  g_clear_error (&failure);

  /* The call is deferred: this is not its end. */
  return NULL;
}

static void
convoke_reply_provider_service_init (ConvokeReplyServiceInterface *iface)
{
  iface->perform = convoke_reply_provider_perform;
}

/* --- reporting --- */

/**
 * convoke_reply_provider_complete:
 * @self: a provider
 * @request_id: an id that `request` was given
 * @result: (nullable): what the request gives; a floating reference is taken
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reports that a request is done.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when there
 * never was such a request, with %CONVOKE_ERROR_CALL_COMPLETE when it was
 * reported before, with %CONVOKE_ERROR_TOO_LATE when nobody waits for it any
 * more, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when this was the end of the request
 *
 * Since: 0.1
 */
gboolean
convoke_reply_provider_complete (ConvokeReplyProvider  *self,
                                 gint32                 request_id,
                                 GVariant              *result,
                                 GError               **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PROVIDER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, result);

  return convoke_pending_calls_complete (get_pending (self), request_id, &value, 1, error);
}

/**
 * convoke_reply_provider_fail:
 * @self: a provider
 * @request_id: an id that `request` was given
 * @reason: why
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reports that a request has failed; the error reaches the caller unchanged.
 *
 * Any thread may call this. Fails as [method@ReplyProvider.complete].
 *
 * Returns: %TRUE when this was the end of the request
 *
 * Since: 0.1
 */
gboolean
convoke_reply_provider_fail (ConvokeReplyProvider  *self,
                             gint32                 request_id,
                             const GError          *reason,
                             GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PROVIDER (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_pending_calls_abort (get_pending (self), request_id, reason, error);
}

/**
 * convoke_reply_provider_dup_call:
 * @self: a provider
 * @request_id: an id that `request` was given
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the server's side of a request that was not reported yet: for its
 * progress, its deadline, and to see whether its caller has cancelled it.
 *
 * Any thread may call this. Fails as [method@ReplyProvider.complete].
 *
 * Returns: (transfer full): the server call, or %NULL with @error set
 *
 * Since: 0.1
 */
ConvokeServerCall *
convoke_reply_provider_dup_call (ConvokeReplyProvider  *self,
                                 gint32                 request_id,
                                 GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PROVIDER (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convoke_pending_calls_dup_call (get_pending (self), request_id, error);
}

/**
 * convoke_reply_provider_close:
 * @self: a provider
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gives up: every request that was accepted and not reported fails with
 * %CONVOKE_ERROR_FAILED, and later ones with %CONVOKE_ERROR_SHUTDOWN.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_SHUTDOWN when it was
 * closed before, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it is closed now
 *
 * Since: 0.1
 */
gboolean
convoke_reply_provider_close (ConvokeReplyProvider  *self,
                              GError               **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PROVIDER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_pending_calls_close (get_pending (self), error);
}
