/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Two tables in one process, joined by a transport that hands messages over
 * when it is told to: what one end exports is an import at the other, as it
 * would be in another process.
 */

#include <convoke-test.h>

#include <sys/wait.h>
#include <unistd.h>

#include "../test-child.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-exports-private.h"
#include "convoke-fork-private.h"
#include "convoke-parcel-private.h"

#define CONVOKE_INSIDE
#include "convoke-call.h"
#include "convoke-unknown.h"
#include "test-home.h"

/* --- an end of the transport --- */

struct _ConvokeChannel
{
  ConvokeObjectTable *objects;
  ConvokeApartment   *apartment;
  ConvokeChannel     *peer;
  GMutex              lock;
  GPtrArray          *sent;       /* GBytes */
  gint                n_held;     /* by imports */
  gint                n_due;      /* calls of releases_due */
  guint               n_types;    /* sent */
  guint               n_queries;  /* asked */
};

static ConvokeChannel *
hold_end (ConvokeChannel *self)
{
  g_atomic_int_inc (&self->n_held);
  return self;
}

static void
drop_end (ConvokeChannel *self)
{
  g_atomic_int_add (&self->n_held, -1);
}

static ConvokeApartment *
dup_apartment (ConvokeChannel *self)
{
  return self->apartment != NULL ? g_object_ref (self->apartment) : NULL;
}

static void
send_message (ConvokeChannel    *self,
              ConvokeWireWriter *message)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->sent, g_bytes_new (message->data, message->length));
  self->n_types += message->data[4] == CONVOKE_MESSAGE_TYPE;
  g_mutex_unlock (&self->lock);
}

static void
note_releases (ConvokeChannel *self)
{
  g_atomic_int_inc (&self->n_due);
}

static void
init_reader (ConvokeWireReader *reader,
             GBytes            *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  convoke_wire_reader_init (reader, data, length, NULL, 0);
  reader->position = CONVOKE_MESSAGE_HEADER_SIZE;
}

static void
read_message (ConvokeChannel *self,
              GBytes         *bytes)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  init_reader (&reader, bytes);
  if (data[4] == CONVOKE_MESSAGE_TYPE)
    convoke_object_table_read_type (self->objects, &reader, &error);
  else
    convoke_object_table_read_release (self->objects, &reader, &error);
  g_assert_no_error (error);
}

/* What @self has sent arrives. */
static void
deliver (ConvokeChannel *self)
{
  g_autoptr (GPtrArray) sent = NULL;

  g_mutex_lock (&self->lock);
  sent = g_steal_pointer (&self->sent);
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < sent->len; i++)
    read_message (self->peer, g_ptr_array_index (sent, i));
}

/* What is due at @self is sent and arrives. */
static void
deliver_releases (ConvokeChannel *self)
{
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  if (convoke_object_table_write_releases (self->objects, &message))
    send_message (self, &message);
  convoke_wire_writer_clear (&message);
  deliver (self);
}

static gboolean
query (ConvokeChannel    *self,
       guint64            object,
       const char        *name,
       const char        *type_name,
       ConvokeAnswerFunc  answer,
       gpointer           data,
       GError           **error)
{
  g_autoptr (GObject) asked = convoke_object_table_dup_export (self->peer->objects, object, error);
  ConvokeWireWriter body, reply;
  ConvokeWireReader reader;
  gboolean ok;

  if (asked == NULL)
    return FALSE;

  self->n_queries++;
  convoke_wire_writer_init (&body);
  convoke_wire_put_string (&body, name);
  convoke_wire_put_string (&body, type_name);
  convoke_wire_reader_init (&reader, body.data, body.length, NULL, 0);
  convoke_wire_writer_init (&reply);
  ok = convoke_object_table_answer_query (self->peer->objects, asked, &reader, &reply, error);
  deliver (self->peer);

  if (ok)
    {
      convoke_wire_reader_init (&reader, reply.data, reply.length, NULL, 0);
      ok = answer (&reader, data, error);
    }
  convoke_wire_writer_clear (&reply);
  convoke_wire_writer_clear (&body);
  return ok;
}

static const ConvokeObjectTableFuncs funcs = {
  .ref = hold_end,
  .unref = drop_end,
  .dup_apartment = dup_apartment,
  .send = send_message,
  .releases_due = note_releases,
  .query = query,
};

/* Nothing is called through these ends. */
static const ConvokeCarrierFuncs carrier_funcs = { NULL, };

static ConvokeChannel *
end_new (void)
{
  ConvokeChannel *self = g_new0 (ConvokeChannel, 1);

  g_mutex_init (&self->lock);
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->apartment = convoke_apartment_new_remote (&carrier_funcs, self, NULL);
  self->objects = convoke_object_table_new (&funcs, self);
  return self;
}

static void
end_free (ConvokeChannel *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "the test is over");

  g_assert_cmpint (self->n_held, ==, 0);
  convoke_object_table_end (self->objects, why);
  convoke_object_table_unref (self->objects);
  g_clear_object (&self->apartment);
  g_ptr_array_unref (self->sent);
  g_mutex_clear (&self->lock);
  g_free (self);
}

typedef struct
{
  ConvokeChannel *here;
  ConvokeChannel *there;
} Pair;

static Pair *
pair_new (void)
{
  Pair *self = g_new0 (Pair, 1);

  self->here = end_new ();
  self->there = end_new ();
  self->here->peer = self->there;
  self->there->peer = self->here;
  return self;
}

static void
pair_free (Pair *self)
{
  end_free (self->here);
  end_free (self->there);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

/* --- passing references --- */

static const ConvokeTypeInfo any_type = { .kind = CONVOKE_TYPE_KIND_OBJECT, .name = (char *) "GObject.Object", .type_name = (char *) "GObject" };
static const ConvokeTypeInfo feed_type = { .kind = CONVOKE_TYPE_KIND_INTERFACE, .name = (char *) "ConvokeTest.PriceFeed", .type_name = (char *) "ConvokeTestPriceFeed" };
static const ConvokeTypeInfo model_type = { .kind = CONVOKE_TYPE_KIND_INTERFACE, .name = (char *) "Gio.ListModel", .type_name = (char *) "GListModel" };

/* Writes a reference as part of a message, which is sent. */
static void
write_ref (ConvokeChannel    *from,
           gpointer           object,
           ConvokeWireWriter *writer)
{
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  g_autoptr (GError) error = NULL;

  convoke_wire_writer_init (writer);
  convoke_parcel_init (&parcel, from->objects, NULL);
  parcel.refs.write_object (parcel.refs.data, writer, object, &any_type, &error);
  g_assert_no_error (error);
  convoke_parcel_sent (&parcel);
}

static gpointer
read_bytes (ConvokeChannel         *at,
            gconstpointer           data,
            gsize                   length,
            const ConvokeTypeInfo  *type,
            ConvokeApartment       *home,
            GError                **error)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  ConvokeWireReader reader;

  convoke_parcel_init (&parcel, at->objects, home);
  convoke_wire_reader_init (&reader, copy, length, NULL, 0);
  return parcel.refs.read_object (parcel.refs.data, &reader, type, error);
}

/* (transfer full): what arrives at the other end; clears @writer. */
static gpointer
read_ref (ConvokeChannel        *at,
          ConvokeWireWriter     *writer,
          const ConvokeTypeInfo *type)
{
  g_autoptr (GError) error = NULL;
  gpointer object;

  deliver (at->peer);
  object = read_bytes (at, writer->data, writer->length, type, NULL, &error);
  g_assert_no_error (error);
  convoke_wire_writer_clear (writer);
  return object;
}

static gpointer
pass (ConvokeChannel        *from,
      gpointer               object,
      const ConvokeTypeInfo *type)
{
  ConvokeWireWriter writer;

  write_ref (from, object, &writer);
  return read_ref (from->peer, &writer, type);
}

static ConvokeImport *
get_import (gpointer proxy)
{
  return convoke_import_from_object (((ConvokeProxy *) proxy)->target);
}

/* --- identity --- */

static void
test_arrives (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) near = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);

  g_test_summary ("An object arrives as a proxy of the same interfaces");

  g_assert_true (convoke_is_proxy (proxy));
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (proxy));
  g_assert_true (G_OBJECT_TYPE (proxy) == G_OBJECT_TYPE (near));
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);
}

static void
test_same_proxy (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) one = pass (pair->here, server, &feed_type);
  g_autoptr (GObject) other = pass (pair->here, server, &any_type);
  g_autoptr (GObject) found = NULL;

  g_test_summary ("One object is one proxy for as long as that is held (OM-1)");

  g_assert_true (one == other);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);

  found = (GObject *) convoke_object_table_dup_proxy (pair->there->objects, get_import (one)->place->id);
  g_assert_true (found == one);
}

static void
test_comes_home (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  g_autoptr (GObject) home = pass (pair->there, proxy, &feed_type);

  g_test_summary ("A proxy that comes home is the object");

  g_assert_true (home == G_OBJECT (server));
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->there->objects), ==, 0);
}

static void
test_described_once (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) other = convoke_test_server_new ();
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) one = pass (pair->here, server, &any_type);
  g_autoptr (GObject) two = pass (pair->here, other, &any_type);
  g_autoptr (GObject) three = pass (pair->here, store, &any_type);

  g_test_summary ("A class is described once");

  g_assert_true (one != two);
  g_assert_cmpuint (pair->here->n_types, ==, 2);
}

static void
test_thread_proxy (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) near = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (GObject) one = pass (pair->here, near, &any_type);
  g_autoptr (GObject) other = pass (pair->here, server, &any_type);

  g_test_summary ("The proxy of an object of this process travels as the object");

  g_assert_true (one == other);
}

static void
test_other_apartment (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (TestHome) elsewhere = test_home_new ();
  ConvokeTestServer *server = test_home_bind (elsewhere, convoke_test_server_new ());
  GObject *proxy = pass (pair->here, server, &feed_type);
  GObject *home = pass (pair->there, proxy, &feed_type);

  g_test_summary ("What comes home to another apartment than its own is its proxy there");

  g_assert_true (convoke_is_proxy (home));
  g_assert_true (((ConvokeProxy *) home)->target == G_OBJECT (server));

  g_object_unref (home);
  g_object_unref (proxy);
  deliver_releases (pair->there);
  g_object_unref (server);
}

static void
test_bound (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();
  g_autoptr (ConvokeApartment) bound = NULL;
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;

  g_test_summary ("An object that nobody has seen yet belongs to where it is sent from (D11)");

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, pair->here->objects, serial);
  parcel.refs.write_object (parcel.refs.data, &writer, G_OBJECT (server), &any_type, &error);
  g_assert_no_error (error);
  convoke_wire_writer_clear (&writer);

  bound = convoke_apartment_dup_for_object (G_OBJECT (server));
  g_assert_true (bound == serial);
}

static void
test_forwarded (void)
{
  g_autoptr (Pair) near = pair_new ();
  g_autoptr (Pair) far = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) middle = pass (near->here, server, &feed_type);
  g_autoptr (GObject) last = pass (far->here, middle, &feed_type);
  g_autoptr (GObject) back = NULL;

  g_test_summary ("The proxy of a third process's object is an object of this one, and comes home as that proxy");

  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (last));
  g_assert_true (last != middle);
  g_assert_cmpuint (convoke_object_table_get_n_exports (far->here->objects), ==, 1);

  back = pass (far->there, last, &feed_type);
  g_assert_true (back == middle);
}

/* --- what users see --- */

static void
test_never_import (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  g_autoptr (ConvokeApartment) home = convoke_apartment_new_for_context (NULL);
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (proxy);

  g_test_summary ("A proxy of an object elsewhere passes between apartments as it is");

  g_assert_true (apartment == pair->there->apartment);
  g_assert_null (convoke_proxy_map_object (proxy, &feed_type, home, apartment));
  g_assert_null (convoke_proxy_map_object (proxy, &feed_type, apartment, home));
  g_assert_true (convoke_same_object (proxy, proxy));
  g_assert_false (convoke_same_object (proxy, G_OBJECT (server)));
}

static void
test_call_object (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_autoptr (GObject) object = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GObject) late = NULL;

  g_test_summary ("A call object for an object elsewhere tells its proxy (P-5)");

  g_assert_no_error (error);
  object = convoke_call_dup_object (call);
  g_assert_true (object == proxy);
  g_object_get (call, "object", &again, NULL);
  g_assert_true (again == proxy);

  /* Also when nobody holds it any more. */
  g_clear_object (&object);
  g_clear_object (&again);
  g_clear_object (&proxy);
  late = convoke_call_dup_object (call);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (late));
}

static void
test_not_exported_to_remote (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();
  g_autoptr (ConvokeApartment) bound = NULL;

  g_test_summary ("What leaves the process is bound where it comes from, and gets no proxy here");

  g_assert_null (convoke_proxy_map_object (G_OBJECT (server), &feed_type, serial, pair->here->apartment));
  bound = convoke_apartment_dup_for_object (G_OBJECT (server));
  g_assert_true (bound == serial);
}

/* --- counting --- */

static void
test_released (void)
{
  g_autoptr (Pair) pair = pair_new ();
  guint n_live = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  GObject *one = pass (pair->here, server, &any_type);
  GObject *other = pass (pair->here, server, &any_type);

  g_test_summary ("What nobody holds there is released here, in one batch");

  g_object_unref (server);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live + 1);
  g_object_unref (one);
  g_assert_cmpint (pair->there->n_due, ==, 0);
  g_object_unref (other);
  g_assert_cmpint (pair->there->n_due, ==, 1);
  g_assert_cmpint (pair->there->n_held, ==, 0);

  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
}

static void
test_batch (void)
{
  g_autoptr (Pair) pair = pair_new ();
  GPtrArray *proxies = g_ptr_array_new_with_free_func (g_object_unref);
  ConvokeWireWriter message;

  g_test_summary ("The channel is told once of any number of releases");

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();

      g_ptr_array_add (proxies, pass (pair->here, server, &any_type));
    }
  g_ptr_array_unref (proxies);

  g_assert_cmpint (pair->there->n_due, ==, 1);
  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);

  convoke_wire_writer_init (&message);
  g_assert_false (convoke_object_table_write_releases (pair->there->objects, &message));
  convoke_wire_writer_clear (&message);
}

static void
test_never_again (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GObject *proxy = pass (pair->here, server, &any_type);
  guint64 id = get_import (proxy)->place->id;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A number means nothing after the last release, and is not used again");

  g_object_unref (proxy);
  deliver_releases (pair->there);
  g_assert_null (convoke_object_table_dup_export (pair->here->objects, id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);

  proxy = pass (pair->here, server, &any_type);
  g_assert_cmpuint (get_import (proxy)->place->id, !=, id);
  g_object_unref (proxy);
}

static void
test_crossing (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GObject *proxy = pass (pair->here, server, &any_type);
  g_autoptr (GObject) again = NULL;
  ConvokeWireWriter writer;

  g_test_summary ("A release that crosses a new reference takes nothing from it");

  write_ref (pair->here, server, &writer);
  g_object_unref (proxy);
  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);

  again = read_ref (pair->there, &writer, &any_type);
  g_assert_true (convoke_is_proxy (again));
}

typedef struct
{
  Pair              *pair;
  ConvokeTestServer *server;
  GObject           *again;
} Resurrection;

static void
receive_again (gpointer  data,
               GObject  *dying)
{
  Resurrection *self = data;

  self->again = pass (self->pair->here, self->server, &any_type);
}

static void
test_resurrected (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GObject *proxy = pass (pair->here, server, &any_type);
  Resurrection resurrection = { pair, server, NULL };
  g_autoptr (GObject) found = NULL;

  g_test_summary ("A reference that comes while the import dies makes another, and each gives back its own");

  g_object_weak_ref (G_OBJECT (get_import (proxy)), receive_again, &resurrection);
  g_object_unref (proxy);
  g_assert_nonnull (resurrection.again);

  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);
  found = pass (pair->here, server, &any_type);
  g_assert_true (found == resurrection.again);

  g_object_unref (resurrection.again);
  g_clear_object (&found);
  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
}

static void
test_unsent (void)
{
  g_autoptr (Pair) pair = pair_new ();
  guint n_live = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  ConvokeWireWriter writer;

  g_test_summary ("The references of a message that is not sent are taken back");

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, pair->here->objects, NULL);
  /* More than the parcel has room for. */
  for (guint i = 0; i < 3 * CONVOKE_PARCEL_INLINE; i++)
    g_assert_true (parcel.refs.write_object (parcel.refs.data, &writer, G_OBJECT (server), &any_type, NULL));
  convoke_wire_writer_clear (&writer);
  g_object_unref (server);

  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);
  convoke_parcel_clear (&parcel);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
}

static void
test_held_until_sent (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GObject *proxy = pass (pair->here, server, &any_type);
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  ConvokeWireWriter writer;

  g_test_summary ("No release overtakes a message that takes the reference home");

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, pair->there->objects, NULL);
  g_assert_true (parcel.refs.write_object (parcel.refs.data, &writer, proxy, &any_type, NULL));
  convoke_wire_writer_clear (&writer);

  g_object_unref (proxy);
  g_assert_cmpint (pair->there->n_due, ==, 0);
  convoke_parcel_sent (&parcel);
  g_assert_cmpint (pair->there->n_due, ==, 0);
  convoke_parcel_clear (&parcel);
  g_assert_cmpint (pair->there->n_due, ==, 1);
}

static void
note_thread (gpointer  data,
             GObject  *dying)
{
  g_atomic_pointer_set ((GThread **) data, g_thread_self ());
}

static void
test_released_at_home (void)
{
  g_autoptr (Pair) pair = pair_new ();
  TestHome *elsewhere = test_home_new ();
  GThread *thread = elsewhere->thread;
  GThread *released_by = NULL;
  ConvokeTestServer *server = test_home_bind (elsewhere, convoke_test_server_new ());
  GObject *proxy = pass (pair->here, server, &any_type);

  g_test_summary ("An object is released where it lives (D11)");

  g_object_weak_ref (G_OBJECT (server), note_thread, &released_by);
  g_object_unref (server);
  g_object_unref (proxy);
  deliver_releases (pair->there);

  test_home_free (elsewhere);
  g_assert_true (released_by == thread);
}

/* --- calls --- */

static void
test_find_call (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  const ConvokeMethodInfo *count = convoke_interface_info_find (info, "count_items", NULL);
  const ConvokeMethodInfo *method;
  g_autoptr (ConvokeApartment) apartment = NULL;
  g_autoptr (ConvokeApartment) own = convoke_apartment_dup_for_object (G_OBJECT (server));
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;
  guint iface, index;

  g_test_summary ("The numbers of a method lead to it at its owner");

  convoke_import_find_method (get_import (proxy), count, &iface, &index, &error);
  g_assert_no_error (error);
  convoke_object_table_find_call (pair->here->objects, get_import (proxy)->place->id, iface, index, &object, &apartment, &method, &error);
  g_assert_no_error (error);
  g_assert_true (method == count);
  g_assert_true (object == G_OBJECT (server));
  g_assert_true (apartment == own);
}

static void
test_find_call_forwarded (void)
{
  g_autoptr (Pair) near = pair_new ();
  g_autoptr (Pair) far = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) middle = pass (near->here, server, &feed_type);
  g_autoptr (GObject) last = pass (far->here, middle, &feed_type);
  const ConvokeMethodInfo *method;
  g_autoptr (ConvokeApartment) apartment = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call of what is forwarded goes to where the object is");

  convoke_object_table_find_call (far->here->objects, get_import (last)->place->id, 0, 0, &object, &apartment, &method, &error);
  g_assert_no_error (error);
  g_assert_true (object == G_OBJECT (get_import (middle)));
  g_assert_true (apartment == near->there->apartment);
}

static void
assert_no_call (ConvokeObjectTable *table,
                guint64             id,
                guint               iface,
                guint               index,
                ConvokeError        code)
{
  const ConvokeMethodInfo *method;
  ConvokeApartment *apartment;
  GObject *object;
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_object_table_find_call (table, id, iface, index, &object, &apartment, &method, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
test_no_such_call (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  guint64 id = get_import (proxy)->place->id;
  guint iface, index;

  g_test_summary ("Numbers of objects, interfaces and methods that were never given lead nowhere");

  g_assert_true (convoke_import_find_method (get_import (proxy), &info->methods[0], &iface, &index, NULL));
  assert_no_call (pair->here->objects, 0, iface, 0, CONVOKE_ERROR_NOT_CONNECTED);
  assert_no_call (pair->here->objects, id + 1, iface, 0, CONVOKE_ERROR_NOT_CONNECTED);
  assert_no_call (pair->here->objects, G_MAXUINT64, iface, 0, CONVOKE_ERROR_NOT_CONNECTED);
  assert_no_call (pair->here->objects, id, 99, 0, CONVOKE_ERROR_PROTOCOL);
  assert_no_call (pair->here->objects, id, G_MAXUINT, 0, CONVOKE_ERROR_PROTOCOL);
  assert_no_call (pair->here->objects, id, iface, info->n_methods, CONVOKE_ERROR_PROTOCOL);
  assert_no_call (pair->here->objects, id, iface, G_MAXUINT, CONVOKE_ERROR_PROTOCOL);
}

static void
test_signal_slot (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  const ConvokeMethodInfo *handler = convoke_interface_info_find (info, "price_changed", NULL);
  guint iface, index;

  g_test_summary ("The default handler of a signal is not called from another process");

  g_assert_true (handler->signal_slot);
  g_assert_true (convoke_import_find_method (get_import (proxy), handler, &iface, &index, NULL));
  assert_no_call (pair->here->objects, get_import (proxy)->place->id, iface, index, CONVOKE_ERROR_NOT_SUPPORTED);
}

/* --- late queries --- */

static void
describe_nothing (ConvokeChannel *to,
                  guint32         type_id)
{
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  g_autoptr (GError) error = NULL;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, type_id);
  convoke_wire_put_string (&writer, "ConvokeTestServer");
  convoke_wire_put_u16 (&writer, 0);
  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  convoke_object_table_read_type (to->objects, &reader, &error);
  g_assert_no_error (error);
  convoke_wire_writer_clear (&writer);
}

#define BARE_TYPE 999

/* An object arrives of whose class the owner knew no interface then. */
static gpointer
pass_bare (Pair     *pair,
           gpointer  object)
{
  ConvokeWireWriter writer, bare;
  ConvokeWireReader reader;
  guint64 id;
  guint8 kind;

  write_ref (pair->here, object, &writer);
  deliver (pair->here);
  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  g_assert_true (convoke_wire_get_u8 (&reader, &kind, NULL) && convoke_wire_get_u64 (&reader, &id, NULL));
  convoke_wire_writer_clear (&writer);

  describe_nothing (pair->there, BARE_TYPE);
  convoke_wire_writer_init (&bare);
  convoke_wire_put_u8 (&bare, kind);
  convoke_wire_put_u64 (&bare, id);
  convoke_wire_put_u32 (&bare, BARE_TYPE);
  return read_ref (pair->there, &bare, &any_type);
}

static void
test_late_query (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass_bare (pair, server);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) facet = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GObject) identity = NULL;

  g_test_summary ("An interface that was learnt late is asked for once, and is a facet (D2)");

  g_assert_false (CONVOKE_TEST_IS_PRICE_FEED (proxy));
  facet = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (facet));
  g_assert_true (convoke_same_object (facet, proxy));

  again = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_true (again == facet);
  identity = convoke_query_interface (facet, G_TYPE_OBJECT, &error);
  g_assert_true (identity == proxy);
  g_assert_cmpuint (pair->there->n_queries, ==, 1);
}

static void
test_facet_comes_home (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass_bare (pair, server);
  g_autoptr (GObject) facet = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) home = pass (pair->there, facet, &feed_type);

  g_test_summary ("A facet comes home as the object");

  g_assert_true (home == G_OBJECT (server));
}

static void
test_facet_arrives (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass_bare (pair, server);
  g_autoptr (GObject) facet = pass (pair->here, server, &feed_type);

  g_test_summary ("Where an interface is wanted that the proxy does not have, its facet arrives, and nobody is asked");

  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (facet));
  g_assert_true (convoke_same_object (facet, proxy));
  g_assert_cmpuint (pair->there->n_queries, ==, 0);
}

static void
test_no_interface (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);

  g_test_summary ("NO_INTERFACE is the owner's answer, and is asked for once (OM-2)");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
      g_assert_cmpuint (pair->there->n_queries, ==, 1);
    }
}

static void
assert_bad_query (Pair              *pair,
                  GObject           *object,
                  ConvokeWireWriter *body)
{
  ConvokeWireWriter reply;
  ConvokeWireReader reader;
  g_autoptr (GError) error = NULL;

  convoke_wire_writer_init (&reply);
  convoke_wire_reader_init (&reader, body->data, body->length, NULL, 0);
  g_assert_false (convoke_object_table_answer_query (pair->here->objects, object, &reader, &reply, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_cmpuint (reply.length, ==, 0);
  convoke_wire_writer_clear (&reply);
  convoke_wire_writer_clear (body);
}

static void
test_bad_query (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  ConvokeWireWriter body;

  g_test_summary ("A query that is cut off, or has something behind it, is refused");

  convoke_wire_writer_init (&body);
  convoke_wire_put_string (&body, "ConvokeTest-1.PriceFeed");
  assert_bad_query (pair, G_OBJECT (server), &body);

  convoke_wire_writer_init (&body);
  convoke_wire_put_string (&body, "ConvokeTest-1.PriceFeed");
  convoke_wire_put_string (&body, "ConvokeTestPriceFeed");
  convoke_wire_put_u8 (&body, 0);
  assert_bad_query (pair, G_OBJECT (server), &body);
}

static void
assert_not_implemented (Pair       *pair,
                        GObject    *object,
                        const char *name,
                        const char *type_name)
{
  ConvokeWireWriter body, reply;
  ConvokeWireReader reader;
  g_autoptr (GError) error = NULL;

  convoke_wire_writer_init (&body);
  convoke_wire_put_string (&body, name);
  convoke_wire_put_string (&body, type_name);
  convoke_wire_writer_init (&reply);
  convoke_wire_reader_init (&reader, body.data, body.length, NULL, 0);
  convoke_object_table_answer_query (pair->here->objects, object, &reader, &reply, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (reply.data, reply.length, "\0", 1);
  convoke_wire_writer_clear (&reply);
  convoke_wire_writer_clear (&body);
}

static void
test_odd_query (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();

  g_test_summary ("A query for what is no interface here, or another one of that name, is answered with no");

  assert_not_implemented (pair, G_OBJECT (server), "GObject-2.0.Object", "GObject");
  assert_not_implemented (pair, G_OBJECT (server), "ConvokeTest-1.Server", "ConvokeTestServer");
  assert_not_implemented (pair, G_OBJECT (server), "ConvokeTest-2.PriceFeed", "ConvokeTestPriceFeed");
  assert_not_implemented (pair, G_OBJECT (server), "", "");
}

/* --- the end --- */

static void
test_end (void)
{
  g_autoptr (Pair) pair = pair_new ();
  guint n_live = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED, "it was killed by SIGKILL");
  g_autoptr (GError) error = NULL;

  g_test_summary ("All that a peer held is released when its connection ends");

  g_object_unref (server);
  convoke_object_table_end (pair->here->objects, why);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);

  g_assert_null (convoke_object_table_dup_export (pair->here->objects, get_import (proxy)->place->id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "SIGKILL"));
}

static gboolean
try_write (ConvokeChannel  *from,
           gpointer         object,
           GError         **error)
{
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  ConvokeWireWriter writer;
  gboolean ok;

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, from->objects, NULL);
  ok = parcel.refs.write_object (parcel.refs.data, &writer, object, &any_type, error);
  convoke_wire_writer_clear (&writer);
  return ok;
}

static void
test_after_end (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GObject *proxy = pass (pair->here, server, &feed_type);
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED, "it was killed by SIGKILL");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) query_error = NULL;
  guint32 type_id;

  g_test_summary ("After the end nothing is written or asked, and the cause is told");

  convoke_object_table_end (pair->there->objects, why);
  g_assert_false (try_write (pair->there, server, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "SIGKILL"));
  g_clear_error (&error);

  /* The end can come after that look as well. */
  g_assert_cmpuint (convoke_object_table_export (pair->there->objects, G_OBJECT (server), 0, &type_id, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);

  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &query_error));
  g_assert_error (query_error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_cmpuint (pair->there->n_queries, ==, 0);

  g_object_unref (proxy);
  g_assert_cmpint (pair->there->n_due, ==, 0);
}

static gboolean
child_claims_hold (Pair    *pair,
                   GObject *proxy,
                   GObject *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) query_error = NULL;

  if (try_write (pair->here, server, &error) || !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED))
    return FALSE;
  if (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &query_error) != NULL ||
      !g_error_matches (query_error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED))
    return FALSE;

  /* Another thread of the parent may have held the lock. */
  g_object_unref (proxy);
  return pair->there->n_due == 0;
}

static void
test_forked (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &feed_type);
  pid_t child;
  int status;

  g_test_summary ("In a forked child everything fails with FORKED, and a proxy can be dropped");

  convoke_fork_init ();
  child = fork ();
  if (child == 0)
    {
      alarm (60);
      test_child_end (child_claims_hold (pair, proxy, G_OBJECT (server)));
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

/* --- bad input --- */

static void
put_release (ConvokeWireWriter *body,
             guint64            id,
             guint64            count)
{
  convoke_wire_writer_init (body);
  convoke_wire_put_u32 (body, 1);
  convoke_wire_put_u64 (body, id);
  convoke_wire_put_u64 (body, count);
}

static void
assert_bad_release (ConvokeChannel    *at,
                    ConvokeWireWriter *body,
                    gsize              length)
{
  g_autofree guint8 *copy = g_memdup2 (body->data, length);
  ConvokeWireReader reader;
  g_autoptr (GError) error = NULL;

  convoke_wire_reader_init (&reader, copy, length, NULL, 0);
  g_assert_false (convoke_object_table_read_release (at->objects, &reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_bad_release (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  const guint64 id = get_import (proxy)->place->id;
  const struct { guint64 id; guint64 count; } releases[] = {
    { id, 2 }, { id, 0 }, { id, G_MAXUINT64 }, { id + 1, 1 }, { 0, 1 }, { G_MAXUINT64, 1 },
  };

  g_test_summary ("More than was handed out, of what was not, or nothing, cannot be given back");

  for (guint i = 0; i < G_N_ELEMENTS (releases); i++)
    {
      ConvokeWireWriter body;

      put_release (&body, releases[i].id, releases[i].count);
      assert_bad_release (pair->here, &body, body.length);
      convoke_wire_writer_clear (&body);
    }
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 1);
}

static void
test_cut_release (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  ConvokeWireWriter body;

  g_test_summary ("A release that is cut off, or counts more than it has, is refused");

  put_release (&body, get_import (proxy)->place->id, 1);
  for (gsize length = 0; length < body.length; length++)
    assert_bad_release (pair->here, &body, length);
  convoke_wire_writer_clear (&body);

  convoke_wire_writer_init (&body);
  convoke_wire_put_u32 (&body, G_MAXUINT32);
  assert_bad_release (pair->here, &body, body.length);
  convoke_wire_writer_clear (&body);
}

static void
assert_bad_ref (ConvokeChannel        *at,
                const guint8          *data,
                gsize                  length,
                const ConvokeTypeInfo *type,
                ConvokeError           code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes (at, data, length, type, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
test_cut_reference (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  ConvokeWireWriter mine, yours;

  g_test_summary ("A reference that is cut off anywhere is refused");

  write_ref (pair->here, server, &mine);
  for (gsize length = 0; length < mine.length; length++)
    assert_bad_ref (pair->there, mine.data, length, &any_type, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (&mine);

  write_ref (pair->there, proxy, &yours);
  for (gsize length = 0; length < yours.length; length++)
    assert_bad_ref (pair->here, yours.data, length, &any_type, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (&yours);
}

static void
put_reference (ConvokeWireWriter *writer,
               guint8             kind,
               guint64            id,
               guint32            type_id)
{
  convoke_wire_writer_init (writer);
  convoke_wire_put_u8 (writer, kind);
  convoke_wire_put_u64 (writer, id);
  convoke_wire_put_u32 (writer, type_id);
}

static void
test_bad_reference (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  const struct { guint8 kind; guint64 id; ConvokeError code; } references[] = {
    { 0, 1, CONVOKE_ERROR_PROTOCOL },                 /* no such kind */
    { 3, 1, CONVOKE_ERROR_PROTOCOL },
    { 255, 1, CONVOKE_ERROR_PROTOCOL },
    { 1, 1, CONVOKE_ERROR_PROTOCOL },                 /* of a type that was not described */
    { 2, 0, CONVOKE_ERROR_NOT_CONNECTED },            /* to an object that was never exported */
    { 2, 77, CONVOKE_ERROR_NOT_CONNECTED },
    { 2, G_MAXUINT64, CONVOKE_ERROR_NOT_CONNECTED },
  };

  g_test_summary ("References of unknown kinds, types and objects are refused");

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    {
      ConvokeWireWriter writer;

      put_reference (&writer, references[i].kind, references[i].id, 4711);
      assert_bad_ref (pair->there, writer.data, writer.length, &any_type, references[i].code);
      convoke_wire_writer_clear (&writer);
    }
  g_assert_cmpint (pair->there->n_held, ==, 1);
}

static void
test_wrong_interface (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = pass (pair->here, server, &any_type);
  ConvokeWireWriter mine, yours;

  g_test_summary ("An object that does not implement what is wanted is refused, and nobody is asked");

  write_ref (pair->here, server, &mine);
  assert_bad_ref (pair->there, mine.data, mine.length, &model_type, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (&mine);

  write_ref (pair->there, proxy, &yours);
  assert_bad_ref (pair->here, yours.data, yours.length, &model_type, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (&yours);
  g_assert_cmpuint (pair->there->n_queries, ==, 0);

  /* What was refused was received all the same. */
  g_clear_object (&proxy);
  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
}

static void
test_wrong_argument (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_auto (ConvokeParcel) parcel = { .n_items = 0 };
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;

  g_test_summary ("An object that is not what the other side wants is not sent");

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, pair->here->objects, NULL);
  g_assert_false (parcel.refs.write_object (parcel.refs.data, &writer, G_OBJECT (server), &model_type, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  convoke_wire_writer_clear (&writer);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
}

static gboolean
read_bare_type (ConvokeChannel  *at,
                guint32          type_id,
                GError         **error)
{
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  gboolean ok;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, type_id);
  convoke_wire_put_string (&writer, "Far");
  convoke_wire_put_u16 (&writer, 0);
  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  ok = convoke_object_table_read_type (at->objects, &reader, error);
  convoke_wire_writer_clear (&writer);
  return ok;
}

static void
test_type_twice (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A type is not described twice under one number");

  g_assert_true (read_bare_type (pair->there, 5, NULL));
  g_assert_false (read_bare_type (pair->there, 5, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_too_many_types (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A connection brings a bounded number of types");

  for (guint i = 0; i < CONVOKE_MAX_TYPES; i++)
    g_assert_true (read_bare_type (pair->there, i, NULL));
  g_assert_false (read_bare_type (pair->there, CONVOKE_MAX_TYPES, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_too_many_imports (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GPtrArray) imports = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A peer cannot fill the memory with objects");

  g_assert_true (read_bare_type (pair->there, 5, NULL));
  for (guint i = 0; i < CONVOKE_MAX_IMPORTS; i++)
    g_ptr_array_add (imports, convoke_object_table_import (pair->there->objects, i + 1, 5, &error));
  g_assert_no_error (error);

  g_assert_null (convoke_object_table_import (pair->there->objects, G_MAXUINT64, 5, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_ptr_array_add (imports, convoke_object_table_import (pair->there->objects, 1, 5, NULL));
}

static void
test_ended_meanwhile (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "it fell over");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A connection that ends while a reference is read makes no import");

  g_assert_true (read_bare_type (pair->there, 5, NULL));
  convoke_object_table_end (pair->there->objects, why);
  g_clear_object (&pair->there->apartment);
  g_assert_null (convoke_object_table_import (pair->there->objects, 1, 5, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "it fell over"));
}

/* --- threads --- */

#define N_ROUNDS 500

typedef struct
{
  Pair              *pair;
  ConvokeTestServer *server;
} Passing;

static gpointer
pass_and_drop (gpointer data)
{
  Passing *self = data;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GObject) proxy = pass (self->pair->here, self->server, &feed_type);
      g_autoptr (GObject) home = pass (self->pair->there, proxy, &feed_type);

      g_assert_true (home == G_OBJECT (self->server));
      if (i % 8 == 0)
        deliver_releases (self->pair->there);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();
  Passing passing = { pair, server };
  GThread *threads[4];
  g_autoptr (GObject) described = NULL;

  g_test_summary ("Any number of threads pass and drop one object, and in the end nothing is held");

  convoke_apartment_bind (any, G_OBJECT (server), NULL);
  described = pass (pair->here, server, &feed_type);
  g_clear_object (&described);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("passing", pass_and_drop, &passing);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  deliver_releases (pair->there);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->here->objects), ==, 0);
  g_assert_cmpuint (convoke_object_table_get_n_exports (pair->there->objects), ==, 0);
  g_assert_cmpint (pair->there->n_held, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/object-table/arrives", test_arrives);
  g_test_add_func ("/marshal/object-table/same-proxy", test_same_proxy);
  g_test_add_func ("/marshal/object-table/comes-home", test_comes_home);
  g_test_add_func ("/marshal/object-table/described-once", test_described_once);
  g_test_add_func ("/marshal/object-table/thread-proxy", test_thread_proxy);
  g_test_add_func ("/marshal/object-table/other-apartment", test_other_apartment);
  g_test_add_func ("/marshal/object-table/bound", test_bound);
  g_test_add_func ("/marshal/object-table/forwarded", test_forwarded);
  g_test_add_func ("/marshal/object-table/never-import", test_never_import);
  g_test_add_func ("/marshal/object-table/call-object", test_call_object);
  g_test_add_func ("/marshal/object-table/leaves-unproxied", test_not_exported_to_remote);
  g_test_add_func ("/marshal/object-table/released", test_released);
  g_test_add_func ("/marshal/object-table/batch", test_batch);
  g_test_add_func ("/marshal/object-table/never-again", test_never_again);
  g_test_add_func ("/marshal/object-table/ended-meanwhile", test_ended_meanwhile);
  g_test_add_func ("/marshal/object-table/crossing", test_crossing);
  g_test_add_func ("/marshal/object-table/resurrected", test_resurrected);
  g_test_add_func ("/marshal/object-table/unsent", test_unsent);
  g_test_add_func ("/marshal/object-table/held-until-sent", test_held_until_sent);
  g_test_add_func ("/marshal/object-table/released-at-home", test_released_at_home);
  g_test_add_func ("/marshal/object-table/find-call", test_find_call);
  g_test_add_func ("/marshal/object-table/find-call-forwarded", test_find_call_forwarded);
  g_test_add_func ("/marshal/object-table/no-such-call", test_no_such_call);
  g_test_add_func ("/marshal/object-table/signal-slot", test_signal_slot);
  g_test_add_func ("/marshal/object-table/late-query", test_late_query);
  g_test_add_func ("/marshal/object-table/facet-comes-home", test_facet_comes_home);
  g_test_add_func ("/marshal/object-table/facet-arrives", test_facet_arrives);
  g_test_add_func ("/marshal/object-table/no-interface", test_no_interface);
  g_test_add_func ("/marshal/object-table/bad-query", test_bad_query);
  g_test_add_func ("/marshal/object-table/odd-query", test_odd_query);
  g_test_add_func ("/marshal/object-table/end", test_end);
  g_test_add_func ("/marshal/object-table/after-end", test_after_end);
  g_test_add_func ("/marshal/object-table/forked", test_forked);
  g_test_add_func ("/marshal/object-table/bad-release", test_bad_release);
  g_test_add_func ("/marshal/object-table/cut-release", test_cut_release);
  g_test_add_func ("/marshal/object-table/cut-reference", test_cut_reference);
  g_test_add_func ("/marshal/object-table/bad-reference", test_bad_reference);
  g_test_add_func ("/marshal/object-table/wrong-interface", test_wrong_interface);
  g_test_add_func ("/marshal/object-table/wrong-argument", test_wrong_argument);
  g_test_add_func ("/marshal/object-table/type-twice", test_type_twice);
  g_test_add_func ("/marshal/object-table/too-many-types", test_too_many_types);
  g_test_add_func ("/marshal/object-table/too-many-imports", test_too_many_imports);
  g_test_add_func ("/marshal/object-table/threads", test_threads);

  return g_test_run ();
}
