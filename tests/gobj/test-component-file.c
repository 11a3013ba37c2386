/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "catalog-fixture.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"

#define SMALLEST \
  "[Component]\n" \
  "Interfaces=Demo-1.PriceFeed;\n" \
  "Module=coffee\n" \
  "Type=Coffee\n"

static ConvokeComponentFile *
load_named (const char  *name,
            const char  *text,
            gssize       length,
            GError     **error)
{
  g_auto (TestDir) dir = { NULL };
  g_autofree char *path = NULL;

  test_dir_init (&dir);
  path = test_dir_write (&dir, name, text, length);
  return convoke_component_file_load (path, error);
}

static ConvokeComponentFile *
load (const char  *text,
      GError     **error)
{
  return load_named ("org.example.Coffee.component", text, -1, error);
}

/* That the file is refused, in these words. */
static void
assert_refused (const char *text,
                const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (text, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, words);
}

static void
assert_key_refused (const char *line,
                    const char *words)
{
  g_autofree char *text = g_strconcat (SMALLEST, line, "\n", NULL);
  g_autofree char *where = g_strdup_printf ("org.example.Coffee.component:5: %s", words);

  assert_refused (text, where);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D9: the smallest file has what it must, and everything else has a default");

  file = load (SMALLEST, &error);
  g_assert_no_error (error);

  g_assert_true (g_path_is_absolute (file->path));
  g_assert_true (g_str_has_prefix (file->path, file->directory));
  g_assert_cmpstr (file->class_name, ==, "org.example.Coffee");
  g_assert_cmpstr (file->name, ==, "org.example.Coffee");
  g_assert_null (file->description);
  g_assert_cmpstr (file->interfaces[0], ==, "Demo-1.PriceFeed");
  g_assert_null (file->interfaces[1]);
  g_assert_cmpstr (file->loader, ==, "c");
  g_assert_cmpstr (file->module, ==, "coffee");
  g_assert_cmpstr (file->type_name, ==, "Coffee");
  g_assert_false (file->has_threading);
  g_assert_cmpint (file->distance, ==, CONVOKE_DISTANCE_IN_PROCESS);
  g_assert_cmpint (file->placement, ==, CONVOKE_PLACEMENT_PREFER);
  g_assert_false (file->per_instance);
  g_assert_null (file->group);
  g_assert_false (file->restart);
  g_assert_cmpuint (file->restart_limit, ==, 5);
  g_assert_cmpint (file->restart_interval, ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (file->idle_timeout, ==, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (file->start_timeout, ==, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (g_strv_length (file->environment), ==, 0);
  g_assert_cmpuint (g_strv_length (file->warnings), ==, 0);
}

#define FULL \
  "# A comment\n" \
  "[Component]\n" \
  "Name=Fourth \\s Coffee\n" \
  "Name[de]=Vierter Kaffee\n" \
  "Description=Tells prices\n" \
  "Interfaces=Demo-1.PriceFeed;Gio-2.0.Action;\n" \
  "Loader=python\n" \
  "Module=fourth_coffee\n" \
  "Type=FourthCoffee\n" \
  "Threading=serial\n" \
  "Distance=process\n" \
  "Placement=must\n" \
  "Isolation=class\n" \
  "Group=shops\n" \
  "Restart=yes\n" \
  "RestartLimit=3\n" \
  "RestartInterval=1.5\n" \
  "IdleTimeout=0\n" \
  "StartTimeout=0.25\n" \
  "Environment=A=b;C=d\\;e;\n" \
  "X-Vendor=anything\n" \
  "\n" \
  "[X-Vendor]\n" \
  "Key=value\n"

static void
assert_full (const ConvokeComponentFile *file)
{
  const char * const interfaces[] = { "Demo-1.PriceFeed", "Gio-2.0.Action", NULL };
  const char * const environment[] = { "A=b", "C=d;e", NULL };

  g_assert_cmpstr (file->name, ==, "Fourth   Coffee");
  g_assert_cmpstr (file->description, ==, "Tells prices");
  g_assert_cmpstrv (file->interfaces, interfaces);
  g_assert_cmpstr (file->loader, ==, "python");
  g_assert_cmpstr (file->module, ==, "fourth_coffee");
  g_assert_cmpstr (file->type_name, ==, "FourthCoffee");
  g_assert_true (file->has_threading);
  g_assert_cmpuint (file->threading, ==, 1);
  g_assert_cmpint (file->distance, ==, CONVOKE_DISTANCE_PROCESS);
  g_assert_cmpint (file->placement, ==, CONVOKE_PLACEMENT_MUST);
  g_assert_false (file->per_instance);
  g_assert_cmpstr (file->group, ==, "shops");
  g_assert_true (file->restart);
  g_assert_cmpuint (file->restart_limit, ==, 3);
  g_assert_cmpint (file->restart_interval, ==, 1500000);
  g_assert_cmpint (file->idle_timeout, ==, 0);
  g_assert_cmpint (file->start_timeout, ==, 250000);
  g_assert_cmpstrv (file->environment, environment);
  g_assert_cmpuint (g_strv_length (file->warnings), ==, 0);
}

static void
test_every_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D9: every key is read, and what others put beside it does no harm");

  file = load (FULL, &error);
  g_assert_no_error (error);
  assert_full (file);
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autoptr (ConvokeComponentFile) copy = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) again = NULL;

  g_test_summary ("D9: as a variant and back, nothing is lost");

  file = load (FULL, &error);
  g_assert_no_error (error);
  variant = g_variant_ref_sink (convoke_component_file_to_variant (file));
  copy = convoke_component_file_from_variant (variant, &error);
  g_assert_no_error (error);

  assert_full (copy);
  g_assert_cmpstr (copy->path, ==, file->path);
  g_assert_cmpstr (copy->class_name, ==, file->class_name);
  again = g_variant_ref_sink (convoke_component_file_to_variant (copy));
  g_assert_true (g_variant_equal (variant, again));
}

static void
test_round_trip_undeclared (void)
{
  g_autoptr (ConvokeComponentFile) file = load (SMALLEST, NULL);
  g_autoptr (ConvokeComponentFile) copy = NULL;
  g_autoptr (GVariant) variant = NULL;

  g_test_summary ("D11: threading that was not declared is not declared by the way");

  variant = g_variant_ref_sink (convoke_component_file_to_variant (file));
  copy = convoke_component_file_from_variant (variant, NULL);
  g_assert_nonnull (copy);
  g_assert_false (copy->has_threading);
}

static void
assert_variant_refused (const char *type,
                        ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = NULL;
  va_list args;

  va_start (args, type);
  variant = g_variant_ref_sink (g_variant_new_va (type, NULL, &args));
  va_end (args);

  g_assert_null (convoke_component_file_from_variant (variant, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_variant_is_checked (void)
{
  g_test_summary ("D5: a variant from elsewhere is checked as a file is");

  assert_variant_refused ("i", 5);
  assert_variant_refused ("a{sv}", NULL);
  assert_variant_refused ("@a{sv}", g_variant_new_parsed ("{'path': <'/a/b.component'>, 'text': <''>}"));
  assert_variant_refused ("@a{sv}", g_variant_new_parsed ("{'path': <b'/a/b.component'>, 'text': <''>}"));
  assert_variant_refused ("@a{sv}", g_variant_new_parsed ("{'path': <b'/a/b'>, 'text': <%s>}", SMALLEST));
  assert_variant_refused ("@a{sv}", g_variant_new_parsed ("{'path': <b'/a/b.component'>, 'text': <%s>}", SMALLEST "Restart=1"));
}

static void
test_unknown_is_warned_of (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D9: keys and groups that nobody knows are warnings with file and line, not errors");

  file = load (SMALLEST "Colour=red\nModule[de]=kaffee\n[Other]\nKey=1\n", &error);
  g_assert_no_error (error);

  g_assert_cmpuint (g_strv_length (file->warnings), ==, 3);
  g_assert_nonnull (strstr (file->warnings[0], ".component:5: there is no key Colour"));
  g_assert_nonnull (strstr (file->warnings[1], ".component:6: there is no key Module[de]"));
  g_assert_nonnull (strstr (file->warnings[2], ".component:7: there is no group [Other]"));
}

static void
test_warnings_are_bounded (void)
{
  g_autoptr (GString) text = g_string_new (SMALLEST);
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D5: however much is unknown, the warnings are few");

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "Unknown%u=1\n", i);
  file = load (text->str, NULL);
  g_assert_nonnull (file);
  g_assert_cmpuint (g_strv_length (file->warnings), <=, 64);
}

static void
test_missing (void)
{
  g_test_summary ("D9: what must be there is named, with the line of its group");

  assert_refused ("", "there is no group [Component]");
  assert_refused ("[Other]\nModule=a\n", "there is no group [Component]");
  assert_refused ("\n[Component]\nModule=a\nType=b\n", ".component:2: Interfaces is missing");
  assert_refused ("[Component]\nInterfaces=A-1.B\nType=b\n", ".component:1: Module is missing");
  assert_refused ("[Component]\nInterfaces=A-1.B\nModule=b\n", ".component:1: Type is missing");
}

static void
test_wrong_values (void)
{
  g_test_summary ("D9: a wrong value is named with its file, line and key and with the values that are right");

  assert_key_refused ("Threading=both", "Threading=both: it must be context, serial or any");
  assert_key_refused ("Distance=far", "Distance=far: it must be in-process, thread or process");
  assert_key_refused ("Distance=", "Distance=: it must be in-process");
  assert_key_refused ("Placement=maybe", "Placement=maybe: it must be must, prefer or off");
  assert_key_refused ("Isolation=none", "Isolation=none: it must be class or instance");
  assert_key_refused ("Restart=true", "Restart=true: it must be yes or no");
  assert_key_refused ("RestartLimit=-1", "RestartLimit=-1: it must be a number from 1 to 1000");
  assert_key_refused ("RestartLimit=99999999999999999999", "RestartLimit=99999999999999999999: it must be a number");
  assert_key_refused ("RestartInterval=0", "RestartInterval=0: it must be seconds, from 1 to 86400");
  assert_key_refused ("IdleTimeout=inf", "IdleTimeout=inf: it must be seconds");
  assert_key_refused ("IdleTimeout=0x10", "IdleTimeout=0x10: it must be seconds");
  assert_key_refused ("IdleTimeout=1.2.3", "IdleTimeout=1.2.3: it must be seconds");
  assert_key_refused ("StartTimeout=nan", "StartTimeout=nan: it must be seconds");
  assert_key_refused ("StartTimeout=soon", "StartTimeout=soon: it must be seconds");
  assert_key_refused ("Loader=../evil", "Loader=../evil: it must be c or a loader's name");
  assert_key_refused ("Loader=", "Loader=: it must be c or a loader's name");
  assert_key_refused ("Group=a/b", "Group=a/b: it must be a name");
  assert_key_refused ("Environment=NAME", "Environment=NAME: it must be a list of NAME=VALUE; number 1 is none");
  assert_key_refused ("Environment=A=1;=2", "Environment=A=1;=2: it must be a list of NAME=VALUE; number 2 is none");
  assert_key_refused ("Environment=1A=1", "Environment=1A=1: it must be a list of NAME=VALUE");
}

static void
test_like_other_keyfiles (void)
{
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autoptr (GError) error = NULL;
  const char * const authors[] = { "A;B", "C", NULL };

  g_test_summary ("D9: white space, escapes, comments, line ends and groups that come twice are read as in other keyfiles");

  file = load ("# first\r\n  [Component]\r\n\tName =\t a\\sb\\n\\t\\r\\\\ c \r\n\r\n[X-Other]\nName=x\n[Component]\n"
               "Authors=A\\;B;C;\nInterfaces=A-1.B\nModule=a=b\nType=#t", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->name, ==, "a b\n\t\r\\ c ");
  g_assert_cmpstr (file->module, ==, "a=b");
  g_assert_cmpstr (file->type_name, ==, "#t");
  g_assert_cmpstrv (file->authors, authors);
  assert_key_refused ("Authors=A;;C;", "Authors=A;;C;: it must be a list of names; number 2 is none");
  assert_key_refused ("a]=1", "this is no name of a key");
  assert_key_refused ("Name[de=1", "this is no name of a key");
  assert_key_refused ("[a[b]", "this is no [Group]");
}

static void
test_wrong_escapes (void)
{
  g_test_summary ("D9: an escape that nobody knows is refused, and so is half of one");

  assert_key_refused ("Description=a\\qb", "Description: ");
  assert_key_refused ("Group=a\\", "Group: ");
  assert_key_refused ("Environment=A=\\q", "Environment=A=\\q: it must be");
}

static void
test_translated (void)
{
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D9: names for people are in their language");

  g_setenv ("LANGUAGE", "de", TRUE);
  file = load (FULL, NULL);
  g_unsetenv ("LANGUAGE");
  g_assert_nonnull (file);
  g_assert_cmpstr (file->name, ==, "Vierter Kaffee");
}

static void
test_wrong_interfaces (void)
{
  static const char * const wrong[] = {
    "", ";", "PriceFeed", "Demo.PriceFeed", "Demo-.PriceFeed", "-1.PriceFeed", "Demo-1.", "Demo-1", "Demo-a.PriceFeed",
    "Demo-1..PriceFeed", "../Demo-1.PriceFeed", "Demo-1.Price/Feed", "Demo-1.PriceFeed;x", "Demo-1.\\qPriceFeed",
  };

  g_test_summary ("D9: Interfaces= is a list of Namespace-Version.Interface with one member at least");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *text = g_strdup_printf ("[Component]\nModule=a\nType=b\nInterfaces=%s\n", wrong[i]);

      assert_refused (text, ".component:4: Interfaces");
    }
}

static void
test_group_and_instance (void)
{
  g_test_summary ("D10: a process of one's own for each instance cannot be shared by a group");

  assert_refused (SMALLEST "Isolation=instance\nGroup=shops\n", ".component:6: Group=shops: with Isolation=instance");
}

static void
test_broken_lines (void)
{
  g_test_summary ("D9: a line that is none is refused with its number");

  assert_refused (SMALLEST "what is this\n", ".component:5: this is neither a comment");
  assert_refused (SMALLEST "=value\n", ".component:5: this is neither a comment");
  assert_refused ("\n\n[Component\n", ".component:3: this is no [Group]");
  assert_refused ("[]\n", ".component:1: this is no [Group]");
  assert_refused ("Key=value\n[Component]\n", ".component:1: Key stands before the first [Group]");
  assert_refused (SMALLEST "Type=Tea\n", ".component:5: Type was given in line 4 already");
  assert_refused ("[a[b]\n", ".component");
}

static void
assert_bytes_refused (const char *bytes,
                      gsize       length,
                      const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load_named ("a.component", bytes, length, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, words);
}

static void
test_bytes_that_are_no_text (void)
{
  g_test_summary ("D5: NUL bytes and what is not UTF-8 are refused with their line");

  assert_bytes_refused ("[Component]\nName=a\0b\n", 21, "a.component:2: there is a NUL byte in it");
  assert_bytes_refused ("\0", 1, "a.component:1: there is a NUL byte in it");
  assert_bytes_refused ("[Component]\nName=\xff\n", 19, "a.component:2: this is not UTF-8");
}

static void
test_too_big (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024 + 1, '\n');
  g_autoptr (GError) error = NULL;

  g_test_summary ("D5: a file of more than a MiB is not read");

  g_assert_null (load (text, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "more than 1048576 bytes");
}

static void
test_long_message (void)
{
  g_autofree char *filler = g_strnfill (500000, 'x');
  g_autofree char *text = g_strconcat (SMALLEST "Distance=", filler, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D5: what is wrong is told in a line, however long it is");

  g_assert_null (load (text, &error));
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

static void
test_no_regular_file (void)
{
  g_auto (TestDir) dir = { NULL };
  g_autofree char *path = NULL;
  g_autofree char *missing = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D5: a pipe is no keyfile, and nobody waits for its writer; nor is a folder, and nothing is NOT_FOUND");

  test_dir_init (&dir);
  path = g_build_filename (dir.path, "a.component", NULL);
  missing = g_build_filename (dir.path, "b.component", NULL);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (convoke_component_file_load (path, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "not a regular file");

  g_remove (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (convoke_component_file_load (path, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "not a regular file");

  g_assert_null (convoke_component_file_load (missing, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

static void
test_class_names (void)
{
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *too_long = g_strnfill (201, 'a');

  g_test_summary ("D9: the name of a class is never a path");

  g_assert_true (convoke_component_file_is_class_name ("org.example.Coffee-2_b"));
  g_assert_true (convoke_component_file_is_class_name ("Coffee"));
  g_assert_true (convoke_component_file_is_class_name (longest));
  g_assert_false (convoke_component_file_is_class_name (""));
  g_assert_false (convoke_component_file_is_class_name (too_long));
  g_assert_false (convoke_component_file_is_class_name ("."));
  g_assert_false (convoke_component_file_is_class_name ("a..b"));
  g_assert_false (convoke_component_file_is_class_name ("../b"));
  g_assert_false (convoke_component_file_is_class_name ("a/b"));
  g_assert_false (convoke_component_file_is_class_name ("-a"));
  g_assert_false (convoke_component_file_is_class_name ("a b"));
  g_assert_false (convoke_component_file_is_class_name ("a\n"));
  g_assert_false (convoke_component_file_is_class_name ("ä"));
}

static void
test_file_names (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a file of another name is no component's");

  g_assert_null (load_named ("org.example.Coffee", SMALLEST, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (load_named (".component", SMALLEST, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (load_named ("a..b.component", SMALLEST, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
try_load (const TestDir *dir,
          const char    *text,
          gsize          length)
{
  g_autofree char *path = test_dir_write (dir, "a.component", text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = convoke_component_file_load (path, &error);

  g_assert_true ((file == NULL) == (error != NULL));
}

/* Any file, changed in one byte or cut anywhere, is read or refused. */
static void
test_any_byte (void)
{
  static const char bytes[] = { '[', ']', '=', '\\', ';', '\n', '\r', '\xc3', '\0' };
  g_auto (TestDir) dir = { NULL };
  gsize length = strlen (FULL);

  g_test_summary ("D5: a file that is cut or changed anywhere is read or refused, never more");

  test_dir_init (&dir);
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *text = g_memdup2 (FULL, length + 1);

      try_load (&dir, FULL, i);
      text[i] = bytes[i % sizeof bytes];
      try_load (&dir, text, length);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/component-file/defaults", test_defaults);
  g_test_add_func ("/gobj/component-file/every-key", test_every_key);
  g_test_add_func ("/gobj/component-file/round-trip", test_round_trip);
  g_test_add_func ("/gobj/component-file/round-trip-undeclared", test_round_trip_undeclared);
  g_test_add_func ("/gobj/component-file/variant-is-checked", test_variant_is_checked);
  g_test_add_func ("/gobj/component-file/unknown-is-warned-of", test_unknown_is_warned_of);
  g_test_add_func ("/gobj/component-file/warnings-are-bounded", test_warnings_are_bounded);
  g_test_add_func ("/gobj/component-file/missing", test_missing);
  g_test_add_func ("/gobj/component-file/wrong-values", test_wrong_values);
  g_test_add_func ("/gobj/component-file/like-other-keyfiles", test_like_other_keyfiles);
  g_test_add_func ("/gobj/component-file/wrong-escapes", test_wrong_escapes);
  g_test_add_func ("/gobj/component-file/translated", test_translated);
  g_test_add_func ("/gobj/component-file/wrong-interfaces", test_wrong_interfaces);
  g_test_add_func ("/gobj/component-file/group-and-instance", test_group_and_instance);
  g_test_add_func ("/gobj/component-file/broken-lines", test_broken_lines);
  g_test_add_func ("/gobj/component-file/bytes-that-are-no-text", test_bytes_that_are_no_text);
  g_test_add_func ("/gobj/component-file/too-big", test_too_big);
  g_test_add_func ("/gobj/component-file/long-message", test_long_message);
  g_test_add_func ("/gobj/component-file/no-regular-file", test_no_regular_file);
  g_test_add_func ("/gobj/component-file/class-names", test_class_names);
  g_test_add_func ("/gobj/component-file/file-names", test_file_names);
  g_test_add_func ("/gobj/component-file/any-byte", test_any_byte);

  return g_test_run ();
}
