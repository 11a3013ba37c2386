/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-query-result.h"
#include "convoke-unknown.h"

/* One question: either the answer or the error is there. */
typedef struct
{
  GType    iface;
  GObject *object;   /* (owned) (nullable) */
  GError  *error;    /* (owned) (nullable) */
} Entry;

struct _ConvokeQueryResult
{
  GObject  parent_instance;

  /* Constant once it is made: */
  GArray  *entries;  /* of Entry */
  guint    n_found;
};

/**
 * ConvokeQueryResult:
 *
 * What one object answered when it was asked for several interfaces at once.
 *
 * Each interface has its own answer: an object to call it on, or the error with
 * which it could not be had. There is at least one object (OM-38).
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeQueryResult, convoke_query_result, G_TYPE_OBJECT)

static void
entry_clear (gpointer data)
{
  Entry *self = data;

  g_clear_object (&self->object);
  g_clear_error (&self->error);
}

static void
convoke_query_result_finalize (GObject *object)
{
  ConvokeQueryResult *self = CONVOKE_QUERY_RESULT (object);

  g_array_unref (self->entries);

  G_OBJECT_CLASS (convoke_query_result_parent_class)->finalize (object);
}

static void
convoke_query_result_class_init (ConvokeQueryResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_query_result_finalize;
}

static void
convoke_query_result_init (ConvokeQueryResult *self)
{
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
}

static void
ask (ConvokeQueryResult *self,
     GObject            *object,
     GType               iface)
{
  Entry entry = { .iface = iface };

  entry.object = convoke_query_interface (object, iface, &entry.error);
  if (entry.object != NULL)
    self->n_found++;
  g_array_append_val (self->entries, entry);
}

/**
 * convoke_query_interfaces:
 * @object: any object
 * @ifaces: (array length=n_ifaces): the interfaces wanted; `G_TYPE_OBJECT` for the
 *   identity
 * @n_ifaces: how many there are, at least one
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks @object for several interfaces at once, as
 * [func@Convoke.query_interface] does for one.
 *
 * It succeeds when at least one of them can be had;
 * [method@QueryResult.is_complete] tells whether all are. Otherwise it fails
 * with the error of the first one, which is %CONVOKE_ERROR_NO_INTERFACE unless
 * a proxy could not ask the owner.
 *
 * Any thread may call this. For a proxy it can run calls to the other side, so
 * hold no lock of yours across it.
 *
 * Returns: (transfer full): the answers
 *
 * Since: 0.1
 */
ConvokeQueryResult *
convoke_query_interfaces (GObject      *object,
                          const GType  *ifaces,
                          gsize         n_ifaces,
                          GError      **error)
{
  g_autoptr (ConvokeQueryResult) self = NULL;
  const Entry *first;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (ifaces != NULL && n_ifaces > 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (CONVOKE_TYPE_QUERY_RESULT, NULL);
  for (gsize i = 0; i < n_ifaces; i++)
    ask (self, object, ifaces[i]);
  if (self->n_found > 0)
    return g_steal_pointer (&self);

  first = &g_array_index (self->entries, Entry, 0);
  g_propagate_error (error, g_error_copy (first->error));
  return NULL;
}

/**
 * convoke_query_result_is_complete:
 * @self: the answers
 *
 * Whether every interface that was asked for could be had.
 *
 * Any thread may call this.
 *
 * Returns: %FALSE if some could not
 *
 * Since: 0.1
 */
gboolean
convoke_query_result_is_complete (ConvokeQueryResult *self)
{
  g_return_val_if_fail (CONVOKE_IS_QUERY_RESULT (self), FALSE);

  return self->n_found == self->entries->len;
}

static const Entry *
find_entry (ConvokeQueryResult *self,
            GType               iface)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->iface == iface)
        return entry;
    }

  return NULL;
}

/**
 * convoke_query_result_dup_object:
 * @self: the answers
 * @iface: one of the interfaces that were asked for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the answer for one interface.
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_INTERFACE when the object does not implement
 * @iface, or with what kept a proxy from asking; and with
 * %CONVOKE_ERROR_NOT_FOUND when @iface was not asked for.
 *
 * Returns: (transfer full): the object to call @iface on
 *
 * Since: 0.1
 */
GObject *
convoke_query_result_dup_object (ConvokeQueryResult  *self,
                                 GType                iface,
                                 GError             **error)
{
  const Entry *entry;

  g_return_val_if_fail (CONVOKE_IS_QUERY_RESULT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  entry = find_entry (self, iface);
  if (entry != NULL && entry->object != NULL)
    return g_object_ref (entry->object);

  if (entry != NULL)
    g_propagate_error (error, g_error_copy (entry->error));
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "%s was not asked for", g_type_name (iface));
  return NULL;
}
