/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What an object is made with: how many properties (4), and for each its name
 * as a string and its value as a GValue that is itself an argument has it.
 *
 * Whoever reads them does not have the class yet. So enumerations and flags
 * are written as the numbers that they are: their types can be the module's.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-wire-kinds-private.h"

/* Enough for any class; more would only be memory. */
#define MOST_PROPERTIES 1024

static gboolean
write_number (ConvokeWireWriter      *writer,
              const GValue           *value,
              GType                   type,
              const ConvokeWireRefs  *refs,
              GError                **error)
{
  g_auto (GValue) number = G_VALUE_INIT;

  g_value_init (&number, type);
  g_value_transform (value, &number);
  return convoke_wire_write_typed (writer, &number, refs, error);
}

static gboolean
write_value (ConvokeWireWriter      *writer,
             const GValue           *value,
             const ConvokeWireRefs  *refs,
             GError                **error)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_ENUM:
      return write_number (writer, value, G_TYPE_INT, refs, error);

    case G_TYPE_FLAGS:
      return write_number (writer, value, G_TYPE_UINT, refs, error);

    default:
      return convoke_wire_write_typed (writer, value, refs, error);
    }
}

gboolean
convoke_wire_write_properties (ConvokeWireWriter        *writer,
                               const ConvokeProperties  *properties,
                               const ConvokeWireRefs    *refs,
                               GError                  **error)
{
  guint n = convoke_properties_get_n (properties);
  const char **names = convoke_properties_get_names (properties);
  const GValue *values = convoke_properties_get_values (properties);

  if (n > MOST_PROPERTIES)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "There are %u properties, and %u at most can cross", n, MOST_PROPERTIES);
      return FALSE;
    }

  convoke_wire_put_u32 (writer, n);
  for (guint i = 0; i < n; i++)
    {
      convoke_wire_put_string (writer, names[i]);
      if (!write_value (writer, &values[i], refs, error))
        {
          g_prefix_error (error, "The property '%s' ", names[i]);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
read_property (ConvokeWireReader      *reader,
               ConvokeProperties      *properties,
               const ConvokeWireRefs  *refs,
               GError                **error)
{
  GValue value = G_VALUE_INIT;
  const char *name;

  if (!convoke_wire_get_name (reader, &name, error))
    return FALSE;

  if (!convoke_wire_read_typed (reader, &value, refs, error))
    {
      g_prefix_error (error, "The property '%s' ", name);
      return FALSE;
    }
  if (!G_IS_VALUE (&value))
    return convoke_wire_fail (reader, error, "has no value for '%s'", name);

  convoke_properties_set (properties, name, &value);
  g_value_unset (&value);
  return TRUE;
}

ConvokeProperties *
convoke_wire_read_properties (ConvokeWireReader      *reader,
                              const ConvokeWireRefs  *refs,
                              GError                **error)
{
  g_autoptr (ConvokeProperties) properties = convoke_properties_copy (NULL, NULL);
  guint32 n;

  if (!convoke_wire_get_u32 (reader, &n, error))
    return NULL;
  if (n > MOST_PROPERTIES)
    {
      convoke_wire_fail (reader, error, "has %u properties", n);
      return NULL;
    }

  for (guint32 i = 0; i < n; i++)
    if (!read_property (reader, properties, refs, error))
      return NULL;

  return g_steal_pointer (&properties);
}
