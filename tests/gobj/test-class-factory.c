/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What class factories give, also for an outer. */

#include "convoke-catalog.h"
#include "convoke-class-factory.h"
#include "convoke-class-table.h"
#include "convoke-component-file-private.h"
#include "convoke-composition.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-unknown.h"

#include "catalog-fixture.h"
#include "class-fixture.h"

#define CLASS "org.example.Coffee"

/* An outer that has room for a list. */
static GObject *
new_outer (void)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (GError) error = NULL;
  ConvokeComponent *outer;

  convoke_composition_reserve (composition, G_TYPE_LIST_MODEL);
  outer = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  return G_OBJECT (outer);
}

static ConvokeClassFactory *
new_part_factory (void)
{
  return convoke_class_factory_new_for_type_full (G_TYPE_LIST_STORE, CONVOKE_CLASS_FACTORY_AGGREGABLE);
}

/* No part of it, nor anything that holds it. */
static void
assert_untouched (GObject *outer)
{
  g_assert_cmpuint (outer->ref_count, ==, 1);
  g_assert_null (convoke_query_interface (outer, G_TYPE_LIST_MODEL, NULL));
}

static void
assert_refuses (gpointer    factory,
                GObject    *outer,
                GType       iface,
                int         code,
                const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (factory), outer, iface, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  assert_message (&error, words);
}

/* --- parts --- */

static void
test_part (void)
{
  g_autoptr (ConvokeClassFactory) factory = new_part_factory ();
  GObject *outer = new_outer ();
  g_autoptr (GObject) made = NULL;
  g_autoptr (GObject) list = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-13, OM-19: what is made for an outer becomes a part of it, and the outer is the answer");

  made = convoke_class_factory_create_instance (factory, outer, G_TYPE_OBJECT, &error);
  g_assert_no_error (error);
  g_assert_true (made == outer);
  list = convoke_query_interface (outer, G_TYPE_LIST_MODEL, &error);
  g_assert_no_error (error);
  g_assert_true (list == outer);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);

  g_clear_object (&list);
  g_clear_object (&made);
  g_assert_finalize_object (outer);
}

static void
test_part_of_own_factory (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) outer = new_outer ();

  g_test_summary ("OM-19: a factory is told of the outer; what has nothing that the outer reserved is refused, and gone");

  assert_refuses (maker, outer, G_TYPE_OBJECT, CONVOKE_ERROR_NO_INTERFACE, "GSimpleAction");
  g_assert_true (maker->outer == outer);
  assert_untouched (outer);
}

static void
test_part_with_interface (void)
{
  g_autoptr (ConvokeClassFactory) factory = new_part_factory ();
  g_autoptr (GObject) outer = new_outer ();

  g_test_summary ("T-OM-9, OM-17: for an outer any other interface than the object is NO_INTERFACE, and nothing is left");

  assert_refuses (factory, outer, G_TYPE_LIST_MODEL, CONVOKE_ERROR_NO_INTERFACE, "GListModel");
  assert_untouched (outer);
}

static GObject *
make_list (gpointer   data,
           GObject   *outer,
           GError   **error)
{
  GObject *made = G_OBJECT (g_list_store_new (G_TYPE_OBJECT));

  g_object_add_weak_pointer (made, data);
  *(GObject **) data = made;
  return made;
}

static void
test_part_with_interface_of_own_factory (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) outer = new_outer ();
  GObject *made = NULL;

  g_test_summary ("OM-17: that holds for factories that do not look at it, too: what they made is gone");

  maker->make = make_list;
  maker->data = &made;
  assert_refuses (maker, outer, G_TYPE_LIST_MODEL, CONVOKE_ERROR_NO_INTERFACE, "GListModel");
  g_assert_cmpint (maker->n_asked, ==, 1);
  g_assert_null (made);
  assert_untouched (outer);
}

static void
test_no_part (void)
{
  g_autoptr (ConvokeClassFactory) factory = convoke_class_factory_new_for_type (G_TYPE_LIST_STORE);
  g_autoptr (GObject) outer = new_outer ();

  g_test_summary ("OM-18, OM-25: a class that cannot be a part is NO_AGGREGATION, whatever it is asked for; that is the default");

  assert_refuses (factory, outer, G_TYPE_OBJECT, CONVOKE_ERROR_NO_AGGREGATION, "GListStore");
  assert_refuses (factory, outer, G_TYPE_LIST_MODEL, CONVOKE_ERROR_NO_AGGREGATION, "GListStore");
  assert_untouched (outer);
}

static void
test_no_component (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) outer = g_object_new (G_TYPE_OBJECT, NULL);

  g_test_summary ("OM-17: an outer that can have no parts is INVALID_ARGUMENT, and nothing is made");

  assert_refuses (maker, outer, G_TYPE_OBJECT, CONVOKE_ERROR_INVALID_ARGUMENT, "GObject");
  g_assert_cmpint (maker->n_asked, ==, 0);
}

static void
test_nothing_reserved (void)
{
  g_autoptr (ConvokeClassFactory) factory = new_part_factory ();
  g_autoptr (GListStore) other = g_list_store_new (G_TYPE_OBJECT);
  GObject *inners[] = { G_OBJECT (other) };
  g_autoptr (ConvokeComponent) outer = convoke_component_new (CONVOKE_TYPE_COMPONENT, inners, 1, NULL);

  g_test_summary ("OM-22: an outer that reserved nothing gets no part");

  assert_refuses (factory, G_OBJECT (outer), G_TYPE_OBJECT, CONVOKE_ERROR_NO_INTERFACE, "reserved");
  g_assert_cmpuint (G_OBJECT (outer)->ref_count, ==, 1);
}

static GObject *
make_owner (gpointer   data,
            GObject   *outer,
            GError   **error)
{
  GObject *made = make_list (data, outer, error);

  g_object_set_data_full (made, "outer", g_object_ref (outer), g_object_unref);
  return made;
}

static void
test_part_that_owns (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) outer = new_outer ();
  GObject *made = NULL;

  g_test_summary ("OM-15: a part that keeps its outer is refused, and nothing is left of it");

  maker->make = make_owner;
  maker->data = &made;
  assert_refuses (maker, outer, G_TYPE_OBJECT, CONVOKE_ERROR_SERVER_FAULT, "weak reference");
  g_assert_null (made);
  assert_untouched (outer);
}

static GObject *
make_outer_itself (gpointer   data,
                   GObject   *outer,
                   GError   **error)
{
  return g_object_ref (outer);
}

/* What another thread holds and lets go, again and again. */
typedef struct
{
  GObject *outer;   /* atomic; borrowed */
  gint     stop;    /* atomic */
} Passing;

static gpointer
pass_references (gpointer data)
{
  Passing *passing = data;

  while (!g_atomic_int_get (&passing->stop))
    {
      GObject *outer = g_object_ref (g_atomic_pointer_get (&passing->outer));

      g_object_unref (outer);
    }

  return NULL;
}

static void
make_parts_meanwhile (Passing   *passing,
                      GPtrArray *outers)
{
  g_autoptr (ConvokeClassFactory) factory = new_part_factory ();

  for (guint i = 0; i < outers->len; i++)
    {
      g_autoptr (GObject) made = NULL;
      g_autoptr (GError) error = NULL;

      g_atomic_pointer_set (&passing->outer, outers->pdata[i]);
      made = convoke_class_factory_create_instance (factory, outers->pdata[i], G_TYPE_OBJECT, &error);
      g_assert_no_error (error);
    }
}

static void
test_outer_in_use (void)
{
  g_autoptr (GPtrArray) outers = g_ptr_array_new_with_free_func (g_object_unref);
  Passing passing = { NULL, FALSE };
  GThread *thread;

  g_test_summary ("OM-15: that other threads use the outer meanwhile is nothing that its part does");

  for (guint i = 0; i < 500; i++)
    g_ptr_array_add (outers, new_outer ());
  passing.outer = outers->pdata[0];

  thread = g_thread_new ("passing", pass_references, &passing);
  make_parts_meanwhile (&passing, outers);
  g_atomic_int_set (&passing.stop, TRUE);
  g_thread_join (thread);
}

static void
test_outer_itself (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) outer = new_outer ();

  g_test_summary ("OM-15: an outer is no part of itself");

  maker->make = make_outer_itself;
  assert_refuses (maker, outer, G_TYPE_OBJECT, CONVOKE_ERROR_SERVER_FAULT, "weak reference");
  assert_untouched (outer);
}

/* --- wrong results --- */

static gpointer junk[4];

static GObject *
make_what_it_is (gpointer   data,
                 GObject   *outer,
                 GError   **error)
{
  return data;
}

static void
test_no_object (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();

  g_test_summary ("OM-25: what is no object at all, or nothing, is SERVER_FAULT, naming the factory");

  maker->make = make_what_it_is;
  maker->data = junk;
  assert_refuses (maker, NULL, G_TYPE_OBJECT, CONVOKE_ERROR_SERVER_FAULT, "TestMaker made something that is no object");
  maker->data = NULL;
  assert_refuses (maker, NULL, G_TYPE_OBJECT, CONVOKE_ERROR_SERVER_FAULT, "TestMaker made no instance");
}

static void
test_floating (void)
{
  g_autoptr (TestMaker) maker = test_maker_new ();
  g_autoptr (GObject) made = NULL;

  g_test_summary ("OM-25: a floating instance is taken over");

  maker->make = make_what_it_is;
  maker->data = g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);
  made = convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (maker), NULL, G_TYPE_OBJECT, NULL);
  g_assert_nonnull (made);
  g_assert_false (g_object_is_floating (made));
  g_assert_cmpuint (made->ref_count, ==, 1);
}

/* --- a factory that learns the interface by its name --- */

typedef GObject NamedMaker;
typedef GObjectClass NamedMakerClass;

static GType named_maker_get_type (void);
static char *named;

static GObject *
named_maker_create (ConvokeClassFactory  *factory,
                    GObject              *outer,
                    const char           *iface_name,
                    GError              **error)
{
  g_free (named);
  named = g_strdup (iface_name);
  return G_OBJECT (g_list_store_new (G_TYPE_OBJECT));
}

static void
named_maker_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance_named = named_maker_create;
}

G_DEFINE_TYPE_WITH_CODE (NamedMaker, named_maker, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, named_maker_iface_init))

static void
named_maker_class_init (NamedMakerClass *klass)
{
}

static void
named_maker_init (NamedMaker *self)
{
}

static void
test_named (void)
{
  g_autoptr (GObject) factory = g_object_new (named_maker_get_type (), NULL);
  g_autoptr (GObject) made = NULL;

  g_test_summary ("OM-38: a factory of a language without types in virtual functions is told the interface's name");

  made = convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (factory), NULL, G_TYPE_LIST_MODEL, NULL);
  g_assert_true (G_IS_LIST_MODEL (made));
  g_assert_cmpstr (named, ==, "GListModel");
  g_clear_pointer (&named, g_free);
}

typedef GObject EmptyMaker;
typedef GObjectClass EmptyMakerClass;

static GType empty_maker_get_type (void);

G_DEFINE_TYPE_WITH_CODE (EmptyMaker, empty_maker, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, NULL))

static void
empty_maker_class_init (EmptyMakerClass *klass)
{
}

static void
empty_maker_init (EmptyMaker *self)
{
}

static void
test_empty (void)
{
  g_autoptr (GObject) factory = g_object_new (empty_maker_get_type (), NULL);

  g_test_summary ("OM-25: a factory that implements nothing is NOT_SUPPORTED");

  assert_refuses (factory, NULL, G_TYPE_OBJECT, CONVOKE_ERROR_NOT_SUPPORTED, "EmptyMaker");
}

/* --- activation of a part --- */

static GObject *
activate_part (GObject           *outer,
               ConvokeDistance    distance,
               const TestDir     *dir,
               GError           **error)
{
  const char *directories[] = { dir != NULL ? dir->path : NULL, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();

  convoke_activation_set_outer (activation, CONVOKE_COMPONENT (outer));
  convoke_activation_set_distance (activation, distance, CONVOKE_PLACEMENT_DEFAULT);
  return convoke_catalog_activate (catalog, CLASS, G_TYPE_OBJECT, activation, NULL, error);
}

static void
test_activate_part (void)
{
  g_autoptr (ConvokeClassFactory) factory = new_part_factory ();
  guint64 cookie = convoke_register_class_object (CLASS, G_OBJECT (factory), 0, NULL);
  GObject *outer = new_outer ();
  g_autoptr (GObject) made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-19: an activation for an outer makes a part of it; the outer is the answer, and has no placement by that");

  made = activate_part (outer, CONVOKE_DISTANCE_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (made == outer);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (outer)), ==, 0);
  g_assert_null (convoke_dup_placement (outer));

  g_clear_object (&made);
  convoke_revoke_class_object (cookie, NULL);
  g_assert_finalize_object (outer);
}

static GObject *
activate_nothing (const ConvokeComponentFile  *file,
                  const ConvokeProperties     *properties,
                  GType                        iface,
                  gpointer                     home,
                  gint64                       deadline,
                  GCancellable                *cancellable,
                  GVariantDict                *placement,
                  GError                     **error)
{
  g_assert_not_reached ();
}

static void
test_part_elsewhere (void)
{
  g_autoptr (GObject) outer = new_outer ();
  g_auto (TestDir) dir = { 0 };

  g_test_summary ("OM-24: at any distance but in-process a part is NO_AGGREGATION, before anything is started");

  test_dir_init (&dir);
  g_free (test_dir_write (&dir, CLASS ".component", "[Component]\nInterfaces=Gio-2.0.ListModel\nModule=a\nType=b\n", -1));
  for (ConvokeDistance distance = CONVOKE_DISTANCE_THREAD; distance <= CONVOKE_DISTANCE_PROCESS; distance++)
    {
      g_autoptr (GError) error = NULL;

      convoke_placers[distance] = (ConvokePlacer) { NULL, activate_nothing };
      g_assert_null (activate_part (outer, distance, &dir, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION);
      assert_message (&error, CLASS);
    }
  assert_untouched (outer);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  convoke_require ("Gio", "2.0", &error);
  g_assert_no_error (error);

  g_test_add_func ("/gobj/class-factory/part", test_part);
  g_test_add_func ("/gobj/class-factory/part/own-factory", test_part_of_own_factory);
  g_test_add_func ("/gobj/class-factory/part/with-interface", test_part_with_interface);
  g_test_add_func ("/gobj/class-factory/part/with-interface-of-own-factory", test_part_with_interface_of_own_factory);
  g_test_add_func ("/gobj/class-factory/part/refused", test_no_part);
  g_test_add_func ("/gobj/class-factory/part/no-component", test_no_component);
  g_test_add_func ("/gobj/class-factory/part/nothing-reserved", test_nothing_reserved);
  g_test_add_func ("/gobj/class-factory/part/owns", test_part_that_owns);
  g_test_add_func ("/gobj/class-factory/part/outer-in-use", test_outer_in_use);
  g_test_add_func ("/gobj/class-factory/part/outer-itself", test_outer_itself);
  g_test_add_func ("/gobj/class-factory/no-object", test_no_object);
  g_test_add_func ("/gobj/class-factory/floating", test_floating);
  g_test_add_func ("/gobj/class-factory/named", test_named);
  g_test_add_func ("/gobj/class-factory/empty", test_empty);
  g_test_add_func ("/gobj/activation/part", test_activate_part);
  g_test_add_func ("/gobj/activation/part-elsewhere", test_part_elsewhere);

  return g_test_run ();
}
