/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-call.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-call-face.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "test-home.h"

#define LIMIT (60 * G_USEC_PER_SEC)

typedef struct
{
  TestHome          *home;
  ConvokeTestServer *server;
  ConvokeCall       *call;
  gpointer           begin;
  gpointer           finish;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  iface)
{
  g_autoptr (GError) error = NULL;
  GType type = iface == NULL ? CONVOKE_TEST_TYPE_EVERY : CONVOKE_TEST_TYPE_PRICE_FEED;

  self->home = test_home_new ();
  self->server = test_home_bind (self->home, convoke_test_server_new ());
  self->call = convoke_create_call (G_OBJECT (self->server), type, &error);
  g_assert_no_error (error);
  self->begin = convoke_call_dup_begin_face (self->call, &error);
  g_assert_no_error (error);
  self->finish = convoke_call_dup_finish_face (self->call, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *self,
           gconstpointer  iface)
{
  g_object_unref (self->begin);
  g_object_unref (self->finish);
  g_assert_finalize_object (self->call);
  g_object_unref (self->server);
  test_home_free (self->home);
}

static void
wait_for (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  convoke_call_wait (self->call, LIMIT, &error);
  g_assert_no_error (error);
}

static void
assert_begun (Fixture *self)
{
  g_autoptr (GError) error = convoke_dup_last_error (self->begin);

  g_assert_no_error (error);
  wait_for (self);
}

static void
test_price (Fixture       *self,
            gconstpointer  iface)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-1: a method begun on one face is finished on the other");

  g_assert_cmpfloat (convoke_test_price_feed_get_price (self->begin, "tea", &error), ==, 0);
  g_assert_no_error (error);
  wait_for (self);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (self->finish, NULL, &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_test_server_get_n_calls (self->server), ==, 1);
}

static void
test_thrown (Fixture       *self,
             gconstpointer  iface)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) last = NULL;

  g_test_summary ("CF-17: what the method threw comes from finish");

  convoke_test_price_feed_get_price (self->begin, "missing", &error);
  g_assert_no_error (error);
  wait_for (self);
  convoke_test_price_feed_get_price (self->finish, "missing", &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  last = convoke_dup_last_error (self->finish);
  g_assert_error (last, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_states (Fixture       *self,
             gconstpointer  iface)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("P-2, P-3: finish while idle, begin while pending and another method's finish fail, and say why");

  convoke_test_price_feed_get_price (self->finish, "tea", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_clear_error (&error);

  convoke_test_price_feed_get_price (self->begin, "tea", &error);
  g_assert_no_error (error);
  convoke_test_price_feed_get_price (self->begin, "tea", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_clear_error (&error);
  wait_for (self);

  /* A method without a GError says it through the face. */
  text = convoke_test_price_feed_describe (self->finish);
  g_assert_cmpstr (text, ==, "");
  error = convoke_dup_last_error (self->finish);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_clear_error (&error);

  g_assert_cmpfloat (convoke_test_price_feed_get_price (self->finish, "tea", &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_null (convoke_dup_last_error (self->finish));
}

static void
test_faces (Fixture       *self,
            gconstpointer  iface)
{
  g_autoptr (GObject) begin = convoke_call_dup_begin_face (self->call, NULL);
  g_autoptr (GObject) finish = convoke_call_dup_finish_face (self->call, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-12: faces are the same while they are held, and no part of what the call or the object answers");

  g_assert_true ((gpointer) begin == self->begin);
  g_assert_true ((gpointer) finish == self->finish);
  g_assert_true (begin != finish);
  g_assert_false (convoke_is_proxy (begin));
  g_assert_null (convoke_query_interface (G_OBJECT (self->call), CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_types (Fixture       *self,
            gconstpointer  iface)
{
  g_autofree char *appended = g_strdup ("a");
  g_autofree char *twice = NULL;
  g_autoptr (GVariant) echoed = NULL;
  g_autofree int *made = NULL;
  gsize n_made = 0;
  int quotient = 0, remainder = 0;
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-2: begin takes what goes in, finish gives what comes out, and inputs given again are ignored");

  g_assert_cmpuint (convoke_test_every_take_string (self->begin, g_strdup ("four")), ==, 0);
  assert_begun (self);
  g_assert_cmpuint (convoke_test_every_take_string (self->finish, g_strdup ("ignored")), ==, 4);

  convoke_test_every_append (self->begin, &appended);
  assert_begun (self);
  g_assert_null (appended);
  appended = g_strdup ("ignored");
  convoke_test_every_append (self->finish, &appended);
  g_assert_true (g_str_has_prefix (appended, "a"));
  g_assert_cmpuint (strlen (appended), >, 1);

  g_assert_null (convoke_test_every_echo_variant (self->begin, g_variant_new_string ("floating")));
  assert_begun (self);
  echoed = convoke_test_every_echo_variant (self->finish, NULL);
  g_assert_cmpstr (g_variant_get_string (echoed, NULL), ==, "floating");

  convoke_test_every_make_ints (self->begin, 3, &made, &n_made);
  assert_begun (self);
  convoke_test_every_make_ints (self->finish, 0, &made, &n_made);
  g_assert_cmpuint (n_made, ==, 3);

  convoke_test_every_divide (self->begin, 17, 5, NULL, NULL, &error);
  g_assert_no_error (error);
  wait_for (self);
  g_assert_true (convoke_test_every_divide (self->finish, 0, 0, &quotient, &remainder, &error));
  g_assert_no_error (error);
  g_assert_cmpint (quotient, ==, 3);
  g_assert_cmpint (remainder, ==, 2);
}

static void
test_inputs_dropped (Fixture       *self,
                     gconstpointer  iface)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A begin that fails takes what the method would have taken");

  convoke_test_every_take_string (self->begin, g_strdup ("first"));
  convoke_test_every_take_string (self->begin, g_strdup ("second"));
  error = convoke_dup_last_error (self->begin);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  wait_for (self);
  g_assert_cmpuint (convoke_test_every_take_string (self->finish, NULL), ==, 5);
}

static void
test_objects (Fixture       *self,
              gconstpointer  iface)
{
  g_autoptr (ConvokeTestServer) mine = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) back = NULL;

  g_test_summary ("An object that is given to begin comes back from finish as itself");

  convoke_test_every_echo_feed (self->begin, CONVOKE_TEST_PRICE_FEED (mine));
  assert_begun (self);
  back = convoke_test_every_echo_feed (self->finish, NULL);
  g_assert_true ((gpointer) back == (gpointer) mine);
}

static void
test_property (Fixture       *self,
               gconstpointer  iface)
{
  int level;

  g_test_summary ("A face's properties are those of the object that is called");

  g_object_set (self->begin, "level", 3, NULL);
  g_object_get (self->finish, "level", &level, NULL);
  g_assert_cmpint (level, ==, 3);
}

static void
test_fixed_arrays (void)
{
  g_autoptr (ConvokeTestKindServer) server = convoke_test_kind_server_new ();
  g_autoptr (ConvokeCall) call = convoke_create_call (G_OBJECT (server), CONVOKE_TEST_TYPE_KINDS, NULL);
  g_autoptr (GObject) face = convoke_call_dup_begin_face (call, NULL);
  g_autoptr (GVariant) want = convoke_test_parse_value ("mai", "[1, 2, 3]");
  g_autofree int *owned = NULL;
  const int *lent;

  g_test_summary ("D15: an array of a fixed size is there, of zeros, since nobody looks whether it is");

  owned = convoke_test_kinds_return_three_ints (CONVOKE_TEST_KINDS (face), want);
  g_assert_cmpint (owned[0] | owned[1] | owned[2], ==, 0);
  /* This one fails: the other is under way. */
  lent = convoke_test_kinds_return_three_ints_none_or_null (CONVOKE_TEST_KINDS (face), want);
  g_assert_cmpint (lent[0] | lent[1] | lent[2], ==, 0);
}

static void
test_keeps_call (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  ConvokeCall *call = convoke_create_call (G_OBJECT (server), CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  GObject *face = convoke_call_dup_begin_face (call, NULL);

  g_test_summary ("A face keeps its call, and the call does not keep its face");

  g_object_add_weak_pointer (G_OBJECT (call), (gpointer *) &call);
  g_object_unref (call);
  g_assert_nonnull (call);
  g_assert_finalize_object (face);
  g_assert_null (call);
}

#define ADD(path, iface, func) g_test_add (path, Fixture, iface, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  static const char feed[] = "feed";

  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  ADD ("/marshal/call-face/cf-1-price", feed, test_price);
  ADD ("/marshal/call-face/cf-17-thrown", feed, test_thrown);
  ADD ("/marshal/call-face/p-2-states", feed, test_states);
  ADD ("/marshal/call-face/om-12-faces", feed, test_faces);
  ADD ("/marshal/call-face/cf-2-types", NULL, test_types);
  ADD ("/marshal/call-face/inputs-dropped", NULL, test_inputs_dropped);
  ADD ("/marshal/call-face/objects", NULL, test_objects);
  ADD ("/marshal/call-face/property", NULL, test_property);
  g_test_add_func ("/marshal/call-face/d15-fixed-arrays", test_fixed_arrays);
  g_test_add_func ("/marshal/call-face/keeps-call", test_keeps_call);

  return g_test_run ();
}
