/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#include "convoke-closure-private.h"
#include "convoke-error.h"

static gboolean denied;

/* The linker puts this in front of libffi's. */
void *__real_ffi_closure_alloc (size_t size, void **code);
void *__wrap_ffi_closure_alloc (size_t size, void **code);

void *
__wrap_ffi_closure_alloc (size_t  size,
                          void  **code)
{
  return denied ? NULL : __real_ffi_closure_alloc (size, code);
}

static const ConvokeCallableInfo *
find (const char *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info;
  const ConvokeMethodInfo *method;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  method = convoke_interface_info_find_method (info, name, &error);
  g_assert_no_error (error);

  return &method->callable;
}

static void
answer_length (const ConvokeCallableInfo  *callable,
               const ConvokePlan          *plan,
               void                      **args,
               void                       *ret)
{
  *(double *) ret = strlen (*(char **) args[1]);
}

static void
answer_nothing (const ConvokeCallableInfo  *callable,
                const ConvokePlan          *plan,
                void                      **args,
                void                       *ret)
{
  *(double *) ret = -1;
}

static void
test_arguments (void)
{
  g_autoptr (GError) error = NULL;
  double (*get_price) (gpointer, const char *, GError **);

  g_test_summary ("A closure gets the caller's arguments and gives the caller's result");

  get_price = (double (*) (gpointer, const char *, GError **))
    convoke_closure_get (find ("get_price"), answer_length, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (get_price (NULL, "espresso", NULL), ==, 8.0);
}

static void
test_cached (void)
{
  g_autoptr (GError) error = NULL;
  GCallback first = convoke_closure_get (find ("get_price"), answer_length, &error);

  g_test_summary ("There is one closure per method and function, for ever");

  g_assert_no_error (error);
  g_assert_true (convoke_closure_get (find ("get_price"), answer_length, NULL) == first);
  g_assert_true (convoke_closure_get (find ("get_price"), answer_nothing, NULL) != first);
  g_assert_true (convoke_closure_get (find ("get_price_soon"), answer_length, NULL) != first);
}

static void
test_denied (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Where executable memory is denied the error says so, and nothing is remembered of it");

  denied = TRUE;
  g_assert_null (convoke_closure_get (find ("describe"), answer_length, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "executable memory"));
  g_assert_nonnull (strstr (error->message, "describe"));

  denied = FALSE;
  g_assert_nonnull (convoke_closure_get (find ("describe"), answer_length, NULL));
}

static gpointer
get_many (gpointer data)
{
  gpointer code = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      gpointer again = (gpointer) convoke_closure_get (find ("note"), answer_nothing, NULL);

      g_assert_true (again != NULL && (code == NULL || again == code));
      code = again;
    }

  return code;
}

static void
test_threads (void)
{
  GThread *threads[4];
  gpointer code = NULL;

  g_test_summary ("Threads that ask at once get the same closure");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_many, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      gpointer got = g_thread_join (threads[i]);

      g_assert_true (code == NULL || got == code);
      code = got;
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/closure/arguments", test_arguments);
  g_test_add_func ("/marshal/closure/cached", test_cached);
  g_test_add_func ("/marshal/closure/denied", test_denied);
  g_test_add_func ("/marshal/closure/threads", test_threads);

  return g_test_run ();
}
