/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "callable-fixture.h"

static void
check_refusal (ConvokeArgInfo *args,
               guint           n_args,
               ConvokeArgInfo  ret,
               const char     *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strconcat (reason, ", which a begun call cannot keep", NULL);
  Callable callable;

  callable_init (&callable, "method", args, n_args, ret);
  g_assert_false (convoke_plan_can_capture (callable.plan, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (error->message, ==, message);
  callable_wipe (&callable);
}

static void
test_refusals (void)
{
  ConvokeTypeInfo element = TYPE (DOUBLE);
  ConvokeTypeInfo callbacks = TYPE (CALLBACK);
  ConvokeTypeInfo pointer = TYPE (POINTER);
  ConvokeTypeInfo opaque = TYPE (STRUCT, .is_pointer = TRUE);
  ConvokeTypeInfo list = TYPE (LIST, .element = &element);
  ConvokeArgInfo cases[] = {
    ARG ("a", IN, NONE, T (POINTER)),
    ARG ("a", IN, NONE, T (INT32, .is_pointer = TRUE)),
    ARG ("a", IN, NONE, T (STRUCT, .is_pointer = TRUE)),
    ARG ("a", IN, NONE, T (UNION, .is_pointer = TRUE)),
    ARG ("a", IN, NONE, T (CALLBACK), .scope = CONVOKE_SCOPE_CALL),
    ARG ("a", IN, NONE, T (CALLBACK)),
    ARG ("a", IN, NONE, T (ARRAY, .element = &element)),
    ARG ("a", IN, NONE, T (LIST, .element = &element)),
    ARG ("a", IN, NONE, T (LIST, .element = &pointer)),
    ARG ("a", IN, NONE, T (SLIST, .element = &callbacks)),
    ARG ("a", IN, NONE, T (PTR_ARRAY, .element = &list)),
    ARG ("a", IN, NONE, T (PTR_ARRAY, .element = &opaque)),
    ARG ("a", OUT, NONE, T (STRUCT, .is_pointer = TRUE), .caller_allocates = TRUE),
  };
  const char * const reasons[] = {
    "an untyped pointer",
    "an untyped pointer",
    "a pointer to a struct that cannot be copied",
    "a pointer to a union that cannot be copied",
    "a callback that is valid during the call only",
    "a callback without a scope",
    "an array of unknown length",
    "a container of numbers that do not fit into pointers",
    "an untyped pointer",
    "a container of callbacks",
    "a counted container of arrays or lists",
    "a pointer to a struct that cannot be copied",
    "a struct of unknown size that the caller allocates",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (cases) == G_N_ELEMENTS (reasons));
  g_test_summary ("What cannot be kept is refused by name and reason, before anything starts");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = g_strconcat ("argument 'a' of method is ", reasons[i], NULL);

      check_refusal (&cases[i], 1, (ConvokeArgInfo) NOTHING, reason);
    }
}

static void
test_refused_result (void)
{
  g_test_summary ("So is a result");

  check_refusal (NULL, 0, (ConvokeArgInfo) RET (NONE, T (STRUCT, .is_pointer = TRUE)),
                 "result of method is a pointer to a struct that cannot be copied");
}

static void
test_refused_length (void)
{
  ConvokeTypeInfo element = TYPE (INT32);
  ConvokeArgInfo args[] = {
    ARG ("values", IN, NONE, T (ARRAY, .is_pointer = TRUE, .element = &element, .length_arg = 1)),
    ARG ("n", INOUT, NONE, T (INT32), .length_of = 0),
  };

  g_test_summary ("An array whose length changes during the call is refused");

  check_refusal (args, 2, (ConvokeArgInfo) NOTHING, "argument 'values' of method is an array whose length goes another way");
}

static void
test_native (void)
{
  ConvokeArgInfo args[] = { ARG ("a", IN, NONE, T (INT8)), ARG ("b", OUT, NONE, T (INT8)) };
  ConvokeMethodInfo method = { .callable = {
    .name = (char *) "method", .n_args = 2, .args = args, .ret = RET (NONE, T (BOOLEAN)), .throws = TRUE, .is_method = TRUE } };
  g_autoptr (GError) error = NULL;
  Callable view = { .plan = convoke_plan_get (&method.callable, &error) };
  ffi_cif *cif;

  g_test_summary ("The native arguments are the instance, what the method takes, and the GError**");

  g_assert_no_error (error);
  g_assert_cmpuint (convoke_plan_get_n_native (view.plan), ==, 4);
  cif = convoke_plan_get_cif (view.plan);
  g_assert_cmpuint (cif->nargs, ==, 4);
  g_assert_true (cif->arg_types[1] == &ffi_type_sint8);
  g_assert_true (cif->arg_types[2] == &ffi_type_pointer);
  g_assert_true (cif->rtype == &ffi_type_sint32);
  g_assert_true (convoke_plan_get (&method.callable, NULL) == view.plan);
  g_assert_true (convoke_plan_get_callable (view.plan) == &method.callable);
  callable_wipe (&view);
}

/* --- calls --- */

static struct
{
  gpointer instance;
  gint32   number;
  guint32  unsigned_number;
  gint64   wide;
  guint8   narrow;
} seen;

static gint32
take_words (gpointer instance,
            gint32   number,
            guint32  unsigned_number,
            gint64   wide)
{
  seen.instance = instance;
  seen.number = number;
  seen.unsigned_number = unsigned_number;
  seen.wide = wide;
  return -7;
}

static double
take_mixed (gpointer instance,
            guint8   narrow)
{
  seen.instance = instance;
  seen.narrow = narrow;
  return 0.5;
}

static void
take_only (gpointer instance)
{
  seen.instance = instance;
}

static void
call (ConvokeArgInfo  *args,
      guint            n_args,
      ConvokeArgInfo   ret,
      GCallback        slot,
      void           **values,
      gpointer         result)
{
  ConvokeMethodInfo method = { .callable = {
    .name = (char *) "method", .n_args = n_args, .args = args, .ret = ret, .is_method = TRUE } };
  g_autoptr (GError) error = NULL;
  Callable view = { .plan = convoke_plan_get (&method.callable, &error) };

  g_assert_no_error (error);
  memset (&seen, 0, sizeof seen);
  convoke_plan_call (view.plan, slot, result, values);
  callable_wipe (&view);
}

static void
test_call_with_words (void)
{
  ConvokeArgInfo args[] = {
    ARG ("a", IN, NONE, T (INT32)), ARG ("b", IN, NONE, T (UINT32)), ARG ("c", IN, NONE, T (INT64)),
  };
  gpointer instance = &seen;
  gint32 number = -5;
  guint32 unsigned_number = G_MAXUINT32;
  gint64 wide = G_MININT64;
  ffi_sarg result = 1;

  g_test_summary ("Numbers and pointers arrive whole, and so does a number that comes back");

  call (args, 3, (ConvokeArgInfo) RET (NONE, T (INT32)), G_CALLBACK (take_words),
        (void *[]) { &instance, &number, &unsigned_number, &wide }, &result);
  g_assert_true (seen.instance == instance);
  g_assert_cmpint (seen.number, ==, -5);
  g_assert_cmpuint (seen.unsigned_number, ==, G_MAXUINT32);
  g_assert_cmpint (seen.wide, ==, G_MININT64);
  g_assert_cmpint (result, ==, -7);
}

static void
test_call_with_others (void)
{
  ConvokeArgInfo args[] = { ARG ("a", IN, NONE, T (UINT8)) };
  gpointer instance = &seen;
  guint8 narrow = 200;
  double result = 0;

  g_test_summary ("What does not fill a register arrives all the same");

  call (args, 1, (ConvokeArgInfo) RET (NONE, T (DOUBLE)), G_CALLBACK (take_mixed), (void *[]) { &instance, &narrow }, &result);
  g_assert_true (seen.instance == instance);
  g_assert_cmpuint (seen.narrow, ==, 200);
  g_assert_cmpfloat (result, ==, 0.5);
}

static void
test_call_without_result (void)
{
  gpointer instance = &seen;
  guint64 result = 42;

  g_test_summary ("Where nothing comes back nothing is written");

  call (NULL, 0, (ConvokeArgInfo) NOTHING, G_CALLBACK (take_only), (void *[]) { &instance }, &result);
  g_assert_true (seen.instance == instance);
  g_assert_cmpuint (result, ==, 42);
}

static void
test_references (void)
{
  ConvokeTypeInfo object = TYPE (INTERFACE, .is_pointer = TRUE);
  ConvokeArgInfo with[] = { ARG ("a", IN, NONE, T (LIST, .element = &object)) };
  ConvokeArgInfo without[] = { ARG ("a", IN, NONE, T (OBJECT, .type_name = (char *) "GCancellable")) };
  Callable callable;

  g_test_summary ("Only interfaces, plain objects, values and callbacks have to be mapped, containers included");

  callable_init (&callable, "with", with, 1, (ConvokeArgInfo) NOTHING);
  g_assert_true (convoke_plan_has_references (callable.plan));
  callable_wipe (&callable);

  callable_init (&callable, "without", without, 1, (ConvokeArgInfo) NOTHING);
  g_assert_false (convoke_plan_has_references (callable.plan));
  callable_wipe (&callable);
}

/* --- many threads --- */

#define N_THREADS 8

typedef struct
{
  ConvokeCallableInfo *info;
  GMutex               lock;
  GCond                cond;
  guint                ready;   /* LOCK: lock */
} Race;

static gpointer
get_plan_at_once (gpointer data)
{
  Race *race = data;

  g_mutex_lock (&race->lock);
  race->ready++;
  g_cond_broadcast (&race->cond);
  while (race->ready < N_THREADS)
    g_cond_wait (&race->cond, &race->lock);
  g_mutex_unlock (&race->lock);

  return (gpointer) convoke_plan_get (race->info, NULL);
}

static void
test_threads (void)
{
  ConvokeArgInfo args[] = { ARG ("a", IN, NONE, T (UTF8)) };
  ConvokeCallableInfo info = { .name = (char *) "method", .n_args = 1, .args = args, .ret = NOTHING };
  Race race = { .info = &info };
  GThread *threads[N_THREADS];
  Callable view;

  g_test_summary ("Threads that ask for a plan at once get the same one");

  g_mutex_init (&race.lock);
  g_cond_init (&race.cond);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("plan", get_plan_at_once, &race);
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_true (g_thread_join (threads[i]) == convoke_plan_get (&info, NULL));
  g_mutex_clear (&race.lock);
  g_cond_clear (&race.cond);

  view.plan = info.plan;
  view.storage = NULL;
  callable_wipe (&view);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/plan/refusals", test_refusals);
  g_test_add_func ("/gobj/plan/refused-result", test_refused_result);
  g_test_add_func ("/gobj/plan/refused-length", test_refused_length);
  g_test_add_func ("/gobj/plan/native", test_native);
  g_test_add_func ("/gobj/plan/call-with-words", test_call_with_words);
  g_test_add_func ("/gobj/plan/call-with-others", test_call_with_others);
  g_test_add_func ("/gobj/plan/call-without-result", test_call_without_result);
  g_test_add_func ("/gobj/plan/references", test_references);
  g_test_add_func ("/gobj/plan/threads", test_threads);

  return g_test_run ();
}
