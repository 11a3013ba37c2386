/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A reference, as it is written:
 *
 *   u8 1, u64 object, u32 type   an object of the sender's, whose class a TYPE has described
 *   u8 2, u64 object             an object of the receiver's, which comes home
 *
 * A reference to a sender's object counts from the moment when it is written,
 * and one to a receiver's object keeps the import here until the message was
 * sent: its release would otherwise overtake the message.
 *
 * The proxy of an object of this process travels as that object, and the proxy
 * of an object of a third process as an object of this one.
 */

#include "config.h"

#include "convoke-copy-private.h"
#include "convoke-error.h"
#include "convoke-parcel-private.h"

#include "convoke-component-private.h"
#include "convoke-visit-private.h"

enum
{
  REFERENCE_MINE = 1,
  REFERENCE_YOURS = 2,
};

/* --- what a message takes along --- */

static void
add_item (ConvokeParcel *self,
          guint64        id,
          gpointer       object)
{
  ConvokeParcelItem item = { id, object != NULL ? g_object_ref (object) : NULL };

  if (self->n_items < G_N_ELEMENTS (self->items))
    {
      self->items[self->n_items++] = item;
      return;
    }

  if (self->more == NULL)
    self->more = g_array_new (FALSE, FALSE, sizeof item);
  g_array_append_val (self->more, item);
}

static void
clear_item (ConvokeParcel     *self,
            ConvokeParcelItem *item)
{
  if (item->id != 0)
    convoke_object_table_unexport (self->table, item->id);
  g_clear_object (&item->object);
}

void
convoke_parcel_sent (ConvokeParcel *self)
{
  for (guint i = 0; i < self->n_items; i++)
    self->items[i].id = 0;
  for (guint i = 0; self->more != NULL && i < self->more->len; i++)
    g_array_index (self->more, ConvokeParcelItem, i).id = 0;
}

void
convoke_parcel_clear (ConvokeParcel *self)
{
  for (guint i = 0; i < self->n_items; i++)
    clear_item (self, &self->items[i]);
  for (guint i = 0; self->more != NULL && i < self->more->len; i++)
    clear_item (self, &g_array_index (self->more, ConvokeParcelItem, i));

  self->n_items = 0;
  g_clear_pointer (&self->more, g_array_unref);
}

/* --- what is wanted --- */

/* The interface that a place asks for; 0: any object will do, or nothing here has the type, so that nobody can tell. */
static GType
get_wanted (const ConvokeTypeInfo *type)
{
  GType wanted = type->kind == CONVOKE_TYPE_KIND_INTERFACE ? convoke_type_find_gtype (type) : G_TYPE_INVALID;

  return G_TYPE_IS_INTERFACE (wanted) ? wanted : G_TYPE_INVALID;
}

static gboolean
is_wanted (GObject *object,
           GType    wanted)
{
  return wanted == G_TYPE_INVALID || g_type_is_a (G_OBJECT_TYPE (object), wanted);
}

/* The aggregate that @object is a part of (transfer full), or NULL. */
static GObject *
dup_wanted_outer (GObject *object,
                  GType    wanted)
{
  g_autoptr (GObject) outer = convoke_component_dup_outermost (object);

  return outer != NULL && is_wanted (outer, wanted) ? g_steal_pointer (&outer) : NULL;
}

static void
set_unwanted (GObject     *object,
              GType        wanted,
              const char  *class_name,
              GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
               "The other side sent a %s where a %s is wanted",
               class_name != NULL ? class_name : G_OBJECT_TYPE_NAME (object), g_type_name (wanted));
}

/* The proxy itself, or its facet; only from what the owner has told, since nobody can be asked while a message is read. */
static GObject *
dup_proxy_as (ConvokeProxy  *proxy,
              GType          wanted,
              GError       **error)
{
  ConvokeImport *import = convoke_import_from_object (proxy->target);

  if (is_wanted (G_OBJECT (proxy), wanted))
    return g_object_ref (G_OBJECT (proxy));

  if (import != NULL && convoke_import_implements (import, wanted))
    return convoke_proxy_late_query (G_OBJECT (proxy), wanted, error);

  set_unwanted (G_OBJECT (proxy), wanted, import != NULL ? convoke_import_get_remote_type (import)->class_name : NULL, error);
  return NULL;
}

/* --- writing --- */

static ConvokeApartment *
dup_home (ConvokeParcel *self)
{
  return self->home != NULL ? convoke_visit_dup_lasting (self->home) : convoke_proxy_dup_home ();
}

static gboolean
write_yours (ConvokeParcel     *self,
             ConvokeWireWriter *writer,
             ConvokeImport     *import,
             guint64            id)
{
  add_item (self, 0, import);
  convoke_wire_put_u8 (writer, REFERENCE_YOURS);
  convoke_wire_put_u64 (writer, id);
  return TRUE;
}

static gboolean
write_mine (ConvokeParcel      *self,
            ConvokeWireWriter  *writer,
            GObject            *object,
            GType               wanted,
            GError            **error)
{
  g_autoptr (ConvokeApartment) home = dup_home (self);
  guint32 type_id;
  guint64 id;

  convoke_proxy_bind_unbound (object, home);
  id = convoke_object_table_export (self->table, object, wanted, &type_id, error);
  if (id == 0)
    return FALSE;

  add_item (self, id, NULL);
  convoke_wire_put_u8 (writer, REFERENCE_MINE);
  convoke_wire_put_u64 (writer, id);
  convoke_wire_put_u32 (writer, type_id);
  return TRUE;
}

static gboolean
check_given (GObject  *object,
             GType     wanted,
             GError  **error)
{
  if (is_wanted (object, wanted))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "is a %s, which is no %s", G_OBJECT_TYPE_NAME (object), g_type_name (wanted));
  return FALSE;
}

/* What a proxy stands for in a message to the other side. */
static gboolean
write_target (ConvokeParcel      *self,
              ConvokeWireWriter  *writer,
              ConvokeProxy       *proxy,
              GType               wanted,
              GError            **error)
{
  ConvokeImport *import = convoke_import_from_object (proxy->target);
  const ConvokeImportPlace *place;

  if (import == NULL)
    return write_mine (self, writer, proxy->target, wanted, error);

  place = convoke_import_get_place (import);
  if (place->table == self->table)
    return write_yours (self, writer, import, place->id);

  return write_mine (self, writer, G_OBJECT (convoke_proxy_get_identity (proxy)), wanted, error);
}

static gboolean
write_proxy (ConvokeParcel      *self,
             ConvokeWireWriter  *writer,
             ConvokeProxy       *proxy,
             GType               wanted,
             GError            **error)
{
  gboolean ok;

  if (!convoke_proxy_enter (proxy, error))
    {
      g_prefix_error (error, "is a proxy of nothing: ");
      return FALSE;
    }

  ok = write_target (self, writer, proxy, wanted, error);
  convoke_proxy_leave (proxy);
  return ok;
}

static gboolean
write_object (gpointer                data,
              ConvokeWireWriter      *writer,
              GObject                *object,
              const ConvokeTypeInfo  *type,
              GError                **error)
{
  ConvokeParcel *self = data;
  GType wanted = get_wanted (type);
  g_autoptr (GObject) outer = dup_wanted_outer (object, wanted);
  ConvokeProxy *proxy;

  if (outer != NULL)
    object = outer;
  proxy = convoke_proxy_from_object (object);

  if (!convoke_object_table_check (self->table, error) || !check_given (object, wanted, error))
    return FALSE;

  return proxy != NULL ? write_proxy (self, writer, proxy, wanted, error)
                       : write_mine (self, writer, object, wanted, error);
}

/* --- reading --- */

/* What it is where it will be used. Takes @object. */
static GObject *
bring_home (ConvokeParcel         *self,
            GObject               *object,
            const ConvokeTypeInfo *type)
{
  g_autoptr (ConvokeApartment) home = dup_home (self);
  GObject *mapped = convoke_proxy_map_object (object, type, NULL, home);

  if (mapped == NULL)
    return object;

  g_object_unref (object);
  return mapped;
}

static GObject *
read_theirs (ConvokeParcel          *self,
             ConvokeWireReader      *reader,
             const ConvokeTypeInfo  *type,
             GType                   wanted,
             GError                **error)
{
  g_autoptr (ConvokeImport) import = NULL;
  g_autoptr (ConvokeApartment) home = NULL;
  g_autoptr (GObject) proxy = NULL;
  GObject *outer;
  guint64 id;
  guint32 type_id;

  if (!convoke_wire_get_u64 (reader, &id, error) || !convoke_wire_get_u32 (reader, &type_id, error))
    return NULL;

  import = convoke_object_table_import (self->table, id, type_id, error);
  if (import == NULL)
    return NULL;

  home = dup_home (self);
  proxy = (GObject *) convoke_proxy_table_ensure (G_OBJECT (import), home, error);
  if (proxy == NULL)
    return NULL;

  outer = dup_wanted_outer (proxy, wanted);
  return outer != NULL ? bring_home (self, outer, type) : dup_proxy_as ((ConvokeProxy *) proxy, wanted, error);
}

gboolean
convoke_parcel_adopt (ConvokeParcel      *self,
                      ConvokeWireReader  *reader,
                      ConvokeImport      *import,
                      GError            **error)
{
  guint8 whose;
  guint64 id;
  guint32 type_id;

  if (!convoke_wire_get_u8 (reader, &whose, error) || !convoke_wire_get_u64 (reader, &id, error))
    return FALSE;
  if (whose == REFERENCE_MINE)
    return convoke_wire_get_u32 (reader, &type_id, error) && convoke_object_table_adopt (self->table, import, id, type_id, error);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "The other side activated an object that is not its own");
  return FALSE;
}

static GObject *
read_ours (ConvokeParcel          *self,
           ConvokeWireReader      *reader,
           const ConvokeTypeInfo  *type,
           GType                   wanted,
           GError                **error)
{
  g_autoptr (GObject) object = NULL;
  guint64 id;

  if (!convoke_wire_get_u64 (reader, &id, error))
    return NULL;

  object = convoke_object_table_dup_export (self->table, id, error);
  if (object == NULL)
    return NULL;

  /* One that goes on to a third process. */
  if (convoke_is_proxy (object))
    return dup_proxy_as ((ConvokeProxy *) object, wanted, error);

  if (is_wanted (object, wanted))
    return bring_home (self, g_steal_pointer (&object), type);

  set_unwanted (object, wanted, NULL, error);
  return NULL;
}

static GObject *
read_object (gpointer                data,
             ConvokeWireReader      *reader,
             const ConvokeTypeInfo  *type,
             GError                **error)
{
  ConvokeParcel *self = data;
  guint8 kind;

  if (!convoke_object_table_check (self->table, error) || !convoke_wire_get_u8 (reader, &kind, error))
    return NULL;

  switch (kind)
    {
    case REFERENCE_MINE:
      return read_theirs (self, reader, type, get_wanted (type), error);

    case REFERENCE_YOURS:
      return read_ours (self, reader, type, get_wanted (type), error);

    default:
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "There is no reference of the kind %u", kind);
      return NULL;
    }
}

void
convoke_parcel_init (ConvokeParcel      *self,
                     ConvokeObjectTable *table,
                     ConvokeApartment   *home)
{
  self->refs = (ConvokeWireRefs) { self, write_object, read_object };
  self->table = table;
  self->home = home;
  self->n_items = 0;
  self->more = NULL;
}

/* --- an answer --- */

gboolean
convoke_parcel_answer (ConvokeObjectTable  *table,
                       GObject             *object,
                       ConvokeWireWriter   *reply,
                       GError             **error)
{
  static const ConvokeTypeInfo any_object = { .kind = CONVOKE_TYPE_KIND_INTERFACE };
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (object);
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  gboolean written;

  convoke_parcel_init (&parcel, table, apartment);
  written = parcel.refs.write_object (parcel.refs.data, reply, object, &any_object, error);
  if (written)
    convoke_parcel_sent (&parcel);

  /* Where it was not written, or was given back already, this is the last reference. */
  convoke_apartment_release (apartment, object);
  return written;
}
