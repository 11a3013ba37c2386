/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What an object becomes on its way from one apartment to another: itself, its
 * proxy, or what it is the proxy of; and the whole that it is a part of.
 *
 * All of it stays in this process. A proxy of an object elsewhere is used from
 * any thread as it is, and what leaves the process is written as a reference.
 */

#include "config.h"

#include "convoke-carrier-private.h"
#include "convoke-component-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"
#include "convoke-visit-private.h"

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
void
convoke_proxy_bind_unbound (GObject          *object,
                            ConvokeApartment *from)
{
  if (from != NULL && !convoke_visit_is (from) &&
      convoke_apartment_get_threading (from) != CONVOKE_THREADING_ANY &&
      convoke_type_get_threading (G_OBJECT_TYPE (object)) == CONVOKE_THREADING_CONTEXT)
    convoke_apartment_bind (from, object, NULL);
}

/* What an object of @own may be used in, as it is; never one of another process. */
static gboolean
may_be_used_in (ConvokeApartment *own,
                ConvokeApartment *apartment)
{
  if (own == NULL || convoke_apartment_is_remote (own))
    return FALSE;

  return own == apartment || convoke_apartment_get_threading (own) == CONVOKE_THREADING_ANY;
}

static gboolean
lives_in (GObject          *object,
          ConvokeApartment *apartment)
{
  g_autoptr (ConvokeApartment) own = convoke_apartment_dup_for_object (object);

  return may_be_used_in (own, apartment);
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

static GObject *
map_whole (GObject               *object,
           const ConvokeTypeInfo *type,
           gpointer               from_apartment,
           gpointer               to_apartment)
{
  ConvokeProxy *proxy = convoke_proxy_from_object (object);
  g_autoptr (ConvokeApartment) home = NULL;

  if (proxy != NULL)
    return may_be_used_in (proxy->apartment, to_apartment) ? convoke_proxy_dup_target (proxy, NULL) : NULL;

  if (!can_be_stood_in_for (type) || passes_as_it_is (object))
    return NULL;

  convoke_proxy_bind_unbound (object, from_apartment);
  if (convoke_apartment_is_remote (to_apartment) || lives_in (object, to_apartment))
    return NULL;

  /* What cannot be proxied passes as it is, as objects of a class do. */
  home = convoke_visit_dup_lasting (to_apartment);
  proxy = convoke_proxy_table_ensure (object, home, NULL);
  return proxy != NULL ? as_wanted (proxy, type) : NULL;
}

/* What is wanted as something that only the part is stays the part. */
static GObject *
dup_wanted_outer (GObject               *object,
                  const ConvokeTypeInfo *type)
{
  g_autoptr (GObject) outer = convoke_component_dup_outermost (object);
  GType wanted;

  if (outer == NULL)
    return NULL;

  wanted = type->type_name != NULL ? g_type_from_name (type->type_name) : G_TYPE_INVALID;
  return wanted == G_TYPE_INVALID || g_type_is_a (G_OBJECT_TYPE (outer), wanted) ? g_steal_pointer (&outer) : NULL;
}

GObject *
convoke_proxy_map_object (GObject               *object,
                          const ConvokeTypeInfo *type,
                          gpointer               from_apartment,
                          gpointer               to_apartment)
{
  g_autoptr (GObject) outer = dup_wanted_outer (object, type);
  GObject *mapped = map_whole (outer != NULL ? outer : object, type, from_apartment, to_apartment);

  return mapped != NULL ? mapped : g_steal_pointer (&outer);
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
