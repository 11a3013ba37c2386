/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "convoke-component-keys-private.h"
#include "convoke-component-lines-private.h"

/* So many members of one list. */
#define MOST_MEMBERS 256

/* --- texts --- */

static gboolean
read_text (const ConvokeComponentKey *key,
           const char                *text,
           gpointer                   field,
           char                     **expected)
{
  if (key->is_valid != NULL && !key->is_valid (text))
    {
      *expected = g_strdup (key->expected);
      return FALSE;
    }

  *(char **) field = g_strdup (text);
  return TRUE;
}

static char *
write_text (const ConvokeComponentKey *key,
            gconstpointer              field)
{
  return g_strdup (*(char * const *) field);
}

static const ConvokeComponentKind kind_text = { read_text, write_text };

/* --- lists: members end with a semicolon, and one inside a member is written "\;" --- */

static char **
split_list (const char *text)
{
  g_autoptr (GPtrArray) members = NULL;

  /* Most lists of most files are. */
  if (*text == '\0')
    return g_new0 (char *, 1);

  members = g_ptr_array_new_with_free_func (g_free);
  while (*text != '\0')
    {
      char *member = convoke_component_unescape (&text, ';');

      if (member == NULL)
        return NULL;
      g_ptr_array_add (members, member);
    }

  g_ptr_array_add (members, NULL);
  return (char **) g_ptr_array_steal (members, NULL);
}

static gboolean
check_members (const ConvokeComponentKey *key,
               char                     **members,
               char                     **expected)
{
  guint n = members != NULL ? g_strv_length (members) : 0;

  for (guint i = 0; i < n; i++)
    if (!key->is_valid (members[i]))
      {
        *expected = g_strdup_printf ("%s; number %u is none", key->expected, i + 1);
        return FALSE;
      }

  if (members == NULL || n > MOST_MEMBERS || (n == 0 && key->required))
    *expected = g_strdup_printf ("%s; at least %u and at most %u", key->expected, key->required, MOST_MEMBERS);

  return *expected == NULL;
}

static gboolean
read_list (const ConvokeComponentKey *key,
           const char                *text,
           gpointer                   field,
           char                     **expected)
{
  g_auto (GStrv) members = split_list (text);

  if (!check_members (key, members, expected))
    return FALSE;

  *(char ***) field = g_steal_pointer (&members);
  return TRUE;
}

static char *
write_list (const ConvokeComponentKey *key,
            gconstpointer              field)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  const char * const *members = *(const char * const * const *) field;

  g_key_file_set_string_list (file, "list", "list", members, g_strv_length ((char **) members));
  return g_key_file_get_value (file, "list", "list", NULL);
}

static const ConvokeComponentKind kind_list = { read_list, write_list };

/* --- one of several words --- */

static char *
describe_choices (const ConvokeComponentKey *key)
{
  GString *words = g_string_new (NULL);

  for (const ConvokeComponentChoice *choice = key->choices; choice->name != NULL; choice++)
    {
      if (choice != key->choices)
        g_string_append (words, choice[1].name != NULL ? ", " : " or ");
      g_string_append (words, choice->name);
    }

  return g_string_free (words, FALSE);
}

static gboolean
read_choice (const ConvokeComponentKey *key,
             const char                *text,
             gpointer                   field,
             char                     **expected)
{
  for (const ConvokeComponentChoice *choice = key->choices; choice->name != NULL; choice++)
    if (strcmp (choice->name, text) == 0)
      {
        *(guint *) field = choice->value;
        return TRUE;
      }

  *expected = describe_choices (key);
  return FALSE;
}

static char *
write_choice (const ConvokeComponentKey *key,
              gconstpointer              field)
{
  for (const ConvokeComponentChoice *choice = key->choices; choice->name != NULL; choice++)
    if (choice->value == *(const guint *) field)
      return g_strdup (choice->name);

  g_assert_not_reached ();
}

static const ConvokeComponentKind kind_choice = { read_choice, write_choice };

/* --- numbers --- */

/* Not g_ascii_string_to_unsigned (): what it does the first time can leave an errno that it takes for a failure, when several threads
 * do it at once. */
static gboolean
parse_count (const char *text,
             guint64    *count)
{
  char *end;

  if (!g_ascii_isdigit (*text))
    return FALSE;

  *count = g_ascii_strtoull (text, &end, 10);
  return *end == '\0';
}

static gboolean
read_count (const ConvokeComponentKey *key,
            const char                *text,
            gpointer                   field,
            char                     **expected)
{
  guint64 count;

  /* What is too large for the type is the type's largest. */
  if (!parse_count (text, &count) || count < key->least || count > key->most)
    {
      *expected = g_strdup_printf ("a number from %u to %u", key->least, key->most);
      return FALSE;
    }

  *(guint *) field = count;
  return TRUE;
}

static char *
write_count (const ConvokeComponentKey *key,
             gconstpointer              field)
{
  return g_strdup_printf ("%u", *(const guint *) field);
}

static const ConvokeComponentKind kind_count = { read_count, write_count };

/* Digits with a point at most: neither "inf" nor hexadecimal digits, which strtod takes. */
static gboolean
is_decimal (const char *text)
{
  return g_ascii_isdigit (*text) && strspn (text, "0123456789.") == strlen (text);
}

static gboolean
read_seconds (const ConvokeComponentKey *key,
              const char                *text,
              gpointer                   field,
              char                     **expected)
{
  char *end = NULL;
  double seconds = is_decimal (text) ? g_ascii_strtod (text, &end) : NAN;

  if (end == NULL || *end != '\0' || !(seconds >= key->least && seconds <= key->most))
    {
      *expected = g_strdup_printf ("seconds, from %u to %u", key->least, key->most);
      return FALSE;
    }

  *(gint64 *) field = (gint64) (seconds * G_USEC_PER_SEC + 0.5);
  return TRUE;
}

static char *
write_seconds (const ConvokeComponentKey *key,
               gconstpointer              field)
{
  gint64 time = *(const gint64 *) field;

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%06d", time / G_USEC_PER_SEC, (int) (time % G_USEC_PER_SEC));
}

static const ConvokeComponentKind kind_seconds = { read_seconds, write_seconds };

/* --- what texts can be --- */

static gboolean
is_not_empty (const char *value)
{
  return *value != '\0';
}

static gboolean
is_loader (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return FALSE;

  return *value != '\0';
}

static gboolean
is_word (const char *value,
         const char *end)
{
  if (value == end || !g_ascii_isalpha (*value))
    return FALSE;

  for (const char *p = value; p < end; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;

  return TRUE;
}

static gboolean
is_version (const char *value,
            const char *end)
{
  if (value == end)
    return FALSE;

  for (const char *p = value; p < end; p++)
    if (!g_ascii_isdigit (*p) && !(*p == '.' && p > value && p + 1 < end && p[-1] != '.'))
      return FALSE;

  return TRUE;
}

static gboolean
is_interface (const char *value)
{
  const char *dash = strchr (value, '-');
  const char *dot = strrchr (value, '.');

  return dash != NULL && dot != NULL && dash < dot &&
         is_word (value, dash) && is_version (dash + 1, dot) && is_word (dot + 1, dot + strlen (dot));
}

static gboolean
is_namespace (const char *value)
{
  const char *dash = strchr (value, '-');

  return dash != NULL && is_word (value, dash) && is_version (dash + 1, dash + strlen (dash));
}

static gboolean
is_variable (const char *value)
{
  const char *equals = strchr (value, '=');

  if (equals == NULL || equals == value || g_ascii_isdigit (*value))
    return FALSE;

  for (const char *p = value; p < equals; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;

  return TRUE;
}

/* --- the keys --- */

static const ConvokeComponentChoice threadings[] = {
  { "context", 0 }, { "serial", 1 }, { "any", 2 }, { NULL },
};

static const ConvokeComponentChoice distances[] = {
  { "in-process", CONVOKE_DISTANCE_IN_PROCESS },
  { "thread", CONVOKE_DISTANCE_THREAD },
  { "process", CONVOKE_DISTANCE_PROCESS },
  { NULL },
};

static const ConvokeComponentChoice placements[] = {
  { "must", CONVOKE_PLACEMENT_MUST },
  { "prefer", CONVOKE_PLACEMENT_PREFER },
  { "off", CONVOKE_PLACEMENT_OFF },
  { NULL },
};

static const ConvokeComponentChoice isolations[] = {
  { "class", FALSE }, { "instance", TRUE }, { NULL },
};

static const ConvokeComponentChoice yes_or_no[] = {
  { "yes", TRUE }, { "no", FALSE }, { NULL },
};

/* Choices are stored through a guint. */
G_STATIC_ASSERT (sizeof (ConvokeDistance) == sizeof (guint));
G_STATIC_ASSERT (sizeof (ConvokePlacement) == sizeof (guint));
G_STATIC_ASSERT (sizeof (gboolean) == sizeof (guint));

#define FIELD(name) G_STRUCT_OFFSET (ConvokeComponentFile, name)
#define DAY (24 * 60 * 60)

const ConvokeComponentKey convoke_component_keys[] = {
  { "Name", &kind_text, FIELD (name), .localized = TRUE },
  { "Description", &kind_text, FIELD (description), .localized = TRUE },
  { "Version", &kind_text, FIELD (version) },
  { "Icon", &kind_text, FIELD (icon) },
  { "Website", &kind_text, FIELD (website) },
  { "Copyright", &kind_text, FIELD (copyright), .localized = TRUE },
  { "Authors", &kind_list, FIELD (authors), .fallback = "", .is_list = TRUE,
    .is_valid = is_not_empty, .expected = "a list of names" },
  { "Categories", &kind_list, FIELD (categories), .fallback = "", .is_list = TRUE,
    .is_valid = is_not_empty, .expected = "a list of words" },
  { "Enabled", &kind_choice, FIELD (enabled), .fallback = "yes", .choices = yes_or_no },
  { "Depends", &kind_list, FIELD (depends), .fallback = "", .is_list = TRUE,
    .is_valid = convoke_component_file_is_class_name, .expected = "a list of names of classes" },
  { "Requires", &kind_list, FIELD (requires), .fallback = "", .is_list = TRUE,
    .is_valid = is_namespace, .expected = "a list of Namespace-Version" },
  { "Interfaces", &kind_list, FIELD (interfaces), .required = TRUE, .is_list = TRUE,
    .is_valid = is_interface, .expected = "a list of Namespace-Version.Interface" },
  { "Loader", &kind_text, FIELD (loader), .fallback = "c",
    .is_valid = is_loader, .expected = "c or a loader's name: lower case letters, digits and dashes" },
  { "Module", &kind_text, FIELD (module), .required = TRUE, .is_valid = is_not_empty, .expected = "a module's name" },
  { "Type", &kind_text, FIELD (type_name), .required = TRUE, .is_valid = is_not_empty, .expected = "a type's name" },
  { "Threading", &kind_choice, FIELD (threading), .choices = threadings },
  { "Distance", &kind_choice, FIELD (distance), .fallback = "in-process", .choices = distances },
  { "Placement", &kind_choice, FIELD (placement), .fallback = "prefer", .choices = placements },
  { "Isolation", &kind_choice, FIELD (per_instance), .fallback = "class", .choices = isolations },
  { "Group", &kind_text, FIELD (group),
    .is_valid = convoke_component_file_is_class_name, .expected = "a name: letters, digits, “.”, “-” and “_”" },
  { "Restart", &kind_choice, FIELD (restart), .fallback = "no", .choices = yes_or_no },
  { "RestartLimit", &kind_count, FIELD (restart_limit), .fallback = "5", .least = 1, .most = 1000 },
  { "RestartInterval", &kind_seconds, FIELD (restart_interval), .fallback = "60", .least = 1, .most = DAY },
  { "IdleTimeout", &kind_seconds, FIELD (idle_timeout), .fallback = "10", .least = 0, .most = 365 * DAY },
  { "StartTimeout", &kind_seconds, FIELD (start_timeout), .fallback = "20", .least = 0, .most = DAY },
  { "Environment", &kind_list, FIELD (environment), .fallback = "", .is_list = TRUE,
    .is_valid = is_variable, .expected = "a list of NAME=VALUE" },
};
const guint convoke_component_n_keys = G_N_ELEMENTS (convoke_component_keys);

static GHashTable *
make_table (void)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < convoke_component_n_keys; i++)
    g_hash_table_insert (table, (gpointer) convoke_component_keys[i].name, (gpointer) &convoke_component_keys[i]);

  return table;
}

const ConvokeComponentKey *
convoke_component_keys_find (const char *name)
{
  static gsize table;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, GPOINTER_TO_SIZE (make_table ()));

  return g_hash_table_lookup (GSIZE_TO_POINTER (table), name);
}
