/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Proxies of objects of this process: nothing is packed, the caller's own
 * arguments reach the object. The proxy of an object of another process is the
 * same; its target is an import, its apartment the channel's.
 *
 * Here is what a proxy is and how it comes and goes. What its slots do is in
 * convoke-proxy-call.c, its properties in convoke-proxy-property.c, its
 * signals in convoke-relay.c, what crosses in convoke-proxy-map.c.
 *
 * A proxy of a proxy does not exist: the proxy itself is given.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-call-face-private.h"
#include "convoke-carrier-private.h"
#include "convoke-component-private.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-emission-private.h"
#include "convoke-fork-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"
#include "convoke-thread-private.h"

typedef struct
{
  GObjectClass parent_class;
} ConvokeProxyClass;

G_DEFINE_ABSTRACT_TYPE (ConvokeProxy, convoke_proxy, G_TYPE_OBJECT)

static guint call_failed_signal;
static guint interrupted_signal;
static guint restored_signal;
static guint invalid_signal;

ConvokeProxy *
convoke_proxy_from_object (gpointer object)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (object, CONVOKE_TYPE_PROXY) ? object : NULL;
}

ConvokeProxy *
convoke_proxy_get_identity (ConvokeProxy *self)
{
  return self->main != NULL ? self->main : self;
}

ConvokeApartment *
convoke_proxy_dup_home (void)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (thread->holds != NULL)
    return g_object_ref (thread->holds->apartment);

  return convoke_apartment_new_for_context (NULL);
}

/* --- life --- */

/* Once. */
static void
let_go (ConvokeProxy *self)
{
  if (g_atomic_int_compare_and_exchange (&self->let_go, FALSE, TRUE))
    convoke_apartment_release (self->apartment, self->target);
}

/* In finalize and not in dispose: a proxy stays usable until nobody has it. */
static void
convoke_proxy_finalize (GObject *object)
{
  ConvokeProxy *self = (ConvokeProxy *) object;

  if (self->relay != NULL)
    convoke_relay_stop (self->relay, self->target);

  if (self->target != NULL)
    {
      if (self->main == NULL)
        convoke_proxy_table_remove (self);
      let_go (self);
    }
  g_clear_error (&self->ended);

  g_clear_object (&self->apartment);
  g_clear_object (&self->home);
  g_clear_pointer (&self->facets, g_hash_table_unref);
  g_clear_pointer (&self->busy, convoke_busy_handler_unref);
  g_clear_pointer (&self->watches, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  convoke_keep_wipe (&self->keep);
  convoke_last_error_wipe (&self->last_error);
  g_clear_object ((GObject **) &self->main);

  G_OBJECT_CLASS (convoke_proxy_parent_class)->finalize (object);
}

static void
convoke_proxy_class_init (ConvokeProxyClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_proxy_finalize;

  call_failed_signal = g_signal_new ("call-failed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  interrupted_signal = g_signal_new ("interrupted", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  restored_signal = g_signal_new ("restored", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  invalid_signal = g_signal_new ("invalid", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
convoke_proxy_init (ConvokeProxy *self)
{
  g_mutex_init (&self->lock);
  convoke_keep_init (&self->keep);
  convoke_last_error_init (&self->last_error);
}

void
convoke_proxy_tell_failure (ConvokeProxy *self,
                            const char   *name,
                            gboolean      told,
                            GError       *error)
{
  g_object_ref (self);
  if (!told)
    g_signal_emit (self, call_failed_signal, 0, name, error);
  convoke_last_error_take (&convoke_proxy_get_identity (self)->last_error, error);
  g_object_unref (self);
}

/* @why (nullable): the signal's argument. */
static void
post (GObject          *face,
      guint             signal,
      const GError     *why,
      ConvokeApartment *home)
{
  ConvokeEmission *emission;

  /* Where nobody listens, nobody may run the home either. */
  if (!g_signal_has_handler_pending (face, signal, 0, TRUE))
    return;

  emission = convoke_emission_new (face, signal, 0, why != NULL ? 1 : 0);
  if (why != NULL)
    {
      g_value_init (&emission->values[1], G_TYPE_ERROR);
      g_value_set_boxed (&emission->values[1], why);
    }
  convoke_emission_post (emission, home);
}

/* The same to those who do not wait for the home. */
static void
tell_watches (ConvokeProxy *self,
              guint         signal,
              const GError *why)
{
  g_auto (GValue) param = G_VALUE_INIT;

  g_value_init (&param, G_TYPE_ERROR);
  g_value_set_boxed (&param, why);
  convoke_proxy_tell_watches (self, signal, 0, &param, why != NULL ? 1 : 0);
}

void
convoke_proxy_tell_end (ConvokeProxy *self,
                        gboolean      comes_back,
                        const GError *why)
{
  g_autoptr (GPtrArray) faces = convoke_proxy_list_faces (self);

  tell_watches (self, comes_back ? interrupted_signal : invalid_signal, why);
  for (guint i = 0; i < faces->len; i++)
    post (faces->pdata[i], comes_back ? interrupted_signal : invalid_signal, why, self->home);
}

void
convoke_proxy_tell_restored (ConvokeProxy *self)
{
  g_autoptr (GPtrArray) faces = convoke_proxy_list_faces (self);

  tell_watches (self, restored_signal, NULL);
  for (guint i = 0; i < faces->len; i++)
    post (faces->pdata[i], restored_signal, NULL, self->home);
}

/* --- the connection to the target --- */

static gboolean
set_never_connected (ConvokeProxy  *self,
                     GError       **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
               "This %s was never connected to an object", G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

gboolean
convoke_proxy_enter (ConvokeProxy  *self,
                     GError       **error)
{
  const GError *ended;

  if (self->target == NULL)
    return set_never_connected (self, error);

  /* Before the look, so that whoever ends it sees one of the two. */
  g_atomic_int_inc (&self->users);
  ended = g_atomic_pointer_get (&self->ended);
  if (G_LIKELY (ended == NULL))
    return TRUE;

  convoke_proxy_leave (self);
  g_propagate_error (error, g_error_copy (ended));
  return FALSE;
}

void
convoke_proxy_leave (ConvokeProxy *self)
{
  if (g_atomic_int_dec_and_test (&self->users))
    let_go (self);
}

GObject *
convoke_proxy_dup_target (ConvokeProxy  *self,
                          GError       **error)
{
  GObject *target;

  if (!convoke_proxy_enter (self, error))
    return NULL;

  target = g_object_ref (self->target);
  convoke_proxy_leave (self);
  return target;
}

/* An import is kept: it is only a stand-in, and there are those who rely on it. */
static void
end_face (ConvokeProxy *self,
          const GError *why)
{
  GError *ended = g_error_copy (why);

  if (!g_atomic_pointer_compare_and_exchange (&self->ended, NULL, ended))
    {
      g_error_free (ended);
      return;
    }

  if (self->relay != NULL)
    convoke_relay_stop (g_steal_pointer (&self->relay), self->target);
  if (!convoke_apartment_is_remote (self->apartment))
    convoke_proxy_leave (self);
}

void
convoke_proxy_end (ConvokeProxy *self,
                   const GError *why)
{
  g_autoptr (GPtrArray) faces = convoke_proxy_list_faces (self);

  for (guint i = 0; i < faces->len; i++)
    end_face (faces->pdata[i], why);
  convoke_proxy_tell_end (self, FALSE, why);
}

/* --- making --- */

const ConvokeClassKind convoke_proxy_kind = {
  .prefix = "ConvokeProxy",
  .get_base = convoke_proxy_get_type,
  .slot = convoke_proxy_call_slot,
  .get_property = convoke_proxy_get_property,
  .set_property = convoke_proxy_set_property,
};

static void
set_not_proxyable (GObject                    *target,
                   const ConvokeInterfaceSet  *set,
                   GError                    **error)
{
  if (set->left_out == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "%s implements no interface, and a proxy carries interfaces only",
                 G_OBJECT_TYPE_NAME (target));
  else
    g_set_error (error, CONVOKE_ERROR, set->left_code,
                 "No interface of %s can be proxied: %s",
                 G_OBJECT_TYPE_NAME (target), set->left_out->str);
}

/* The class for an object's type, once nothing can be added to it any more. */
static GMutex      settled_lock;
static GHashTable *settled;      /* LOCK: settled_lock; GType -> GType */

static GType
lookup_settled (GType type)
{
  GType class_type = G_TYPE_INVALID;

  g_mutex_lock (&settled_lock);
  if (settled != NULL)
    class_type = GPOINTER_TO_SIZE (g_hash_table_lookup (settled, GSIZE_TO_POINTER (type)));
  g_mutex_unlock (&settled_lock);

  return class_type;
}

static void
remember_settled (GType type,
                  GType class_type)
{
  g_mutex_lock (&settled_lock);
  if (settled == NULL)
    settled = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (settled, GSIZE_TO_POINTER (type), GSIZE_TO_POINTER (class_type));
  g_mutex_unlock (&settled_lock);
}

static GType
get_whole_class (GObject  *target,
                 GError  **error)
{
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeImport *import = convoke_import_from_object (target);
  GType class_type;

  if (import != NULL)
    return convoke_import_get_proxy_class (import, error);

  class_type = lookup_settled (G_OBJECT_TYPE (target));

  if (class_type != G_TYPE_INVALID)
    return class_type;

  convoke_interface_set_init_for_type (&set, G_OBJECT_TYPE (target));
  if (set.infos->len == 0)
    {
      set_not_proxyable (target, &set, error);
      return G_TYPE_INVALID;
    }

  class_type = convoke_proxy_class_get (&convoke_proxy_kind, &set, convoke_proxy_class_object_has_slot, target, error);
  if (class_type != G_TYPE_INVALID && set.settled)
    remember_settled (G_OBJECT_TYPE (target), class_type);

  return class_type;
}

ConvokeProxy *
convoke_proxy_new_of_class (GType             class_type,
                            GObject          *target,
                            ConvokeApartment *apartment,
                            ConvokeApartment *home,
                            ConvokeProxy     *main)
{
  ConvokeProxy *self = g_object_new (class_type, NULL);

  self->target = g_object_ref (target);
  self->since = main != NULL ? main->since : convoke_disconnection_now ();
  self->users = 1;
  self->apartment = g_object_ref (apartment);
  self->home = g_object_ref (home);
  if (main != NULL)
    self->main = (ConvokeProxy *) g_object_ref (G_OBJECT (main));
  if (convoke_import_from_object (target) == NULL)
    self->relay = convoke_relay_new (G_OBJECT (self), target, apartment, home);

  return self;
}

ConvokeProxy *
convoke_proxy_new (GObject           *target,
                   ConvokeApartment  *home,
                   GError           **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  GType class_type = get_whole_class (target, error);

  if (class_type == G_TYPE_INVALID)
    return NULL;

  apartment = convoke_apartment_dup_for_object (target);
  return convoke_proxy_new_of_class (class_type, target, apartment, home, NULL);
}

/* --- what others ask --- */

GObject *
convoke_proxy_unwrap (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL && g_atomic_pointer_get (&self->ended) == NULL ? self->target : NULL;
}

GObject *
convoke_proxy_dup_target_of (GObject  *object,
                             guint    *since,
                             GError  **error)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  if (self == NULL)
    return NULL;

  *since = self->since;
  return convoke_proxy_dup_target (self, error);
}

GObject *
convoke_proxy_enter_target (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL && convoke_proxy_enter (self, NULL) ? self->target : NULL;
}

void
convoke_proxy_leave_target (GObject *object)
{
  convoke_proxy_leave (convoke_proxy_from_object (object));
}

gpointer
convoke_proxy_dup_apartment (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL && self->apartment != NULL ? g_object_ref (self->apartment) : NULL;
}

GObject *
convoke_proxy_identity (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL ? G_OBJECT (convoke_proxy_get_identity (self)) : NULL;
}

GObject *
convoke_proxy_dup_public (GObject *target)
{
  g_autoptr (ConvokeApartment) home = NULL;

  if (convoke_import_from_object (target) == NULL)
    return g_object_ref (target);

  home = convoke_proxy_dup_home ();
  return (GObject *) convoke_proxy_table_ensure (target, home, NULL);
}

void
convoke_proxy_keep_outs (GObject      *target,
                         ConvokeFrame *frame)
{
  g_autoptr (GObject) proxy = NULL;

  if (!convoke_keep_is_needed (frame->plan))
    return;

  proxy = (GObject *) convoke_proxy_table_lookup (target);
  if (proxy != NULL)
    convoke_keep_outs (&((ConvokeProxy *) proxy)->keep, frame);
}

/* --- public --- */

/**
 * convoke_create_proxy:
 * @object: any object
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the proxy of @object: an object that implements the same interfaces,
 * and that any thread may call, wherever the code of @object runs.
 *
 * There is one proxy per object for as long as anybody holds it. The proxy of
 * a proxy is that proxy. Only interfaces that a typelib describes are carried;
 * [func@Convoke.query_interface] adds one that is learnt later. A slot that
 * @object leaves empty is empty in the proxy.
 *
 * A call on the proxy returns when the method has returned. Objects that are
 * bound elsewhere are given and returned as their proxies, and come back
 * unwrapped; callbacks run where the caller is. A result without a transfer
 * lives as long as the proxy.
 *
 * A call can fail on its way. A method with a #GError reports that there; any
 * other method then returns zero, %FALSE, %NULL, or an empty string where
 * %NULL is not allowed. [func@Convoke.dup_last_error] tells why, and the proxy
 * emits its signal `call-failed` (with the method's or property's name and
 * the #GError) on the thread that called, before the method returns.
 *
 * Properties of the interfaces are read and written on @object. Its signals
 * are emitted again on the proxy, in the thread-default main context of the
 * thread that made the proxy; a signal that returns a value keeps the emitter
 * waiting until the proxy's handlers have run there: before that context is
 * run no more, drop the proxy or disconnect them.
 *
 * In the same way a call without a deadline waits for as long as nobody runs
 * the context of @object.
 *
 * An object that Convoke sees for the first time is bound by this call; see
 * [func@Convoke.Apartment.dup_for_object].
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NO_TYPELIB or
 * %CONVOKE_ERROR_NOT_SUPPORTED when no interface of @object can be proxied;
 * the message says why for each.
 *
 * Returns: (transfer full): the proxy
 *
 * Since: 0.1
 */
GObject *
convoke_create_proxy (GObject  *object,
                      GError  **error)
{
  g_autoptr (ConvokeApartment) home = NULL;
  g_autoptr (GObject) outer = NULL;
  ConvokeProxy *proxy;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  outer = convoke_component_dup_outermost (object);
  if (outer != NULL)
    object = outer;

  proxy = convoke_proxy_from_object (object);
  if (proxy != NULL)
    return g_object_ref (G_OBJECT (convoke_proxy_get_identity (proxy)));

  home = convoke_proxy_dup_home ();
  return (GObject *) convoke_proxy_table_ensure (object, home, error);
}

/**
 * convoke_is_proxy:
 * @object: any object
 *
 * Tells whether @object stands for another object. Any thread may call this.
 *
 * A proxy has signals of its own. [func@Convoke.dup_last_error] tells of
 * `call-failed`. `interrupted` (with a #GError: the cause)
 * says that the process of the object died and that the proxy will stand
 * for a new object, because the keyfile says `Restart=yes`, and `restored`
 * that it does now; `invalid` (with a #GError) says that it will never stand
 * for anything again. They are emitted where the object's signals are.
 *
 * Returns: %TRUE if @object is a proxy
 *
 * Since: 0.1
 */
gboolean
convoke_is_proxy (GObject *object)
{
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return convoke_proxy_from_object (object) != NULL;
}

/**
 * convoke_dup_last_error:
 * @proxy: a proxy, or an object that begins or finishes calls
 *
 * Gets why the calling thread's last call on @proxy failed on its way.
 *
 * Each thread has its own; the next call of the thread on @proxy forgets it.
 * Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the error, or %NULL when the last call
 *   did not fail or @proxy is no proxy
 *
 * Since: 0.1
 */
GError *
convoke_dup_last_error (GObject *proxy)
{
  ConvokeProxy *self;

  g_return_val_if_fail (G_IS_OBJECT (proxy), NULL);

  self = convoke_proxy_from_object (proxy);
  if (self != NULL)
    return convoke_last_error_dup (&convoke_proxy_get_identity (self)->last_error);

  return convoke_call_face_dup_last_error (proxy);
}
