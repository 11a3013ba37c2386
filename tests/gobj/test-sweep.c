/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Modules that nobody uses any more, and the class objects of keyfiles' classes. */

#include "component-fixture.h"
#include "modules/test-swept.h"

#define MODULE "test-swept"

static TestSwept *
get_swept (void)
{
  static TestSwept *swept;
  g_autofree char *path = test_module_path ("lib" MODULE ".so");
  GModule *module;

  if (swept != NULL)
    return swept;

  module = g_module_open (path, G_MODULE_BIND_LOCAL);
  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, "test_swept", (gpointer *) &swept));
  g_module_make_resident (module);
  return swept;
}

static GObject *
activate_full (const TestShop     *shop,
               const char         *type,
               GType               iface,
               ConvokeActivation  *activation,
               GError            **error)
{
  test_shop_register (shop, TEST_CLASS, MODULE, type, "Threading=any");
  return convoke_catalog_activate (shop->catalog, TEST_CLASS, iface, activation, NULL, error);
}

static GObject *
activate (const TestShop *shop,
          const char     *type)
{
  g_autoptr (GError) error = NULL;
  GObject *object = activate_full (shop, type, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, &error);

  g_assert_no_error (error);
  return object;
}

static GObject *
dup_class_object (const TestShop     *shop,
                  const char         *more,
                  ConvokeActivation  *activation,
                  GError            **error)
{
  test_shop_register (shop, TEST_CLASS, MODULE, "Plain", more);
  return convoke_catalog_dup_class_object (shop->catalog, TEST_CLASS, CONVOKE_TYPE_CLASS_FACTORY, activation, error);
}

static gboolean
has_module (char **files)
{
  for (; *files != NULL; files++)
    if (g_str_has_suffix (*files, "lib" MODULE ".so"))
      return TRUE;

  return FALSE;
}

/* The module is in one of the lists. */
static gboolean
sweep (void)
{
  g_auto (GStrv) unused = NULL;
  g_auto (GStrv) in_use = NULL;

  convoke_sweep_modules (&unused, &in_use);
  g_assert_true (has_module (unused) != has_module (in_use));
  return has_module (unused);
}

static void
begin (TestShop *shop)
{
  TestSwept *swept = get_swept ();

  test_shop_init (shop);
  swept->stays = FALSE;
  swept->creating = NULL;
  convoke_sweep_modules (NULL, NULL);
  g_assert_cmpint (swept->n_factories, ==, 0);
  swept->n_asked = swept->n_questions = 0;
}

/* --- the sweep --- */

static void
test_nothing_opened (void)
{
  g_auto (GStrv) unused = NULL;
  g_auto (GStrv) in_use = NULL;

  g_test_summary ("OM-41: a process that loaded no module has nothing to sweep");

  convoke_sweep_modules (&unused, &in_use);
  g_assert_cmpuint (g_strv_length (unused), ==, 0);
  g_assert_cmpuint (g_strv_length (in_use), ==, 0);
}

static void
test_live_object (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();
  GObject *object;

  g_test_summary ("T-OM-23, OM-41: a module with a live object is in use; after it died the module is unused and its factory gone");

  begin (&shop);
  object = activate (&shop, "Plain");
  g_assert_false (sweep ());
  g_assert_cmpint (swept->n_factories, ==, 1);
  g_assert_cmpint (swept->n_questions, ==, 0);

  g_assert_finalize_object (object);
  g_assert_cmpint (swept->n_factories, ==, 1);
  g_assert_true (sweep ());
  g_assert_cmpint (swept->n_factories, ==, 0);
}

static void
test_again (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();

  g_test_summary ("P-13, OM-41: a module that was swept stays mapped, and is asked again when its class is activated");

  begin (&shop);
  g_object_unref (activate (&shop, "Plain"));
  g_object_unref (activate (&shop, "Plain"));
  g_assert_cmpint (swept->n_asked, ==, 1);

  g_assert_true (sweep ());
  g_object_unref (activate (&shop, "Plain"));
  g_assert_cmpint (swept->n_asked, ==, 2);
  g_assert_cmpint (swept->n_opened, ==, 1);
}

static void
test_own_answer (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();

  g_test_summary ("OM-41: a module that says that it cannot be unloaded stays in use, until it says otherwise");

  begin (&shop);
  g_object_unref (activate (&shop, "Plain"));
  swept->stays = TRUE;
  g_assert_false (sweep ());
  g_assert_cmpint (swept->n_questions, ==, 1);
  g_assert_cmpint (swept->n_factories, ==, 1);

  swept->stays = FALSE;
  g_assert_true (sweep ());
  g_assert_cmpint (swept->n_factories, ==, 0);
}

static void
test_locked (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();
  g_autoptr (GObject) factory = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-40, OM-41: a module of which a factory is locked is in use until the last lock is gone");

  begin (&shop);
  factory = dup_class_object (&shop, "", NULL, &error);
  g_assert_no_error (error);
  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (factory), TRUE, NULL);
  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (factory), TRUE, NULL);
  g_assert_false (sweep ());
  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (factory), FALSE, NULL);
  g_assert_false (sweep ());
  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (factory), FALSE, NULL);
  g_assert_true (sweep ());

  /* What somebody has lives on. */
  g_assert_cmpint (swept->n_factories, ==, 1);
  g_assert_finalize_object (g_steal_pointer (&factory));
}

static void
test_by_class_object (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) factory = NULL;
  g_autoptr (GObject) object = NULL;

  g_test_summary ("OM-41: what is made by a class object that somebody has is counted too, also after the factory was swept");

  begin (&shop);
  factory = dup_class_object (&shop, "", NULL, NULL);
  g_assert_true (sweep ());
  object = convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (factory), NULL, G_TYPE_OBJECT, NULL);
  g_assert_nonnull (object);
  g_assert_false (sweep ());
  g_clear_object (&object);
  g_assert_true (sweep ());
}

static gboolean swept_meanwhile;

static void
sweep_meanwhile (void)
{
  swept_meanwhile = sweep ();
}

static void
test_meanwhile (void)
{
  g_auto (TestShop) shop = { 0 };

  g_test_summary ("OM-41: a module that makes an object is in use");

  begin (&shop);
  swept_meanwhile = TRUE;
  get_swept ()->creating = sweep_meanwhile;
  g_object_unref (activate (&shop, "Plain"));
  g_assert_false (swept_meanwhile);
  g_assert_true (sweep ());
}

static void
test_same_object (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();

  g_test_summary ("OM-41: an object that a factory gives again and again is one live object");

  begin (&shop);
  g_object_unref (activate (&shop, "Only"));
  g_object_unref (activate (&shop, "Only"));
  g_assert_false (sweep ());
  g_assert_finalize_object (g_steal_pointer (&swept->only));
  g_assert_true (sweep ());
}

static void
test_no_instance (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-41: an activation that fails leaves nothing in use");

  begin (&shop);
  g_assert_null (activate_full (&shop, "Plain", G_TYPE_ACTION, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_true (sweep ());
}

static gpointer
come_and_go (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      GError *error = NULL;
      GObject *object = convoke_catalog_activate (data, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error);

      g_assert_no_error (error);
      g_object_unref (object);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_auto (TestShop) shop = { 0 };
  GThread *threads[4];

  g_test_summary ("OM-41: threads activate while others sweep; in the end nothing is in use, and nothing left");

  begin (&shop);
  g_object_unref (activate (&shop, "Plain"));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("come-and-go", come_and_go, shop.catalog);
  for (guint i = 0; i < 200; i++)
    sweep ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_true (sweep ());
  g_assert_cmpint (get_swept ()->n_factories, ==, 0);
}

/* --- class objects of keyfiles' classes --- */

static void
test_class_object (void)
{
  g_auto (TestShop) shop = { 0 };
  TestSwept *swept = get_swept ();
  g_autoptr (GObject) factory = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: the class object of a keyfile's class is the factory of its module; nothing is made");

  begin (&shop);
  factory = dup_class_object (&shop, "", NULL, &error);
  g_assert_no_error (error);
  again = dup_class_object (&shop, "", NULL, &error);
  g_assert_true (factory == again);
  g_assert_cmpint (swept->n_asked, ==, 1);
}

static void
test_class_object_elsewhere (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GObject) factory = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8: a class that lives elsewhere has no class object here, unless it is asked for in-process");

  begin (&shop);
  g_assert_null (dup_class_object (&shop, "Distance=process", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_message (&error, TEST_CLASS);
  g_assert_cmpint (get_swept ()->n_asked, ==, 0);

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_IN_PROCESS, CONVOKE_PLACEMENT_DEFAULT);
  factory = dup_class_object (&shop, "Distance=process", activation, &error);
  g_assert_no_error (error);
  g_assert_true (CONVOKE_IS_CLASS_FACTORY (factory));
}

static void
test_class_object_fails (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: what keeps a class from being loaded is told for its class object, too");

  begin (&shop);
  test_shop_register (&shop, TEST_CLASS, "no-such-module", "Plain", "");
  g_assert_null (convoke_catalog_dup_class_object (shop.catalog, TEST_CLASS, G_TYPE_OBJECT, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

/* --- what a module's factory is asked for --- */

static void
test_asked_for (void)
{
  static const ConvokeDistance distances[] = { CONVOKE_DISTANCE_IN_PROCESS, CONVOKE_DISTANCE_THREAD };
  g_auto (TestShop) shop = { 0 };

  g_test_summary ("OM-38: the factory of a module is asked for the interface that is wanted, in process and on a thread");

  begin (&shop);
  for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
    {
      g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
      g_autoptr (GObject) object = NULL;

      get_swept ()->iface = G_TYPE_INVALID;
      convoke_activation_set_distance (activation, distances[i], CONVOKE_PLACEMENT_MUST);
      object = activate_full (&shop, "Plain", CONVOKE_TEST_TYPE_PRICE_FEED, activation, NULL);
      g_assert_nonnull (object);
      g_assert_true (get_swept ()->iface == CONVOKE_TEST_TYPE_PRICE_FEED);
    }
}

static void
test_part (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (ConvokeComponent) outer = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-19, OM-41: a keyfile's class becomes a part of an outer, and its module is in use as long as that lives");

  begin (&shop);
  convoke_require ("Gio", "2.0", &error);
  g_assert_no_error (error);
  convoke_composition_reserve (composition, G_TYPE_LIST_MODEL);
  outer = convoke_composition_create (composition, &error);
  g_assert_no_error (error);

  convoke_activation_set_outer (activation, outer);
  object = activate_full (&shop, "Part", G_TYPE_OBJECT, activation, &error);
  g_assert_no_error (error);
  g_assert_true (object == G_OBJECT (outer));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (outer)), ==, 0);
  g_assert_false (sweep ());

  g_clear_object (&object);
  g_clear_object (&activation);
  g_assert_finalize_object (g_steal_pointer (&outer));
  g_assert_true (sweep ());
}

/* --- classes of run time --- */

static void
test_bound_elsewhere (void)
{
  g_autoptr (ConvokeClassFactory) factory = convoke_class_factory_new_for_type (CONVOKE_TEST_TYPE_SERVER);
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_dup_default ();
  guint64 cookie = convoke_register_class_object (TEST_CLASS, G_OBJECT (factory), 0, NULL);
  g_autoptr (GObject) made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D11: an object of a class of run time is given as it is where its code may run, else as its proxy");

  made = convoke_catalog_activate (catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (convoke_is_proxy (made));
  g_clear_object (&made);

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  convoke_type_set_threading (CONVOKE_TEST_TYPE_SERVER, CONVOKE_THREADING_SERIAL);
  made = convoke_catalog_activate (catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_is_proxy (made));
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (made)), ==, 42);
  convoke_revoke_class_object (cookie, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* Before any module is opened. */
  g_test_add_func ("/gobj/sweep/nothing-opened", test_nothing_opened);
  g_test_add_func ("/gobj/sweep/live-object", test_live_object);
  g_test_add_func ("/gobj/sweep/again", test_again);
  g_test_add_func ("/gobj/sweep/own-answer", test_own_answer);
  g_test_add_func ("/gobj/sweep/locked", test_locked);
  g_test_add_func ("/gobj/sweep/by-class-object", test_by_class_object);
  g_test_add_func ("/gobj/sweep/meanwhile", test_meanwhile);
  g_test_add_func ("/gobj/sweep/same-object", test_same_object);
  g_test_add_func ("/gobj/sweep/no-instance", test_no_instance);
  g_test_add_func ("/gobj/sweep/threads", test_threads);
  g_test_add_func ("/gobj/sweep/part", test_part);
  g_test_add_func ("/gobj/class-object/module", test_class_object);
  g_test_add_func ("/gobj/class-object/elsewhere", test_class_object_elsewhere);
  g_test_add_func ("/gobj/class-object/fails", test_class_object_fails);
  g_test_add_func ("/gobj/class-object/asked-for", test_asked_for);
  g_test_add_func ("/gobj/class-table/bound-elsewhere", test_bound_elsewhere);

  return g_test_run ();
}
