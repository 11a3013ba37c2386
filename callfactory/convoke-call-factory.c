/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-call-factory.h"
#include "convoke-error.h"
#include "convoke-record-private.h"

/**
 * ConvokeCallFactory:
 *
 * What a component implements that makes its own call objects.
 *
 * A component need not implement it: [func@Convoke.create_call] gives a call
 * object for every interface, and a query for this one is then answered with
 * %CONVOKE_ERROR_NO_INTERFACE (CF-5, P-5). A component that does implement it is
 * called through its own call objects for the interfaces that it gives them for,
 * also by synchronous callers elsewhere (SV-3).
 *
 * Its methods are called on any thread.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeCallFactory, convoke_call_factory, G_TYPE_OBJECT)

static void
convoke_call_factory_default_init (ConvokeCallFactoryInterface *iface)
{
}

/* What a factory answers is foreign: it has to be a call object, or an error. */
static ConvokeCall *
ask (ConvokeCallFactory  *self,
     GType                iface,
     GObject             *outer,
     ConvokeSynchronize  *sink,
     GError             **error)
{
  GError *reason = NULL;
  ConvokeCall *call = CONVOKE_CALL_FACTORY_GET_IFACE (self)->create_call (self, iface, outer, sink, &reason);

  if (call != NULL)
    {
      g_clear_error (&reason);
      return call;
    }

  if (reason == NULL)
    reason = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED,
                          "The call factory of %s gave neither a call object nor a reason", G_OBJECT_TYPE_NAME (self));
  g_propagate_error (error, reason);
  return NULL;
}

/**
 * convoke_call_factory_create_call:
 * @self: a component that makes its own call objects
 * @iface: one of the component's interfaces
 * @outer: (nullable): the controlling object
 * @sink: (nullable): told of each completion
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks a component for one of its own call objects (CF-6).
 *
 * Programs call [func@Convoke.create_call], which works for every object; this
 * is what it asks behind the scenes. A component that does not implement the
 * interface answers %CONVOKE_ERROR_NO_INTERFACE to a query for it (CF-5, P-5).
 *
 * Fails with %CONVOKE_ERROR_NO_INTERFACE when the component has no call object
 * for @iface (CF-7).
 *
 * Returns: (transfer full): a call object
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_call_factory_create_call (ConvokeCallFactory  *self,
                                  GType                iface,
                                  GObject             *outer,
                                  ConvokeSynchronize  *sink,
                                  GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_CALL_FACTORY (self), NULL);
  g_return_val_if_fail (outer == NULL || G_IS_OBJECT (outer), NULL);
  g_return_val_if_fail (sink == NULL || CONVOKE_IS_SYNCHRONIZE (sink), NULL);

  return ask (self, iface, outer, sink, error);
}

gboolean
convoke_call_factory_make_server_object (GObject  *target,
                                         GType     iface,
                                         GObject **server_object,
                                         GError  **error)
{
  GError *reason = NULL;
  ConvokeCall *call = ask (CONVOKE_CALL_FACTORY (target), iface, NULL, NULL, &reason);

  *server_object = NULL;
  if (call == NULL)
    {
      /* It has none for this interface: the method itself serves (SV-2). */
      if (g_error_matches (reason, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE))
        {
          g_error_free (reason);
          return TRUE;
        }
      g_propagate_error (error, reason);
      return FALSE;
    }

  /* A call object that adds nothing is the method itself. */
  if (CONVOKE_CALL_GET_CLASS (call)->begin == NULL)
    g_object_unref (call);
  else
    *server_object = G_OBJECT (call);

  return TRUE;
}
