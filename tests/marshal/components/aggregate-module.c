/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module whose one class makes aggregates: a list, prices and a player in one object. */

#include <convoke.h>
#include <convoke-test.h>
#include <gmodule.h>

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

#define TEST_TYPE_AGGREGATE_FACTORY (test_aggregate_factory_get_type ())
G_DECLARE_FINAL_TYPE (TestAggregateFactory, test_aggregate_factory, TEST, AGGREGATE_FACTORY, GObject)

struct _TestAggregateFactory
{
  GObject parent_instance;
};

static GObject *
create_instance (ConvokeClassFactory  *factory,
                 GObject              *outer,
                 GType                 iface,
                 GError              **error)
{
  g_autoptr (GListStore) list = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPlayer) player = convoke_test_player_new ();
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);

      g_list_store_append (list, item);
    }

  convoke_composition_add (composition, G_OBJECT (list));
  convoke_composition_add (composition, G_OBJECT (player));
  convoke_composition_add_interface (composition, G_OBJECT (server), CONVOKE_TEST_TYPE_PRICE_FEED);
  return (GObject *) convoke_composition_create (composition, error);
}

static void
factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = create_instance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestAggregateFactory, test_aggregate_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, factory_iface_init))

static void
test_aggregate_factory_class_init (TestAggregateFactoryClass *klass)
{
}

static void
test_aggregate_factory_init (TestAggregateFactory *self)
{
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return g_object_new (TEST_TYPE_AGGREGATE_FACTORY, NULL);
}
