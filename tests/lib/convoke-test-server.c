/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "convoke-test-server-private.h"

/**
 * ConvokeTestServer:
 *
 * Implements the interfaces of this library plainly, remembers who called it
 * on which thread, and can be held by a gate.
 *
 * Any thread may call it, also several at once.
 */

enum
{
  PROP_0,
  PROP_CURRENCY,
  PROP_LEVEL,
  PROP_LABEL,
  PROP_FEED,
  PROP_MOOD,
};

static int n_live;

static void price_feed_iface_init (ConvokeTestPriceFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTestServer, convoke_test_server, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, price_feed_iface_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_EVERY, convoke_test_server_every_init))

static gboolean
has_thread_locked (ConvokeTestServer *self,
                   guint64            thread)
{
  for (guint i = 0; i < self->threads->len; i++)
    if (g_array_index (self->threads, guint64, i) == thread)
      return TRUE;

  return FALSE;
}

void
convoke_test_server_record_call (ConvokeTestServer *self)
{
  guint64 thread = convoke_test_get_thread ();

  g_mutex_lock (&self->lock);
  self->n_calls++;
  self->last_thread = thread;
  if (!has_thread_locked (self, thread))
    g_array_append_val (self->threads, thread);
  g_mutex_unlock (&self->lock);
}

gboolean
convoke_test_server_pass_gate (ConvokeTestServer *self)
{
  g_autoptr (ConvokeTestGate) gate = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&gate, self->gate);
  g_mutex_unlock (&self->lock);

  return gate == NULL || convoke_test_gate_pass (gate);
}

/* --- ConvokeTestPriceFeed --- */

static double
tell_price (const char  *item,
            GError     **error)
{
  if (strcmp (item, "missing") == 0)
    {
      g_set_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "No such item: %s", item);
      return 0;
    }

  return 0.5 * strlen (item);
}

static double
get_price (ConvokeTestPriceFeed  *feed,
           const char            *item,
           GError               **error)
{
  convoke_test_server_record_call (CONVOKE_TEST_SERVER (feed));

  return tell_price (item, error);
}

static double
get_price_slowly (ConvokeTestPriceFeed  *feed,
                  const char            *item,
                  GError               **error)
{
  ConvokeTestServer *self = CONVOKE_TEST_SERVER (feed);

  convoke_test_server_record_call (self);
  if (!convoke_test_server_pass_gate (self))
    {
      g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "Nobody opened the gate");
      return 0;
    }

  return tell_price (item, error);
}

static int
count_items (ConvokeTestPriceFeed *feed)
{
  convoke_test_server_record_call (CONVOKE_TEST_SERVER (feed));

  return 42;
}

static char *
describe (ConvokeTestPriceFeed *feed)
{
  convoke_test_server_record_call (CONVOKE_TEST_SERVER (feed));

  return g_strdup ("a feed of prices");
}

static void
note (ConvokeTestPriceFeed *feed,
      const char           *text)
{
  ConvokeTestServer *self = CONVOKE_TEST_SERVER (feed);

  convoke_test_server_record_call (self);
  g_mutex_lock (&self->lock);
  g_free (self->last_note);
  self->last_note = g_strdup (text);
  g_mutex_unlock (&self->lock);
}

static void
price_feed_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = get_price;
  iface->get_price_slowly = get_price_slowly;
  iface->get_price_soon = get_price_slowly;
  iface->count_items = count_items;
  iface->describe = describe;
  iface->note = note;
}

/* --- GObject --- */

static void
convoke_test_server_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ConvokeTestServer *self = CONVOKE_TEST_SERVER (object);

  g_mutex_lock (&self->lock);
  switch (prop_id)
    {
    case PROP_CURRENCY:
      g_value_set_string (value, self->currency);
      break;
    case PROP_LEVEL:
      g_value_set_int (value, self->level);
      break;
    case PROP_LABEL:
      g_value_set_static_string (value, self->label);
      break;
    case PROP_FEED:
      g_value_set_object (value, self->feed);
      break;
    case PROP_MOOD:
      g_value_set_enum (value, CONVOKE_TEST_MOOD_GOOD);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_mutex_unlock (&self->lock);
}

static void
convoke_test_server_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  ConvokeTestServer *self = CONVOKE_TEST_SERVER (object);
  g_autoptr (ConvokeTestPriceFeed) old_feed = NULL;
  gboolean changed = FALSE;

  g_mutex_lock (&self->lock);
  switch (prop_id)
    {
    case PROP_CURRENCY:
      g_free (self->currency);
      self->currency = g_value_dup_string (value);
      break;
    case PROP_LEVEL:
      self->level = g_value_get_int (value);
      break;
    case PROP_LABEL:
      changed = g_strcmp0 (self->label, g_value_get_string (value)) != 0;
      self->label = g_intern_string (g_value_get_string (value));
      break;
    case PROP_FEED:
      old_feed = self->feed;
      self->feed = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_mutex_unlock (&self->lock);

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
convoke_test_server_finalize (GObject *object)
{
  ConvokeTestServer *self = CONVOKE_TEST_SERVER (object);

  g_clear_object (&self->gate);
  g_clear_object (&self->feed);
  g_ptr_array_unref (self->watchers);
  g_array_unref (self->threads);
  g_free (self->currency);
  g_free (self->last_note);
  g_mutex_clear (&self->lock);
  g_atomic_int_add (&n_live, -1);

  G_OBJECT_CLASS (convoke_test_server_parent_class)->finalize (object);
}

static void
convoke_test_server_class_init (ConvokeTestServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = convoke_test_server_get_property;
  object_class->set_property = convoke_test_server_set_property;
  object_class->finalize = convoke_test_server_finalize;

  g_object_class_override_property (object_class, PROP_CURRENCY, "currency");
  g_object_class_override_property (object_class, PROP_LEVEL, "level");
  g_object_class_override_property (object_class, PROP_LABEL, "label");
  g_object_class_override_property (object_class, PROP_FEED, "feed");
  g_object_class_override_property (object_class, PROP_MOOD, "mood");
}

static void
convoke_test_server_init (ConvokeTestServer *self)
{
  g_mutex_init (&self->lock);
  self->threads = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->watchers = g_ptr_array_new_with_free_func (convoke_test_watcher_free);
  self->currency = g_strdup ("EUR");
  g_atomic_int_inc (&n_live);
}

/**
 * convoke_test_server_new:
 *
 * Makes a server without a gate.
 *
 * Returns: (transfer full): the server
 */
ConvokeTestServer *
convoke_test_server_new (void)
{
  return g_object_new (CONVOKE_TEST_TYPE_SERVER, NULL);
}

/**
 * convoke_test_server_set_gate:
 * @self: a server
 * @gate: (nullable): what its slow methods pass
 *
 * Says what the slow methods pass before they answer.
 */
void
convoke_test_server_set_gate (ConvokeTestServer *self,
                              ConvokeTestGate   *gate)
{
  g_autoptr (ConvokeTestGate) old = NULL;

  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&self->gate);
  g_set_object (&self->gate, gate);
  g_mutex_unlock (&self->lock);
}

/**
 * convoke_test_server_get_n_calls:
 * @self: a server
 *
 * How many calls have come.
 *
 * Returns: the number
 */
guint
convoke_test_server_get_n_calls (ConvokeTestServer *self)
{
  guint n_calls;

  g_mutex_lock (&self->lock);
  n_calls = self->n_calls;
  g_mutex_unlock (&self->lock);

  return n_calls;
}

/**
 * convoke_test_server_get_last_thread:
 * @self: a server
 *
 * Where the last call came.
 *
 * Returns: the thread, see [func@ConvokeTest.get_thread], or 0
 */
guint64
convoke_test_server_get_last_thread (ConvokeTestServer *self)
{
  guint64 thread;

  g_mutex_lock (&self->lock);
  thread = self->last_thread;
  g_mutex_unlock (&self->lock);

  return thread;
}

/**
 * convoke_test_server_has_run_on:
 * @self: a server
 * @thread: a thread, see [func@ConvokeTest.get_thread]
 *
 * Whether any call came on @thread.
 *
 * Returns: %TRUE if one did
 */
gboolean
convoke_test_server_has_run_on (ConvokeTestServer *self,
                                guint64            thread)
{
  gboolean has;

  g_mutex_lock (&self->lock);
  has = has_thread_locked (self, thread);
  g_mutex_unlock (&self->lock);

  return has;
}

/**
 * convoke_test_server_count_threads:
 * @self: a server
 *
 * On how many threads calls came.
 *
 * Returns: the number
 */
guint
convoke_test_server_count_threads (ConvokeTestServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->threads->len;
  g_mutex_unlock (&self->lock);

  return n;
}

/**
 * convoke_test_server_dup_last_note:
 * @self: a server
 *
 * What was noted last.
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
convoke_test_server_dup_last_note (ConvokeTestServer *self)
{
  char *last_note;

  g_mutex_lock (&self->lock);
  last_note = g_strdup (self->last_note);
  g_mutex_unlock (&self->lock);

  return last_note;
}

/**
 * convoke_test_server_change_price:
 * @self: a server
 * @item: what it is that costs
 * @price: how much
 *
 * Tells of a price on the calling thread.
 */
void
convoke_test_server_change_price (ConvokeTestServer *self,
                                  const char        *item,
                                  double             price)
{
  g_signal_emit_by_name (self, "price-changed", item, price);
}

/**
 * convoke_test_server_tick:
 * @self: a server
 * @n: a number
 * @text: a text
 *
 * Emits [signal@ConvokeTest.Every::ticked] on the calling thread.
 */
void
convoke_test_server_tick (ConvokeTestServer *self,
                          int                n,
                          const char        *text)
{
  g_signal_emit_by_name (self, "ticked", n, text);
}

/**
 * convoke_test_server_count_live:
 *
 * How many servers are alive in this process.
 *
 * Returns: the number
 */
guint
convoke_test_server_count_live (void)
{
  return g_atomic_int_get (&n_live);
}

/**
 * convoke_test_get_thread:
 *
 * A number for the calling thread that no other thread of the process has
 * while it lives.
 *
 * Returns: the number, never 0
 */
guint64
convoke_test_get_thread (void)
{
  return (guint64) (gsize) g_thread_self ();
}
