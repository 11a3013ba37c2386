/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One aggregate at every distance: the same claims (design D1, D8). */

#include <convoke.h>
#include <convoke-test.h>
#include <glib/gstdio.h>

#define CLASS_NAME "test.Aggregate"

static char            *directory;
static ConvokeCatalog  *catalog;
static ConvokeDistance  distance;

static GObject *
activate (GType iface)
{
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;
  GObject *object;

  convoke_activation_set_distance (activation, distance, CONVOKE_PLACEMENT_MUST);
  object = convoke_catalog_activate (catalog, CLASS_NAME, iface, activation, NULL, &error);
  g_assert_no_error (error);
  return object;
}

static gpointer
query (gpointer object,
       GType    iface)
{
  g_autoptr (GError) error = NULL;
  GObject *found = convoke_query_interface (object, iface, &error);

  g_assert_no_error (error);
  return found;
}

/* --- somebody that a part passes itself to --- */

#define TEST_TYPE_PROBE (test_probe_get_type ())
G_DECLARE_FINAL_TYPE (TestProbe, test_probe, TEST, PROBE, GObject)

struct _TestProbe
{
  GObject  parent_instance;

  GObject *met;
};

static int
test_probe_play (ConvokeTestPartner  *partner,
                 ConvokeTestPartner  *other,
                 int                  depth,
                 GError             **error)
{
  g_set_object (&TEST_PROBE (partner)->met, G_OBJECT (other));
  return 5;
}

static void
partner_init (ConvokeTestPartnerInterface *iface)
{
  iface->play = test_probe_play;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestProbe, test_probe, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PARTNER, partner_init))

static void
test_probe_finalize (GObject *object)
{
  g_clear_object (&TEST_PROBE (object)->met);
  G_OBJECT_CLASS (test_probe_parent_class)->finalize (object);
}

static void
test_probe_class_init (TestProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_probe_finalize;
}

static void
test_probe_init (TestProbe *self)
{
}

/* --- the claims --- */

static void
test_identity (void)
{
  g_autoptr (GObject) object = activate (G_TYPE_OBJECT);
  g_autoptr (GObject) list = query (object, G_TYPE_LIST_MODEL);
  g_autoptr (GObject) feed = query (list, CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autoptr (GObject) partner = query (feed, CONVOKE_TEST_TYPE_PARTNER);
  g_autoptr (GObject) again = query (partner, G_TYPE_OBJECT);
  g_autoptr (GObject) identity = query (object, G_TYPE_OBJECT);

  g_test_summary ("OM-1 to OM-6: the interfaces of the aggregate lead to each other, and to one identity");

  g_assert_true (again == identity);
  g_assert_true (convoke_same_object (list, feed));
  g_assert_true (convoke_same_object (feed, partner));
}

static void
test_methods (void)
{
  g_autoptr (GObject) list = activate (G_TYPE_LIST_MODEL);
  g_autoptr (GObject) feed = query (list, CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Methods of all the parts are called through the one object, and their errors arrive");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (feed), "espresso", &error), >, 0);
  g_assert_no_error (error);
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (feed), "missing", &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_closed_list (void)
{
  g_autoptr (GObject) object = activate (G_TYPE_OBJECT);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-22: what a part has and was not named for is not there");

  g_assert_null (convoke_query_interface (object, CONVOKE_TEST_TYPE_EVERY, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_call_object (void)
{
  g_autoptr (GObject) object = activate (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = convoke_create_call (object, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  double price = 0;

  g_test_summary ("A call object is made for a part's interface as for any other");

  g_assert_no_error (error);
  g_assert_true (convoke_call_begin (call, "get_price", &error, "espresso"));
  g_assert_no_error (error);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_DEFAULT, 20 * G_USEC_PER_SEC, &error));
  g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_cmpfloat (price, >, 0);
}

static void
notified_cb (GObject    *object,
             GParamSpec *pspec,
             gpointer    data)
{
  *(gboolean *) data = TRUE;
}

static void
test_properties (void)
{
  g_autoptr (GObject) feed = activate (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autofree char *currency = NULL;
  gboolean notified = FALSE;

  g_test_summary ("Properties of a part are written, told of, and read");

  g_signal_connect (feed, "notify::currency", G_CALLBACK (notified_cb), &notified);
  g_object_set (feed, "currency", "ISK", NULL);
  while (!notified)
    g_main_context_iteration (NULL, TRUE);
  g_object_get (feed, "currency", &currency, NULL);
  g_assert_cmpstr (currency, ==, "ISK");
  g_signal_handlers_disconnect_by_data (feed, &notified);
}

static void
test_self_out (void)
{
  g_autoptr (GObject) partner = activate (CONVOKE_TEST_TYPE_PARTNER);
  g_autoptr (TestProbe) probe = g_object_new (TEST_TYPE_PROBE, NULL);
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A part that passes itself out passes the aggregate");

  g_assert_cmpint (convoke_test_partner_play (CONVOKE_TEST_PARTNER (partner), CONVOKE_TEST_PARTNER (probe), 1, &error), ==, 6);
  g_assert_no_error (error);
  g_assert_nonnull (probe->met);
  g_assert_true (convoke_same_object (probe->met, partner));
  feed = query (probe->met, CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_nonnull (feed);
}

/* --- parts that live elsewhere --- */

static void
test_proxy_as_part (void)
{
  g_autoptr (GObject) partner = activate (CONVOKE_TEST_TYPE_PARTNER);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
  g_autoptr (TestProbe) probe = g_object_new (TEST_TYPE_PROBE, NULL);
  g_autoptr (ConvokeComponent) made = NULL;
  g_autoptr (GObject) found = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A part of an aggregate can live elsewhere; what it passes as itself comes back as the aggregate");

  convoke_composition_add (composition, G_OBJECT (action));
  convoke_composition_add_interface (composition, partner, CONVOKE_TEST_TYPE_PARTNER);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);

  g_assert_cmpint (convoke_test_partner_play (CONVOKE_TEST_PARTNER (made), CONVOKE_TEST_PARTNER (probe), 1, &error), ==, 6);
  g_assert_no_error (error);
  g_assert_true (convoke_same_object (probe->met, G_OBJECT (made)));
  found = query (probe->met, G_TYPE_ACTION);
  g_assert_true (found == G_OBJECT (made));
}

/* --- */

typedef void (*Claim) (void);

typedef struct
{
  const char *name;
  Claim       claim;
} Named;

static const Named claims[] = {
  { "identity", test_identity },
  { "methods", test_methods },
  { "closed-list", test_closed_list },
  { "call-object", test_call_object },
  { "properties", test_properties },
  { "self-out", test_self_out },
  { "proxy-as-part", test_proxy_as_part },
};

#define RUN_AT(place, where)              \
  static void                             \
  run_ ## place (gconstpointer data)      \
  {                                       \
    distance = where;                     \
    ((const Named *) data)->claim ();     \
  }

RUN_AT (here, CONVOKE_DISTANCE_IN_PROCESS)
RUN_AT (thread, CONVOKE_DISTANCE_THREAD)
RUN_AT (process, CONVOKE_DISTANCE_PROCESS)

static void
add_claims (const char    *prefix,
            GTestDataFunc  run)
{
  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autofree char *path = g_strconcat ("/marshal/aggregate/", prefix, "/", claims[i].name, NULL);

      g_test_add_data_func (path, &claims[i], run);
    }
}

static void
make_catalog (void)
{
  g_autofree char *path = NULL;
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=Gio-2.0.ListModel;ConvokeTest-1.Partner;ConvokeTest-1.PriceFeed;\n"
                                           "Module=%s\n"
                                           "Type=Aggregate\n", g_getenv ("CONVOKE_TEST_AGGREGATE_MODULE"));
  g_autoptr (GError) error = NULL;
  const char *directories[2] = { NULL, NULL };

  directory = g_dir_make_tmp ("convoke-aggregate-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (directory, CLASS_NAME ".component", NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  directories[0] = directory;
  catalog = convoke_catalog_new (directories);
}

static void
remove_catalog (void)
{
  g_autofree char *path = g_build_filename (directory, CLASS_NAME ".component", NULL);

  g_clear_object (&catalog);
  g_remove (path);
  g_rmdir (directory);
  g_free (directory);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  if (!convoke_require ("Gio", "2.0", &error) || !convoke_require ("ConvokeTest", "1", &error))
    g_error ("%s", error->message);
  make_catalog ();

  add_claims ("here", run_here);
  add_claims ("thread", run_thread);
  add_claims ("process", run_process);

  result = g_test_run ();
  remove_catalog ();
  return result;
}
