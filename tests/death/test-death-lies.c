/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A host that breaks the protocol: what it says is refused, and nobody but it suffers. */

#include "death-case.h"

#include <signal.h>
#include <string.h>

typedef struct
{
  const char *crime;
  int         code;    /* of the call, or of the activation */
} Claim;

static const Claim bad_starts[] = {
  { "no-hello", CONVOKE_ERROR_TIMEOUT },
  { "another-protocol", CONVOKE_ERROR_PROTOCOL },
  { "another-version", CONVOKE_ERROR_VERSION_MISMATCH },
  { "activate-never", CONVOKE_ERROR_TIMEOUT },
  { "activate-nonsense", CONVOKE_ERROR_PROTOCOL },
  { "activate-bad-failure", CONVOKE_ERROR_PROTOCOL },
  { "activate-foreign", CONVOKE_ERROR_PROTOCOL },
  { "activate-undescribed", CONVOKE_ERROR_PROTOCOL },
  { "activate-half", CONVOKE_ERROR_SERVER_EXEC_FAILURE },
};

static const Claim bad_answers[] = {
  { "foreign", CONVOKE_ERROR_PROTOCOL },
  { "of-another-time", CONVOKE_ERROR_PROTOCOL },
  { "half-and-dead", CONVOKE_ERROR_SERVER_DIED },
  { "less", CONVOKE_ERROR_PROTOCOL },
  { "more", CONVOKE_ERROR_PROTOCOL },
  { "too-long", CONVOKE_ERROR_PROTOCOL },
  { "too-short", CONVOKE_ERROR_PROTOCOL },
  { "unknown-kind", CONVOKE_ERROR_PROTOCOL },
  { "hello-again", CONVOKE_ERROR_PROTOCOL },
  { "bad-failure", CONVOKE_ERROR_PROTOCOL },
  { "bad-goodbye", CONVOKE_ERROR_PROTOCOL },
  { "bad-call", CONVOKE_ERROR_PROTOCOL },
  { "bad-signal", CONVOKE_ERROR_PROTOCOL },
  { "descriptor-missing", CONVOKE_ERROR_PROTOCOL },
  { "release-never", CONVOKE_ERROR_PROTOCOL },
  { "types", CONVOKE_ERROR_PROTOCOL },
};

/* It goes on and never answers. */
static const Claim no_answers[] = {
  { "half-and-silent", CONVOKE_ERROR_TIMEOUT },
  { "progress", CONVOKE_ERROR_TIMEOUT },
};

static char *
make_lines (const char *crime)
{
  return g_strdup_printf ("Isolation=instance\nEnvironment=DEATH_CRIME=%s", crime);
}

static void
start (DeathCase  *death,
       const char *crime)
{
  g_autofree char *lines = make_lines (crime);

  death_case_start (death, lines);
}

static void
test_start (gconstpointer data)
{
  const Claim *claim = data;
  g_autofree char *lines = make_lines (claim->crime);
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D5: an activation that is answered wrongly fails, with what was wrong");

  death_case_init (&death, lines);
  g_assert_false (death_case_activate (&death, claim->code == CONVOKE_ERROR_TIMEOUT ? 200000 : DEATH_PATIENCE, &error));
  g_assert_error (error, CONVOKE_ERROR, claim->code);
  death_case_clear (&death);
}

static void
test_synchronous (gconstpointer data)
{
  const Claim *claim = data;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D5, P-4: a call that is answered wrongly ends, with what was wrong");

  start (&death, claim->crime);
  g_assert_cmpint (death_victim_add_one (death.victim, 1, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, claim->code);
  death_case_clear (&death);
}

static void
finish (ConvokeCall *call,
        int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_call_finish (call, "add_one", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static ConvokeCall *
begin (DeathCase *death,
       gint64     timeout)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (death->victim), DEATH_TYPE_VICTIM, &error);

  g_assert_no_error (error);
  convoke_call_set_timeout (call, timeout);
  g_assert_true (convoke_call_begin (call, "add_one", &error, 1));
  g_assert_no_error (error);
  return call;
}

static void
test_begun (gconstpointer data)
{
  const Claim *claim = data;
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("D5, P-4: the same for a begun call");

  start (&death, claim->crime);
  call = begin (&death, 0);
  finish (call, claim->code);
  g_clear_object (&call);
  death_case_clear (&death);
}

static void
test_no_answer (gconstpointer data)
{
  const Claim *claim = data;
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("P-1: a call that is never answered ends at its deadline, whatever else comes");

  start (&death, claim->crime);
  call = begin (&death, 50000);
  finish (call, claim->code);
  g_clear_object (&call);
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

static void
test_twice (void)
{
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("P-4: the first of two answers counts; the second ends the connection, and no other call takes it");

  start (&death, "twice");
  g_assert_cmpint (death_victim_add_one (death.victim, 1, &error), ==, 42);
  g_assert_no_error (error);
  g_assert_cmpint (death_victim_add_one (death.victim, 1, &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "does not wait for an answer"));
  death_case_clear (&death);
}

static void
test_activated_twice (void)
{
  gint64 deadline = g_get_monotonic_time () + DEATH_PATIENCE;
  g_autofree char *lines = make_lines ("activate-twice");
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("P-4: the same for two answers to an activation, of which the second can be read before the first is looked at");

  death_case_init (&death, lines);
  death_case_activate (&death, DEATH_PATIENCE, &error);
  while (error == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      death_victim_add_one (death.victim, 1, &error);
    }
  g_assert_nonnull (strstr (error->message, "does not wait for an answer"));
  death_case_clear (&death);
}

static void
test_swapped (void)
{
  ConvokeCall *calls[2];
  int answers[2] = { 0, 0 };
  DeathCase death;

  g_test_summary ("P-4: a host that answers another call than it was asked ends that one, once");

  start (&death, "swapped");
  for (int i = 0; i < 2; i++)
    calls[i] = begin (&death, 0);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (convoke_call_wait (calls[i], DEATH_PATIENCE, NULL));
      g_assert_true (convoke_call_finish (calls[i], "add_one", &error, &answers[i]));
      g_assert_no_error (error);
      g_object_unref (calls[i]);
    }
  g_assert_cmpint (answers[0], ==, 2);
  g_assert_cmpint (answers[1], ==, 1);
  /* A true host would go by itself. */
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

static void
test_harmless (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D5: what means nothing is answered or passed over");

  start (&death, data);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (death_victim_add_one (death.victim, 1, &error), ==, 42);
      g_assert_no_error (error);
    }
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

/* The descriptor is not kept, whatever becomes of the call. */
static void
test_hidden_descriptor (void)
{
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D5: descriptors that no message announced are closed, and end the connection");

  start (&death, "descriptor-hidden");
  for (int i = 0; i < 2 && error == NULL; i++)
    death_victim_add_one (death.victim, 1, &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "descriptors"));
  death_case_clear (&death);
}

static void
add_all (const char    *name,
         const Claim   *claims,
         gsize          n_claims,
         GTestDataFunc  func)
{
  for (gsize i = 0; i < n_claims; i++)
    {
      g_autofree char *path = g_strdup_printf ("/death/lies/%s/%s", name, claims[i].crime);

      g_test_add_data_func (path, &claims[i], func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *liar = NULL;

  g_test_init (&argc, &argv, NULL);
  death_case_prepare ();
  liar = g_test_build_filename (G_TEST_BUILT, "death", "liar", NULL);
  g_setenv ("CONVOKE_HOST_PATH", liar, TRUE);

  add_all ("start", bad_starts, G_N_ELEMENTS (bad_starts), test_start);
  add_all ("synchronous", bad_answers, G_N_ELEMENTS (bad_answers), test_synchronous);
  add_all ("begun", bad_answers, G_N_ELEMENTS (bad_answers), test_begun);
  add_all ("no-answer", no_answers, G_N_ELEMENTS (no_answers), test_no_answer);
  g_test_add_func ("/death/lies/twice", test_twice);
  g_test_add_func ("/death/lies/activated-twice", test_activated_twice);
  g_test_add_func ("/death/lies/swapped", test_swapped);
  g_test_add_data_func ("/death/lies/object-never", "object-never", test_harmless);
  g_test_add_data_func ("/death/lies/none", "none", test_harmless);
  g_test_add_func ("/death/lies/hidden-descriptor", test_hidden_descriptor);

  return death_case_run ();
}
