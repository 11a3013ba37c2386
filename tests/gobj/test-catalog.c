/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The catalog alone: what places components are given to is played here. */

#include "catalog-fixture.h"
#include "convoke-catalog-private.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"

#define CLASS "org.example.Coffee"

/* --- placers that note what they are told --- */

static struct
{
  guint            n[CONVOKE_N_DISTANCES];  /* activations, by distance */
  GThread         *thread;                  /* of the last one */
  gpointer         home;
  gint64           deadline;
  GType            iface;
  GError          *unavailable;             /* (owned) (nullable): why there is no process */
  GError          *failure;                 /* (owned) (nullable): what an activation fails with */

  GWeakRef         made;
  void           (*meanwhile) (gpointer data);
  gpointer         data;
} stage;

static gboolean
is_available (const ConvokeComponentFile  *file,
              GError                     **error)
{
  if (stage.unavailable == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (stage.unavailable));
  return FALSE;
}

static GObject *
activate (ConvokeDistance   distance,
          GType             iface,
          gpointer          home,
          gint64            deadline,
          GError          **error)
{
  GObject *made;

  stage.n[distance]++;
  stage.thread = g_thread_self ();
  stage.home = home;
  stage.deadline = deadline;
  stage.iface = iface;
  if (stage.meanwhile != NULL)
    stage.meanwhile (stage.data);
  if (stage.failure != NULL)
    {
      g_propagate_error (error, g_error_copy (stage.failure));
      return NULL;
    }

  made = G_OBJECT (g_simple_action_new ("brew", NULL));
  g_weak_ref_set (&stage.made, made);
  return made;
}

#define PLACER(name, distance) \
  static GObject * \
  name (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, gpointer home, \
        gint64 deadline, GCancellable *cancellable, GVariantDict *placement, GError **error) \
  { \
    g_variant_dict_insert (placement, "pid", "i", 4711); \
    return activate (distance, iface, home, deadline, error); \
  }
PLACER (activate_in_process, CONVOKE_DISTANCE_IN_PROCESS)
PLACER (activate_thread, CONVOKE_DISTANCE_THREAD)
PLACER (activate_process, CONVOKE_DISTANCE_PROCESS)

static gpointer
dup_home (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
set_stage (void)
{
  g_clear_error (&stage.unavailable);
  g_clear_error (&stage.failure);
  memset (&stage, 0, sizeof stage);

  convoke_hooks.dup_home = dup_home;
  convoke_placers[CONVOKE_DISTANCE_IN_PROCESS] = (ConvokePlacer) { NULL, activate_in_process };
  convoke_placers[CONVOKE_DISTANCE_THREAD] = (ConvokePlacer) { NULL, activate_thread };
  convoke_placers[CONVOKE_DISTANCE_PROCESS] = (ConvokePlacer) { is_available, activate_process };
}

/* --- a catalog --- */

typedef struct
{
  TestDir         dir;
  ConvokeCatalog *catalog;
} Shop;

static void
shop_init (Shop *self)
{
  const char *directories[2] = { NULL, NULL };

  set_stage ();
  test_dir_init (&self->dir);
  directories[0] = self->dir.path;
  self->catalog = convoke_catalog_new (directories);
}

static void
shop_clear (Shop *self)
{
  g_clear_object (&self->catalog);
  test_dir_clear (&self->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shop, shop_clear)

static void
write_file (const TestDir *dir,
            const char    *more)
{
  g_autofree char *text = g_strconcat ("[Component]\nInterfaces=Gio-2.0.Action\nModule=a\nType=b\n", more, NULL);

  g_free (test_dir_write (dir, CLASS ".component", text, -1));
}

static GObject *
shop_activate (const Shop         *self,
               const char         *more,
               ConvokeActivation  *activation,
               GError            **error)
{
  write_file (&self->dir, more);
  return convoke_catalog_activate (self->catalog, CLASS, G_TYPE_ACTION, activation, NULL, error);
}

static ConvokeActivation *
new_activation (ConvokeDistance  distance,
                ConvokePlacement placement)
{
  ConvokeActivation *self = convoke_activation_new ();

  convoke_activation_set_distance (self, distance, placement);
  return self;
}

static void
assert_told (GObject    *object,
             const char *key,
             const char *expected)
{
  g_autoptr (GVariant) placement = convoke_dup_placement (object);
  const char *value = NULL;

  g_assert_nonnull (placement);
  g_assert_true (g_variant_lookup (placement, key, "&s", &value));
  g_assert_cmpstr (value, ==, expected);
}

/* --- where it looks --- */

static void
test_no_class (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-36: a class that nobody registered is NO_CLASS, and the error says where was looked");

  shop_init (&shop);
  g_assert_null (convoke_catalog_activate (shop.catalog, "org.example.Tea", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
  assert_message (&error, shop.dir.path);
}

static void
test_no_directory (void)
{
  const char * const directories[] = { NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-36: a catalog without directories has no classes");

  g_assert_null (convoke_catalog_activate (catalog, CLASS, G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
}

static void
test_class_name_is_no_path (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a class's name is never a path");

  shop_init (&shop);
  g_assert_null (convoke_catalog_activate (shop.catalog, "../" CLASS, G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_first_wins (void)
{
  g_auto (TestDir) first = { NULL };
  g_auto (TestDir) second = { NULL };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (GObject) object = NULL;
  const char *directories[4] = { "/nowhere", NULL, NULL, NULL };

  g_test_summary ("D9: the first file of a name hides those after it");

  set_stage ();
  test_dir_init (&first);
  test_dir_init (&second);
  directories[1] = first.path;
  directories[2] = second.path;
  write_file (&first, "Distance=thread\n");
  write_file (&second, "Distance=process\n");
  catalog = convoke_catalog_new (directories);

  object = convoke_catalog_activate (catalog, CLASS, G_TYPE_ACTION, NULL, NULL, NULL);
  g_assert_nonnull (object);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_THREAD], ==, 1);
}

static void
test_broken_hides (void)
{
  g_auto (TestDir) first = { NULL };
  g_auto (TestDir) second = { NULL };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (GError) error = NULL;
  const char *directories[3] = { NULL, NULL, NULL };

  g_test_summary ("D9: a broken file is an error, and no reason to take another");

  set_stage ();
  test_dir_init (&first);
  test_dir_init (&second);
  directories[0] = first.path;
  directories[1] = second.path;
  write_file (&first, "Distance=far\n");
  write_file (&second, "");
  catalog = convoke_catalog_new (directories);

  g_assert_null (convoke_catalog_activate (catalog, CLASS, G_TYPE_ACTION, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "Distance=far");
}

static void
test_usual_places (void)
{
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autofree char *user = g_build_filename (g_get_user_data_dir (), "convoke-1", "components", NULL);
  g_autofree char *system = g_build_filename (g_get_system_data_dirs ()[0], "convoke-1", "components", NULL);
  g_autofree char *relative = g_canonicalize_filename ("here", NULL);
  const char * const *directories;

  g_test_summary ("D9: CONVOKE_COMPONENT_PATH comes first, then the user's data directory, then the system's");

  g_setenv ("CONVOKE_COMPONENT_PATH", "/first:here::", TRUE);
  catalog = convoke_catalog_new (NULL);
  g_unsetenv ("CONVOKE_COMPONENT_PATH");

  directories = convoke_catalog_get_directories (catalog);
  g_assert_cmpstr (directories[0], ==, "/first");
  g_assert_cmpstr (directories[1], ==, relative);
  g_assert_cmpstr (directories[2], ==, user);
  g_assert_cmpstr (directories[3], ==, system);
}

static void
test_default (void)
{
  g_autoptr (ConvokeCatalog) one = convoke_catalog_dup_default ();
  g_autoptr (ConvokeCatalog) other = convoke_catalog_dup_default ();

  g_test_summary ("There is one catalog of the usual places");

  g_assert_true (one == other);
  g_assert_nonnull (convoke_catalog_get_directories (one)[0]);
}

/* --- how far away --- */

static void
test_keyfile_decides (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: without a wish the keyfile's distance is taken, and the object says so");

  shop_init (&shop);
  object = shop_activate (&shop, "Distance=thread\n", NULL, NULL);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_THREAD], ==, 1);
  assert_told (object, "class", CLASS);
  assert_told (object, "distance", "thread");
  assert_told (object, "wanted", "thread");
  assert_told (object, "why", "The keyfile says so");
}

static void
test_wish_decides (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = new_activation (CONVOKE_DISTANCE_PROCESS, CONVOKE_PLACEMENT_DEFAULT);
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: a wish goes before the keyfile");

  shop_init (&shop);
  object = shop_activate (&shop, "Distance=thread\n", activation, NULL);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_PROCESS], ==, 1);
  assert_told (object, "distance", "process");
  assert_told (object, "why", "The caller asked for it");
}

static void
set_no_process (void)
{
  stage.unavailable = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "there is no host");
}

static void
test_prefer (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: with prefer the next shorter distance does, and the object says why");

  shop_init (&shop);
  set_no_process ();
  object = shop_activate (&shop, "Distance=process\n", NULL, NULL);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_PROCESS], ==, 0);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_THREAD], ==, 1);
  assert_told (object, "distance", "thread");
  assert_told (object, "wanted", "process");
  assert_told (object, "why", "The distance process cannot be had: there is no host");
}

static void
test_prefer_much_shorter (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: with prefer the caller's process is the last resort");

  shop_init (&shop);
  set_no_process ();
  convoke_placers[CONVOKE_DISTANCE_THREAD].activate = NULL;
  object = shop_activate (&shop, "Distance=process\n", NULL, NULL);
  assert_told (object, "distance", "in-process");
}

static void
test_must (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8: with must a distance that cannot be had is NOT_SUPPORTED, and nothing else is tried");

  shop_init (&shop);
  set_no_process ();
  g_assert_null (shop_activate (&shop, "Distance=process\nPlacement=must\n", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_message (&error, CLASS " cannot be had at the distance process: there is no host");
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_THREAD] + stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 0);
}

static void
test_must_is_a_wish (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = new_activation (CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_MUST);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8: the caller can insist on the keyfile's distance");

  shop_init (&shop);
  set_no_process ();
  g_assert_null (shop_activate (&shop, "Distance=process\n", activation, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
test_off (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: with off the distance is not tried");

  shop_init (&shop);
  object = shop_activate (&shop, "Distance=process\nPlacement=off\n", NULL, NULL);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 1);
  assert_told (object, "distance", "in-process");
  assert_told (object, "wanted", "process");
}

static void
test_failure_is_no_reason (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8: a component that fails far away is never tried nearer by");

  shop_init (&shop);
  stage.failure = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED, "Signal 11");
  g_assert_null (shop_activate (&shop, "Distance=process\n", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_THREAD] + stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 0);
}

/* --- the object --- */

static void
test_placement (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;
  g_autoptr (GVariant) placement = NULL;
  g_autofree char *file = NULL;
  int pid = 0;
  const char *told = NULL;

  g_test_summary ("D8: the object tells its keyfile, and what its place adds");

  shop_init (&shop);
  object = shop_activate (&shop, "", NULL, NULL);
  file = g_build_filename (shop.dir.path, CLASS ".component", NULL);
  placement = convoke_dup_placement (object);
  g_assert_true (g_variant_lookup (placement, "pid", "i", &pid));
  g_assert_cmpint (pid, ==, 4711);
  g_assert_true (g_variant_lookup (placement, "file", "^&ay", &told));
  g_assert_cmpstr (told, ==, file);
}

static void
test_no_placement (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

  g_test_summary ("D8: an object that nobody activated has no placement");

  g_assert_null (convoke_dup_placement (object));
}

static void
test_no_interface (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: an object without the interface that is wanted is NO_INTERFACE, and is gone");

  shop_init (&shop);
  write_file (&shop.dir, "");
  g_assert_null (convoke_catalog_activate (shop.catalog, CLASS, G_TYPE_LIST_MODEL, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 1);
  g_assert_null (g_weak_ref_get (&stage.made));
}

static void
test_no_typelib (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D3: a typelib that is missing is NO_TYPELIB by its name, and nothing is run");

  shop_init (&shop);
  g_free (test_dir_write (&shop.dir, CLASS ".component",
                          "[Component]\nInterfaces=Gio-2.0.Action;Nowhere-3.Feed\nModule=a\nType=b\n", -1));
  g_assert_null (convoke_catalog_activate (shop.catalog, CLASS, G_TYPE_ACTION, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_assert_nonnull (strstr (error->message, CLASS ".component"));
  assert_message (&error, "Nowhere 3");
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 0);
}

/* --- time and cancelling --- */

static void
test_timeout (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1: an activation whose time is over is TIMEOUT, and nothing is left of it");

  shop_init (&shop);
  convoke_activation_set_timeout (activation, 1);
  g_assert_null (shop_activate (&shop, "", activation, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  assert_message (&error, CLASS);
}

static void
wait_until_deadline (gpointer data)
{
  while (g_get_monotonic_time () <= stage.deadline)
    g_thread_yield ();
}

static void
test_too_late (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1: an object that is ready after the deadline is not given, and is gone");

  shop_init (&shop);
  stage.meanwhile = wait_until_deadline;
  convoke_activation_set_timeout (activation, 200000);
  g_assert_null (shop_activate (&shop, "", activation, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 1);
  g_assert_null (g_weak_ref_get (&stage.made));
}

static void
test_no_timeout (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) second = NULL;

  g_test_summary ("P-1: no time-out, and one beyond all clocks, never expire");

  shop_init (&shop);
  first = shop_activate (&shop, "", activation, NULL);
  g_assert_cmpint (stage.deadline, ==, -1);
  convoke_activation_set_timeout (activation, G_MAXINT64);
  second = shop_activate (&shop, "", activation, NULL);
  g_assert_nonnull (second);
  g_assert_cmpint (stage.deadline, ==, -1);
}

static void
test_cancelled (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("CX-5: an activation that is cancelled before it began runs nothing");

  shop_init (&shop);
  write_file (&shop.dir, "");
  g_cancellable_cancel (cancellable);
  g_assert_null (convoke_catalog_activate (shop.catalog, CLASS, G_TYPE_ACTION, NULL, cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpuint (stage.n[CONVOKE_DISTANCE_IN_PROCESS], ==, 0);
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancelled_meanwhile (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("CX-5: what was made for an activation that is cancelled is gone");

  shop_init (&shop);
  write_file (&shop.dir, "");
  stage.meanwhile = cancel;
  stage.data = cancellable;
  g_assert_null (convoke_catalog_activate (shop.catalog, CLASS, G_TYPE_ACTION, NULL, cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_null (g_weak_ref_get (&stage.made));
}

/* --- without waiting --- */

typedef struct
{
  GMainContext *context;
  GAsyncResult *result;
  GThread      *thread;
} Answer;

static void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answer *self = data;

  self->result = g_object_ref (result);
  self->thread = g_thread_self ();
}

static GObject *
activate_async (const Shop         *shop,
                const char         *more,
                GCancellable       *cancellable,
                GError            **error)
{
  Answer answer = { g_main_context_new (), NULL, NULL };
  GObject *object;

  write_file (&shop->dir, more);
  g_main_context_push_thread_default (answer.context);
  convoke_catalog_activate_async (shop->catalog, CLASS, G_TYPE_ACTION, NULL, cancellable, answer_cb, &answer);
  while (answer.result == NULL)
    g_main_context_iteration (answer.context, TRUE);
  g_main_context_pop_thread_default (answer.context);

  g_assert_true (answer.thread == g_thread_self ());
  object = convoke_catalog_activate_finish (shop->catalog, answer.result, error);
  g_object_unref (answer.result);
  g_main_context_unref (answer.context);
  return object;
}

static void
test_async_in_process (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D11: begun on a thread, a component of this process is made on that thread");

  shop_init (&shop);
  object = activate_async (&shop, "", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_ACTION (object));
  g_assert_true (stage.thread == g_thread_self ());
  assert_told (object, "distance", "in-process");
}

static void
test_async_elsewhere (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: begun on a thread, what takes its time is done elsewhere, for the one who began it");

  shop_init (&shop);
  object = activate_async (&shop, "Distance=process\n", NULL, NULL);
  g_assert_true (G_IS_ACTION (object));
  g_assert_true (stage.thread != g_thread_self ());
  g_assert_nonnull (stage.home);
}

static void
test_async_fails (void)
{
  g_auto (Shop) shop = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Begun on a thread, an activation fails as one that is waited for");

  shop_init (&shop);
  g_assert_null (activate_async (&shop, "Distance=far\n", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  stage.meanwhile = cancel;
  stage.data = cancellable;
  g_assert_null (activate_async (&shop, "Distance=process\n", cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_null (g_weak_ref_get (&stage.made));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/catalog/no-class", test_no_class);
  g_test_add_func ("/gobj/catalog/no-directory", test_no_directory);
  g_test_add_func ("/gobj/catalog/class-name-is-no-path", test_class_name_is_no_path);
  g_test_add_func ("/gobj/catalog/first-wins", test_first_wins);
  g_test_add_func ("/gobj/catalog/broken-hides", test_broken_hides);
  g_test_add_func ("/gobj/catalog/usual-places", test_usual_places);
  g_test_add_func ("/gobj/catalog/default", test_default);
  g_test_add_func ("/gobj/catalog/keyfile-decides", test_keyfile_decides);
  g_test_add_func ("/gobj/catalog/wish-decides", test_wish_decides);
  g_test_add_func ("/gobj/catalog/prefer", test_prefer);
  g_test_add_func ("/gobj/catalog/prefer-much-shorter", test_prefer_much_shorter);
  g_test_add_func ("/gobj/catalog/must", test_must);
  g_test_add_func ("/gobj/catalog/must-is-a-wish", test_must_is_a_wish);
  g_test_add_func ("/gobj/catalog/off", test_off);
  g_test_add_func ("/gobj/catalog/failure-is-no-reason", test_failure_is_no_reason);
  g_test_add_func ("/gobj/catalog/placement", test_placement);
  g_test_add_func ("/gobj/catalog/no-placement", test_no_placement);
  g_test_add_func ("/gobj/catalog/no-interface", test_no_interface);
  g_test_add_func ("/gobj/catalog/no-typelib", test_no_typelib);
  g_test_add_func ("/gobj/catalog/timeout", test_timeout);
  g_test_add_func ("/gobj/catalog/too-late", test_too_late);
  g_test_add_func ("/gobj/catalog/no-timeout", test_no_timeout);
  g_test_add_func ("/gobj/catalog/cancelled", test_cancelled);
  g_test_add_func ("/gobj/catalog/cancelled-meanwhile", test_cancelled_meanwhile);
  g_test_add_func ("/gobj/catalog/async-in-process", test_async_in_process);
  g_test_add_func ("/gobj/catalog/async-elsewhere", test_async_elsewhere);
  g_test_add_func ("/gobj/catalog/async-fails", test_async_fails);

  return g_test_run ();
}
