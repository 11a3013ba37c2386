/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-object.h>

#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-unknown.h"

/* --- interfaces and classes --- */

typedef struct { GTypeInterface parent_iface; } TestTapInterface;
typedef struct { GTypeInterface parent_iface; } TestSinkInterface;
typedef struct { GTypeInterface parent_iface; } TestAbsentInterface;

typedef GObject TestTap;
typedef GObject TestSink;
typedef GObject TestAbsent;

static GType test_tap_get_type (void);
static GType test_sink_get_type (void);
static GType test_absent_get_type (void);

G_DEFINE_INTERFACE (TestTap, test_tap, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (TestSink, test_sink, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (TestAbsent, test_absent, G_TYPE_OBJECT)

static void test_tap_default_init (TestTapInterface *iface) { }
static void test_sink_default_init (TestSinkInterface *iface) { }
static void test_absent_default_init (TestAbsentInterface *iface) { }

static int n_finalized;

typedef struct { GObject parent_instance; } TestPart;
typedef struct { GObjectClass parent_class; } TestPartClass;

static GType test_part_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestPart, test_part, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (test_tap_get_type (), NULL)
                         G_IMPLEMENT_INTERFACE (test_sink_get_type (), NULL))

static void
test_part_dispose (GObject *object)
{
  /* OM-11: asking and releasing while the object ends does not end it twice. */
  g_object_unref (convoke_query_interface (object, test_tap_get_type (), NULL));
  g_object_unref (convoke_query_interface (object, G_TYPE_OBJECT, NULL));

  G_OBJECT_CLASS (test_part_parent_class)->dispose (object);
}

static void
test_part_finalize (GObject *object)
{
  g_atomic_int_inc (&n_finalized);

  G_OBJECT_CLASS (test_part_parent_class)->finalize (object);
}

static void
test_part_class_init (TestPartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_part_dispose;
  G_OBJECT_CLASS (klass)->finalize = test_part_finalize;
}

static void
test_part_init (TestPart *self)
{
}

static GObject *
part_new (void)
{
  return g_object_new (test_part_get_type (), NULL);
}

static GObject *
query (GObject *object,
       GType    iface)
{
  g_autoptr (GError) error = NULL;
  GObject *found = convoke_query_interface (object, iface, &error);

  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_true (iface == G_TYPE_OBJECT || G_TYPE_CHECK_INSTANCE_TYPE (found, iface));

  return found;
}

static void
assert_absent (GObject *object,
               GType    iface)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_query_interface (object, iface, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

/* --- rules --- */

static void
test_identity (void)
{
  g_autoptr (GObject) part = part_new ();
  g_autoptr (GObject) tap = query (part, test_tap_get_type ());
  g_autoptr (GObject) sink = query (part, test_sink_get_type ());
  g_autoptr (GObject) from_tap = query (tap, G_TYPE_OBJECT);
  g_autoptr (GObject) from_sink = query (sink, G_TYPE_OBJECT);

  g_test_summary ("OM-1: the identity is one pointer, from whichever interface it is asked");

  g_assert_true (from_tap == from_sink);
  g_assert_true (convoke_same_object (tap, sink));
}

static void
test_stable (void)
{
  g_autoptr (GObject) part = part_new ();

  g_test_summary ("OM-2: what was given once is always given, what was not never is");

  for (int i = 0; i < 1000; i++)
    {
      g_object_unref (query (part, test_tap_get_type ()));
      assert_absent (part, test_absent_get_type ());
    }
}

static void
test_reflexive (void)
{
  g_autoptr (GObject) part = part_new ();
  g_autoptr (GObject) tap = query (part, test_tap_get_type ());

  g_test_summary ("OM-3: an interface gives itself");

  g_object_unref (query (tap, test_tap_get_type ()));
}

static void
test_symmetric (void)
{
  g_autoptr (GObject) part = part_new ();
  g_autoptr (GObject) tap = query (part, test_tap_get_type ());
  g_autoptr (GObject) sink = query (tap, test_sink_get_type ());

  g_test_summary ("OM-4: the way back exists");

  g_object_unref (query (sink, test_tap_get_type ()));
}

static void
test_transitive (void)
{
  const GType types[] = { test_tap_get_type (), test_sink_get_type (), G_TYPE_OBJECT };
  g_autoptr (GObject) part = part_new ();

  g_test_summary ("OM-5, OM-6: any way from interface to interface ends where the direct one does");

  for (guint a = 0; a < G_N_ELEMENTS (types); a++)
    for (guint b = 0; b < G_N_ELEMENTS (types); b++)
      for (guint c = 0; c < G_N_ELEMENTS (types); c++)
        {
          g_autoptr (GObject) one = query (part, types[a]);
          g_autoptr (GObject) two = query (one, types[b]);
          g_autoptr (GObject) three = query (two, types[c]);

          g_assert_true (convoke_same_object (three, part));
          assert_absent (three, test_absent_get_type ());
        }
}

static void
test_one_reference (void)
{
  GObject *part = part_new ();
  GObject *tap;
  int n_before = g_atomic_int_get (&n_finalized);

  g_test_summary ("OM-8: an answer is one reference, a refusal none");

  tap = query (part, test_tap_get_type ());
  assert_absent (part, test_absent_get_type ());
  g_object_unref (part);
  g_assert_cmpint (g_atomic_int_get (&n_finalized), ==, n_before);

  g_object_unref (tap);
  g_assert_cmpint (g_atomic_int_get (&n_finalized), ==, n_before + 1);
}

static void
test_message (void)
{
  g_autoptr (GObject) part = part_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-8: a refusal names the object's class and the interface");

  g_assert_null (convoke_query_interface (part, test_absent_get_type (), &error));
  g_assert_cmpstr (error->message, ==, "TestPart does not implement TestAbsent");
}

static void
test_no_error_wanted (void)
{
  g_autoptr (GObject) part = part_new ();

  g_test_summary ("OM-8: nobody need want the error");

  g_assert_null (convoke_query_interface (part, test_absent_get_type (), NULL));
}

static void
test_floating (void)
{
  GObject *floating = g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);
  GObject *identity = query (floating, G_TYPE_OBJECT);

  g_test_summary ("OM-10: asking does not take a floating object over");

  g_assert_true (g_object_is_floating (floating));
  g_object_unref (identity);
  g_object_ref_sink (floating);
  g_object_unref (floating);
}

static void
test_last_release (void)
{
  int n_before = g_atomic_int_get (&n_finalized);

  g_test_summary ("OM-11: an object that is asked while it ends, ends once");

  g_object_unref (part_new ());
  g_assert_cmpint (g_atomic_int_get (&n_finalized), ==, n_before + 1);
}

static void
test_derived (void)
{
  const GTypeInfo info = { sizeof (TestPartClass), .instance_size = sizeof (TestPart) };
  GType derived = g_type_register_static (test_part_get_type (), "TestPartDerived", &info, 0);
  g_autoptr (GObject) part = g_object_new (derived, NULL);

  g_test_summary ("D2: an object answers for the interfaces of its parent classes");

  g_object_unref (query (part, test_sink_get_type ()));
}

static void
test_same (void)
{
  g_autoptr (GObject) one = part_new ();
  g_autoptr (GObject) other = part_new ();

  g_test_summary ("OM-1: two objects are not the same, and nothing is the same as nothing only");

  g_assert_true (convoke_same_object (one, one));
  g_assert_false (convoke_same_object (one, other));
  g_assert_false (convoke_same_object (one, NULL));
  g_assert_false (convoke_same_object (NULL, one));
  g_assert_true (convoke_same_object (NULL, NULL));
}

/* --- facets and proxies, as what is above makes them --- */

static GObject *facet;         /* of: real; has no interface of its own */
static GObject *proxy;         /* for: real */
static GObject *real;
static int n_asked;

static GObject *
fake_identity (GObject *object)
{
  return object == facet ? proxy : NULL;
}

static GObject *
fake_unwrap (GObject *object)
{
  return object == proxy ? real : NULL;
}

static GObject *
fake_late_query (GObject  *object,
                 GType     iface,
                 GError  **error)
{
  g_atomic_int_inc (&n_asked);

  if (object != proxy)
    return NULL;

  if (iface == test_tap_get_type ())
    return part_new ();

  if (iface == test_sink_get_type ())
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The owner is gone");

  return NULL;
}

static void
set_up_facets (void)
{
  convoke_hooks.identity = fake_identity;
  convoke_hooks.unwrap = fake_unwrap;
  convoke_hooks.late_query = fake_late_query;
  facet = g_object_new (G_TYPE_OBJECT, NULL);
  proxy = g_object_new (G_TYPE_OBJECT, NULL);
  real = part_new ();
  n_asked = 0;
}

static void
tear_down_facets (void)
{
  g_clear_object (&facet);
  g_clear_object (&proxy);
  g_clear_object (&real);
  convoke_hooks.identity = NULL;
  convoke_hooks.unwrap = NULL;
  convoke_hooks.late_query = NULL;
}

static void
test_facet_identity (void)
{
  GObject *identity;

  g_test_summary ("OM-1, OM-7: a facet has the identity of its object");

  set_up_facets ();
  identity = query (facet, G_TYPE_OBJECT);
  g_assert_true (identity == proxy);
  g_assert_true (convoke_same_object (facet, proxy));
  g_object_unref (identity);
  tear_down_facets ();
}

static void
test_proxy_same (void)
{
  g_test_summary ("OM-1: a proxy is the same object as what it stands for, in either order");

  set_up_facets ();
  g_assert_true (convoke_same_object (proxy, real));
  g_assert_true (convoke_same_object (real, facet));
  tear_down_facets ();
}

static void
test_late (void)
{
  GObject *found;

  g_test_summary ("D2: a proxy asks its owner for what its class lacks");

  set_up_facets ();
  found = query (proxy, test_tap_get_type ());
  g_assert_cmpint (n_asked, ==, 1);
  g_object_unref (found);
  tear_down_facets ();
}

static void
test_late_unknown (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("D2: a proxy that cannot ask says why, never NO_INTERFACE");

  set_up_facets ();
  g_assert_null (convoke_query_interface (proxy, test_sink_get_type (), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  tear_down_facets ();
}

static void
test_late_absent (void)
{
  g_test_summary ("OM-8: what the owner does not have either is NO_INTERFACE");

  set_up_facets ();
  assert_absent (proxy, test_absent_get_type ());
  assert_absent (real, test_absent_get_type ());
  tear_down_facets ();
}

static void
test_not_asked (void)
{
  g_test_summary ("D2: an object whose class has the interface asks nobody");

  set_up_facets ();
  g_object_unref (query (real, test_tap_get_type ()));
  g_assert_cmpint (n_asked, ==, 0);
  tear_down_facets ();
}

static void
test_no_async_interface (void)
{
  g_autofree GType *interfaces = NULL;
  g_autoptr (GObject) part = part_new ();
  guint n_interfaces;

  g_test_summary ("OM-12: of interfaces with calls in their name an object answers none but its own");

  interfaces = g_type_children (G_TYPE_INTERFACE, &n_interfaces);
  for (guint i = 0; i < n_interfaces; i++)
    if (g_str_has_prefix (g_type_name (interfaces[i]), "Convoke"))
      assert_absent (part, interfaces[i]);
}

/* --- programming errors --- */

static void
assert_critical (const char *pattern)
{
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr (pattern);
}

static void
test_class_type (void)
{
  g_test_summary ("Asking for a class is a programming error");

  if (g_test_subprocess ())
    {
      g_autoptr (GObject) part = part_new ();
      g_autoptr (GObject) found = convoke_query_interface (part, test_part_get_type (), NULL);

      g_assert_null (found);
      return;
    }

  assert_critical ("*G_TYPE_IS_INTERFACE*");
}

static void
test_invalid_type (void)
{
  g_test_summary ("Asking for no type is a programming error");

  if (g_test_subprocess ())
    {
      g_autoptr (GObject) part = part_new ();
      g_autoptr (GObject) found = convoke_query_interface (part, G_TYPE_INVALID, NULL);

      g_assert_null (found);
      return;
    }

  assert_critical ("*G_TYPE_IS_INTERFACE*");
}

static void
test_no_object (void)
{
  g_test_summary ("Asking nothing is a programming error");

  if (g_test_subprocess ())
    {
      g_autoptr (GObject) found = convoke_query_interface (NULL, test_tap_get_type (), NULL);

      g_assert_null (found);
      return;
    }

  assert_critical ("*G_IS_OBJECT*");
}

/* --- threads --- */

#define N_THREADS 4
#define N_ROUNDS 20000

static gpointer
ask_in_thread (gpointer data)
{
  GObject *part = data;

  for (int i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GObject) tap = query (part, test_tap_get_type ());
      g_autoptr (GObject) sink = query (tap, test_sink_get_type ());
      g_autoptr (GObject) identity = query (sink, G_TYPE_OBJECT);

      g_assert_true (identity == part);
      if (i % 64 == 0)
        assert_absent (sink, test_absent_get_type ());
    }

  g_object_unref (part);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  GObject *part = part_new ();
  int n_before = g_atomic_int_get (&n_finalized);

  g_test_summary ("OM-6, OM-11: threads that ask one object agree, and the last reference ends it once");

  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("ask", ask_in_thread, g_object_ref (part));
  g_object_unref (part);
  for (int i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (g_atomic_int_get (&n_finalized), ==, n_before + 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/gobj/unknown/" path, func)
  ADD ("identity", test_identity);
  ADD ("stable", test_stable);
  ADD ("reflexive", test_reflexive);
  ADD ("symmetric", test_symmetric);
  ADD ("transitive", test_transitive);
  ADD ("one-reference", test_one_reference);
  ADD ("message", test_message);
  ADD ("no-error-wanted", test_no_error_wanted);
  ADD ("floating", test_floating);
  ADD ("last-release", test_last_release);
  ADD ("derived", test_derived);
  ADD ("same", test_same);
  ADD ("facet-identity", test_facet_identity);
  ADD ("proxy-same", test_proxy_same);
  ADD ("late", test_late);
  ADD ("late-unknown", test_late_unknown);
  ADD ("late-absent", test_late_absent);
  ADD ("not-asked", test_not_asked);
  ADD ("no-async-interface", test_no_async_interface);
  ADD ("class-type", test_class_type);
  ADD ("invalid-type", test_invalid_type);
  ADD ("no-object", test_no_object);
  ADD ("threads", test_threads);

  return g_test_run ();
}
