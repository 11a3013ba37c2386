/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A facet is a proxy for one interface that was learnt after the proxy of its
 * object was made (design D2). The proxy stays the identity; it knows its
 * facets weakly, and each of them keeps it.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

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

static GType
get_facet_class (ConvokeProxy               *self,
                 const ConvokeInterfaceSet  *set,
                 GError                    **error)
{
  ConvokeImport *import = convoke_import_from_object (self->target);

  if (import != NULL)
    return convoke_proxy_class_get (&convoke_proxy_kind, set, convoke_remote_type_has_slot,
                                   convoke_import_get_remote_type (import), error);

  return convoke_proxy_class_get (&convoke_proxy_kind, set, convoke_proxy_class_object_has_slot, self->target, error);
}

static void
add_facets_locked (ConvokeProxy *self,
                   GPtrArray    *faces)
{
  GHashTableIter iter;
  gpointer weak;

  if (self->facets == NULL)
    return;

  g_hash_table_iter_init (&iter, self->facets);
  while (g_hash_table_iter_next (&iter, NULL, &weak))
    {
      gpointer facet = g_weak_ref_get (weak);

      if (facet != NULL)
        g_ptr_array_add (faces, facet);
    }
}

GPtrArray *
convoke_proxy_list_faces (ConvokeProxy *self)
{
  GPtrArray *faces = g_ptr_array_new_with_free_func (g_object_unref);

  self = convoke_proxy_get_identity (self);
  g_ptr_array_add (faces, g_object_ref (G_OBJECT (self)));
  g_mutex_lock (&self->lock);
  add_facets_locked (self, faces);
  g_mutex_unlock (&self->lock);

  return faces;
}

static ConvokeProxy *
ensure_facet (ConvokeProxy  *self,
              GType          iface,
              GError       **error)
{
  g_autoptr (GObject) made = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeProxy *found = lookup_facet (self, iface);
  const GError *ended;
  GType class_type;

  if (found != NULL)
    return found;

  if (!convoke_interface_set_init_for_interface (&set, iface, error))
    return NULL;

  class_type = get_facet_class (self, &set, error);
  if (class_type == G_TYPE_INVALID)
    return NULL;

  made = G_OBJECT (convoke_proxy_new_of_class (class_type, self->target, self->apartment, self->home, self));
  found = publish_facet (self, iface, (ConvokeProxy *) made);

  /* Whoever ended the proxy before the facet was there did not see it. */
  ended = g_atomic_pointer_get (&self->ended);
  if (G_UNLIKELY (ended != NULL))
    convoke_proxy_end (self, ended);
  return found;
}

/* FALSE with NO_INTERFACE, or with what kept the owner from being asked. */
static gboolean
implements (ConvokeProxy  *self,
            GType          iface,
            GError       **error)
{
  ConvokeImport *import = convoke_import_from_object (self->target);

  if (import != NULL)
    return convoke_import_query (import, iface, error);

  if (g_type_is_a (G_OBJECT_TYPE (self->target), iface))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
               "%s does not implement %s", G_OBJECT_TYPE_NAME (self->target), g_type_name (iface));
  return FALSE;
}

GObject *
convoke_proxy_late_query (GObject  *object,
                          GType     iface,
                          GError  **error)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);
  ConvokeProxy *found = NULL;

  if (self == NULL || self->target == NULL)
    return NULL;

  self = convoke_proxy_get_identity (self);
  if (g_type_is_a (G_OBJECT_TYPE (self), iface))
    return g_object_ref (G_OBJECT (self));

  if (!convoke_proxy_enter (self, error))
    return NULL;

  if (implements (self, iface, error))
    found = ensure_facet (self, iface, error);
  convoke_proxy_leave (self);

  return found != NULL ? G_OBJECT (found) : NULL;
}
