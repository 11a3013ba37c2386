/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Plug-ins for libpeas, unchanged, as components: in another process and in
 * this one. What they are given is a group of actions of the program's.
 */

#include <convoke.h>
#include <gio/gio.h>
#include <libpeas/peas.h>
#include <string.h>

typedef struct
{
  ConvokeCatalog     *catalog;
  ConvokeActivation  *activation;
  GSimpleActionGroup *actions;
  GString            *said;
} Fixture;

/* What would have been on the terminal. */
static GString *printed;

static void
print_cb (const char     *domain,
          GLogLevelFlags  level,
          const char     *message,
          gpointer        data)
{
  g_string_append_printf (printed, "%s;", message);
}

static void
say_cb (GSimpleAction *action,
        GVariant      *text,
        gpointer       data)
{
  Fixture *self = data;

  g_string_append_printf (self->said, "%s;", g_variant_get_string (text, NULL));
}

static void
add_action (Fixture    *self,
            const char *name)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, G_VARIANT_TYPE_STRING);

  g_signal_connect (action, "activate", G_CALLBACK (say_cb), self);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
}

static void
give (Fixture    *self,
      const char *name,
      gpointer    object)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_OBJECT);
  g_value_set_object (&value, object);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static void
fixture_init (Fixture       *self,
              gconstpointer  distance)
{
  g_autofree char *directory = g_test_build_filename (G_TEST_BUILT, "peas", NULL);
  const char *directories[] = { directory, NULL };

  self->catalog = convoke_catalog_new (directories);
  self->activation = convoke_activation_new ();
  self->actions = g_simple_action_group_new ();
  self->said = g_string_new (NULL);
  add_action (self, "say");
  convoke_activation_set_distance (self->activation, GPOINTER_TO_INT (distance), CONVOKE_PLACEMENT_MUST);
  give (self, "object", self->actions);
}

static void
fixture_clear (Fixture       *self,
               gconstpointer  distance)
{
  g_assert_cmpstr (printed->str, ==, "");
  g_string_free (self->said, TRUE);
  g_object_unref (self->actions);
  g_object_unref (self->activation);
  g_object_unref (self->catalog);
}

static GObject *
try_make (Fixture     *self,
          const char  *name,
          GError     **error)
{
  return convoke_catalog_activate (self->catalog, name, PEAS_TYPE_ACTIVATABLE, self->activation, NULL, error);
}

static PeasActivatable *
make (Fixture    *self,
      const char *name)
{
  g_autoptr (GError) error = NULL;
  GObject *plugin = try_make (self, name, &error);

  g_assert_no_error (error);
  return PEAS_ACTIVATABLE (plugin);
}

static gboolean
is_far (gconstpointer distance)
{
  return GPOINTER_TO_INT (distance) == CONVOKE_DISTANCE_PROCESS;
}

/* --- what plug-ins do --- */

static void
assert_greets (Fixture       *self,
               const char    *name,
               const char    *language,
               gconstpointer  distance)
{
  g_autoptr (PeasActivatable) plugin = make (self, name);
  g_autofree char *said = g_strdup_printf ("hello from %s;goodbye from %s;", language, language);

  g_assert_cmpint (convoke_is_proxy (G_OBJECT (plugin)), ==, is_far (distance));
  peas_activatable_activate (plugin);
  peas_activatable_update_state (plugin);
  peas_activatable_deactivate (plugin);
  g_assert_cmpstr (self->said->str, ==, said);
}

static void
test_c (Fixture       *self,
        gconstpointer  distance)
{
  g_test_summary ("A plug-in for libpeas in C runs unchanged, and uses the program's object");

  assert_greets (self, "greeter", "C", distance);
}

static void
test_python (Fixture       *self,
             gconstpointer  distance)
{
  g_test_summary ("A plug-in for libpeas in Python runs unchanged, and uses the program's object");

  if (g_getenv ("CONVOKE_TEST_PEAS_PYTHON") == NULL)
    {
      g_test_skip ("The interpreter does not load a sanitized library");
      return;
    }
  assert_greets (self, "greeter-python", "Python", distance);
}

static void
test_object (Fixture       *self,
             gconstpointer  distance)
{
  g_autoptr (PeasActivatable) plugin = make (self, "greeter");
  g_autoptr (GObject) object = NULL;

  g_test_summary ("PeasActivatable:object is the program's own object again when the program reads it");

  g_object_get (plugin, "object", &object, NULL);
  g_assert_true (object == G_OBJECT (self->actions));
}

static void
test_two (Fixture       *self,
          gconstpointer  distance)
{
  g_autoptr (PeasActivatable) first = make (self, "greeter");
  g_autoptr (PeasActivatable) second = make (self, "greeter");

  g_test_summary ("Each activation makes an extension of its own");

  g_assert_false (convoke_same_object (G_OBJECT (first), G_OBJECT (second)));
  peas_activatable_activate (first);
  peas_activatable_activate (second);
  g_assert_cmpstr (self->said->str, ==, "hello from C;hello from C;");
}

/* --- what goes wrong --- */

static void
assert_fails (Fixture    *self,
              const char *name,
              int         code,
              const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (try_make (self, name, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
}

static void
test_absent (Fixture       *self,
             gconstpointer  distance)
{
  g_test_summary ("A plug-in without its module fails with what libpeas would have printed");

  assert_fails (self, "absent", CONVOKE_ERROR_FAILED, "Failed to load module 'absent'");
}

static void
test_broken (Fixture       *self,
             gconstpointer  distance)
{
  g_test_summary ("What a Python plug-in raises when it is imported is in the error, and not on the terminal");

  if (g_getenv ("CONVOKE_TEST_PEAS_PYTHON") == NULL)
    g_test_skip ("The interpreter does not load a sanitized library");
  else
    assert_fails (self, "broken", CONVOKE_ERROR_FAILED, "ValueError: nobody can import this");
}

static void
test_empty (Fixture       *self,
            gconstpointer  distance)
{
  g_test_summary ("A plug-in that registers no extension has not the interface");

  if (g_getenv ("CONVOKE_TEST_PEAS_PYTHON") == NULL)
    g_test_skip ("The interpreter does not load a sanitized library");
  else
    assert_fails (self, "empty", CONVOKE_ERROR_NO_INTERFACE, "has no PeasActivatable");
}

static void
test_lua (Fixture       *self,
          gconstpointer  distance)
{
  g_test_summary ("A plug-in in Lua is not supported, and the error says where that stands");

  assert_fails (self, "lua", CONVOKE_ERROR_NOT_SUPPORTED, "lua.plugin:3: Loader=lua5.1");
}

static void
test_property (Fixture       *self,
               gconstpointer  distance)
{
  g_test_summary ("A property that the interface does not have is refused, and nothing is made");

  give (self, "subject", self->actions);
  assert_fails (self, "greeter", CONVOKE_ERROR_INVALID_ARGUMENT, "PeasActivatable has no property 'subject'");
}

static void
test_crash (Fixture       *self,
            gconstpointer  distance)
{
  g_autoptr (PeasActivatable) plugin = make (self, "greeter");
  g_autoptr (PeasActivatable) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A plug-in that crashes takes its process, not the program, which can activate it again");

  add_action (self, "trip");
  peas_activatable_update_state (plugin);
  error = convoke_dup_last_error (G_OBJECT (plugin));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_nonnull (strstr (error->message, "SEGV"));

  again = make (self, "greeter");
  peas_activatable_activate (again);
  g_assert_cmpstr (self->said->str, ==, "hello from C;");
}

static gpointer
make_on_thread (gpointer data)
{
  Fixture *self = data;
  GError *error = NULL;

  g_assert_null (try_make (self, "greeter", &error));
  return error;
}

static void
test_thread (Fixture       *self,
             gconstpointer  distance)
{
  g_autoptr (PeasActivatable) plugin = make (self, "greeter");
  g_autoptr (GError) error = NULL;

  g_test_summary ("libpeas is used on one thread of a process; another one is told so");

  error = g_thread_join (g_thread_new ("other", make_on_thread, self));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
test_distance_thread (Fixture       *self,
                      gconstpointer  distance)
{
  g_test_summary ("A plug-in for libpeas cannot be had on a thread of its own");

  assert_fails (self, "greeter", CONVOKE_ERROR_NOT_SUPPORTED, "libpeas");
}

/* --- */

typedef void (*Test) (Fixture *self, gconstpointer distance);

static void
add (const char      *where,
     ConvokeDistance  distance,
     const char      *name,
     Test             test)
{
  g_autofree char *path = g_strdup_printf ("/peas/%s/%s", where, name);

  g_test_add (path, Fixture, GINT_TO_POINTER (distance), fixture_init, test, fixture_clear);
}

static void
add_distance (const char      *where,
              ConvokeDistance  distance)
{
  add (where, distance, "c", test_c);
  add (where, distance, "python", test_python);
  add (where, distance, "object", test_object);
  add (where, distance, "two", test_two);
  add (where, distance, "absent", test_absent);
  add (where, distance, "broken", test_broken);
  add (where, distance, "empty", test_empty);
  add (where, distance, "lua", test_lua);
  add (where, distance, "property", test_property);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  /* What libpeas warns of is an error here: it must be possible to go on. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_default_handler (print_cb, NULL);
  printed = g_string_new (NULL);
  convoke_require ("Gio", "2.0", &error);
  g_assert_no_error (error);

  add_distance ("process", CONVOKE_DISTANCE_PROCESS);
  add ("process", CONVOKE_DISTANCE_PROCESS, "crash", test_crash);
  add_distance ("in-process", CONVOKE_DISTANCE_IN_PROCESS);
  add ("in-process", CONVOKE_DISTANCE_IN_PROCESS, "thread", test_thread);
  add ("thread", CONVOKE_DISTANCE_THREAD, "unsupported", test_distance_thread);

  return g_test_run ();
}

