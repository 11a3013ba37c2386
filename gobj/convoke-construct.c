/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* g_object_new_with_properties () for what strangers ask for: it would warn, and go on with what is left. */

#include "config.h"

#include "convoke-construct.h"
#include "convoke-error.h"
#include "convoke-unknown.h"

/* --- one value --- */

static gboolean
is_discrete (GType type)
{
  return G_TYPE_FUNDAMENTAL (type) == G_TYPE_ENUM || G_TYPE_FUNDAMENTAL (type) == G_TYPE_FLAGS;
}

static gboolean
is_number (GType type)
{
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_CHAR:
    case G_TYPE_UCHAR:
    case G_TYPE_INT:
    case G_TYPE_UINT:
    case G_TYPE_LONG:
    case G_TYPE_ULONG:
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
    case G_TYPE_FLOAT:
    case G_TYPE_DOUBLE:
      return TRUE;

    default:
      return is_discrete (type);
    }
}

static double
as_double (const GValue *value)
{
  g_auto (GValue) number = G_VALUE_INIT;

  g_value_init (&number, is_discrete (G_VALUE_TYPE (value)) ? G_TYPE_INT64 : G_TYPE_DOUBLE);
  g_value_transform (value, &number);
  return G_VALUE_HOLDS_INT64 (&number) ? (double) g_value_get_int64 (&number) : g_value_get_double (&number);
}

/* A number as one of another width, where it stays the same. */
static gboolean
convert_number (const GValue *value,
                GValue       *converted)
{
  return is_number (G_VALUE_TYPE (value)) && is_number (G_VALUE_TYPE (converted)) &&
         g_value_transform (value, converted) && as_double (value) == as_double (converted);
}

/* What stands for an object of another place has its interfaces, if not always at once. */
static gboolean
convert_object (const GValue *value,
                GValue       *converted)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_get_object (value) : NULL;
  GType wanted = G_VALUE_TYPE (converted);

  if (object == NULL || !g_type_is_a (wanted, G_TYPE_OBJECT))
    return G_VALUE_HOLDS_OBJECT (value) && g_type_is_a (wanted, G_TYPE_OBJECT);

  if (g_type_is_a (G_OBJECT_TYPE (object), wanted))
    g_value_set_object (converted, object);
  else if (G_TYPE_IS_INTERFACE (wanted))
    g_value_take_object (converted, convoke_query_interface (object, wanted, NULL));

  return g_value_get_object (converted) != NULL;
}

/* No object of whichever class is what a language without types has for nothing. What it becomes is nothing already. */
static gboolean
convert_nothing (const GValue *value,
                 GValue       *converted)
{
  GType fundamental = G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (converted));

  return G_VALUE_TYPE (value) == G_TYPE_OBJECT && g_value_get_object (value) == NULL &&
         (fundamental == G_TYPE_STRING || fundamental == G_TYPE_BOXED || fundamental == G_TYPE_VARIANT);
}

static gboolean
convert (const GValue *value,
         GValue       *converted)
{
  if (g_value_type_compatible (G_VALUE_TYPE (value), G_VALUE_TYPE (converted)))
    {
      g_value_copy (value, converted);
      return TRUE;
    }

  return convert_number (value, converted) || convert_object (value, converted) || convert_nothing (value, converted);
}

static const char *
describe (const GValue *value)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_get_object (value) : NULL;

  return object != NULL ? G_OBJECT_TYPE_NAME (object) : G_VALUE_TYPE_NAME (value);
}

static gboolean
take_value (GParamSpec    *pspec,
            const char    *class_name,
            const GValue  *value,
            GValue        *converted,
            GError       **error)
{
  g_value_init (converted, pspec->value_type);
  if (!G_IS_VALUE (value) || !convert (value, converted))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s is a %s, and not a %s",
                 pspec->name, class_name, g_type_name (pspec->value_type), G_IS_VALUE (value) ? describe (value) : "nothing");
  else if (g_param_value_validate (pspec, converted) && !(pspec->flags & G_PARAM_LAX_VALIDATION))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s cannot have this value",
                 pspec->name, class_name);
  else
    return TRUE;

  return FALSE;
}

/* --- all of them --- */

typedef struct
{
  GObjectClass  *klass;    /* (owned) */
  const char    *name;     /* of the class */
  guint          n;
  const char   **names;    /* (owned), of borrowed ones as the class spells them; ends with NULL */
  GValue        *values;   /* (owned) */
} Construction;

static void
construction_init (Construction *self,
                   GType         type,
                   guint         n)
{
  self->klass = g_type_class_ref (type);
  self->name = g_type_name (type);
  self->n = n;
  self->names = g_new0 (const char *, n + 1);
  self->values = g_new0 (GValue, n);
}

static void
construction_clear (Construction *self)
{
  for (guint i = 0; i < self->n; i++)
    if (G_IS_VALUE (&self->values[i]))
      g_value_unset (&self->values[i]);

  g_free (self->values);
  g_free (self->names);
  if (self->klass != NULL)
    g_type_class_unref (self->klass);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Construction, construction_clear)

static GParamSpec *
find_pspec (Construction  *self,
            const char    *name,
            GError       **error)
{
  GParamSpec *pspec = g_object_class_find_property (self->klass, name);

  if (pspec == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s has no property '%s'", self->name, name);
  else if (!(pspec->flags & G_PARAM_WRITABLE))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s cannot be written",
                 pspec->name, self->name);
  else if (g_strv_contains (self->names, pspec->name))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s was given twice",
                 pspec->name, self->name);
  else
    return pspec;

  return NULL;
}

static gboolean
construction_take (Construction  *self,
                   guint          i,
                   const char    *name,
                   const GValue  *value,
                   GError       **error)
{
  GParamSpec *pspec = find_pspec (self, name, error);

  if (pspec == NULL)
    return FALSE;

  self->names[i] = pspec->name;
  return take_value (pspec, self->name, value, &self->values[i], error);
}

static gboolean
is_initable (GObject *object)
{
  return g_type_interface_peek (G_OBJECT_GET_CLASS (object), G_TYPE_INITABLE) != NULL;
}

/* Takes @made. */
static GObject *
initialise (GObject  *made,
            GError  **error)
{
  if (g_object_is_floating (made))
    g_object_ref_sink (made);
  if (is_initable (made) && !g_initable_init (G_INITABLE (made), NULL, error))
    g_clear_object (&made);

  return made;
}

/**
 * convoke_construct:
 * @type: a class that can have instances
 * @n_properties: how many properties are set
 * @names: (array length=n_properties) (nullable): their names
 * @values: (array length=n_properties) (nullable): their values
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an object with properties, for what somebody else asks for: what
 * #GObject would warn of is an error here, and then nothing is made.
 *
 * A number can have another width than the property, if it stays the same. An
 * object can be a proxy, where the property wants an interface. An object that
 * is a [iface@Gio.Initable] is initialised. The class's code runs on the
 * calling thread; any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when there is no such property,
 * when it cannot be written, is given twice, or is of another type or range;
 * and with what the class's initialisation fails with.
 *
 * Returns: (transfer full): the object
 *
 * Since: 0.1
 */
GObject *
convoke_construct (GType          type,
                   guint          n_properties,
                   const char   **names,
                   const GValue  *values,
                   GError       **error)
{
  g_auto (Construction) construction = { NULL, };

  g_return_val_if_fail (G_TYPE_IS_OBJECT (type) && !G_TYPE_IS_ABSTRACT (type), NULL);
  g_return_val_if_fail (n_properties == 0 || (names != NULL && values != NULL), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (n_properties == 0)
    return initialise (g_object_new_with_properties (type, 0, NULL, NULL), error);

  construction_init (&construction, type, n_properties);
  for (guint i = 0; i < n_properties; i++)
    if (!construction_take (&construction, i, names[i], &values[i], error))
      return NULL;

  return initialise (g_object_new_with_properties (type, n_properties, construction.names, construction.values), error);
}
