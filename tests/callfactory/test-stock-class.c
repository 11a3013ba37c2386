/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#define LONG (30 * G_USEC_PER_SEC)

static GObject *
activate (const char *class_name,
          GType       iface)
{
  static const char * const nowhere[] = { NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (nowhere);
  g_autoptr (GError) error = NULL;
  GObject *object = convoke_catalog_activate (catalog, class_name, iface, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  return object;
}

static void
assert_event (const char *class_name,
              gboolean    manual_reset)
{
  g_autoptr (GObject) event = activate (class_name, CONVOKE_TYPE_SYNCHRONIZE);
  g_autoptr (GObject) other = activate (class_name, CONVOKE_TYPE_SYNCHRONIZE_HANDLE);

  g_assert_false (convoke_same_object (event, other));
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_true (convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_cmpint (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL), ==, manual_reset);
}

static void
test_events (void)
{
  g_test_summary ("SY-10: both kinds of events are activated by the name of a class, without a keyfile");

  assert_event ("org.convoke.AutoResetEvent", FALSE);
  assert_event ("org.convoke.ManualResetEvent", TRUE);
}

static void
test_container (void)
{
  g_autoptr (GObject) container = activate ("org.convoke.SynchronizeContainer", CONVOKE_TYPE_SYNCHRONIZE_CONTAINER);
  g_autoptr (GObject) event = activate ("org.convoke.ManualResetEvent", CONVOKE_TYPE_SYNCHRONIZE);
  g_autoptr (GObject) found = NULL;

  g_test_summary ("SY-10: so is a container");

  g_assert_true (convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (container), CONVOKE_SYNCHRONIZE (event), NULL));
  g_assert_true (convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL));
  found = G_OBJECT (convoke_synchronize_container_wait_multiple (CONVOKE_SYNCHRONIZE_CONTAINER (container),
                                                                 CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_assert_true (found == event);
}

static void
test_class_object (void)
{
  static const char * const nowhere[] = { NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (nowhere);
  g_autoptr (GObject) class_object = NULL;
  g_autoptr (GObject) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("SY-10, OM-25: the class object is an ordinary factory, which tells what its instances do not implement");

  class_object = convoke_catalog_dup_class_object (catalog, "org.convoke.ManualResetEvent", CONVOKE_TYPE_CLASS_FACTORY, NULL, &error);
  g_assert_no_error (error);
  event = convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (class_object), NULL, CONVOKE_TYPE_SYNCHRONIZE_EVENT, &error);
  g_assert_no_error (error);
  g_assert_true (CONVOKE_IS_SYNCHRONIZE_EVENT (event));
  g_assert_null (convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (class_object), NULL, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static gpointer
use_cb (gpointer data)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (data);

  g_assert_cmpint (convoke_apartment_get_threading (apartment), ==, CONVOKE_THREADING_ANY);
  g_assert_true (convoke_synchronize_signal (data, NULL));

  return NULL;
}

static void
test_any_thread (void)
{
  g_autoptr (GObject) event = activate ("org.convoke.AutoResetEvent", CONVOKE_TYPE_SYNCHRONIZE);
  GThread *thread = g_thread_new ("user", use_cb, event);

  g_test_summary ("SY-10: they are usable from any thread, as they are");

  g_assert_false (convoke_is_proxy (event));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_thread_join (thread);
}

static void
test_registered_first (void)
{
  g_autoptr (ConvokeClassFactory) own = convoke_class_factory_new_for_type (CONVOKE_TYPE_EVENT);
  guint64 cookie = convoke_register_class_object ("org.convoke.ManualResetEvent", G_OBJECT (own),
                                                  CONVOKE_REGISTRATION_MULTIPLE_USE, NULL);

  g_test_summary ("OM-26: what a program registers under such a name serves, until it is revoked");

  assert_event ("org.convoke.ManualResetEvent", FALSE);
  g_assert_true (convoke_revoke_class_object (cookie, NULL));
  assert_event ("org.convoke.ManualResetEvent", TRUE);
}

/* --- as a part --- */

#define TEST_TYPE_BELL (test_bell_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestBell, test_bell, TEST, BELL, ConvokeComponent)

struct _TestBellClass
{
  ConvokeComponentClass parent_class;
};

G_DEFINE_TYPE (TestBell, test_bell, CONVOKE_TYPE_COMPONENT)

static void
test_bell_class_init (TestBellClass *klass)
{
}

static void
test_bell_init (TestBell *self)
{
}

static ConvokeClassFactory *
dup_class_object (const char *class_name)
{
  static const char * const nowhere[] = { NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (nowhere);

  return CONVOKE_CLASS_FACTORY (convoke_catalog_dup_class_object (catalog, class_name, CONVOKE_TYPE_CLASS_FACTORY, NULL, NULL));
}

static void
test_part (void)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_BELL);
  g_autoptr (ConvokeClassFactory) class_object = dup_class_object ("org.convoke.ManualResetEvent");
  g_autoptr (ConvokeComponent) bell = NULL;
  g_autoptr (GObject) part = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("SY-10: they support aggregation: made for an outer, an event is what its reserved interfaces lead to");

  convoke_composition_reserve (composition, CONVOKE_TYPE_SYNCHRONIZE);
  convoke_composition_reserve (composition, CONVOKE_TYPE_SYNCHRONIZE_HANDLE);
  bell = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  g_assert_null (convoke_query_interface (G_OBJECT (bell), CONVOKE_TYPE_SYNCHRONIZE, NULL));

  part = convoke_class_factory_create_instance (class_object, G_OBJECT (bell), G_TYPE_OBJECT, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_same_object (part, G_OBJECT (bell)));
  g_assert_true (convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (bell), NULL));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (bell), CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (bell), CONVOKE_WAIT_DEFAULT, 0, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/stock-class/events", test_events);
  g_test_add_func ("/callfactory/stock-class/container", test_container);
  g_test_add_func ("/callfactory/stock-class/class-object", test_class_object);
  g_test_add_func ("/callfactory/stock-class/any-thread", test_any_thread);
  g_test_add_func ("/callfactory/stock-class/registered-first", test_registered_first);
  /* Composing needs to know the interfaces. */
  if (convoke_require ("Convoke", "1", NULL))
    g_test_add_func ("/callfactory/stock-class/part", test_part);

  return g_test_run ();
}
