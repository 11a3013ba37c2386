/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every claim is tested with thunks in the slots, and with functions that libffi makes. */

#include <convoke-class-factory.h>
#include <convoke-composition.h>
#include <convoke-error.h>
#include <convoke-interface-info.h>
#include <convoke-test.h>
#include <convoke-unknown.h>

#include "convoke-thunks-private.h"

/* --- an outer --- */

#define TEST_TYPE_OUTER (test_outer_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestOuter, test_outer, TEST, OUTER, ConvokeComponent)

struct _TestOuterClass
{
  ConvokeComponentClass parent_class;
};

typedef struct
{
  char  *title;
  guint  n_seen_in_init;  /* interfaces that led to a part already */
} TestOuterPrivate;

static void outer_partner_init (ConvokeTestPartnerInterface *iface);

G_DEFINE_TYPE_WITH_CODE (TestOuter, test_outer, CONVOKE_TYPE_COMPONENT,
                         G_ADD_PRIVATE (TestOuter)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PARTNER, outer_partner_init))

static gint n_live_outers;   /* atomic */

static int
test_outer_play (ConvokeTestPartner  *self,
                 ConvokeTestPartner  *other,
                 int                  depth,
                 GError             **error)
{
  return -1;
}

static void
outer_partner_init (ConvokeTestPartnerInterface *iface)
{
  iface->play = test_outer_play;
}

static void
test_outer_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  TestOuterPrivate *priv = test_outer_get_instance_private (TEST_OUTER (object));

  g_value_set_string (value, priv->title);
}

static void
test_outer_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  TestOuterPrivate *priv = test_outer_get_instance_private (TEST_OUTER (object));

  g_free (priv->title);
  priv->title = g_value_dup_string (value);
}

static void
test_outer_finalize (GObject *object)
{
  TestOuterPrivate *priv = test_outer_get_instance_private (TEST_OUTER (object));

  g_free (priv->title);
  g_atomic_int_add (&n_live_outers, -1);
  G_OBJECT_CLASS (test_outer_parent_class)->finalize (object);
}

static void
test_outer_constructed (GObject *object)
{
  TestOuterPrivate *priv = test_outer_get_instance_private (TEST_OUTER (object));

  if (G_IS_LIST_MODEL (object))
    priv->n_seen_in_init = g_list_model_get_n_items (G_LIST_MODEL (object));
  G_OBJECT_CLASS (test_outer_parent_class)->constructed (object);
}

static void
test_outer_class_init (TestOuterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_outer_get_property;
  object_class->set_property = test_outer_set_property;
  object_class->constructed = test_outer_constructed;
  object_class->finalize = test_outer_finalize;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_string ("title", NULL, NULL, "untitled",
                                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
test_outer_init (TestOuter *self)
{
  g_atomic_int_inc (&n_live_outers);
}

/* --- helpers --- */

static GListStore *
new_list (guint n)
{
  GListStore *list = g_list_store_new (G_TYPE_OBJECT);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);

      g_list_store_append (list, item);
    }

  return list;
}

static gpointer
aggregate (gpointer first,
           gpointer second)
{
  GObject *inners[] = { first, second };
  g_autoptr (GError) error = NULL;
  ConvokeComponent *made = convoke_component_new (TEST_TYPE_OUTER, inners, second != NULL ? 2 : 1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (made);
  return made;
}

static void
assert_fails (ConvokeComposition *composition,
              ConvokeError        code,
              const char         *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_composition_create (composition, &error));
  g_assert_error (error, CONVOKE_ERROR, (int) code);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
}

/* --- one object --- */

static void
test_identity (void)
{
  g_autoptr (GListStore) list = new_list (3);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
  g_autoptr (ConvokeComponent) made = aggregate (list, action);
  GType wanted[] = { G_TYPE_LIST_MODEL, G_TYPE_ACTION, CONVOKE_TEST_TYPE_PARTNER, G_TYPE_OBJECT };

  g_test_summary ("OM-1 to OM-6: each interface of an aggregate leads to each other, and all are one object");

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) found = convoke_query_interface (G_OBJECT (made), wanted[i], &error);

      g_assert_no_error (error);
      g_assert_true (found == G_OBJECT (made));
    }

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (made)), ==, 3);
  g_assert_cmpstr (g_action_get_name (G_ACTION (made)), ==, "save");
  g_assert_true (TEST_IS_OUTER (made));
}

static void
test_counts (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  guint inner_count = G_OBJECT (list)->ref_count;

  g_test_summary ("OM-13, OM-14: references to any interface are the aggregate's, the part's count stays");

  for (guint i = 0; i < 10; i++)
    g_object_ref (G_LIST_MODEL (made));
  g_assert_cmpuint (G_OBJECT (made)->ref_count, ==, 11);
  g_assert_cmpuint (G_OBJECT (list)->ref_count, ==, inner_count);
  for (guint i = 0; i < 10; i++)
    g_object_unref (made);
  g_assert_cmpuint (inner_count, ==, 2);
}

static void
test_part_is_the_aggregate (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  g_autoptr (GObject) identity = NULL;
  g_autoptr (GObject) partner = NULL;
  g_autoptr (GObject) outer = convoke_component_dup_outer (G_OBJECT (list));

  g_test_summary ("OM-14: a part that is met by itself answers as the aggregate");

  identity = convoke_query_interface (G_OBJECT (list), G_TYPE_OBJECT, NULL);
  partner = convoke_query_interface (G_OBJECT (list), CONVOKE_TEST_TYPE_PARTNER, NULL);
  g_assert_true (identity == G_OBJECT (made));
  g_assert_true (partner == G_OBJECT (made));
  g_assert_true (outer == G_OBJECT (made));
  g_assert_true (convoke_same_object (G_OBJECT (list), G_OBJECT (made)));
  g_assert_true (convoke_same_object (G_OBJECT (made), G_OBJECT (list)));
}

static void
test_lifetime (void)
{
  GListStore *list = new_list (0);
  ConvokeComponent *made = aggregate (list, NULL);
  gpointer weak_outer = made;
  gpointer weak_inner = list;

  g_test_summary ("OM-15, OM-19: the aggregate owns its parts, a part does not own the aggregate");

  g_object_add_weak_pointer (G_OBJECT (made), &weak_outer);
  g_object_add_weak_pointer (G_OBJECT (list), &weak_inner);
  g_object_unref (list);
  g_assert_nonnull (weak_inner);
  g_object_unref (made);
  g_assert_null (weak_outer);
  g_assert_null (weak_inner);
  g_assert_cmpint (g_atomic_int_get (&n_live_outers), ==, 0);
}

static void
test_part_outlives (void)
{
  g_autoptr (GListStore) list = new_list (2);
  g_autoptr (GObject) identity = NULL;

  g_test_summary ("OM-16: a part whose aggregate is gone is an object like any other, and can be a part again");

  g_object_unref (aggregate (list, NULL));
  g_assert_null (convoke_component_dup_outer (G_OBJECT (list)));
  identity = convoke_query_interface (G_OBJECT (list), G_TYPE_LIST_MODEL, NULL);
  g_assert_true (identity == G_OBJECT (list));
  g_object_unref (aggregate (list, NULL));
}

static void
test_nested (void)
{
  g_autoptr (GListStore) list = new_list (4);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (ConvokeComponent) inner = NULL;
  g_autoptr (ConvokeComponent) outer = NULL;
  g_autoptr (GObject) identity = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-23: in a nest of aggregates there is one identity, the outermost");

  convoke_composition_add (composition, G_OBJECT (list));
  inner = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  outer = aggregate (inner, action);

  identity = convoke_query_interface (G_OBJECT (list), G_TYPE_OBJECT, NULL);
  g_assert_true (identity == G_OBJECT (outer));
  g_assert_true (convoke_same_object (G_OBJECT (list), G_OBJECT (inner)));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (outer)), ==, 4);
}

static void
test_absent (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-8, OM-22: what neither the outer nor a part gives is not there");

  for (guint i = 0; i < 1000; i++)
    {
      g_clear_error (&error);
      g_assert_null (convoke_query_interface (G_OBJECT (made), G_TYPE_ACTION, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
    }
  g_assert_cmpuint (G_OBJECT (made)->ref_count, ==, 1);
}

static void
test_closed_list (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (ConvokeComponent) made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-22: of a part that is named for one interface the others are not there, nor through the part");

  convoke_composition_add_interface (composition, G_OBJECT (server), CONVOKE_TEST_TYPE_PRICE_FEED);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (made));
  g_assert_false (CONVOKE_TEST_IS_EVERY (made));
  g_assert_null (convoke_query_interface (G_OBJECT (server), CONVOKE_TEST_TYPE_EVERY, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_class_is_shared (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (GListStore) other = new_list (0);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("a", NULL);
  g_autoptr (GSimpleAction) second = g_simple_action_new ("b", NULL);
  g_autoptr (ConvokeComponent) made = aggregate (list, action);
  g_autoptr (ConvokeComponent) again = aggregate (second, other);

  g_test_summary ("There is one class for a combination, whatever order its parts were told in");

  g_assert_cmpuint (G_OBJECT_TYPE (made), ==, G_OBJECT_TYPE (again));
  g_assert_true (G_TYPE_IS_FINAL (G_OBJECT_TYPE (made)));
}

/* --- methods --- */

static void
test_arguments (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeComponent) made = aggregate (server, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Arguments, results and errors pass a part's slots as they are");

  g_assert_cmpint (convoke_test_every_echo_int8 (CONVOKE_TEST_EVERY (made), -7), ==, -7);
  g_assert_cmpuint (convoke_test_every_echo_uint64 (CONVOKE_TEST_EVERY (made), G_MAXUINT64), ==, G_MAXUINT64);
  g_assert_cmpfloat (convoke_test_every_echo_float (CONVOKE_TEST_EVERY (made), 0.25f), ==, 0.25f);
  g_assert_cmpfloat (convoke_test_every_echo_double (CONVOKE_TEST_EVERY (made), 0.125), ==, 0.125);
  text = convoke_test_every_echo_string (CONVOKE_TEST_EVERY (made), "größer");
  g_assert_cmpstr (text, ==, "größer");
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (made), "missing", &error), ==, 0);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_null_slots (void)
{
  g_autoptr (ConvokeTestPlayer) player = convoke_test_player_new ();
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (ConvokeComponent) made = aggregate (group, NULL);
  GActionGroupInterface *part = G_ACTION_GROUP_GET_IFACE (group);
  GActionGroupInterface *whole = G_ACTION_GROUP_GET_IFACE (made);

  g_test_summary ("A slot that is empty in the part is empty in the aggregate, and no other");

  g_assert_true ((part->has_action == NULL) == (whole->has_action == NULL));
  g_assert_true ((part->list_actions == NULL) == (whole->list_actions == NULL));
  g_assert_true ((part->query_action == NULL) == (whole->query_action == NULL));
  g_assert_true ((part->get_action_enabled == NULL) == (whole->get_action_enabled == NULL));
  g_assert_nonnull (whole->list_actions);
}

/* An interface with a number and with a slot that no typelib has. */

#define TEST_TYPE_VERSIONED (test_versioned_get_type ())
G_DECLARE_FINAL_TYPE (TestVersioned, test_versioned, TEST, VERSIONED, GObject)

struct _TestVersioned
{
  GObject parent_instance;
};

static void
versioned_log (ConvokeTestRenamed *self,
               const char         *format,
               ...)
{
}

static int
versioned_read (ConvokeTestRenamed *self,
                int                 n)
{
  return TEST_IS_VERSIONED (self) ? n + 1 : -1;
}

static void
versioned_iface_init (ConvokeTestRenamedInterface *iface)
{
  iface->version = 42;
  iface->log = versioned_log;
  iface->read_fn = versioned_read;
}

G_DEFINE_TYPE_WITH_CODE (TestVersioned, test_versioned, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_RENAMED, versioned_iface_init))

static void
test_versioned_class_init (TestVersionedClass *klass)
{
}

static void
test_versioned_init (TestVersioned *self)
{
}

static void
test_untyped_fields (void)
{
  g_autoptr (TestVersioned) versioned = g_object_new (TEST_TYPE_VERSIONED, NULL);
  g_autoptr (ConvokeComponent) made = aggregate (versioned, NULL);
  ConvokeTestRenamedInterface *whole = CONVOKE_TEST_RENAMED_GET_IFACE (made);

  g_test_summary ("Numbers of the interface struct are copied; a slot that the typelib does not have is left alone");

  g_assert_cmpuint (whole->version, ==, 42);
  g_assert_null (whole->log);
  g_assert_null (whole->do_write);
  g_assert_cmpint (convoke_test_renamed_read (CONVOKE_TEST_RENAMED (made), 1), ==, 2);
}

static void
test_calls_while_disposed (void)
{
  g_autoptr (GListStore) list = new_list (3);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);

  g_test_summary ("An aggregate that was disposed of while others hold it still answers through its parts");

  g_object_run_dispose (G_OBJECT (made));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (made)), ==, 3);
}

static void
test_one_while_disposed (void)
{
  g_autoptr (GListStore) list = new_list (3);
  ConvokeComponent *made = aggregate (list, NULL);

  g_test_summary ("OM-1, OM-14: an aggregate that was disposed of and its parts are one object as long as somebody holds it");

  g_object_run_dispose (G_OBJECT (made));
  g_assert_true (convoke_same_object (G_OBJECT (list), G_OBJECT (made)));
  g_assert_finalize_object (made);
  g_assert_null (convoke_component_dup_outer (G_OBJECT (list)));
}

/* A list that, while it is asked, disposes of the aggregate that it is a part of. */
typedef struct { GObject parent_instance; } TestRuinous;
typedef struct { GObjectClass parent_class; } TestRuinousClass;

static guint
test_ruinous_get_n_items (GListModel *model)
{
  g_autoptr (GObject) outer = convoke_component_dup_outer (G_OBJECT (model));

  g_object_run_dispose (outer);
  return 7;
}

static void
test_ruinous_list_model_init (GListModelInterface *iface)
{
  iface->get_n_items = test_ruinous_get_n_items;
}

static GType test_ruinous_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestRuinous, test_ruinous, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, test_ruinous_list_model_init))

static void
test_ruinous_class_init (TestRuinousClass *klass)
{
}

static void
test_ruinous_init (TestRuinous *self)
{
}

static void
test_disposed_in_call (void)
{
  GObject *part = g_object_new (test_ruinous_get_type (), NULL);
  g_autoptr (GError) error = NULL;
  ConvokeComponent *made = convoke_component_new (CONVOKE_TYPE_COMPONENT, &part, 1, &error);

  g_test_summary ("OM-20: an outer that is disposed of while a call runs lets it end, and keeps its parts until it is gone");

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (made)), ==, 7);
  g_assert_cmpuint (part->ref_count, ==, 2);
  g_assert_finalize_object (made);
  g_assert_finalize_object (part);
}

static void
look_while_torn_down (gpointer  data,
                      GObject  *where)
{
  g_autoptr (GObject) list = convoke_query_interface (where, G_TYPE_LIST_MODEL, NULL);

  *(guint *) data += g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_torn_down (void)
{
  g_autoptr (GListStore) list = new_list (3);
  ConvokeComponent *made = aggregate (list, NULL);
  guint seen = 0;

  g_test_summary ("OM-11, OM-20: who refers to an aggregate while it is torn down finds its parts, and does so once");

  g_object_weak_ref (G_OBJECT (made), look_while_torn_down, &seen);
  g_assert_finalize_object (made);
  g_assert_cmpuint (seen, ==, 3);
}

static void
test_own_query (void)
{
  g_autoptr (GListStore) list = new_list (3);
  ConvokeComponent *made = aggregate (list, NULL);
  GObject *own = convoke_query_interface (G_OBJECT (made), G_TYPE_LIST_MODEL, NULL);

  g_test_summary ("OM-21: an outer that keeps what it asked itself for releases itself once, and goes with its last reference");

  g_assert_cmpuint (G_OBJECT (made)->ref_count, ==, 2);
  g_object_unref (made);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (own)), ==, 3);
  g_assert_finalize_object (own);
}

static void
test_calls_in_construction (void)
{
  g_autoptr (GListStore) list = new_list (3);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  TestOuterPrivate *priv = test_outer_get_instance_private (TEST_OUTER (made));

  g_test_summary ("OM-20: the outer's own construction finds the parts' interfaces working");

  g_assert_cmpuint (priv->n_seen_in_init, ==, 3);
}

/* --- properties and signals --- */

static void
notified_cb (GObject    *object,
             GParamSpec *pspec,
             gpointer    data)
{
  (*(guint *) data)++;
}

static void
test_properties (void)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeComponent) made = aggregate (action, server);
  g_autofree char *name = NULL;
  g_autofree char *currency = NULL;
  guint n_notified = 0;

  g_test_summary ("Properties of the parts' interfaces are read, written and told of through the aggregate");

  g_signal_connect (made, "notify::currency", G_CALLBACK (notified_cb), &n_notified);
  g_object_set (made, "currency", "DKK", NULL);
  g_object_get (made, "name", &name, "currency", &currency, NULL);
  g_assert_cmpstr (name, ==, "save");
  g_assert_cmpstr (currency, ==, "DKK");
  g_assert_cmpuint (n_notified, >=, 1);

  n_notified = 0;
  g_object_set (server, "currency", "SEK", NULL);
  g_assert_cmpuint (n_notified, ==, 1);
}

static void
test_own_properties (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (ConvokeComponent) made = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;
  g_autofree char *currency = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_summary ("Construction sets the outer's own properties, and leaves those of the parts as they are");

  g_object_set (server, "currency", "NOK", NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "prices");
  convoke_composition_add (composition, G_OBJECT (server));
  convoke_composition_set_construct_property (composition, "title", &value);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  g_object_get (made, "title", &title, "currency", &currency, NULL);
  g_assert_cmpstr (title, ==, "prices");
  g_assert_cmpstr (currency, ==, "NOK");
}

typedef struct
{
  gpointer sender;
  guint    n;
} Heard;

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            gpointer    data)
{
  Heard *heard = data;

  heard->sender = model;
  heard->n += added;
}

static void
test_signals (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);
  Heard heard = { NULL, 0 };

  g_test_summary ("What a part signals is signalled once, by the aggregate");

  g_signal_connect (made, "items-changed", G_CALLBACK (changed_cb), &heard);
  g_list_store_append (list, item);
  g_assert_cmpuint (heard.n, ==, 1);
  g_assert_true (heard.sender == made);
}

static gboolean
may_go_cb (ConvokeTestEvery *every,
           GFile            *where,
           gpointer          data)
{
  return g_file_has_uri_scheme (where, "file");
}

static void
test_asking_signal (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeComponent) made = aggregate (server, NULL);
  g_autoptr (GFile) where = g_file_new_for_path ("/");
  gboolean result = FALSE;

  g_test_summary ("A signal that returns a value gets it from the aggregate's handlers");

  g_signal_connect (made, "may-go", G_CALLBACK (may_go_cb), NULL);
  g_signal_emit_by_name (server, "may-go", where, &result);
  g_assert_true (result);
}

static void
test_nested_signals (void)
{
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (ConvokeComponent) inner = aggregate (list, NULL);
  GObject *inners[] = { G_OBJECT (inner) };
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (ConvokeComponent) outer = NULL;
  g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);
  Heard heard = { NULL, 0 };

  g_test_summary ("Signals come through each aggregate of a nest");

  convoke_composition_add_interface (composition, inners[0], G_TYPE_LIST_MODEL);
  outer = convoke_composition_create (composition, NULL);
  g_signal_connect (outer, "items-changed", G_CALLBACK (changed_cb), &heard);
  g_list_store_append (list, item);
  g_assert_cmpuint (heard.n, ==, 1);
  g_assert_true (heard.sender == outer);
}

/* --- who gives what --- */

static void
test_two_givers (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GListStore) other = new_list (2);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("Two parts for one interface are an error that names both");

  convoke_composition_add (composition, G_OBJECT (list));
  convoke_composition_add (composition, G_OBJECT (other));
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "GListModel would come from GListStore and from GListStore");
  g_assert_null (convoke_component_dup_outer (G_OBJECT (list)));
}

static void
test_named_twice (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GListStore) other = new_list (2);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("Two parts that are both named for one interface are an error");

  convoke_composition_add_interface (composition, G_OBJECT (list), G_TYPE_LIST_MODEL);
  convoke_composition_add_interface (composition, G_OBJECT (other), G_TYPE_LIST_MODEL);
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "GListModel");
}

static void
test_reserved_twice (void)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("An interface that is reserved twice is an error that says so");

  convoke_composition_reserve (composition, G_TYPE_LIST_MODEL);
  convoke_composition_reserve (composition, G_TYPE_LIST_MODEL);
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "GListModel is reserved twice");
}

static void
test_named_wins (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GListStore) other = new_list (2);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (ConvokeComponent) made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The part that is named for an interface gives it");

  convoke_composition_add (composition, G_OBJECT (list));
  convoke_composition_add_interface (composition, G_OBJECT (other), G_TYPE_LIST_MODEL);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (made)), ==, 2);
}

static void
test_outer_has_it (void)
{
  g_autoptr (ConvokeTestPlayer) player = convoke_test_player_new ();
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (ConvokeComponent) made = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that the outer has comes from a part only where the part is named for it");

  convoke_composition_add (composition, G_OBJECT (player));
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "from TestOuter");

  convoke_composition_add_interface (composition, G_OBJECT (player), CONVOKE_TEST_TYPE_PARTNER);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_test_partner_play (CONVOKE_TEST_PARTNER (made), NULL, 0, NULL), !=, -1);
  g_assert_cmpuint (convoke_test_player_get_n_plays (player), ==, 1);
}

static void
test_not_implemented (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("A part cannot be named for what it does not implement");

  convoke_composition_add_interface (composition, G_OBJECT (list), G_TYPE_ACTION);
  assert_fails (composition, CONVOKE_ERROR_NO_INTERFACE, "GListStore does not implement GAction");
}

static void
test_part_of_two (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("An object is a part of one aggregate at a time");

  convoke_composition_add (composition, G_OBJECT (list));
  assert_fails (composition, CONVOKE_ERROR_ALREADY_REGISTERED, "GListStore");
}

#define TEST_TYPE_LAST_OUTER (test_last_outer_get_type ())
G_DECLARE_FINAL_TYPE (TestLastOuter, test_last_outer, TEST, LAST_OUTER, ConvokeComponent)

struct _TestLastOuter
{
  ConvokeComponent parent_instance;
};

G_DEFINE_FINAL_TYPE (TestLastOuter, test_last_outer, CONVOKE_TYPE_COMPONENT)

static void
test_last_outer_class_init (TestLastOuterClass *klass)
{
}

static void
test_last_outer_init (TestLastOuter *self)
{
}

static void
test_no_outer (void)
{
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("a", NULL);
  g_autoptr (ConvokeComponent) made = aggregate (action, NULL);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (G_TYPE_OBJECT);
  g_autoptr (ConvokeComposition) again = convoke_composition_new (G_OBJECT_TYPE (made));
  g_autoptr (ConvokeComposition) last = convoke_composition_new (TEST_TYPE_LAST_OUTER);

  g_test_summary ("What is not derived from ConvokeComponent, a final class, and the class of an aggregate cannot be an outer's class");

  convoke_composition_add (composition, G_OBJECT (list));
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "GObject cannot be an outer");
  convoke_composition_add (again, G_OBJECT (list));
  assert_fails (again, CONVOKE_ERROR_INVALID_ARGUMENT, "final");
  /* Nothing has made an instance of it. */
  convoke_composition_add (last, G_OBJECT (list));
  assert_fails (last, CONVOKE_ERROR_INVALID_ARGUMENT, "final");
}

static void
test_class_prerequisite (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);

  g_test_summary ("An interface that requires a class cannot be given, and the error names the class");

  convoke_composition_reserve (composition, G_TYPE_TLS_CLIENT_CONNECTION);
  assert_fails (composition, CONVOKE_ERROR_NOT_SUPPORTED, "GTlsConnection");
}

static void test_undescribed_init (gpointer iface, gpointer data) {}

static GType
undescribed_iface_get_type (void)
{
  static GType type;

  if (type == 0)
    type = g_type_register_static_simple (G_TYPE_INTERFACE, "TestUndescribed", sizeof (GTypeInterface), NULL, 0, NULL, 0);
  return type;
}

static void
test_no_typelib (void)
{
  const GInterfaceInfo info = { test_undescribed_init, NULL, NULL };
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (GObject) part = NULL;
  GType type = g_type_from_name ("TestUndescribedPart");

  g_test_summary ("Without a typelib there is no aggregation, and the error names the part");

  if (type == 0)
    {
      type = g_type_register_static_simple (G_TYPE_OBJECT, "TestUndescribedPart", sizeof (GObjectClass), NULL,
                                            sizeof (GObject), NULL, 0);
      g_type_add_interface_static (type, undescribed_iface_get_type (), &info);
    }
  part = g_object_new (type, NULL);
  convoke_composition_add (composition, part);
  assert_fails (composition, CONVOKE_ERROR_NO_TYPELIB, "TestUndescribedPart");
}

static void
test_construction_property_unknown (void)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_summary ("A construction property that the outer does not have is an error");

  g_value_init (&value, G_TYPE_INT);
  convoke_composition_set_construct_property (composition, "colour", &value);
  assert_fails (composition, CONVOKE_ERROR_INVALID_ARGUMENT, "colour");
}

static void
test_no_parts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponent) made = convoke_component_new (TEST_TYPE_OUTER, NULL, 0, &error);

  g_test_summary ("An aggregate of no parts is its outer");

  g_assert_no_error (error);
  g_assert_true (TEST_IS_OUTER (made));
}

/* --- reserved interfaces --- */

static ConvokeComponent *
reserve (GType iface)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_OUTER);
  g_autoptr (GError) error = NULL;
  ConvokeComponent *made;

  convoke_composition_reserve (composition, iface);
  made = convoke_composition_create (composition, &error);
  g_assert_no_error (error);
  return made;
}

static void
test_reserved (void)
{
  g_autoptr (ConvokeComponent) made = reserve (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) found = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A reserved interface is none until a part fills it");

  g_assert_null (convoke_query_interface (G_OBJECT (made), CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (made), "espresso", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (made)), ==, 0);

  g_assert_true (convoke_component_fill (made, G_OBJECT (server), &error));
  g_assert_no_error (error);
  found = convoke_query_interface (G_OBJECT (made), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (made));
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (found), "espresso", &error), >, 0);
  g_assert_true (convoke_same_object (G_OBJECT (server), G_OBJECT (made)));
}

static void
test_reserved_signals (void)
{
  g_autoptr (ConvokeComponent) made = reserve (G_TYPE_LIST_MODEL);
  g_autoptr (GListStore) list = new_list (0);
  g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);
  Heard heard = { NULL, 0 };

  g_test_summary ("Signals of a part that came later arrive, also at handlers that were there before");

  g_signal_connect (made, "items-changed", G_CALLBACK (changed_cb), &heard);
  g_assert_true (convoke_component_fill (made, G_OBJECT (list), NULL));
  g_list_store_append (list, item);
  g_assert_cmpuint (heard.n, ==, 1);
}

static void
test_reserved_null_slots (void)
{
  g_autoptr (ConvokeComponent) made = reserve (CONVOKE_TEST_TYPE_RENAMED);
  g_autoptr (TestVersioned) versioned = g_object_new (TEST_TYPE_VERSIONED, NULL);

  g_test_summary ("A slot that is empty in the part that came later answers with nothing, and does not crash");

  g_assert_true (convoke_component_fill (made, G_OBJECT (versioned), NULL));
  g_assert_cmpint (convoke_test_renamed_read (CONVOKE_TEST_RENAMED (made), 1), ==, 2);
  convoke_test_renamed_write_all (CONVOKE_TEST_RENAMED (made), 1);
}

static void
test_fill_twice (void)
{
  g_autoptr (ConvokeComponent) made = reserve (G_TYPE_LIST_MODEL);
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GListStore) other = new_list (2);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What fills a reserved interface stays; another part is refused and untouched");

  g_assert_true (convoke_component_fill (made, G_OBJECT (list), NULL));
  g_assert_false (convoke_component_fill (made, G_OBJECT (other), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (made)), ==, 1);
  g_assert_null (convoke_component_dup_outer (G_OBJECT (other)));
}

static void
test_fill_unreserved (void)
{
  g_autoptr (ConvokeComponent) plain = g_object_new (TEST_TYPE_OUTER, NULL);
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An outer that never reserved cannot be filled");

  g_assert_false (convoke_component_fill (plain, G_OBJECT (list), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_fill_cycle (void)
{
  g_autoptr (ConvokeComponent) made = reserve (G_TYPE_LIST_MODEL);
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (CONVOKE_TYPE_COMPONENT);
  g_autoptr (GListStore) list = new_list (1);
  g_autoptr (ConvokeComponent) outer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An inner that owns its outer is refused: an aggregate cannot be a part of its own part");

  convoke_composition_add_interface (composition, G_OBJECT (made), CONVOKE_TEST_TYPE_PARTNER);
  convoke_composition_add (composition, G_OBJECT (list));
  outer = convoke_composition_create (composition, &error);
  g_assert_no_error (error);

  g_assert_false (convoke_component_fill (made, G_OBJECT (outer), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_component_fill (made, G_OBJECT (made), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_instance_of_composed_class (void)
{
  g_autoptr (GListStore) list = new_list (5);
  g_autoptr (ConvokeComponent) made = aggregate (list, NULL);
  g_autoptr (GObject) other = g_object_new (G_OBJECT_TYPE (made), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An instance of an aggregate's class that nobody composed has no parts, and does not crash");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, 0);
  g_assert_null (convoke_query_interface (other, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

/* --- threads --- */

typedef struct
{
  ConvokeComponent *aggregate;
  gint              stop;   /* atomic */
  gint              wrong;  /* atomic */
} Race;

static gpointer
call_cb (gpointer data)
{
  Race *race = data;

  while (!g_atomic_int_get (&race->stop))
    {
      guint n = g_list_model_get_n_items (G_LIST_MODEL (race->aggregate));
      g_autoptr (GObject) found = convoke_query_interface (G_OBJECT (race->aggregate), G_TYPE_LIST_MODEL, NULL);

      if ((n != 0 && n != 7) || (found != NULL && found != G_OBJECT (race->aggregate)))
        g_atomic_int_inc (&race->wrong);
    }

  return NULL;
}

static void
test_fill_race (void)
{
  g_test_summary ("Threads that call while an interface is filled get the part or nothing, never something else");

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (ConvokeComponent) made = reserve (G_TYPE_LIST_MODEL);
      g_autoptr (GListStore) list = new_list (7);
      Race race = { made, 0, 0 };
      GThread *threads[2];

      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        threads[j] = g_thread_new ("call", call_cb, &race);
      g_assert_true (convoke_component_fill (made, G_OBJECT (list), NULL));
      g_atomic_int_set (&race.stop, 1);
      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        g_thread_join (threads[j]);
      g_assert_cmpint (race.wrong, ==, 0);
    }
}

static gpointer
compose_cb (gpointer data)
{
  GType *type = data;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
      g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
      g_autoptr (ConvokeComponent) made = aggregate (server, action);

      *type = G_OBJECT_TYPE (made);
    }

  return NULL;
}

static void
test_compose_race (void)
{
  GThread *threads[4];
  GType types[4];

  g_test_summary ("Threads that compose one combination at once get one class");

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("compose", compose_cb, &types[i]);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  for (guint i = 1; i < 4; i++)
    g_assert_cmpuint (types[i], ==, types[0]);
}

/* --- */

typedef void (*Test) (void);

static void
run_with_thunks (gconstpointer data)
{
  convoke_thunks_off = FALSE;
  ((Test) data) ();
}

static void
run_with_closures (gconstpointer data)
{
  convoke_thunks_off = TRUE;
  ((Test) data) ();
  convoke_thunks_off = FALSE;
}

static void
add (const char *name,
     Test        test)
{
  g_autofree char *thunks = g_strconcat ("/gobj/component/", name, NULL);
  g_autofree char *closures = g_strconcat ("/gobj/component/closures/", name, NULL);

  g_test_add_data_func (thunks, (gconstpointer) test, run_with_thunks);
  g_test_add_data_func (closures, (gconstpointer) test, run_with_closures);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);

  if (!convoke_require ("Gio", "2.0", &error) || !convoke_require ("ConvokeTest", "1", &error))
    g_error ("%s", error->message);

  add ("identity", test_identity);
  add ("counts", test_counts);
  add ("part-is-the-aggregate", test_part_is_the_aggregate);
  add ("lifetime", test_lifetime);
  add ("part-outlives", test_part_outlives);
  add ("nested", test_nested);
  add ("absent", test_absent);
  add ("closed-list", test_closed_list);
  add ("class-is-shared", test_class_is_shared);
  add ("arguments", test_arguments);
  add ("null-slots", test_null_slots);
  add ("untyped-fields", test_untyped_fields);
  add ("calls-while-disposed", test_calls_while_disposed);
  add ("one-while-disposed", test_one_while_disposed);
  add ("calls-in-construction", test_calls_in_construction);
  add ("disposed-in-call", test_disposed_in_call);
  add ("torn-down", test_torn_down);
  add ("own-query", test_own_query);
  add ("properties", test_properties);
  add ("own-properties", test_own_properties);
  add ("signals", test_signals);
  add ("asking-signal", test_asking_signal);
  add ("nested-signals", test_nested_signals);
  add ("two-givers", test_two_givers);
  add ("named-twice", test_named_twice);
  add ("reserved-twice", test_reserved_twice);
  add ("named-wins", test_named_wins);
  add ("outer-has-it", test_outer_has_it);
  add ("not-implemented", test_not_implemented);
  add ("part-of-two", test_part_of_two);
  add ("no-outer", test_no_outer);
  add ("class-prerequisite", test_class_prerequisite);
  add ("no-typelib", test_no_typelib);
  add ("construction-property-unknown", test_construction_property_unknown);
  add ("no-parts", test_no_parts);
  add ("reserved", test_reserved);
  add ("reserved-signals", test_reserved_signals);
  add ("reserved-null-slots", test_reserved_null_slots);
  add ("fill-twice", test_fill_twice);
  add ("fill-unreserved", test_fill_unreserved);
  add ("fill-cycle", test_fill_cycle);
  add ("instance-of-composed-class", test_instance_of_composed_class);
  add ("fill-race", test_fill_race);
  add ("compose-race", test_compose_race);

  return g_test_run ();
}
