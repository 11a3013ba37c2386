/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Proxies of objects of this process: nothing is packed, the caller's own
 * arguments reach the object.
 *
 * A call from where the object may be used anyway goes straight to the
 * object's slot. Every other call is the engine's, which runs the slot where
 * the object lives and maps what must not cross as it is: an object that is
 * bound elsewhere becomes its proxy, a callback a trampoline.
 *
 * A proxy of a proxy does not exist: the proxy itself is given.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-call-face-private.h"
#include "convoke-engine-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-proxy-private.h"
#include "convoke-thread-private.h"

typedef struct
{
  GObjectClass parent_class;
} ConvokeProxyClass;

G_DEFINE_ABSTRACT_TYPE (ConvokeProxy, convoke_proxy, G_TYPE_OBJECT)

static guint call_failed_signal;

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

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
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
      convoke_apartment_release (self->apartment, self->target);
    }

  g_clear_object (&self->apartment);
  g_clear_object (&self->home);
  g_clear_pointer (&self->facets, g_hash_table_unref);
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
}

static void
convoke_proxy_init (ConvokeProxy *self)
{
  g_mutex_init (&self->lock);
  convoke_keep_init (&self->keep);
  convoke_last_error_init (&self->last_error);
}

/* --- what failed on its way --- */

static void
tell_failure (ConvokeProxy *self,
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

/* --- GIO's asynchronous pairs --- */

static const char failed_tag[] = "convoke_proxy_async";

static gboolean
is_ready_callback (const ConvokeArgInfo *arg)
{
  return arg->type.kind == CONVOKE_TYPE_KIND_CALLBACK && arg->closure >= 0 &&
         g_strcmp0 (arg->type.name, "Gio.AsyncReadyCallback") == 0;
}

/* A caller of x_async learns everything through its callback, also that x_async did not get through. */
static gboolean
fail_async (ConvokeProxy             *self,
            const ConvokeMethodInfo  *method,
            void                    **args,
            GError                   *error)
{
  for (guint i = 0; i < method->callable.n_args; i++)
    {
      const ConvokeArgInfo *arg = &method->callable.args[i];
      g_autoptr (GTask) task = NULL;

      if (!is_ready_callback (arg) || *(gpointer *) args[1 + i] == NULL)
        continue;

      task = g_task_new (self, NULL,
                         *(GAsyncReadyCallback *) args[1 + i],
                         *(gpointer *) args[1 + arg->closure]);
      g_task_set_source_tag (task, (gpointer) failed_tag);
      g_task_return_error (task, error);
      return TRUE;
    }

  return FALSE;
}

/* x_finish of such an x_async: its error, or NULL. */
static GError *
steal_async_failure (const ConvokeMethodInfo  *method,
                     void                    **args)
{
  GError *error = NULL;

  for (guint i = 0; i < method->callable.n_args; i++)
    {
      gpointer result;

      if (g_strcmp0 (method->callable.args[i].type.name, "Gio.AsyncResult") != 0)
        continue;

      result = *(gpointer *) args[1 + i];
      if (G_IS_TASK (result) && g_task_get_source_tag (result) == failed_tag)
        g_task_propagate_pointer (result, &error);
    }

  return error;
}

/* --- a call --- */

static gboolean
is_direct (ConvokeProxy            *self,
           const ConvokeMethodInfo *method,
           const ConvokePlan       *plan)
{
  /* An object that any thread may call can still lend what belongs to one thread, and a deadline needs the engine. */
  if (convoke_apartment_get_threading (self->apartment) == CONVOKE_THREADING_ANY)
    return method->deadline == 0 && !convoke_plan_has_references (plan) && convoke_thread_self ()->cancellation == 0;

  return convoke_apartment_is_current (self->apartment);
}

static gboolean
call_directly (ConvokeProxy             *self,
               const ConvokeMethodInfo  *method,
               const ConvokePlan        *plan,
               void                    **args,
               void                     *ret,
               GError                  **error)
{
  GCallback slot = convoke_method_info_get_slot (method, self->target);
  gpointer target = self->target;
  void *instance = args[0];

  if (slot == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s does not implement %s.%s",
                   G_OBJECT_TYPE_NAME (target), method->owner->name, method->callable.name);
      return FALSE;
    }

  args[0] = &target;
  ffi_call (convoke_plan_get_cif (plan), slot, ret, args);
  args[0] = instance;

  return TRUE;
}

static gboolean
has_call_scope (const ConvokeMethodInfo *method)
{
  for (guint i = 0; i < method->callable.n_args; i++)
    if (method->callable.args[i].type.kind == CONVOKE_TYPE_KIND_CALLBACK &&
        method->callable.args[i].scope == CONVOKE_SCOPE_CALL)
      return TRUE;

  return FALSE;
}

/* (borrowed) (nullable) An apartment that lasts as long as one call; objects are not bound to it. */
static __thread ConvokeApartment *visited;

/*
 * A callback that lives as long as the call runs on the thread that called.
 * A thread without a main context of its own has no apartment in which the
 * engine could find it; it gets one for this call.
 */
static gboolean
call_from_visited_apartment (ConvokeProxy             *self,
                             const ConvokeMethodInfo  *method,
                             void                    **args,
                             void                     *ret,
                             GError                  **error)
{
  g_autoptr (ConvokeApartment) own = convoke_apartment_new_serial ();
  ConvokeApartment *outer = visited;
  ConvokeHold hold;
  gboolean ok;

  if (!convoke_apartment_try_enter (own, &hold))
    g_assert_not_reached ();
  visited = own;
  ok = convoke_engine_call (self->target, self->apartment, method, args, ret, error);
  visited = outer;
  convoke_apartment_leave (own, &hold);

  return ok;
}

static gboolean
call_elsewhere (ConvokeProxy             *self,
                const ConvokeMethodInfo  *method,
                const ConvokePlan        *plan,
                void                    **args,
                void                     *ret,
                GError                  **error)
{
  if (convoke_plan_has_references (plan) && has_call_scope (method))
    {
      g_autoptr (ConvokeApartment) home = convoke_proxy_dup_home ();

      if (!convoke_apartment_is_current (home))
        return call_from_visited_apartment (self, method, args, ret, error);
    }

  return convoke_engine_call (self->target, self->apartment, method, args, ret, error);
}

static gboolean
check_callable (ConvokeProxy             *self,
                const ConvokeMethodInfo  *method,
                GError                  **error)
{
  if (convoke_check_forked (error))
    return FALSE;

  if (self->target == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
                   "Cannot call %s.%s: this %s was never connected to an object",
                   method->owner->name, method->callable.name, G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }

  if (method->refusal != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "Cannot call %s.%s through a proxy: %s",
                   method->owner->name, method->callable.name, method->refusal);
      return FALSE;
    }

  return TRUE;
}

/* On failure, *answered tells whether the caller's places hold an answer already. */
static gboolean
forward (ConvokeProxy             *self,
         const ConvokeMethodInfo  *method,
         const ConvokePlan        *plan,
         void                    **args,
         void                     *ret,
         gboolean                 *answered,
         GError                  **error)
{
  g_autoptr (GObject) held = NULL;

  if (!check_callable (self, method, error))
    return FALSE;

  if (is_direct (self, method, plan))
    return call_directly (self, method, plan, args, ret, error);

  /* What is called back while the caller waits can drop the caller's reference. */
  held = g_object_ref (G_OBJECT (self));
  *answered = TRUE;
  return call_elsewhere (self, method, plan, args, ret, error);
}

static void
call_slot (const ConvokeCallableInfo  *callable,
           const ConvokePlan          *plan,
           void                      **args,
           void                       *ret)
{
  /* A method begins with its callable. */
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;
  ConvokeProxy *self = *(ConvokeProxy **) args[0];
  gboolean answered = FALSE;
  GError *error = NULL;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);

  if (method->begin != NULL)
    error = steal_async_failure (method, args);

  if (error == NULL && forward (self, method, plan, args, ret, &answered, &error))
    return;

  if (!answered)
    {
      convoke_frame_consume_native (plan, args, FALSE);
      convoke_frame_answer_failed (plan, args, ret);
    }
  convoke_frame_throw_native (plan, args, error);
  if (method->finish == NULL || !fail_async (self, method, args, error))
    tell_failure (self, callable->name, callable->throws, error);
}

/* --- properties --- */

typedef struct
{
  GObject          *target;
  const char       *name;
  GValue           *value;
  gboolean          write;
  ConvokeApartment *apartment;
  ConvokeApartment *home;       /* (nullable) the caller's, where it is another */
} PropertyAccess;

static void
access_property (gpointer data)
{
  PropertyAccess *self = data;

  if (self->write)
    {
      g_object_set_property (self->target, self->name, self->value);
      return;
    }

  g_object_get_property (self->target, self->name, self->value);
  if (self->home != NULL)
    convoke_proxy_map_value (self->value, self->apartment, self->home);
}

gboolean
convoke_proxy_read_property (GObject           *target,
                             ConvokeApartment  *apartment,
                             const char        *name,
                             GValue            *value,
                             GError           **error)
{
  PropertyAccess access = { target, name, value, FALSE, apartment, NULL };
  g_autoptr (ConvokeApartment) home = NULL;

  if (convoke_check_forked (error))
    return FALSE;

  if (convoke_apartment_is_current (apartment))
    {
      access_property (&access);
      return TRUE;
    }

  home = convoke_proxy_dup_home ();
  access.home = home;
  return convoke_engine_invoke (apartment, access_property, &access, error);
}

gboolean
convoke_proxy_write_property (GObject           *target,
                              ConvokeApartment  *apartment,
                              const char        *name,
                              const GValue      *value,
                              GError           **error)
{
  GValue copy = G_VALUE_INIT;
  PropertyAccess access = { target, name, &copy, TRUE, apartment, NULL };
  gboolean ok = TRUE;

  if (convoke_check_forked (error))
    return FALSE;

  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);

  if (convoke_apartment_is_current (apartment))
    access_property (&access);
  else
    {
      g_autoptr (ConvokeApartment) home = convoke_proxy_dup_home ();

      convoke_proxy_map_value (&copy, home, apartment);
      ok = convoke_engine_invoke (apartment, access_property, &access, error);
    }

  g_value_unset (&copy);
  return ok;
}

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
  ConvokeProxy *self = (ConvokeProxy *) object;
  GError *error = NULL;

  if (self->target == NULL)
    return;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);
  if (!convoke_proxy_read_property (self->target, self->apartment, pspec->name, value, &error))
    tell_failure (self, pspec->name, FALSE, error);
}

static void
set_property (GObject      *object,
              guint         id,
              const GValue *value,
              GParamSpec   *pspec)
{
  ConvokeProxy *self = (ConvokeProxy *) object;
  GError *error = NULL;

  /* What construction sets is not the object's: it has been constructed already. */
  if (self->target == NULL)
    return;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);
  if (!convoke_proxy_write_property (self->target, self->apartment, pspec->name, value, &error))
    tell_failure (self, pspec->name, FALSE, error);
}

/* --- making --- */

static const ConvokeClassKind proxy_kind = {
  .prefix = "ConvokeProxy",
  .get_base = convoke_proxy_get_type,
  .slot = call_slot,
  .get_property = get_property,
  .set_property = set_property,
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
  GType class_type = lookup_settled (G_OBJECT_TYPE (target));

  if (class_type != G_TYPE_INVALID)
    return class_type;

  convoke_interface_set_init_for_type (&set, G_OBJECT_TYPE (target));
  if (set.infos->len == 0)
    {
      set_not_proxyable (target, &set, error);
      return G_TYPE_INVALID;
    }

  class_type = convoke_proxy_class_get (&proxy_kind, &set, target, error);
  if (class_type != G_TYPE_INVALID && set.settled)
    remember_settled (G_OBJECT_TYPE (target), class_type);

  return class_type;
}

static ConvokeProxy *
connect_new (GType             class_type,
             GObject          *target,
             ConvokeApartment *apartment,
             ConvokeApartment *home,
             ConvokeProxy     *main)
{
  ConvokeProxy *self = g_object_new (class_type, NULL);

  self->target = g_object_ref (target);
  self->apartment = g_object_ref (apartment);
  self->home = g_object_ref (home);
  if (main != NULL)
    self->main = (ConvokeProxy *) g_object_ref (G_OBJECT (main));
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
  return connect_new (class_type, target, apartment, home, NULL);
}

/* --- facets --- */

static ConvokeProxy *
lookup_facet_locked (ConvokeProxy *self,
                     GType         iface)
{
  GWeakRef *weak = self->facets != NULL ? g_hash_table_lookup (self->facets, GSIZE_TO_POINTER (iface)) : NULL;

  return weak != NULL ? g_weak_ref_get (weak) : NULL;
}

static ConvokeProxy *
lookup_facet (ConvokeProxy *self,
              GType         iface)
{
  ConvokeProxy *found;

  g_mutex_lock (&self->lock);
  found = lookup_facet_locked (self, iface);
  g_mutex_unlock (&self->lock);

  return found;
}

/* The facet that is known afterwards: @made, or the one that another thread made first. */
static ConvokeProxy *
publish_facet (ConvokeProxy *self,
               GType         iface,
               ConvokeProxy *made)
{
  ConvokeProxy *found;

  g_mutex_lock (&self->lock);
  found = lookup_facet_locked (self, iface);
  if (found == NULL)
    {
      GWeakRef *weak = g_new0 (GWeakRef, 1);

      if (self->facets == NULL)
        self->facets = g_hash_table_new_full (NULL, NULL, NULL, free_weak_ref);
      g_weak_ref_init (weak, made);
      g_hash_table_replace (self->facets, GSIZE_TO_POINTER (iface), weak);
    }
  g_mutex_unlock (&self->lock);

  return found != NULL ? found : (ConvokeProxy *) g_object_ref (G_OBJECT (made));
}

static ConvokeProxy *
ensure_facet (ConvokeProxy  *self,
              GType          iface,
              GError       **error)
{
  g_autoptr (GObject) made = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeProxy *found = lookup_facet (self, iface);
  GType class_type;

  if (found != NULL)
    return found;

  if (!convoke_interface_set_init_for_interface (&set, iface, error))
    return NULL;

  class_type = convoke_proxy_class_get (&proxy_kind, &set, self->target, error);
  if (class_type == G_TYPE_INVALID)
    return NULL;

  made = G_OBJECT (connect_new (class_type, self->target, self->apartment, self->home, self));
  return publish_facet (self, iface, (ConvokeProxy *) made);
}

/* --- what others ask --- */

GObject *
convoke_proxy_unwrap (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL ? self->target : NULL;
}

GObject *
convoke_proxy_identity (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  return self != NULL ? G_OBJECT (convoke_proxy_get_identity (self)) : NULL;
}

GObject *
convoke_proxy_late_query (GObject  *object,
                          GType     iface,
                          GError  **error)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);
  ConvokeProxy *found;

  if (self == NULL || self->target == NULL)
    return NULL;

  self = convoke_proxy_get_identity (self);
  if (g_type_is_a (G_OBJECT_TYPE (self), iface))
    return g_object_ref (G_OBJECT (self));

  if (!g_type_is_a (G_OBJECT_TYPE (self->target), iface))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                   "%s does not implement %s", G_OBJECT_TYPE_NAME (self->target), g_type_name (iface));
      return NULL;
    }

  found = ensure_facet (self, iface, error);
  return found != NULL ? G_OBJECT (found) : NULL;
}

void
convoke_proxy_keep_outs (GObject      *target,
                         ConvokeFrame *frame)
{
  g_autoptr (GObject) proxy = (GObject *) convoke_proxy_table_lookup (target);

  if (proxy != NULL)
    convoke_keep_outs (&((ConvokeProxy *) proxy)->keep, frame);
}

/* --- mapping --- */

/* Made to be used from any thread, whatever their classes say to Convoke. */
static gboolean
passes_as_it_is (GObject *object)
{
  return G_IS_FILE (object) || G_IS_ICON (object) || G_IS_CANCELLABLE (object) || G_IS_ASYNC_RESULT (object) ||
         CONVOKE_IS_APARTMENT (object);
}

/*
 * An object that crosses for the first time belongs to where it comes from.
 * That need not be the main context that its class asks for: what a component
 * in a serial apartment makes and hands out is called there.
 */
static void
bind_unbound (GObject          *object,
              ConvokeApartment *from)
{
  if (from != NULL && from != visited &&
      convoke_apartment_get_threading (from) != CONVOKE_THREADING_ANY &&
      convoke_type_get_threading (G_OBJECT_TYPE (object)) == CONVOKE_THREADING_CONTEXT)
    convoke_apartment_bind (from, object, NULL);
}

static gboolean
lives_in (GObject          *object,
          ConvokeApartment *apartment)
{
  g_autoptr (ConvokeApartment) own = convoke_apartment_dup_for_object (object);

  return own == apartment || convoke_apartment_get_threading (own) == CONVOKE_THREADING_ANY;
}

static gboolean
can_be_stood_in_for (const ConvokeTypeInfo *type)
{
  return type->kind == CONVOKE_TYPE_KIND_INTERFACE || type->kind == CONVOKE_TYPE_KIND_VALUE ||
         (type->kind == CONVOKE_TYPE_KIND_OBJECT && g_strcmp0 (type->type_name, "GObject") == 0);
}

/* A proxy that does not have the interface that is wanted cannot stand in for its object there. */
static GObject *
as_wanted (ConvokeProxy          *proxy,
           const ConvokeTypeInfo *type)
{
  GType wanted = type->kind == CONVOKE_TYPE_KIND_INTERFACE && type->type_name != NULL
                 ? g_type_from_name (type->type_name) : G_TYPE_INVALID;
  GObject *facet;

  if (wanted == G_TYPE_INVALID || g_type_is_a (G_OBJECT_TYPE (proxy), wanted))
    return G_OBJECT (proxy);

  facet = convoke_proxy_late_query (G_OBJECT (proxy), wanted, NULL);
  g_object_unref (proxy);
  return facet;
}

GObject *
convoke_proxy_map_object (GObject               *object,
                          const ConvokeTypeInfo *type,
                          gpointer               from_apartment,
                          gpointer               to_apartment)
{
  ConvokeProxy *proxy = convoke_proxy_from_object (object);

  if (proxy != NULL)
    return lives_in (proxy->target, to_apartment) ? g_object_ref (proxy->target) : NULL;

  if (!can_be_stood_in_for (type) || passes_as_it_is (object))
    return NULL;

  bind_unbound (object, from_apartment);
  if (lives_in (object, to_apartment))
    return NULL;

  /* What cannot be proxied passes as it is, as objects of a class do. */
  proxy = convoke_proxy_table_ensure (object, to_apartment, NULL);
  return proxy != NULL ? as_wanted (proxy, type) : NULL;
}

void
convoke_proxy_map_value (GValue           *value,
                         ConvokeApartment *from,
                         ConvokeApartment *to)
{
  ConvokeTypeInfo type = { .kind = CONVOKE_TYPE_KIND_OBJECT };
  g_autoptr (GObject) mapped = NULL;
  GObject *object;

  if (!G_VALUE_HOLDS_OBJECT (value) || (object = g_value_get_object (value)) == NULL)
    return;

  type.kind = G_TYPE_IS_INTERFACE (G_VALUE_TYPE (value)) ? CONVOKE_TYPE_KIND_INTERFACE : CONVOKE_TYPE_KIND_OBJECT;
  type.type_name = (char *) g_type_name (G_VALUE_TYPE (value));

  mapped = convoke_proxy_map_object (object, &type, from, to);
  if (mapped != NULL && g_type_is_a (G_OBJECT_TYPE (mapped), G_VALUE_TYPE (value)))
    g_value_set_object (value, mapped);
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
 * waiting until the proxy's handlers have run there.
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
  ConvokeProxy *proxy;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

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
