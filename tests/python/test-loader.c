/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "convoke-test.h"

static char *
components_dir (const char *sub)
{
  return g_test_build_filename (G_TEST_DIST, "python", "components", sub, NULL);
}

static ConvokeLoader *
open_python (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeLoader *loader = convoke_loader_open ("python", &error);

  g_assert_no_error (error);
  g_assert_nonnull (loader);
  return loader;
}

static GObject *
create (const char  *module,
        const char  *type_name,
        GError     **error)
{
  g_autoptr (ConvokeLoader) loader = open_python ();
  g_autofree char *directory = components_dir (NULL);

  return convoke_loader_create_instance (loader, directory, module, type_name, error);
}

static void
test_open_absent (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A loader that nobody installed is NOT_FOUND, and the message names the file");

  g_assert_null (convoke_loader_open ("cobol", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "libconvoke-loader-cobol.so"));
}

static void
test_open_name (void)
{
  const char * const names[] = { "", "../python", "Python", "a b" };

  g_test_summary ("A name cannot lead out of the module directories");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (convoke_loader_open (names[i], &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_open_no_loader (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A module without the entry point is NOT_SUPPORTED");

  g_assert_null (convoke_loader_open ("no-entry", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
test_open_no_module (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("convoke-loader-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "libconvoke-loader-text.so", NULL);
  g_autofree char *old = g_strdup (g_getenv ("CONVOKE_MODULE_PATH"));

  g_test_summary ("A file that cannot be mapped is FAILED, with the system's words");

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "no module", -1, NULL));
  g_setenv ("CONVOKE_MODULE_PATH", dir, TRUE);
  g_assert_null (convoke_loader_open ("text", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  g_setenv ("CONVOKE_MODULE_PATH", old, TRUE);

  g_remove (path);
  g_rmdir (dir);
}

static void
test_signals (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) feed = create ("tea_feed", "TeaFeed", &error);
  struct sigaction action;

  g_test_summary ("Python in a C program leaves Ctrl-C to the program");

  g_assert_no_error (error);
  g_assert_cmpint (sigaction (SIGINT, NULL, &action), ==, 0);
  g_assert_true (action.sa_handler == SIG_DFL);
}

static void
test_create (void)
{
  g_autoptr (GError) error = NULL;
  GObject *house;

  g_test_summary ("The one reference that arrives keeps the instance and what Python stored in it; dropping it frees both");

  house = create ("tea_house", "TeaHouse", &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_LIST_MODEL (house));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (house)), ==, 3);
  g_assert_finalize_object (house);
}

static gpointer
count_teas (gpointer house)
{
  guint n = 0;

  for (int i = 0; i < 1000; i++)
    n += g_list_model_get_n_items (house);
  return GUINT_TO_POINTER (n);
}

static void
test_threads_call (void)
{
  g_autoptr (GError) error = NULL;
  GObject *house = create ("tea_house", "TeaHouse", &error);
  GThread *threads[4];

  g_test_summary ("Threads that Python has never seen call the instance");

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", count_teas, house);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 3000);
  g_assert_finalize_object (house);
}

static gpointer
create_house (gpointer data)
{
  g_autoptr (GError) error = NULL;
  GObject *house = create ("tea_house", "TeaHouse", &error);

  g_assert_no_error (error);
  return house;
}

static void
test_threads_create (void)
{
  GThread *threads[8];

  g_test_summary ("Threads that create at once, the first ones while Python starts, all get an instance");

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("creator", create_house, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      GObject *house = g_thread_join (threads[i]);

      g_assert_finalize_object (house);
    }
}

/* The typelib of the interface is known from the component alone. */
static ConvokeCall *
call_tea_feed (GObject    *feed,
               const char *method,
               const char *item)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (feed, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, method, &error, item);
  g_assert_no_error (error);
  return call;
}

static void
assert_price (ConvokeCall *call,
              const char  *method,
              double       expected)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  convoke_call_wait (call, 20 * G_TIME_SPAN_SECOND, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, method, &error, &price);
  g_assert_no_error (error);
  g_assert_cmpfloat (price, ==, expected);
}

/* A worker lets go of the object after the caller has its result. */
static void
assert_goes_away (GObject *object)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  GWeakRef weak;
  gboolean alive;

  g_weak_ref_init (&weak, object);
  g_object_unref (object);
  do
    {
      g_autoptr (GObject) left = g_weak_ref_get (&weak);

      alive = left != NULL;
      g_usleep (alive ? 1000 : 0);
    }
  while (alive && g_get_monotonic_time () < end);

  g_assert_false (alive);
  g_weak_ref_clear (&weak);
}

static void
test_call (void)
{
  g_autoptr (GError) error = NULL;
  GObject *feed = create ("tea_feed", "TeaFeed", &error);
  ConvokeCall *calls[8];

  g_test_summary ("Call objects run methods in Python on workers, several at once");

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = call_tea_feed (feed, "get_price", "assam");
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      assert_price (calls[i], "get_price", 1.25);
      g_object_unref (calls[i]);
    }
  assert_goes_away (feed);
}

static void
test_call_error (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) feed = create ("tea_feed", "TeaFeed", &error);
  g_autoptr (ConvokeCall) call = NULL;
  double price = -1;

  g_test_summary ("The error of a method in Python arrives as it was raised");

  g_assert_no_error (error);
  call = call_tea_feed (feed, "get_price", "missing");
  g_assert_true (convoke_call_wait (call, 20 * G_TIME_SPAN_SECOND, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpstr (error->message, ==, "No such tea");
}

static void
test_call_later (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) feed = create ("tea_feed", "TeaFeed", &error);
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("A component in Python completes a call later, from a thread of its own");

  g_assert_no_error (error);
  call = call_tea_feed (feed, "get_price_slowly", "ceylon");
  assert_price (call, "get_price_slowly", 3.0);
}

static void
test_two_of_a_name (void)
{
  g_autoptr (ConvokeLoader) loader = open_python ();
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = components_dir ("other");
  g_autoptr (GObject) first = create ("tea_house", "TeaHouse", &error);
  g_autoptr (GObject) second = NULL;

  g_test_summary ("Two components whose modules have one name do not meet");

  g_assert_no_error (error);
  second = convoke_loader_create_instance (loader, directory, "tea_house", "MintHouse", &error);
  g_assert_no_error (error);
  g_clear_object (&second);

  second = convoke_loader_create_instance (loader, directory, "tea_house", "TeaHouse", &error);
  g_assert_no_error (error);
  g_assert_false (G_IS_LIST_MODEL (second));
  g_clear_object (&first);

  first = create ("tea_house", "TeaHouse", &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_LIST_MODEL (first));
}

static void
test_no_directory (void)
{
  g_autoptr (ConvokeLoader) loader = open_python ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;

  g_test_summary ("Without a directory, modules are found as Python finds them");

  object = convoke_loader_create_instance (loader, NULL, "gi.repository.Gio", "SimpleActionGroup", &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_SIMPLE_ACTION_GROUP (object));
}

static void
assert_failure (const char *module,
                const char *type_name,
                GQuark      domain,
                int         code,
                const char *first,
                const char *second)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (create (module, type_name, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, first));
  g_assert_nonnull (strstr (error->message, second));
}

static void
test_no_module (void)
{
  g_test_summary ("A module that is not there is NOT_FOUND, and the message says where it was looked for");

  assert_failure ("coffee_house", "CoffeeHouse", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "coffee_house", "components");
}

static void
test_no_class (void)
{
  g_test_summary ("A name that is no class of objects is CLASS_NOT_AVAILABLE");

  assert_failure ("tea_house", "Absent", CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "tea_house", "Absent");
  assert_failure ("tea_house", "NoObject", CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "NoObject", "GObject.Object");
  assert_failure ("tea_house", "not_a_class", CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "not_a_class", "GObject.Object");
}

static void
test_exception (void)
{
  g_test_summary ("An exception becomes an error with its type, its message and the place");

  assert_failure ("tea_house", "Broken", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "ValueError: no water", "in boil");
  assert_failure ("broken_syntax", "Any", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "SyntaxError", "broken_syntax.py");
}

static void
test_exit (void)
{
  g_test_summary ("A component that wants to exit does not end the program");

  assert_failure ("tea_house", "Quitter", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "SystemExit", "3");
}

static void
test_gerror (void)
{
  g_test_summary ("A GLib.Error keeps its domain, code and message");

  assert_failure ("tea_house", "Sealed", G_IO_ERROR, G_IO_ERROR_BUSY, "closed today", "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* As a shell starts a program, however the tests were started. */
  signal (SIGINT, SIG_DFL);

  g_test_add_func ("/python/loader/threads-create", test_threads_create);
  g_test_add_func ("/python/loader/threads-call", test_threads_call);
  g_test_add_func ("/python/loader/signals", test_signals);
  g_test_add_func ("/python/loader/create", test_create);
  g_test_add_func ("/python/loader/call", test_call);
  g_test_add_func ("/python/loader/call-error", test_call_error);
  g_test_add_func ("/python/loader/call-later", test_call_later);
  g_test_add_func ("/python/loader/two-of-a-name", test_two_of_a_name);
  g_test_add_func ("/python/loader/no-directory", test_no_directory);
  g_test_add_func ("/python/loader/no-module", test_no_module);
  g_test_add_func ("/python/loader/no-class", test_no_class);
  g_test_add_func ("/python/loader/exception", test_exception);
  g_test_add_func ("/python/loader/exit", test_exit);
  g_test_add_func ("/python/loader/gerror", test_gerror);
  g_test_add_func ("/python/loader/open-absent", test_open_absent);
  g_test_add_func ("/python/loader/open-name", test_open_name);
  g_test_add_func ("/python/loader/open-no-loader", test_open_no_loader);
  g_test_add_func ("/python/loader/open-no-module", test_open_no_module);

  return g_test_run ();
}
