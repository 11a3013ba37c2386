/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Components that are made with properties, at every distance. */

#include "../gobj/component-fixture.h"

/* Where the fixture looks from. */
#define MODULE "../../marshal/made-feed"

/* --- what is asked for --- */

typedef struct
{
  TestShop           shop;
  ConvokeActivation *activation;
  const char        *type;
  const char        *more;
} Fixture;

static void
fixture_init (Fixture       *self,
              gconstpointer  distance)
{
  test_shop_init (&self->shop);
  self->activation = convoke_activation_new ();
  self->type = "MadeFeed";
  self->more = "";
  convoke_activation_set_distance (self->activation, GPOINTER_TO_INT (distance), CONVOKE_PLACEMENT_MUST);
}

static void
fixture_clear (Fixture       *self,
               gconstpointer  distance)
{
  g_object_unref (self->activation);
  test_shop_clear (&self->shop);
}

static void
wish_int (Fixture    *self,
          const char *name,
          int         number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static void
wish_double (Fixture    *self,
             const char *name,
             double      number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, number);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static void
wish_string (Fixture    *self,
             const char *name,
             const char *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static void
wish_object (Fixture    *self,
             const char *name,
             gpointer    object)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_OBJECT_TYPE (object));
  g_value_set_object (&value, object);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static void
wish_nothing (Fixture    *self,
              const char *name)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_OBJECT);
  convoke_activation_set_construct_property (self->activation, name, &value);
}

static GObject *
activate (Fixture  *self,
          GError  **error)
{
  test_shop_register (&self->shop, TEST_CLASS, MODULE, self->type, self->more);
  return convoke_catalog_activate (self->shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, self->activation, NULL, error);
}

static ConvokeTestPriceFeed *
make (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GObject *made = activate (self, &error);

  g_assert_no_error (error);
  return CONVOKE_TEST_PRICE_FEED (made);
}

static double
ask (ConvokeTestPriceFeed *feed,
     const char           *item)
{
  g_autoptr (GError) error = NULL;
  double price = convoke_test_price_feed_get_price (feed, item, &error);

  g_assert_no_error (error);
  return price;
}

static guint
count_made (void)
{
  GType type = g_type_from_name ("MadeFeed");

  return type != 0 ? GPOINTER_TO_SIZE (g_type_get_qdata (type, g_quark_from_static_string ("made-feed-count"))) : 0;
}

static void
assert_refused (Fixture    *self,
                int         code,
                const char *words)
{
  g_autoptr (GError) error = NULL;
  guint n_made = count_made ();

  g_assert_null (activate (self, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  assert_message (&error, words);
  g_assert_cmpuint (count_made (), ==, n_made);
}

/* --- values --- */

static void
test_values (Fixture       *self,
             gconstpointer  distance)
{
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("A component is made with the properties that the activation names, also those set at construction only");

  wish_int (self, "number", 3);
  wish_double (self, "fraction", 0.5);
  wish_string (self, "text_line", "Grüße");
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "number"), ==, 3);
  g_assert_cmpfloat (ask (feed, "fraction"), ==, 0.5);
  g_assert_cmpfloat (ask (feed, "text"), ==, 1);
}

static void
test_replaced (Fixture       *self,
               gconstpointer  distance)
{
  g_autoptr (ConvokeTestPriceFeed) first = NULL;
  g_autoptr (ConvokeTestPriceFeed) second = NULL;

  g_test_summary ("What is set once more counts from then on, by either spelling of its name");

  wish_string (self, "text-line", "other");
  first = make (self);
  wish_string (self, "text_line", "Grüße");
  second = make (self);

  g_assert_cmpfloat (ask (first, "text"), ==, 0);
  g_assert_cmpfloat (ask (second, "text"), ==, 1);
}

static void
test_numbers (Fixture       *self,
              gconstpointer  distance)
{
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("A number of another width is taken where it stays the same, and for an enumeration that only the module has");

  wish_double (self, "number", 4);
  wish_int (self, "fraction", 2);
  wish_int (self, "size", 7);
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "number"), ==, 4);
  g_assert_cmpfloat (ask (feed, "fraction"), ==, 2);
  g_assert_cmpfloat (ask (feed, "size"), ==, 7);
}

static void
test_nothing (Fixture       *self,
              gconstpointer  distance)
{
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("No object empties a property of an interface or of text, and is no number");

  wish_nothing (self, "feed");
  wish_nothing (self, "text-line");
  feed = make (self);
  g_assert_cmpfloat (ask (feed, "text"), ==, 0);

  wish_nothing (self, "number");
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'number' of MadeFeed is a gint, and not a GObject");
}

/* --- objects --- */

static void
test_object (Fixture       *self,
             gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;
  gboolean far = GPOINTER_TO_INT (distance) != CONVOKE_DISTANCE_IN_PROCESS;

  g_test_summary ("An object arrives as itself, or as its proxy from elsewhere, and can be called; also where an interface is wanted");

  wish_object (self, "object", server);
  wish_object (self, "feed", server);
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "object-is-proxy"), ==, far);
  g_assert_cmpfloat (ask (feed, "ask-object"), ==, 2);
  g_assert_cmpfloat (ask (feed, "ask-feed"), ==, 2);
  g_assert_cmpuint (convoke_test_server_get_n_calls (server), ==, 2);
  g_assert_true (convoke_test_server_has_run_on (server, convoke_test_get_thread ()));
  g_assert_cmpuint (convoke_test_server_count_threads (server), ==, 1);
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  *(gboolean *) data = TRUE;
}

static void
test_let_go (Fixture       *self,
             gconstpointer  distance)
{
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;
  gboolean gone = FALSE;

  g_test_summary ("The object goes when the component, and the activation that names it, are gone");

  g_object_weak_ref (G_OBJECT (server), gone_cb, &gone);
  wish_object (self, "object", server);
  g_object_unref (server);
  feed = make (self);
  g_clear_object (&feed);
  g_assert_false (gone);

  wish_int (self, "object", 0);
  while (!gone)
    g_main_context_iteration (NULL, TRUE);
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_async (Fixture       *self,
            gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("activate_async takes the properties when it is called");

  wish_object (self, "object", server);
  test_shop_register (&self->shop, TEST_CLASS, MODULE, "MadeFeed", "");
  convoke_catalog_activate_async (self->shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, self->activation,
                                  NULL, ended_cb, &result);
  wish_int (self, "object", 0);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  feed = convoke_catalog_activate_finish (self->shop.catalog, result, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (ask (CONVOKE_TEST_PRICE_FEED (feed), "ask-object"), ==, 2);
}

/* --- what is refused --- */

static void
test_unknown (Fixture       *self,
              gconstpointer  distance)
{
  g_test_summary ("A property that the class does not have is refused, and nothing is made");

  wish_int (self, "colour", 3);
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "MadeFeed has no property 'colour'");
}

static void
test_read_only (Fixture       *self,
                gconstpointer  distance)
{
  g_test_summary ("A property that cannot be written is refused, and nothing is made");

  wish_int (self, "fixed", 3);
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'fixed' of MadeFeed cannot be written");
}

static void
test_wrong_type (Fixture       *self,
                 gconstpointer  distance)
{
  g_test_summary ("A value of another type is refused, with both types, and nothing is made");

  wish_string (self, "number", "3");
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'number' of MadeFeed is a gint, and not a gchararray");
}

static void
test_fraction (Fixture       *self,
               gconstpointer  distance)
{
  g_test_summary ("A number that would not stay the same is refused");

  wish_double (self, "number", 1.5);
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'number' of MadeFeed is a gint, and not a gdouble");
}

static void
test_range (Fixture       *self,
            gconstpointer  distance)
{
  g_test_summary ("A number out of the property's range is refused, not clamped");

  wish_int (self, "number", 101);
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'number' of MadeFeed cannot have this value");
}

static void
test_no_object (Fixture       *self,
                gconstpointer  distance)
{
  g_autoptr (GObject) stranger = g_object_new (G_TYPE_OBJECT, NULL);

  g_test_summary ("An object that does not have the interface that the property wants is refused");

  wish_object (self, "feed", stranger);
  assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'feed' of MadeFeed is a ConvokeTestPriceFeed");
}

static void
test_class (Fixture       *self,
            gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) feed = NULL;

  g_test_summary ("A property that wants a class takes the object itself and no proxy of it");

  wish_object (self, "server", server);
  if (GPOINTER_TO_INT (distance) != CONVOKE_DISTANCE_IN_PROCESS)
    assert_refused (self, CONVOKE_ERROR_INVALID_ARGUMENT, "'server' of MadeFeed is a ConvokeTestServer");
  else
    feed = G_OBJECT (make (self));
}

static void
test_plain_factory (Fixture       *self,
                    gconstpointer  distance)
{
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("A factory that takes no properties says so, and makes instances without");

  self->type = "MadePlainFeed";
  feed = make (self);
  wish_int (self, "number", 3);
  assert_refused (self, CONVOKE_ERROR_NOT_SUPPORTED, "takes no properties");
}

/* --- of one distance --- */

static void
test_serial (Fixture       *self,
             gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("A component that is bound elsewhere by its keyfile gets a proxy, also in the caller's process");

  self->more = "Threading=serial";
  wish_object (self, "object", server);
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "object-is-proxy"), ==, 1);
  g_assert_cmpfloat (ask (feed, "ask-object"), ==, 2);
  g_assert_cmpuint (convoke_test_server_count_threads (server), ==, 1);
  g_assert_true (convoke_test_server_has_run_on (server, convoke_test_get_thread ()));
}

static void
test_pointer (Fixture       *self,
              gconstpointer  distance)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_summary ("A value that cannot cross is refused before anything is started, with the property's name");

  g_value_init (&value, G_TYPE_POINTER);
  convoke_activation_set_construct_property (self->activation, "number", &value);
  assert_refused (self, CONVOKE_ERROR_NOT_SUPPORTED, "'number' holds a gpointer");
}

static void
test_interfaces (Fixture       *self,
                 gconstpointer  distance)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("A proxy has an interface of a library that its process has, also when nobody there has asked for its type yet");

  wish_object (self, "object", actions);
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "object-has-actions"), ==, 1);
}

static void
test_own_interfaces (Fixture       *self,
                     gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("So it has those of the component's Interfaces=, where the library is there before the component");

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("The sanitizer's library must be the first of all");
  return;
#endif
  self->more = "Environment=LD_PRELOAD=libconvoke-test-1.so";
  wish_object (self, "object", server);
  feed = make (self);

  g_assert_cmpfloat (ask (feed, "object-has-feed"), ==, 1);
}

static void
test_revived (Fixture       *self,
              gconstpointer  distance)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D10: what is activated again is made with the same properties");

  self->more = "Restart=yes";
  wish_int (self, "number", 3);
  wish_object (self, "object", server);
  feed = make (self);
  convoke_test_price_feed_get_price (feed, "die", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);

  g_assert_cmpfloat (ask (feed, "number"), ==, 3);
  g_assert_cmpfloat (ask (feed, "ask-object"), ==, 2);
}

/* --- */

typedef void (*Test) (Fixture *self, gconstpointer distance);

static void
add (const char      *where,
     ConvokeDistance  distance,
     const char      *name,
     Test             test)
{
  g_autofree char *path = g_strdup_printf ("/marshal/construct/%s/%s", where, name);

  g_test_add (path, Fixture, GINT_TO_POINTER (distance), fixture_init, test, fixture_clear);
}

static void
add_distance (const char      *where,
              ConvokeDistance  distance)
{
  add (where, distance, "values", test_values);
  add (where, distance, "replaced", test_replaced);
  add (where, distance, "numbers", test_numbers);
  add (where, distance, "nothing", test_nothing);
  add (where, distance, "object", test_object);
  add (where, distance, "let-go", test_let_go);
  add (where, distance, "async", test_async);
  add (where, distance, "unknown", test_unknown);
  add (where, distance, "read-only", test_read_only);
  add (where, distance, "wrong-type", test_wrong_type);
  add (where, distance, "fraction", test_fraction);
  add (where, distance, "range", test_range);
  add (where, distance, "no-object", test_no_object);
  add (where, distance, "class", test_class);
  add (where, distance, "plain-factory", test_plain_factory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_distance ("in-process", CONVOKE_DISTANCE_IN_PROCESS);
  add_distance ("thread", CONVOKE_DISTANCE_THREAD);
  add_distance ("process", CONVOKE_DISTANCE_PROCESS);
  add ("in-process", CONVOKE_DISTANCE_IN_PROCESS, "serial", test_serial);
  add ("process", CONVOKE_DISTANCE_PROCESS, "pointer", test_pointer);
  add ("process", CONVOKE_DISTANCE_PROCESS, "interfaces", test_interfaces);
  add ("process", CONVOKE_DISTANCE_PROCESS, "own-interfaces", test_own_interfaces);
  add ("process", CONVOKE_DISTANCE_PROCESS, "revived", test_revived);

  return g_test_run ();
}
