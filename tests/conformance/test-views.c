/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every way to learn of a call's end, at one distance: test-views DISTANCE.
 *
 * There is one engine: however the call ends, and wherever the object lives,
 * each view is told once (P-4), and of the same (P-12).
 */

#include <string.h>

#include <convoke-test.h>

#include "place.h"
#include "together.h"
#include "view.h"

static const char *distance;

static const View * const views[] = {
  &view_wait, &view_context, &view_completion_queue, &view_gio, &view_callback, &view_handle,
  &view_port, &view_messages,
};

static GObject *
activate (void)
{
  return conformance_activate ("c", distance, "ViewServer", CONVOKE_TEST_TYPE_PRICE_FEED);
}

/* A component of this context runs here meanwhile. */
static void
wait_told (const View *view,
           gpointer    self)
{
  gint64 limit = g_get_monotonic_time () + CONFORMANCE_LIMIT;

  while (view->told (self) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, limit);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
finish (const View *view,
        gpointer    self,
        Outcome    *outcome)
{
  wait_told (view, self);
  view->end (self, outcome);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* What waits on the call object finds it idle now. */
  g_assert_cmpuint (view->told (self), ==, view == &view_wait ? 0 : 1);
  view->free (self);
}

static void
learn (const View *view,
       GObject    *feed,
       const char *item,
       gint64      timeout,
       Outcome    *outcome)
{
  g_autoptr (GError) error = NULL;
  gpointer self = view->begin (feed, item, timeout, &error);

  *outcome = (Outcome) { -1, NULL };
  g_assert_no_error (error);
  finish (view, self, outcome);
}

static void
test_result (gconstpointer data)
{
  const View *view = data;
  g_autoptr (GObject) feed = activate ();
  Outcome outcome;

  g_test_summary ("P-4: told once of a result");

  for (guint i = 0; i < 10; i++)
    {
      learn (view, feed, "tea", 0, &outcome);
      g_assert_no_error (outcome.error);
      g_assert_cmpfloat (outcome.price, ==, 3);
    }
}

static void
test_later (gconstpointer data)
{
  g_autoptr (GObject) feed = activate ();
  Outcome outcome;

  g_test_summary ("SV-6: told once of a result that another thread gives after the method returned");

  learn (data, feed, "later", 0, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpfloat (outcome.price, ==, 5);
}

static void
assert_ends (const View *view,
             const char *item,
             gint64      timeout,
             GQuark      domain,
             int         code)
{
  g_autoptr (GObject) feed = activate ();
  Outcome outcome;

  learn (view, feed, item, timeout, &outcome);
  g_assert_error (outcome.error, domain, code);
  g_clear_error (&outcome.error);

  /* The component answers on. */
  if (!g_str_equal (item, "die"))
    {
      learn (view, feed, "tea", 0, &outcome);
      g_assert_no_error (outcome.error);
    }
}

static void
test_error (gconstpointer data)
{
  g_test_summary ("RA-24: told once of the method's own error, as it was");

  assert_ends (data, "missing", 0, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_deadline (gconstpointer data)
{
  g_test_summary ("P-1: told once of a deadline");

  assert_ends (data, "never", 1000, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_dropped (gconstpointer data)
{
  g_test_summary ("SV-12: told once of a call that the component dropped");

  assert_ends (data, "drop", 0, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_died (gconstpointer data)
{
  g_test_summary ("P-4: told once of a component whose process ended");

  assert_ends (data, "die", 0, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
}

static void
test_cancelled (gconstpointer data)
{
  const View *view = data;
  g_autoptr (GObject) feed = activate ();
  g_autoptr (GError) error = NULL;
  gpointer self = view->begin (feed, "never", 0, &error);
  Outcome outcome = { -1, NULL };

  g_test_summary ("P-6: told once of a cancel");

  g_assert_no_error (error);
  g_assert_cmpuint (view->told (self), ==, 0);
  view->cancel (self);
  finish (view, self, &outcome);
  if (view == &view_gio)
    g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_error (outcome.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

static void
test_several (gconstpointer data)
{
  const View *view = data;
  g_autoptr (GObject) feed = activate ();
  gpointer selves[32];
  g_autoptr (GError) error = NULL;

  g_test_summary ("Calls in progress at the same time do not disturb each other");

  for (guint i = 0; i < G_N_ELEMENTS (selves); i++)
    {
      selves[i] = view->begin (feed, i % 2 == 0 ? "later" : "tea", 0, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (selves); i++)
    {
      Outcome outcome = { -1, NULL };

      finish (view, selves[i], &outcome);
      g_assert_no_error (outcome.error);
      g_assert_cmpfloat (outcome.price, ==, i % 2 == 0 ? 5 : 3);
    }
}

/* --- all at once --- */

static void
test_together (void)
{
  g_autoptr (GObject) feed = activate ();
  Outcome outcome = { -1, NULL };

  g_test_summary ("One engine, thin views: all of them on one call are told once, of a result");

  together_learn (feed, "tea", 0, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpfloat (outcome.price, ==, 3);
  together_learn (feed, "later", 0, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpfloat (outcome.price, ==, 5);
}

static void
assert_ends_together (const char *item,
                      gint64      timeout,
                      GQuark      domain,
                      int         code)
{
  g_autoptr (GObject) feed = activate ();
  Outcome outcome = { -1, NULL };

  together_learn (feed, item, timeout, &outcome);
  g_assert_error (outcome.error, domain, code);
  g_clear_error (&outcome.error);
}

static void
test_together_fails (void)
{
  g_test_summary ("P-12: all views on one call are told once of the same error, domain, code and message");

  assert_ends_together ("missing", 0, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  assert_ends_together ("drop", 0, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
  assert_ends_together ("never", 1000, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  if (g_str_equal (distance, "process"))
    assert_ends_together ("die", 0, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
}

static void
add (const View     *view,
     const char     *claim,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/conformance/views/%s/%s/%s", view->name, distance, claim);

  g_test_add_data_func (path, view, func);
}

static void
add_together (const char *claim,
              GTestFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/conformance/views/together/%s/%s", distance, claim);

  g_test_add_func (path, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  distance = argv[1];

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      add (views[i], "result", test_result);
      add (views[i], "later", test_later);
      add (views[i], "error", test_error);
      add (views[i], "deadline", test_deadline);
      add (views[i], "dropped", test_dropped);
      add (views[i], "cancelled", test_cancelled);
      add (views[i], "several", test_several);
      if (g_str_equal (distance, "process"))
        add (views[i], "died", test_died);
    }

  add_together ("result", test_together);
  add_together ("fails", test_together_fails);

  return g_test_run ();
}
