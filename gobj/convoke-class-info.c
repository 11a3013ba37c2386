/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-class-info-private.h"

struct _ConvokeClassInfo
{
  GObject               parent_instance;

  ConvokeComponentFile *file;      /* (owned): fixed, as is the key */
  char                 *sort_key;
  ConvokeFileStamp      stamp;     /* LOCK: the store's */
  int                   enabled;   /* atomic */
  gboolean              told;      /* what was notified of it; used in the catalog's context only */
};

/**
 * ConvokeClassInfo:
 *
 * Describes a class of components: what its keyfile says of it.
 *
 * A [class@Convoke.Catalog] has one for each class that it knows, and is a list
 * of them. Nothing in it changes but [property@ClassInfo:enabled]; when
 * the keyfile changes there is another one. It stays as it is when the class
 * goes away.
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeClassInfo, convoke_class_info, G_TYPE_OBJECT)

enum { PROP_ENABLED = 1, PROP_DISTANCE, PROP_FIRST };

/* --- the properties that are fields of the file --- */

typedef struct
{
  const char *name;
  gsize       offset;
  gboolean    is_list;
} Field;

#define FIELD(name) G_STRUCT_OFFSET (ConvokeComponentFile, name)

static const Field fields[] = {
  { "class-name", FIELD (class_name) },
  { "name", FIELD (name) },
  { "description", FIELD (description) },
  { "version", FIELD (version) },
  { "icon-name", FIELD (icon) },
  { "website", FIELD (website) },
  { "copyright", FIELD (copyright) },
  { "loader", FIELD (loader) },
  { "module", FIELD (module) },
  { "type-name", FIELD (type_name) },
  { "path", FIELD (path) },
  { "authors", FIELD (authors), TRUE },
  { "interfaces", FIELD (interfaces), TRUE },
  { "categories", FIELD (categories), TRUE },
  { "depends", FIELD (depends), TRUE },
};

static GParamSpec *enabled_pspec;

static void
get_field (ConvokeClassInfo *self,
           const Field      *field,
           GValue           *value)
{
  gconstpointer member = G_STRUCT_MEMBER_P (self->file, field->offset);

  if (field->is_list)
    g_value_set_boxed (value, *(char ** const *) member);
  else
    g_value_set_string (value, *(char * const *) member);
}

static void
convoke_class_info_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ConvokeClassInfo *self = CONVOKE_CLASS_INFO (object);

  if (id == PROP_ENABLED)
    g_value_set_boolean (value, convoke_class_info_get_enabled (self));
  else if (id == PROP_DISTANCE)
    g_value_set_static_string (value, convoke_distance_get_name (self->file->distance));
  else
    get_field (self, &fields[id - PROP_FIRST], value);
}

/* --- life --- */

static void
convoke_class_info_finalize (GObject *object)
{
  ConvokeClassInfo *self = CONVOKE_CLASS_INFO (object);

  convoke_component_file_unref (self->file);
  g_free (self->sort_key);

  G_OBJECT_CLASS (convoke_class_info_parent_class)->finalize (object);
}

static void
install_fields (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_object_class_install_property (object_class, PROP_FIRST + i,
                                     fields[i].is_list
                                     ? g_param_spec_boxed (fields[i].name, NULL, NULL, G_TYPE_STRV, flags)
                                     : g_param_spec_string (fields[i].name, NULL, NULL, NULL, flags));
}

/*
 * The properties without a doc comment are the keys of the keyfile under their
 * names there; so a table declares them.
 */
static void
convoke_class_info_class_init (ConvokeClassInfoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = convoke_class_info_finalize;
  object_class->get_property = convoke_class_info_get_property;

  /**
   * ConvokeClassInfo:class-name:
   *
   * What programs call the class when they activate it.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:name:
   *
   * What people call it, in the user's language: `Name=`, or the class's name.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:description:
   *
   * What it does, for people: `Description=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:version:
   *
   * Its version, for people: `Version=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:icon-name:
   *
   * The name of its icon in the icon theme: `Icon=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:website:
   *
   * Where more is to be read: `Website=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:copyright:
   *
   * Whose it is: `Copyright=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:loader:
   *
   * What loads it: `Loader=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:module:
   *
   * Where its code is, as the loader understands it: `Module=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:type-name:
   *
   * Which class of the module it is: `Type=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:path:
   *
   * The keyfile, in the encoding of file names.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:authors:
   *
   * Who wrote it: `Authors=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:interfaces:
   *
   * What it implements, each as `Namespace-Version.Interface`: `Interfaces=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:categories:
   *
   * What it is of use for, in words that programs agree on: `Categories=`.
   *
   * Since: 0.1
   */
  /**
   * ConvokeClassInfo:depends:
   *
   * The classes that it needs: `Depends=`.
   *
   * Since: 0.1
   */
  install_fields (object_class);

  /**
   * ConvokeClassInfo:distance:
   *
   * How far from its caller it is to live: `in-process`, `thread` or `process`.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_DISTANCE,
                                   g_param_spec_string ("distance", NULL, NULL, NULL,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeClassInfo:enabled:
   *
   * Whether this program can activate it; see
   * [method@Catalog.set_enabled]. A change is notified in the main context of
   * the catalog.
   *
   * Since: 0.1
   */
  enabled_pspec = g_param_spec_boolean ("enabled", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_ENABLED, enabled_pspec);
}

static void
convoke_class_info_init (ConvokeClassInfo *self)
{
}

ConvokeClassInfo *
convoke_class_info_new (const ConvokeComponentFile *file)
{
  ConvokeClassInfo *self = g_object_new (CONVOKE_TYPE_CLASS_INFO, NULL);

  self->file = convoke_component_file_ref (file);
  self->sort_key = g_utf8_collate_key (file->name, -1);
  self->stamp = file->stamp;
  self->enabled = self->told = file->enabled;
  return self;
}

const ConvokeComponentFile *
convoke_class_info_get_file (ConvokeClassInfo *self)
{
  return self->file;
}

const ConvokeFileStamp *
convoke_class_info_get_stamp (ConvokeClassInfo *self)
{
  return &self->stamp;
}

void
convoke_class_info_set_stamp (ConvokeClassInfo       *self,
                              const ConvokeFileStamp *stamp)
{
  self->stamp = *stamp;
}

int
convoke_class_info_compare (ConvokeClassInfo *self,
                            ConvokeClassInfo *other)
{
  int order = strcmp (self->sort_key, other->sort_key);

  return order != 0 ? order : strcmp (self->file->class_name, other->file->class_name);
}

/* --- what can change --- */

void
convoke_class_info_set_enabled (ConvokeClassInfo *self,
                                gboolean          enabled)
{
  g_atomic_int_set (&self->enabled, enabled);
}

void
convoke_class_info_tell_enabled (ConvokeClassInfo *self)
{
  gboolean enabled = g_atomic_int_get (&self->enabled);

  if (enabled == self->told)
    return;

  self->told = enabled;
  g_object_notify_by_pspec (G_OBJECT (self), enabled_pspec);
}

/**
 * convoke_class_info_get_enabled: (get-property enabled)
 * @self: a class
 *
 * Gets whether this program can activate the class.
 *
 * Any thread may call this.
 *
 * Returns: whether it can
 *
 * Since: 0.1
 */
gboolean
convoke_class_info_get_enabled (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), FALSE);

  return g_atomic_int_get (&self->enabled);
}

/* --- what cannot --- */

/**
 * convoke_class_info_get_class_name: (get-property class-name)
 * @self: a class
 *
 * Gets what programs call the class when they activate it.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_class_info_get_class_name (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return self->file->class_name;
}

/**
 * convoke_class_info_get_name: (get-property name)
 * @self: a class
 *
 * Gets what people call the class, in the user's language.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none): the name; the class's name where the keyfile has none
 *
 * Since: 0.1
 */
const char *
convoke_class_info_get_name (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return self->file->name;
}

/**
 * convoke_class_info_get_description: (get-property description)
 * @self: a class
 *
 * Gets what the class does, for people.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none) (nullable): the description
 *
 * Since: 0.1
 */
const char *
convoke_class_info_get_description (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return self->file->description;
}

/**
 * convoke_class_info_get_interfaces: (get-property interfaces)
 * @self: a class
 *
 * Gets what the class implements, each as `Namespace-Version.Interface`.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none) (array zero-terminated=1): the interfaces, at least one
 *
 * Since: 0.1
 */
const char * const *
convoke_class_info_get_interfaces (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return (const char * const *) self->file->interfaces;
}

/**
 * convoke_class_info_get_categories: (get-property categories)
 * @self: a class
 *
 * Gets what the class is of use for.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none) (array zero-terminated=1): the categories
 *
 * Since: 0.1
 */
const char * const *
convoke_class_info_get_categories (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return (const char * const *) self->file->categories;
}

/**
 * convoke_class_info_get_path:
 * @self: a class
 *
 * Gets the keyfile that registers the class.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none) (type filename): the file
 *
 * Since: 0.1
 */
const char *
convoke_class_info_get_path (ConvokeClassInfo *self)
{
  g_return_val_if_fail (CONVOKE_IS_CLASS_INFO (self), NULL);

  return self->file->path;
}
