/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-interface-table-private.h"
#include "convoke-token.h"

typedef struct
{
  guint         cookie;
  char         *name;   /* (owned) (nullable) */
  ConvokeToken *token;  /* (owned) strong */
} Entry;

/**
 * ConvokeInterfaceTable:
 *
 * Objects that any thread of the process can get by a number or by a name:
 * COM's global interface table (OM-58), with names.
 *
 * Each entry keeps its object until it is revoked. Who asks gets the object
 * itself where its code may run on the calling thread, and its proxy
 * everywhere else.
 *
 * There is one table that the whole process shares,
 * [func@InterfaceTable.dup_default]; a program can have others.
 *
 * Any thread may use a table.
 *
 * Since: 0.1
 */
struct _ConvokeInterfaceTable
{
  GObject     parent_instance;

  GMutex      lock;         /* no foreign code runs under it */
  GHashTable *by_cookie;    /* LOCK: lock; cookie -> owned Entry */
  GHashTable *by_name;      /* LOCK: lock; name -> Entry */
  guint       last_cookie;  /* LOCK: lock */
};

G_DEFINE_FINAL_TYPE (ConvokeInterfaceTable, convoke_interface_table, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_object_unref (self->token);
  g_free (self->name);
  g_free (self);
}

static void
convoke_interface_table_finalize (GObject *object)
{
  ConvokeInterfaceTable *self = CONVOKE_INTERFACE_TABLE (object);

  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->by_cookie);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_interface_table_parent_class)->finalize (object);
}

static void
convoke_interface_table_class_init (ConvokeInterfaceTableClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_interface_table_finalize;
}

static void
convoke_interface_table_init (ConvokeInterfaceTable *self)
{
  g_mutex_init (&self->lock);
  self->by_cookie = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * convoke_interface_table_dup_default:
 *
 * Gets the table that the whole process shares. It is never dropped.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the table
 *
 * Since: 0.1
 */
ConvokeInterfaceTable *
convoke_interface_table_dup_default (void)
{
  static gsize table;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, GPOINTER_TO_SIZE (convoke_interface_table_new ()));

  return g_object_ref (CONVOKE_INTERFACE_TABLE (GSIZE_TO_POINTER (table)));
}

/**
 * convoke_interface_table_new:
 *
 * Makes a table of its own. Its entries are revoked when it is dropped.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the table
 *
 * Since: 0.1
 */
ConvokeInterfaceTable *
convoke_interface_table_new (void)
{
  return g_object_new (CONVOKE_TYPE_INTERFACE_TABLE, NULL);
}

/* --- registering --- */

gboolean
convoke_interface_table_check_name (const char  *name,
                                    GError     **error)
{
  return convoke_component_file_check_name (name, "an object", error);
}

static guint
choose_cookie_locked (ConvokeInterfaceTable *self)
{
  do
    self->last_cookie++;
  while (self->last_cookie == 0 || g_hash_table_contains (self->by_cookie, GUINT_TO_POINTER (self->last_cookie)));

  return self->last_cookie;
}

static void
insert_locked (ConvokeInterfaceTable *self,
               Entry                 *entry)
{
  entry->cookie = choose_cookie_locked (self);
  g_hash_table_insert (self->by_cookie, GUINT_TO_POINTER (entry->cookie), entry);
  if (entry->name != NULL)
    g_hash_table_insert (self->by_name, entry->name, entry);
}

static guint
add (ConvokeInterfaceTable  *self,
     const char             *name,
     GObject                *object,
     GType                   iface,
     GError                **error)
{
  ConvokeToken *token = convoke_token_new (object, iface, CONVOKE_TOKEN_TABLE_STRONG, error);
  gboolean taken;
  Entry *entry;
  guint cookie = 0;

  if (token == NULL)
    return 0;

  entry = g_new0 (Entry, 1);
  entry->token = token;
  entry->name = g_strdup (name);

  g_mutex_lock (&self->lock);
  taken = name != NULL && g_hash_table_contains (self->by_name, name);
  if (!taken)
    {
      insert_locked (self, entry);
      cookie = entry->cookie;
    }
  g_mutex_unlock (&self->lock);

  if (!taken)
    return cookie;

  entry_free (entry);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED, "Another object has the name “%s” already", name);
  return 0;
}

/**
 * convoke_interface_table_register:
 * @self: a table
 * @object: an object, or a proxy
 * @iface: one of its interfaces, or `G_TYPE_OBJECT`
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Puts @object into the table, which keeps it until it is revoked.
 *
 * An object that Convoke sees for the first time is bound by this call; see
 * [func@Convoke.Apartment.dup_for_object].
 *
 * Any thread that may use @object may call this. Fails with
 * %CONVOKE_ERROR_NO_INTERFACE when @object does not implement @iface.
 *
 * Returns: the cookie of the entry, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_interface_table_register (ConvokeInterfaceTable  *self,
                                  GObject                *object,
                                  GType                   iface,
                                  GError                **error)
{
  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), 0);
  g_return_val_if_fail (G_IS_OBJECT (object), 0);

  return add (self, NULL, object, iface, error);
}

/**
 * convoke_interface_table_register_name:
 * @self: a table
 * @name: 1 to 200 letters, digits, `.`, `-` and `_`; it begins with a letter or a digit and has no `..`
 * @object: an object, or a proxy
 * @iface: one of its interfaces, or `G_TYPE_OBJECT`
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Puts @object into the table under a name, as
 * [method@InterfaceTable.register] does without one.
 *
 * Any thread that may use @object may call this. Fails with
 * %CONVOKE_ERROR_INVALID_ARGUMENT when @name cannot be a name,
 * %CONVOKE_ERROR_ALREADY_REGISTERED when it is taken (what has it keeps it),
 * and %CONVOKE_ERROR_NO_INTERFACE when @object does not implement @iface.
 *
 * Returns: the cookie of the entry, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_interface_table_register_name (ConvokeInterfaceTable  *self,
                                       const char             *name,
                                       GObject                *object,
                                       GType                   iface,
                                       GError                **error)
{
  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), 0);
  g_return_val_if_fail (name != NULL, 0);
  g_return_val_if_fail (G_IS_OBJECT (object), 0);

  return convoke_interface_table_check_name (name, error) ? add (self, name, object, iface, error) : 0;
}

/* --- asking --- */

static void
set_not_registered (guint    cookie,
                    GError **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED,
               "The table has no entry %u: it was revoked, or never made", cookie);
}

/**
 * convoke_interface_table_dup_object:
 * @self: a table
 * @cookie: the cookie of an entry
 * @iface: any interface of the object; `G_TYPE_OBJECT` for the identity, or
 *   `G_TYPE_NONE` for the interface that it was registered with
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets an object by its cookie: itself where its code may run on the calling
 * thread, and its proxy everywhere else (OM-58).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_REGISTERED when
 * there is no such entry, %CONVOKE_ERROR_NO_INTERFACE when the object does not
 * implement @iface, %CONVOKE_ERROR_NOT_CONNECTED when it was disconnected, and
 * as [func@Convoke.create_proxy] does where a proxy is needed.
 *
 * Returns: (transfer full): the object, or its proxy
 *
 * Since: 0.1
 */
GObject *
convoke_interface_table_dup_object (ConvokeInterfaceTable  *self,
                                    guint                   cookie,
                                    GType                   iface,
                                    GError                **error)
{
  g_autoptr (ConvokeToken) token = NULL;
  Entry *entry;

  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), NULL);

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->by_cookie, GUINT_TO_POINTER (cookie));
  if (entry != NULL)
    token = g_object_ref (entry->token);
  g_mutex_unlock (&self->lock);

  if (token != NULL)
    return convoke_token_redeem (token, iface, error);

  set_not_registered (cookie, error);
  return NULL;
}

/**
 * convoke_interface_table_dup_object_by_name:
 * @self: a table
 * @name: a name
 * @iface: any interface of the object; `G_TYPE_OBJECT` for the identity, or
 *   `G_TYPE_NONE` for the interface that it was registered with
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets an object by its name, as [method@InterfaceTable.dup_object] does by
 * its cookie.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when no object
 * has that name, which can be any text, and as
 * [method@InterfaceTable.dup_object] does.
 *
 * Returns: (transfer full): the object, or its proxy
 *
 * Since: 0.1
 */
GObject *
convoke_interface_table_dup_object_by_name (ConvokeInterfaceTable  *self,
                                            const char             *name,
                                            GType                   iface,
                                            GError                **error)
{
  g_autoptr (ConvokeToken) token = NULL;
  Entry *entry;

  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->by_name, name);
  if (entry != NULL)
    token = g_object_ref (entry->token);
  g_mutex_unlock (&self->lock);

  if (token != NULL)
    return convoke_token_redeem (token, iface, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "No object has the name “%.200s”", name);
  return NULL;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * convoke_interface_table_dup_names:
 * @self: a table
 *
 * Lists the names under which there are objects now. Any thread may call this.
 *
 * Returns: (array zero-terminated=1) (transfer full): the names, sorted
 *
 * Since: 0.1
 */
char **
convoke_interface_table_dup_names (ConvokeInterfaceTable *self)
{
  g_autoptr (GPtrArray) names = NULL;
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), NULL);

  names = g_ptr_array_new_with_free_func (g_free);
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_mutex_unlock (&self->lock);

  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

/* --- revoking --- */

/**
 * convoke_interface_table_revoke:
 * @self: a table
 * @cookie: the cookie of an entry
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes an entry out of the table. Its object is dropped where it lives; what
 * others got of it stays good. A name is free again.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_REGISTERED when
 * there is no such entry.
 *
 * Returns: %TRUE when the entry was taken out by this call
 *
 * Since: 0.1
 */
gboolean
convoke_interface_table_revoke (ConvokeInterfaceTable  *self,
                                guint                   cookie,
                                GError                **error)
{
  gpointer entry = NULL;

  g_return_val_if_fail (CONVOKE_IS_INTERFACE_TABLE (self), FALSE);

  g_mutex_lock (&self->lock);
  if (g_hash_table_steal_extended (self->by_cookie, GUINT_TO_POINTER (cookie), NULL, &entry) &&
      ((Entry *) entry)->name != NULL)
    g_hash_table_remove (self->by_name, ((Entry *) entry)->name);
  g_mutex_unlock (&self->lock);

  if (entry == NULL)
    {
      set_not_registered (cookie, error);
      return FALSE;
    }

  entry_free (entry);
  return TRUE;
}
