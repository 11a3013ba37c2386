/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "catalog-fixture.h"
#include "convoke-catalog-private.h"
#include "convoke-error.h"
#include "convoke-plugin-file-private.h"

#define SMALLEST \
  "[Plugin]\n" \
  "Module=spell\n" \
  "Name=Spelling\n"

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
  return convoke_plugin_file_load (path, error);
}

static ConvokeComponentFile *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  ConvokeComponentFile *file = load_named ("spell.plugin", text, -1, &error);

  g_assert_no_error (error);
  return file;
}

static void
assert_refused (const char  *text,
                ConvokeError code,
                const char  *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load_named ("spell.plugin", text, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, (int) code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  assert_message (&error, words);
}

/* That a fourth line is refused, in these words. */
static void
assert_line_refused (const char *line,
                     const char *words)
{
  g_autofree char *text = g_strconcat (SMALLEST, line, "\n", NULL);
  g_autofree char *where = g_strdup_printf ("spell.plugin:4: %s", words);

  assert_refused (text, CONVOKE_ERROR_INVALID_ARGUMENT, where);
}

/* --- what is read --- */

static void
test_defaults (void)
{
  g_autoptr (ConvokeComponentFile) file = load (SMALLEST);

  g_test_summary ("A plug-in of libpeas's is a class that libpeas loads, in a process of its own, for a main context");

  g_assert_cmpstr (file->class_name, ==, "spell");
  g_assert_cmpstr (file->name, ==, "Spelling");
  g_assert_cmpstr (file->loader, ==, "peas");
  g_assert_cmpstr (file->module, ==, "spell");
  g_assert_cmpstr (file->type_name, ==, "Peas-1.0.Activatable");
  g_assert_cmpstr (file->interfaces[0], ==, "Peas-1.0.Activatable");
  g_assert_null (file->interfaces[1]);
  g_assert_cmpint (file->distance, ==, CONVOKE_DISTANCE_PROCESS);
  g_assert_cmpint (file->placement, ==, CONVOKE_PLACEMENT_PREFER);
  g_assert_true (file->has_threading);
  g_assert_cmpuint (file->threading, ==, 0);
  g_assert_null (file->warnings[0]);
}

static void
test_every_key (void)
{
  g_autoptr (ConvokeComponentFile) file = load (
    "# made by hand\n"
    "[Plugin]\n"
    "Module=spell-checker\n"
    "Loader=Python3\n"
    "Name = Spelling\n"
    "Name[xx]=Gnilleps\n"
    "Description=Finds what is wrong\n"
    "Icon=tools-check-spelling\n"
    "Authors=A. Nobody <a@example.org>;B. Nobody;\n"
    "Website=https://example.org\n"
    "Copyright=A. Nobody\n"
    "Version=1.2\n"
    "Depends=dictionary;thesaurus\n"
    "Hidden=true\n"
    "Builtin=true\n"
    "Help=spelling\n"
    "X-Editor-Order=3\n");

  g_test_summary ("What a list of plug-ins shows is read as libpeas reads it; what only libpeas needs does no harm");

  g_assert_cmpstr (file->module, ==, "spell-checker");
  g_assert_cmpstr (file->loader, ==, "peas");
  g_assert_cmpstr (file->name, ==, "Spelling");
  g_assert_cmpstr (file->description, ==, "Finds what is wrong");
  g_assert_cmpstr (file->icon, ==, "tools-check-spelling");
  g_assert_cmpuint (g_strv_length (file->authors), ==, 2);
  g_assert_cmpstr (file->website, ==, "https://example.org");
  g_assert_cmpstr (file->copyright, ==, "A. Nobody");
  g_assert_cmpstr (file->version, ==, "1.2");
  g_assert_cmpuint (g_strv_length (file->depends), ==, 2);
  g_assert_cmpstr (file->depends[1], ==, "thesaurus");
  g_assert_null (file->warnings[0]);
}

static void
test_ours (void)
{
  g_autoptr (ConvokeComponentFile) file = load (
    SMALLEST
    "X-Convoke-Interfaces=Demo-1.PriceFeed;Peas-1.0.Activatable;\n"
    "X-Convoke-Distance=in-process\n"
    "X-Convoke-Restart=yes\n"
    "X-Convoke-Environment=A=b\n");

  g_test_summary ("Who packages a plug-in can say more, with a prefix; the first interface is the one that libpeas is asked for");

  g_assert_cmpstr (file->interfaces[0], ==, "Demo-1.PriceFeed");
  g_assert_cmpstr (file->interfaces[1], ==, "Peas-1.0.Activatable");
  g_assert_cmpstr (file->type_name, ==, "Demo-1.PriceFeed");
  g_assert_cmpint (file->distance, ==, CONVOKE_DISTANCE_IN_PROCESS);
  g_assert_true (file->restart);
  g_assert_cmpstr (file->environment[0], ==, "A=b");
}

static void
test_strangers (void)
{
  g_autoptr (ConvokeComponentFile) file = load (
    SMALLEST
    "Distance=in-process\n"
    "Type=Other\n"
    "Group=Other\n"
    "[Component]\n"
    "Restart=yes\n");

  g_test_summary ("A key or a group that only Convoke knows has no meaning in a file of libpeas's");

  g_assert_cmpint (file->distance, ==, CONVOKE_DISTANCE_PROCESS);
  g_assert_cmpstr (file->type_name, ==, "Peas-1.0.Activatable");
  g_assert_null (file->group);
  g_assert_false (file->restart);
}

static void
test_variant (void)
{
  g_autoptr (ConvokeComponentFile) file = load (SMALLEST "Loader=python3\nX-Convoke-Isolation=instance\n");
  g_autoptr (GVariant) variant = g_variant_ref_sink (convoke_component_file_to_variant (file));
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) again = convoke_component_file_from_variant (variant, &error);

  g_test_summary ("It travels to a host as any other component does");

  g_assert_no_error (error);
  g_assert_cmpstr (again->path, ==, file->path);
  g_assert_cmpstr (again->class_name, ==, "spell");
  g_assert_cmpstr (again->loader, ==, "peas");
  g_assert_true (again->per_instance);
}

static void
test_catalog (void)
{
  g_auto (TestDir) dir = { NULL };
  const char *directories[2] = { NULL, NULL };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A catalog finds the plug-ins of a directory of libpeas's by the names of their files");

  test_dir_init (&dir);
  directories[0] = dir.path;
  g_free (test_dir_write (&dir, "spelling.plugin", SMALLEST, -1));
  catalog = convoke_catalog_new (directories);
  file = convoke_catalog_find_file (catalog, "spelling", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->class_name, ==, "spelling");
  g_assert_cmpstr (file->module, ==, "spell");
}

/* --- what is refused --- */

static void
test_loaders (void)
{
  g_test_summary ("A plug-in of a language that does not run here is NOT_SUPPORTED, with the line");

  assert_refused (SMALLEST "Loader=lua5.1\n", CONVOKE_ERROR_NOT_SUPPORTED, "spell.plugin:4: Loader=lua5.1: plug-ins of C and python3");
  assert_refused (SMALLEST "Loader=\xff\n", CONVOKE_ERROR_NOT_SUPPORTED, "spell.plugin:4: Loader=");
}

static void
test_missing (void)
{
  g_test_summary ("What libpeas cannot do without is missed here, too");

  assert_refused ("", CONVOKE_ERROR_INVALID_ARGUMENT, "spell.plugin:1: there is no group [Plugin]");
  assert_refused ("[Other]\nModule=spell\n", CONVOKE_ERROR_INVALID_ARGUMENT, "there is no group [Plugin]");
  assert_refused ("\n[Plugin]\nModule=spell\n", CONVOKE_ERROR_INVALID_ARGUMENT, "spell.plugin:2: Name is missing");
  assert_refused ("[Plugin]\nName=Spelling\n", CONVOKE_ERROR_INVALID_ARGUMENT, "spell.plugin:1: Module is missing");
}

static void
test_wrong_values (void)
{
  g_test_summary ("What is wrong is told with file, line and key; names are no paths");

  assert_refused ("[Plugin]\nName=Spelling\nModule=../spell\n", CONVOKE_ERROR_INVALID_ARGUMENT, "spell.plugin:3: Module=../spell");
  assert_refused ("[Plugin]\nName=Spelling\nModule=/tmp/spell\n", CONVOKE_ERROR_INVALID_ARGUMENT, "spell.plugin:3: Module=/tmp/spell");
  assert_line_refused ("Depends=../other;", "Depends=../other;: it must be a list of names of classes");
  assert_line_refused ("Module=spell", "Module was given in line 2 already");
  assert_line_refused ("X-Convoke-Distance=far", "Distance=far: it must be in-process, thread or process");
  assert_line_refused ("X-Convoke-Interfaces=;", "Interfaces=;: it must be");
  assert_line_refused ("X-Convoke-Threading=any", "X-Convoke-Threading: this cannot be said");
  assert_line_refused ("X-Convoke-Loader=c", "X-Convoke-Loader: this cannot be said");
  assert_line_refused ("nothing", "this is neither a comment nor [Group] nor Key=Value");
  assert_line_refused ("[Plug", "this is no [Group]");
  assert_line_refused ("Description=\xff", "this is not UTF-8");
}

static void
test_nul (void)
{
  static const char text[] = SMALLEST "Description=a\0b\n";
  g_autoptr (GError) error = NULL;

  g_test_summary ("A NUL byte is refused");

  g_assert_null (load_named ("spell.plugin", text, sizeof text - 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "NUL");
}

static void
test_too_big (void)
{
  g_autofree char *text = g_malloc (2 * 1024 * 1024);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A file of more than a megabyte is not read");

  memset (text, '\n', 2 * 1024 * 1024);
  g_assert_null (load_named ("spell.plugin", text, 2 * 1024 * 1024, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_any_byte (void)
{
  g_test_summary ("Whatever one byte of a file is, it is read or refused with an error");

  for (gsize at = 0; at < strlen (SMALLEST); at++)
    for (int byte = 1; byte < 256; byte += 3)
      {
        g_autofree char *text = g_strdup (SMALLEST);
        g_autoptr (GError) error = NULL;
        g_autoptr (ConvokeComponentFile) file = NULL;

        text[at] = byte;
        file = load_named ("spell.plugin", text, -1, &error);
        g_assert_true ((file != NULL) == (error == NULL));
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/plugin-file/defaults", test_defaults);
  g_test_add_func ("/gobj/plugin-file/every-key", test_every_key);
  g_test_add_func ("/gobj/plugin-file/ours", test_ours);
  g_test_add_func ("/gobj/plugin-file/strangers", test_strangers);
  g_test_add_func ("/gobj/plugin-file/variant", test_variant);
  g_test_add_func ("/gobj/plugin-file/catalog", test_catalog);
  g_test_add_func ("/gobj/plugin-file/loaders", test_loaders);
  g_test_add_func ("/gobj/plugin-file/missing", test_missing);
  g_test_add_func ("/gobj/plugin-file/wrong-values", test_wrong_values);
  g_test_add_func ("/gobj/plugin-file/nul", test_nul);
  g_test_add_func ("/gobj/plugin-file/too-big", test_too_big);
  g_test_add_func ("/gobj/plugin-file/any-byte", test_any_byte);

  return g_test_run ();
}
