/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-stock-class-private.h"

#include "convoke-class-factory.h"
#include "convoke-event.h"
#include "convoke-wait-set.h"

typedef struct
{
  const char *class_name;
  GObject  *(*create) (void);
} StockClass;

static GObject *
create_auto_reset (void)
{
  return G_OBJECT (convoke_event_new (FALSE));
}

static GObject *
create_manual_reset (void)
{
  return G_OBJECT (convoke_event_new (TRUE));
}

static GObject *
create_container (void)
{
  return G_OBJECT (convoke_wait_set_new ());
}

static const StockClass stock_classes[] = {
  { "org.convoke.AutoResetEvent", create_auto_reset },
  { "org.convoke.ManualResetEvent", create_manual_reset },
  { "org.convoke.SynchronizeContainer", create_container },
};

/* --- their class objects --- */

#define CONVOKE_TYPE_STOCK_FACTORY (convoke_stock_factory_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeStockFactory, convoke_stock_factory, CONVOKE, STOCK_FACTORY, GObject)

struct _ConvokeStockFactory
{
  GObject           parent_instance;

  const StockClass *stock_class;
};

/* None of them knows its outer: whoever asked makes the instance a part of it (SY-10). */
static GObject *
convoke_stock_factory_create_instance (ConvokeClassFactory  *factory,
                                       GObject              *outer,
                                       GType                 iface,
                                       GError              **error)
{
  return CONVOKE_STOCK_FACTORY (factory)->stock_class->create ();
}

static void
convoke_stock_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = convoke_stock_factory_create_instance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeStockFactory, convoke_stock_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, convoke_stock_factory_iface_init))

static void
convoke_stock_factory_class_init (ConvokeStockFactoryClass *klass)
{
}

static void
convoke_stock_factory_init (ConvokeStockFactory *self)
{
}

GObject *
convoke_stock_class_dup_object (const char *class_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (stock_classes); i++)
    if (g_str_equal (stock_classes[i].class_name, class_name))
      {
        ConvokeStockFactory *factory = g_object_new (CONVOKE_TYPE_STOCK_FACTORY, NULL);

        factory->stock_class = &stock_classes[i];
        return G_OBJECT (factory);
      }

  return NULL;
}
