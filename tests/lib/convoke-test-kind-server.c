/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-kinds-private.h"

/**
 * ConvokeTestKindServer:
 *
 * Implements [iface@ConvokeTest.Kinds] in C.
 *
 * Any thread may call it, also several at once.
 */
struct _ConvokeTestKindServer
{
  GObject    parent_instance;

  GMutex     lock;
  GPtrArray *elements;  /* LOCK: lock; of GPtrArray */
  GArray    *wholes;    /* LOCK: lock; of Whole */
  ConvokeTestPriceFeed *caller;  /* LOCK: lock; (nullable) (owned) */
};

typedef struct
{
  gpointer value;
  gsize    n;
  void   (*free_func) (gpointer value, gsize n);
} Whole;

static char *
describe (ConvokeTestPriceFeed *feed)
{
  return g_strdup ("the server");
}

static void
price_feed_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->describe = describe;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTestKindServer, convoke_test_kind_server, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, price_feed_iface_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_KINDS, convoke_test_kind_server_iface_init))

/* Takes @elements. */
void
convoke_test_kind_server_keep (ConvokeTestKinds *kinds,
                               GPtrArray        *elements)
{
  ConvokeTestKindServer *self = CONVOKE_TEST_KIND_SERVER (kinds);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->elements, elements);
  g_mutex_unlock (&self->lock);
}

/* Takes @value. */
void
convoke_test_kind_server_keep_whole (ConvokeTestKinds  *kinds,
                                     gpointer           value,
                                     gsize              n,
                                     void             (*free_func) (gpointer value, gsize n))
{
  ConvokeTestKindServer *self = CONVOKE_TEST_KIND_SERVER (kinds);
  Whole whole = { value, n, free_func };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->wholes, whole);
  g_mutex_unlock (&self->lock);
}

ConvokeTestPriceFeed *
convoke_test_kind_server_meet (ConvokeTestKinds     *kinds,
                               ConvokeTestPriceFeed *feed)
{
  ConvokeTestKindServer *self = CONVOKE_TEST_KIND_SERVER (kinds);
  ConvokeTestPriceFeed *caller;

  g_mutex_lock (&self->lock);
  if (self->caller == NULL && feed != NULL)
    self->caller = g_object_ref (feed);
  caller = self->caller;
  g_mutex_unlock (&self->lock);

  return caller;
}

static void
whole_clear (gpointer data)
{
  Whole *whole = data;

  whole->free_func (whole->value, whole->n);
}

static void
convoke_test_kind_server_finalize (GObject *object)
{
  ConvokeTestKindServer *self = CONVOKE_TEST_KIND_SERVER (object);

  g_clear_object (&self->caller);
  g_ptr_array_unref (self->elements);
  g_array_unref (self->wholes);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_test_kind_server_parent_class)->finalize (object);
}

static void
convoke_test_kind_server_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  g_value_set_static_string (value, "EUR");
}

static void
convoke_test_kind_server_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
}

static void
convoke_test_kind_server_class_init (ConvokeTestKindServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_test_kind_server_finalize;
  G_OBJECT_CLASS (klass)->get_property = convoke_test_kind_server_get_property;
  G_OBJECT_CLASS (klass)->set_property = convoke_test_kind_server_set_property;
  g_object_class_override_property (G_OBJECT_CLASS (klass), 1, "currency");
}

static void
convoke_test_kind_server_init (ConvokeTestKindServer *self)
{
  g_mutex_init (&self->lock);
  self->elements = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->wholes = g_array_new (FALSE, FALSE, sizeof (Whole));
  g_array_set_clear_func (self->wholes, whole_clear);
}

/**
 * convoke_test_kind_server_new:
 *
 * Makes a server.
 *
 * Returns: (transfer full): the server
 */
ConvokeTestKindServer *
convoke_test_kind_server_new (void)
{
  return g_object_new (CONVOKE_TEST_TYPE_KIND_SERVER, NULL);
}
