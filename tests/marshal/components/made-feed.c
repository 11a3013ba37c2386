/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that is what it was made with: what it is asked the price of is one of its properties. */

#include <convoke.h>
#include <convoke-test.h>

typedef enum
{
  MADE_SIZE_SMALL,
  MADE_SIZE_LARGE = 7,
} MadeSize;

#define MADE_TYPE_SIZE (made_size_get_type ())
GType made_size_get_type (void);
G_DEFINE_ENUM_TYPE (MadeSize, made_size,
                    G_DEFINE_ENUM_VALUE (MADE_SIZE_SMALL, "small"),
                    G_DEFINE_ENUM_VALUE (MADE_SIZE_LARGE, "large"))

#define MADE_TYPE_FEED (made_feed_get_type ())
G_DECLARE_FINAL_TYPE (MadeFeed, made_feed, MADE, FEED, GObject)

struct _MadeFeed
{
  GObject               parent_instance;

  int                   number;
  double                fraction;
  MadeSize              size;
  char                 *text;
  GObject              *object;   /* (owned) (nullable) */
  ConvokeTestPriceFeed *feed;     /* (owned) (nullable) */
  ConvokeTestServer    *server;   /* (owned) (nullable) */
};

static void made_feed_iface_init (ConvokeTestPriceFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MadeFeed, made_feed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, made_feed_iface_init))

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

enum
{
  PROP_NUMBER = 1,
  PROP_FRACTION,
  PROP_SIZE,
  PROP_TEXT_LINE,
  PROP_OBJECT,
  PROP_FEED,
  PROP_SERVER,
  PROP_FIXED,
  PROP_CURRENCY,
};

static double
ask_object (GObject     *object,
            const char  *item,
            GError     **error)
{
  g_autoptr (GObject) feed = convoke_query_interface (object, CONVOKE_TEST_TYPE_PRICE_FEED, error);

  return feed != NULL ? convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (feed), item, error) : 0;
}

static double
made_feed_get_price (ConvokeTestPriceFeed  *feed,
                     const char            *item,
                     GError               **error)
{
  MadeFeed *self = MADE_FEED (feed);

  if (g_str_equal (item, "number"))
    return self->number;
  if (g_str_equal (item, "fraction"))
    return self->fraction;
  if (g_str_equal (item, "size"))
    return self->size;
  if (g_str_equal (item, "text"))
    return g_strcmp0 (self->text, "Grüße") == 0;
  if (g_str_equal (item, "object-is-proxy"))
    return convoke_is_proxy (self->object);
  /* Nobody here has asked for the type. */
  if (g_str_equal (item, "object-has-actions"))
    return g_type_is_a (G_OBJECT_TYPE (self->object), g_type_from_name ("GActionMap"));
  if (g_str_equal (item, "object-has-feed"))
    return CONVOKE_TEST_IS_PRICE_FEED (self->object);
  if (g_str_equal (item, "ask-object"))
    return ask_object (self->object, "four", error);
  if (g_str_equal (item, "ask-feed"))
    return ask_object (G_OBJECT (self->feed), "four", error);
  if (g_str_equal (item, "die"))
    g_abort ();

  return -1;
}

static void
made_feed_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = made_feed_get_price;
}

static void
made_feed_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  g_param_value_set_default (pspec, value);
}

static void
made_feed_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  MadeFeed *self = MADE_FEED (object);

  switch (id)
    {
    case PROP_NUMBER:
      self->number = g_value_get_int (value);
      break;
    case PROP_FRACTION:
      self->fraction = g_value_get_double (value);
      break;
    case PROP_SIZE:
      self->size = g_value_get_enum (value);
      break;
    case PROP_TEXT_LINE:
      self->text = g_value_dup_string (value);
      break;
    case PROP_OBJECT:
      self->object = g_value_dup_object (value);
      break;
    case PROP_FEED:
      self->feed = g_value_dup_object (value);
      break;
    case PROP_SERVER:
      self->server = g_value_dup_object (value);
      break;
    default:
      break;
    }
}

static void
made_feed_finalize (GObject *object)
{
  MadeFeed *self = MADE_FEED (object);

  g_clear_object (&self->object);
  g_clear_object (&self->feed);
  g_clear_object (&self->server);
  g_free (self->text);

  G_OBJECT_CLASS (made_feed_parent_class)->finalize (object);
}

static void
made_feed_class_init (MadeFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = made_feed_get_property;
  object_class->set_property = made_feed_set_property;
  object_class->finalize = made_feed_finalize;

  g_object_class_install_property (object_class, PROP_NUMBER,
                                   g_param_spec_int ("number", NULL, NULL, 0, 100, 1, once));
  g_object_class_install_property (object_class, PROP_FRACTION,
                                   g_param_spec_double ("fraction", NULL, NULL, 0, 100, 1, G_PARAM_WRITABLE));
  g_object_class_install_property (object_class, PROP_SIZE,
                                   g_param_spec_enum ("size", NULL, NULL, MADE_TYPE_SIZE, MADE_SIZE_SMALL, once));
  g_object_class_install_property (object_class, PROP_TEXT_LINE,
                                   g_param_spec_string ("text-line", NULL, NULL, NULL, once));
  g_object_class_install_property (object_class, PROP_OBJECT,
                                   g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, once));
  g_object_class_install_property (object_class, PROP_FEED,
                                   g_param_spec_object ("feed", NULL, NULL, CONVOKE_TEST_TYPE_PRICE_FEED, once));
  g_object_class_install_property (object_class, PROP_SERVER,
                                   g_param_spec_object ("server", NULL, NULL, CONVOKE_TEST_TYPE_SERVER, once));
  g_object_class_install_property (object_class, PROP_FIXED,
                                   g_param_spec_int ("fixed", NULL, NULL, 0, 100, 1, G_PARAM_READABLE));
  g_object_class_override_property (object_class, PROP_CURRENCY, "currency");
}

/* How many there were is told to whoever is in the same process. */
static void
made_feed_init (MadeFeed *self)
{
  GQuark quark = g_quark_from_static_string ("made-feed-count");
  gsize n = GPOINTER_TO_SIZE (g_type_get_qdata (MADE_TYPE_FEED, quark));

  g_type_set_qdata (MADE_TYPE_FEED, quark, GSIZE_TO_POINTER (n + 1));
}

/* --- a factory that takes no properties --- */

#define MADE_TYPE_PLAIN_FACTORY (made_plain_factory_get_type ())
G_DECLARE_FINAL_TYPE (MadePlainFactory, made_plain_factory, MADE, PLAIN_FACTORY, GObject)

struct _MadePlainFactory
{
  GObject parent_instance;
};

static GObject *
made_plain_factory_create_instance (ConvokeClassFactory  *factory,
                                    GObject              *outer,
                                    GType                 iface,
                                    GError              **error)
{
  return g_object_new (MADE_TYPE_FEED, NULL);
}

static void
made_plain_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = made_plain_factory_create_instance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MadePlainFactory, made_plain_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, made_plain_factory_iface_init))

static void
made_plain_factory_class_init (MadePlainFactoryClass *klass)
{
}

static void
made_plain_factory_init (MadePlainFactory *self)
{
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  if (g_str_equal (type_name, "MadeFeed"))
    return convoke_class_factory_new_for_type (MADE_TYPE_FEED);
  if (g_str_equal (type_name, "MadePlainFeed"))
    return g_object_new (MADE_TYPE_PLAIN_FACTORY, NULL);

  return NULL;
}
