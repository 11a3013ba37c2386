/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Classes that are registered at run time, and what activation does with them. */

#include "convoke-catalog.h"
#include "convoke-class-factory.h"
#include "convoke-class-table-private.h"
#include "convoke-error.h"
#include "convoke-server-process.h"
#include "convoke-unknown.h"

#include "catalog-fixture.h"
#include "class-fixture.h"

#define CLASS "org.example.Coffee"

static ConvokeCatalog *
new_catalog (void)
{
  static const char * const none[] = { NULL };

  return convoke_catalog_new (none);
}

static guint64
register_class (gpointer                 class_object,
                ConvokeRegistrationFlags flags)
{
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_register_class_object (CLASS, class_object, flags, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cookie, !=, 0);
  return cookie;
}

static void
revoke_class (guint64 cookie)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_revoke_class_object (cookie, &error));
  g_assert_no_error (error);
}

static GObject *
activate_full (GType               iface,
               ConvokeActivation  *activation,
               GError            **error)
{
  g_autoptr (ConvokeCatalog) catalog = new_catalog ();

  return convoke_catalog_activate (catalog, CLASS, iface, activation, NULL, error);
}

static void
assert_activates (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = activate_full (G_TYPE_ACTION, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (G_IS_ACTION (object));
}

static void
assert_activation_fails (int         code,
                         const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (activate_full (G_TYPE_ACTION, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  assert_message (&error, words);
}

/* --- registering --- */

static void
test_register (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: what was registered at run time is activated, again and again, until it is revoked");

  assert_activates ();
  assert_activates ();
  g_assert_cmpint (maker->n_asked, ==, 2);

  revoke_class (cookie);
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, CLASS);
  g_assert_cmpint (maker->n_asked, ==, 2);
}

static void
test_reference (void)
{
  TestMaker *maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: a registration has one reference to the class object, and revoking drops it");

  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 2);
  assert_activates ();
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 2);
  revoke_class (cookie);
  g_assert_finalize_object (maker);
}

static void
test_floating (void)
{
  GObject *class_object = g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);
  guint64 cookie = register_class (class_object, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: a floating class object belongs to its registration");

  g_assert_false (g_object_is_floating (class_object));
  g_assert_cmpuint (class_object->ref_count, ==, 1);
  revoke_class (cookie);
}

static void
test_several (void)
{
  g_autoptr (TestMaker) first = test_maker_new ();
  g_autoptr (TestMaker) second = test_maker_new ();
  guint64 first_cookie = register_class (first, CONVOKE_REGISTRATION_MULTIPLE_USE);
  guint64 second_cookie = register_class (second, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: one class is registered several times, independently; the oldest registration serves");

  g_assert_cmpuint (first_cookie, !=, second_cookie);
  assert_activates ();
  g_assert_cmpint (first->n_asked, ==, 1);
  g_assert_cmpint (second->n_asked, ==, 0);

  revoke_class (first_cookie);
  assert_activates ();
  g_assert_cmpint (first->n_asked, ==, 1);
  g_assert_cmpint (second->n_asked, ==, 1);
  revoke_class (second_cookie);
}

static void
test_same_twice (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 first = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  guint64 second = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: one class object that is registered twice has two references, and serves until both are revoked");

  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 3);
  revoke_class (second);
  assert_activates ();
  revoke_class (first);
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 1);
}

static void
test_unknown_cookie (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-26: who revokes what was never registered, or was revoked, gets NOT_REGISTERED, and nobody else's goes");

  g_assert_false (convoke_revoke_class_object (cookie + 1000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
  g_clear_error (&error);
  g_assert_false (convoke_revoke_class_object (0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
  g_clear_error (&error);
  assert_activates ();

  revoke_class (cookie);
  g_assert_false (convoke_revoke_class_object (cookie, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
  assert_message (&error, "revoked");
}

static void
test_cookies_are_new (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 first = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  guint64 second;

  g_test_summary ("OM-26: the cookie of a registration that was revoked never becomes another's");

  revoke_class (first);
  second = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_assert_cmpuint (first, !=, second);
  revoke_class (second);
}

static gpointer
revoke_on_thread (gpointer data)
{
  revoke_class (*(guint64 *) data);
  return NULL;
}

static void
test_revoke_on_thread (void)
{
  TestMaker *maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("P-13: any thread may revoke a registration");

  g_thread_join (g_thread_new ("revoke", revoke_on_thread, &cookie));
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, CLASS);
  g_assert_finalize_object (maker);
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  revoke_class (*(guint64 *) data);
}

static void
test_revoke_from_dispose (void)
{
  TestMaker *outer = test_maker_new ();
  TestMaker *inner = test_maker_new ();
  guint64 outer_cookie = register_class (outer, CONVOKE_REGISTRATION_MULTIPLE_USE);
  guint64 inner_cookie = register_class (inner, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-26: a class object that goes away with its registration can revoke another");

  g_object_unref (inner);
  g_object_weak_ref (G_OBJECT (outer), gone_cb, &inner_cookie);
  g_object_unref (outer);
  revoke_class (outer_cookie);
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, CLASS);
}

static void
test_bad_name (void)
{
  static const char * const names[] = { "", "..", "../Coffee", "a/b", "a b", "a\n" };
  g_autoptr (TestMaker) maker = test_maker_new ();

  g_test_summary ("OM-26: what can be no name of a class is refused, and nothing is kept");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (convoke_register_class_object (names[i], G_OBJECT (maker), 0, &error), ==, 0);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 1);
}

static void
assert_bad_name_shown (const char *name,
                       const char *words)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_register_class_object (name, G_OBJECT (maker), 0, &error), ==, 0);
  assert_message (&error, words);
}

static void
test_bad_name_shown (void)
{
  g_autofree char *endless = g_strnfill (5000, 'x');
  g_autofree char *halves = g_strnfill (100, '\x80');

  g_test_summary ("OM-26: a name that is refused is told in a line that is fit for a terminal, with the whole rule");

  assert_bad_name_shown ("\033[31m\n", "“?[31m?” cannot be the name of a class");
  assert_bad_name_shown ("\xff\xfe", "“\uFFFD\uFFFD” cannot");
  assert_bad_name_shown (halves, "\uFFFD…” cannot");
  assert_bad_name_shown (".Coffee", "begins with a letter or a digit");
  assert_bad_name_shown (endless, "x…” cannot be the name of a class, which has 1 to 200 letters");
}

/* --- single use --- */

static void
test_single_use (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE);

  g_test_summary ("OM-28, OM-29: a single-use registration serves one activation; the second one is NO_CLASS");

  assert_activates ();
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "single use");
  g_assert_cmpint (maker->n_asked, ==, 1);
  revoke_class (cookie);
}

static void
test_single_use_is_kept (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-28: an activation that fails before anything is made does not use a registration up");

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_PROCESS, CONVOKE_PLACEMENT_MUST);
  g_assert_null (activate_full (G_TYPE_ACTION, activation, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_activates ();
  revoke_class (cookie);
}

static void
test_single_use_then_next (void)
{
  g_autoptr (TestMaker) once = test_maker_new ();
  g_autoptr (TestMaker) always = test_maker_new ();
  guint64 first = register_class (once, CONVOKE_REGISTRATION_SINGLE_USE);
  guint64 second = register_class (always, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-28: after a single-use registration the next one of its class serves");

  assert_activates ();
  assert_activates ();
  g_assert_cmpint (once->n_asked, ==, 1);
  g_assert_cmpint (always->n_asked, ==, 1);
  revoke_class (first);
  revoke_class (second);
}

static gpointer
count_activation (gpointer data)
{
  g_autoptr (GObject) object = activate_full (G_TYPE_ACTION, NULL, NULL);

  if (object != NULL)
    g_atomic_int_inc ((gint *) data);
  return NULL;
}

static void
test_single_use_at_once (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE);
  GThread *threads[8];
  gint n_served = 0;

  g_test_summary ("OM-28: of threads that activate at once, one is served by a single-use registration");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("activate", count_activation, &n_served);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (n_served, ==, 1);
  revoke_class (cookie);
}

/* --- class objects that are none --- */

static void
test_no_factory (void)
{
  g_autoptr (GObject) class_object = g_object_new (G_TYPE_OBJECT, NULL);
  guint64 cookie = register_class (class_object, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-30: a class object that is no class factory can be registered; activation is NO_INTERFACE");

  assert_activation_fails (CONVOKE_ERROR_NO_INTERFACE, "ConvokeClassFactory");
  revoke_class (cookie);
}

/* --- the class object itself --- */

static GObject *
dup_class_object (GType    iface,
                  GError **error)
{
  g_autoptr (ConvokeCatalog) catalog = new_catalog ();

  return convoke_catalog_dup_class_object (catalog, CLASS, iface, NULL, error);
}

static void
test_class_object (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (GObject) class_object = dup_class_object (CONVOKE_TYPE_CLASS_FACTORY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: the class object of a class is what was registered; without it NO_CLASS, without the interface NO_INTERFACE");

  g_assert_true (class_object == G_OBJECT (maker));
  g_assert_cmpint (maker->n_asked, ==, 0);
  g_assert_null (dup_class_object (G_TYPE_ACTION, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);

  revoke_class (cookie);
  g_assert_null (dup_class_object (G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
  g_assert_true (CONVOKE_IS_CLASS_FACTORY (class_object));
}

static void
test_class_object_of_no_factory (void)
{
  g_autoptr (GObject) registered = g_object_new (G_TYPE_OBJECT, NULL);
  guint64 cookie = register_class (registered, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (GObject) class_object = dup_class_object (G_TYPE_OBJECT, NULL);

  g_test_summary ("OM-30: asked for its identity, a class object that is no class factory is given");

  g_assert_true (class_object == registered);
  revoke_class (cookie);
}

static void
test_class_object_of_single_use (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE);
  g_autoptr (GObject) class_object = dup_class_object (G_TYPE_OBJECT, NULL);

  g_test_summary ("OM-28: who gets the class object of a single-use registration has used it up");

  g_assert_nonnull (class_object);
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "single use");
  revoke_class (cookie);
}

/* --- several interfaces at once --- */

static ConvokeQueryResult *
activate_interfaces (const GType  *ifaces,
                     gsize         n_ifaces,
                     GError      **error)
{
  g_autoptr (ConvokeCatalog) catalog = new_catalog ();

  return convoke_catalog_activate_interfaces (catalog, CLASS, ifaces, n_ifaces, NULL, NULL, error);
}

static void
test_one_interface (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  const GType action = G_TYPE_ACTION;
  const GType model = G_TYPE_LIST_MODEL;
  g_autoptr (ConvokeQueryResult) set = activate_interfaces (&action, 1, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-38: one interface is what the class factory is asked for");

  g_assert_nonnull (set);
  g_assert_true (convoke_query_result_is_complete (set));
  g_assert_true (maker->iface == G_TYPE_ACTION);

  g_assert_null (activate_interfaces (&model, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_true (maker->iface == G_TYPE_LIST_MODEL);
  revoke_class (cookie);
}

static void
test_several_interfaces (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  const GType ifaces[] = { G_TYPE_LIST_MODEL, G_TYPE_ACTION, G_TYPE_OBJECT };
  g_autoptr (ConvokeQueryResult) set = activate_interfaces (ifaces, G_N_ELEMENTS (ifaces), NULL);
  g_autoptr (GObject) action = NULL;
  g_autoptr (GObject) identity = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-38: of several interfaces each has its own answer; one that is missing makes the success partial");

  g_assert_nonnull (set);
  g_assert_false (convoke_query_result_is_complete (set));
  g_assert_cmpint (maker->n_asked, ==, 1);
  g_assert_true (maker->iface == G_TYPE_OBJECT);

  action = convoke_query_result_dup_object (set, G_TYPE_ACTION, &error);
  identity = convoke_query_result_dup_object (set, G_TYPE_OBJECT, &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_ACTION (action));
  g_assert_true (convoke_same_object (action, identity));
  g_assert_null (convoke_query_result_dup_object (set, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  g_assert_null (convoke_query_result_dup_object (set, G_TYPE_VOLUME, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  revoke_class (cookie);
}

static GObject *
make_watched (gpointer   data,
              GObject   *outer,
              GError   **error)
{
  GObject *made = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_add_weak_pointer (made, data);
  *(GObject **) data = made;
  return made;
}

static void
test_no_interfaces (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  const GType ifaces[] = { G_TYPE_LIST_MODEL, G_TYPE_ACTION };
  GObject *made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-38: an object that implements none of them is NO_INTERFACE, and gone");

  maker->make = make_watched;
  maker->data = &made;
  g_assert_null (activate_interfaces (ifaces, G_N_ELEMENTS (ifaces), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  assert_message (&error, "GListModel");
  g_assert_cmpint (maker->n_asked, ==, 1);
  g_assert_null (made);
  revoke_class (cookie);
}

static void
test_interfaces_of_nobody (void)
{
  const GType ifaces[] = { G_TYPE_LIST_MODEL, G_TYPE_ACTION };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-38: a class that cannot be activated fails as it does for one interface");

  g_assert_null (activate_interfaces (ifaces, G_N_ELEMENTS (ifaces), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
}

/* --- suspended --- */

static void
test_suspended (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SUSPENDED);

  g_test_summary ("T-OM-17, OM-34: a suspended class is NO_CLASS; after a resume it is activated");

  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "suspended");
  convoke_resume_class_objects ();
  assert_activates ();
  revoke_class (cookie);
}

static void
test_flags_together (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE | CONVOKE_REGISTRATION_SUSPENDED);

  g_test_summary ("OM-27: a registration can be both suspended and for a single use, which is not used up while it is suspended");

  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "suspended");
  convoke_resume_class_objects ();
  assert_activates ();
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "single use");
  revoke_class (cookie);
}

static void
test_suspend_all (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 first = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  guint64 second = register_class (maker, CONVOKE_REGISTRATION_SUSPENDED);
  guint64 third;

  g_test_summary ("OM-34: suspending is for all that are registered, and for none that comes later");

  convoke_suspend_class_objects ();
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "suspended");
  third = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  assert_activates ();
  revoke_class (third);
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, "suspended");

  convoke_resume_class_objects ();
  revoke_class (first);
  assert_activates ();
  revoke_class (second);
}

/* --- distances --- */

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

static void
test_placement (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (GObject) object = activate_full (G_TYPE_ACTION, NULL, NULL);
  g_autoptr (GVariant) placement = convoke_dup_placement (object);

  g_test_summary ("D8: the object of a class of run time tells that it is in process, and has no keyfile");

  assert_told (object, "class", CLASS);
  assert_told (object, "distance", "in-process");
  assert_told (object, "wanted", "in-process");
  assert_told (object, "why", "The class was registered at run time");
  g_assert_false (g_variant_lookup (placement, "file", "^&ay", NULL));
  revoke_class (cookie);
}

static void
test_far (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8, OM-37: another distance cannot be had for it: must fails with the reason, prefer and off stay here");

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_THREAD, CONVOKE_PLACEMENT_MUST);
  g_assert_null (activate_full (G_TYPE_ACTION, activation, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_message (&error, "registered at run time");
  g_assert_cmpint (maker->n_asked, ==, 0);

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_PROCESS, CONVOKE_PLACEMENT_DEFAULT);
  object = activate_full (G_TYPE_ACTION, activation, &error);
  g_assert_no_error (error);
  assert_told (object, "distance", "in-process");
  assert_told (object, "wanted", "process");
  assert_told (object, "why", "The distance process cannot be had: it was registered at run time, in this process only");
  g_clear_object (&object);

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_PROCESS, CONVOKE_PLACEMENT_OFF);
  object = activate_full (G_TYPE_ACTION, activation, &error);
  g_assert_no_error (error);
  assert_told (object, "why", "Distances are switched off");
  revoke_class (cookie);
}

static void
test_unregistered (void)
{
  g_test_summary ("T-OM-13, OM-36, OM-37: an unregistered class is NO_CLASS at every distance");

  for (ConvokeDistance distance = CONVOKE_DISTANCE_DEFAULT; distance <= CONVOKE_DISTANCE_PROCESS; distance++)
    for (ConvokePlacement placement = CONVOKE_PLACEMENT_DEFAULT; placement <= CONVOKE_PLACEMENT_OFF; placement++)
      {
        g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
        g_autoptr (GError) error = NULL;

        convoke_activation_set_distance (activation, distance, placement);
        g_assert_null (activate_full (G_TYPE_OBJECT, activation, &error));
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
      }
}

/* --- keyfiles --- */

static void
test_before_keyfile (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  const char *directories[2] = { NULL, NULL };
  g_auto (TestDir) dir = { 0 };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-26: a class of run time goes before a keyfile of its name, even a wrong one, and gives way when it is gone");

  test_dir_init (&dir);
  directories[0] = dir.path;
  catalog = convoke_catalog_new (directories);
  g_free (test_dir_write (&dir, CLASS ".component", "no keyfile", -1));

  object = convoke_catalog_activate (catalog, CLASS, G_TYPE_ACTION, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (object);

  revoke_class (cookie);
  g_assert_null (convoke_catalog_activate (catalog, CLASS, G_TYPE_ACTION, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

/* --- asynchronous --- */

typedef struct
{
  GObject *object;
  GError  *error;
  gboolean ended;
} Outcome;

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Outcome *self = data;

  self->object = convoke_catalog_activate_finish (CONVOKE_CATALOG (source), result, &self->error);
  self->ended = TRUE;
}

static GObject *
note_thread (gpointer   data,
             GObject   *outer,
             GError   **error)
{
  *(GThread **) data = g_thread_self ();
  return G_OBJECT (g_simple_action_new ("brew", NULL));
}

static void
test_async (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (ConvokeCatalog) catalog = new_catalog ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_SINGLE_USE);
  GThread *thread = NULL;
  Outcome outcome = { NULL };

  g_test_summary ("OM-28: an activation without waiting asks the class object too, on the thread that activates");

  maker->make = note_thread;
  maker->data = &thread;
  convoke_catalog_activate_async (catalog, CLASS, G_TYPE_ACTION, NULL, NULL, ended_cb, &outcome);
  while (!outcome.ended)
    g_main_context_iteration (NULL, TRUE);

  g_assert_no_error (outcome.error);
  g_assert_true (thread == g_thread_self ());
  g_clear_object (&outcome.object);
  revoke_class (cookie);
}

/* --- the use of the process --- */

static void
test_use_count (void)
{
  g_test_summary ("OM-35: hold and release give the new count, and the process is in use while it is not 0");

  g_assert_false (convoke_server_process_is_in_use ());
  g_assert_cmpuint (convoke_server_process_hold (), ==, 1);
  g_assert_cmpuint (convoke_server_process_hold (), ==, 2);
  g_assert_true (convoke_server_process_is_in_use ());
  g_assert_cmpuint (convoke_server_process_release (), ==, 1);
  g_assert_true (convoke_server_process_is_in_use ());
  g_assert_cmpuint (convoke_server_process_release (), ==, 0);
  g_assert_false (convoke_server_process_is_in_use ());
  convoke_resume_class_objects ();
}

static void
test_stopping (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-35: at 0 every class object is suspended, activations are SERVER_STOPPING, and nothing can be registered");

  convoke_server_process_hold ();
  assert_activates ();
  convoke_server_process_release ();
  assert_activation_fails (CONVOKE_ERROR_SERVER_STOPPING, CLASS);
  g_assert_null (dup_class_object (G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_register_class_object (CLASS, G_OBJECT (maker), 0, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING);
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 2);

  convoke_server_process_hold ();
  assert_activation_fails (CONVOKE_ERROR_SERVER_STOPPING, CLASS);
  convoke_resume_class_objects ();
  assert_activates ();

  convoke_server_process_release ();
  revoke_class (cookie);
  assert_activation_fails (CONVOKE_ERROR_NO_CLASS, CLASS);
  convoke_resume_class_objects ();
}

static void
test_release_too_often (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-35: who releases a process that nobody holds is told, and nothing is suspended");

  g_test_expect_message ("Convoke", G_LOG_LEVEL_CRITICAL, "*held*");
  g_assert_cmpuint (convoke_server_process_release (), ==, 0);
  g_test_assert_expected_messages ();
  assert_activates ();
  revoke_class (cookie);
}

/* --- locks --- */

static void
test_lock (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  ConvokeClassFactory *factory = CONVOKE_CLASS_FACTORY (maker);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-40: locks are counted; the process is in use until the last one is gone, and the factory is kept so long");

  g_assert_true (convoke_class_factory_lock_server (factory, TRUE, &error));
  g_assert_true (convoke_class_factory_lock_server (factory, TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 2);

  g_assert_true (convoke_class_factory_lock_server (factory, FALSE, &error));
  g_assert_true (convoke_server_process_is_in_use ());
  g_assert_true (convoke_class_factory_lock_server (factory, FALSE, &error));
  g_assert_false (convoke_server_process_is_in_use ());
  g_assert_cmpuint (G_OBJECT (maker)->ref_count, ==, 1);
}

static void
test_unlock_too_often (void)
{
  g_autoptr (TestMaker) locked = test_maker_new ();
  g_autoptr (TestMaker) other = test_maker_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-40: a factory that has no lock cannot be unlocked, also while another one has");

  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (locked), TRUE, NULL);
  g_assert_false (convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (other), FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED);
  assert_message (&error, "TestMaker");
  g_assert_true (convoke_server_process_is_in_use ());
  g_assert_true (convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (locked), FALSE, NULL));
}

static void
test_lock_is_no_use (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  guint64 cookie = register_class (maker, CONVOKE_REGISTRATION_MULTIPLE_USE);

  g_test_summary ("OM-44: the last lock that goes does not suspend anything: that is who releases the process");

  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (maker), TRUE, NULL);
  convoke_class_factory_lock_server (CONVOKE_CLASS_FACTORY (maker), FALSE, NULL);
  assert_activates ();
  revoke_class (cookie);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/class-table/register", test_register);
  g_test_add_func ("/gobj/class-table/reference", test_reference);
  g_test_add_func ("/gobj/class-table/floating", test_floating);
  g_test_add_func ("/gobj/class-table/several", test_several);
  g_test_add_func ("/gobj/class-table/same-twice", test_same_twice);
  g_test_add_func ("/gobj/class-table/unknown-cookie", test_unknown_cookie);
  g_test_add_func ("/gobj/class-table/cookies-are-new", test_cookies_are_new);
  g_test_add_func ("/gobj/class-table/revoke-on-thread", test_revoke_on_thread);
  g_test_add_func ("/gobj/class-table/revoke-from-dispose", test_revoke_from_dispose);
  g_test_add_func ("/gobj/class-table/bad-name", test_bad_name);
  g_test_add_func ("/gobj/class-table/bad-name-shown", test_bad_name_shown);
  g_test_add_func ("/gobj/class-table/single-use", test_single_use);
  g_test_add_func ("/gobj/class-table/single-use/kept", test_single_use_is_kept);
  g_test_add_func ("/gobj/class-table/single-use/then-next", test_single_use_then_next);
  g_test_add_func ("/gobj/class-table/single-use/at-once", test_single_use_at_once);
  g_test_add_func ("/gobj/class-table/no-factory", test_no_factory);
  g_test_add_func ("/gobj/class-object/registered", test_class_object);
  g_test_add_func ("/gobj/class-object/no-factory", test_class_object_of_no_factory);
  g_test_add_func ("/gobj/class-object/single-use", test_class_object_of_single_use);
  g_test_add_func ("/gobj/query-result/one", test_one_interface);
  g_test_add_func ("/gobj/query-result/several", test_several_interfaces);
  g_test_add_func ("/gobj/query-result/none", test_no_interfaces);
  g_test_add_func ("/gobj/query-result/no-class", test_interfaces_of_nobody);
  g_test_add_func ("/gobj/class-table/suspended", test_suspended);
  g_test_add_func ("/gobj/class-table/flags-together", test_flags_together);
  g_test_add_func ("/gobj/class-table/suspend-all", test_suspend_all);
  g_test_add_func ("/gobj/class-table/placement", test_placement);
  g_test_add_func ("/gobj/class-table/far", test_far);
  g_test_add_func ("/gobj/class-table/unregistered", test_unregistered);
  g_test_add_func ("/gobj/class-table/before-keyfile", test_before_keyfile);
  g_test_add_func ("/gobj/class-table/async", test_async);
  g_test_add_func ("/gobj/server-process/use-count", test_use_count);
  g_test_add_func ("/gobj/server-process/stopping", test_stopping);
  g_test_add_func ("/gobj/server-process/release-too-often", test_release_too_often);
  g_test_add_func ("/gobj/class-lock/counted", test_lock);
  g_test_add_func ("/gobj/class-lock/unlock-too-often", test_unlock_too_often);
  g_test_add_func ("/gobj/class-lock/no-use", test_lock_is_no_use);

  return g_test_run ();
}
