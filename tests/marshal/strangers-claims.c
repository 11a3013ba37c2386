/* SPDX-License-Identifier: LGPL-2.1-or-later */

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "strangers.h"
#include "test-home.h"

typedef struct
{
  GListModel *strangers;
  GThread    *thread;
  guint       n;
  gint        done;
} Seen;

typedef struct
{
  GListModel *(*open)  (void);
  void        (*close) (GListModel *strangers);
  void        (*claim) (GListModel *strangers);
} Claim;

/* (transfer full) */
static gpointer
get (GListModel *strangers,
     Stranger    which,
     GType       iface)
{
  g_autoptr (GObject) object = g_list_model_get_item (strangers, which);
  g_autoptr (GError) error = NULL;
  gpointer found;

  g_assert_nonnull (object);
  g_assert_true (convoke_is_proxy (object));
  /* What this process had not registered when the object came is learnt late. */
  found = convoke_query_interface (object, iface, &error);
  g_assert_no_error (error);
  return found;
}

static void
poke (GListModel *strangers,
      const char *what)
{
  g_autoptr (GObject) object = get (strangers, STRANGER_POKE, G_TYPE_ACTION_GROUP);
  GActionGroup *group = G_ACTION_GROUP (object);

  g_action_group_activate_action (group, what, NULL);
}

/* --- GListModel --- */

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Seen       *seen)
{
  seen->thread = g_thread_self ();
  seen->n += added;
  g_atomic_int_set (&seen->done, 1);
}

static void
claim_list_model (GListModel *strangers)
{
  g_autoptr (GListModel) list = get (strangers, STRANGER_LIST, G_TYPE_LIST_MODEL);
  g_autoptr (GObject) item = NULL;
  g_autoptr (GObject) again = NULL;
  Seen seen = { NULL, };

  g_test_summary ("GListModel: items, and their changes");

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &seen);
  /* A type travels by its name, which has to be known here. */
  g_type_ensure (G_TYPE_ACTION);
  g_assert_true (g_list_model_get_item_type (list) == G_TYPE_ACTION);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);

  poke (strangers, "append");
  test_iterate_until (&seen.done);
  g_assert_cmpuint (seen.n, ==, 1);
  g_assert_true (seen.thread == g_thread_self ());

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  item = g_list_model_get_item (list, 0);
  again = g_list_model_get_item (list, 0);
  g_assert_true (convoke_is_proxy (item));
  g_assert_true (item == again);
  g_assert_cmpstr (g_action_get_name (G_ACTION (item)), ==, "one");
  g_assert_null (g_list_model_get_item (list, 1));
}

/* --- GAction --- */

static void
notify_state_cb (GAction    *action,
                 GParamSpec *pspec,
                 Seen       *seen)
{
  g_atomic_int_set (&seen->done, 1);
}

static void
claim_action (GListModel *strangers)
{
  g_autoptr (GAction) action = get (strangers, STRANGER_ACTION, G_TYPE_ACTION);
  g_autoptr (GVariant) state = NULL;
  Seen seen = { NULL, };
  gboolean enabled = FALSE;

  g_test_summary ("GAction: names, types, activation, state and its notification");

  g_signal_connect (action, "notify::state", G_CALLBACK (notify_state_cb), &seen);
  g_assert_cmpstr (g_action_get_name (action), ==, "go");
  g_assert_true (g_variant_type_equal (g_action_get_parameter_type (action), G_VARIANT_TYPE_INT32));
  g_action_activate (action, g_variant_new_int32 (5));
  test_iterate_until (&seen.done);
  state = g_action_get_state (action);
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "went 5");
  g_object_get (action, "enabled", &enabled, NULL);
  g_assert_true (enabled);
}

/* --- GActionGroup --- */

static void
action_added_cb (GActionGroup *group,
                 const char   *name,
                 Seen         *seen)
{
  g_assert_cmpstr (name, ==, "late");
  g_atomic_int_set (&seen->done, 1);
}

static void
claim_action_group (GListModel *strangers)
{
  g_autoptr (GObject) object = get (strangers, STRANGER_GROUP, G_TYPE_ACTION_GROUP);
  GActionGroup *group = G_ACTION_GROUP (object);
  g_auto (GStrv) names = NULL;
  Seen seen = { NULL, };

  g_test_summary ("GActionGroup: queries with outs, lists, a signal with a string");

  names = g_action_group_list_actions (group);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (g_action_group_has_action (group, "volume"));
  g_assert_true (g_action_group_get_action_enabled (group, "volume"));
  g_assert_false (g_action_group_query_action (group, "none", NULL, NULL, NULL, NULL, NULL));

  g_signal_connect (group, "action-added", G_CALLBACK (action_added_cb), &seen);
  poke (strangers, "late");
  test_iterate_until (&seen.done);
  g_assert_true (g_action_group_has_action (group, "late"));
}

static void
state_changed_cb (GActionGroup *group,
                  const char   *name,
                  GVariant     *state,
                  Seen         *seen)
{
  g_assert_cmpstr (name, ==, "volume");
  seen->n = g_variant_get_uint32 (state);
  g_atomic_int_set (&seen->done, 1);
}

static void
claim_action_state (GListModel *strangers)
{
  g_autoptr (GObject) object = get (strangers, STRANGER_GROUP, G_TYPE_ACTION_GROUP);
  GActionGroup *group = G_ACTION_GROUP (object);
  Seen seen = { NULL, };
  Seen other = { NULL, };

  g_test_summary ("GActionGroup: a signal with a detail comes to the handlers of that detail, with its variant");

  g_signal_connect (group, "action-state-changed::brightness", G_CALLBACK (state_changed_cb), &other);
  g_signal_connect (group, "action-state-changed::volume", G_CALLBACK (state_changed_cb), &seen);
  g_action_group_change_action_state (group, "volume", g_variant_new_uint32 (11));
  test_iterate_until (&seen.done);
  g_assert_cmpuint (seen.n, ==, 11);
  g_assert_cmpint (other.done, ==, 0);
}

static void
claim_action_in_group (GListModel *strangers)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GAction) action = get (strangers, STRANGER_ACTION, G_TYPE_ACTION);
  g_autoptr (GVariant) state = NULL;

  g_test_summary ("A proxy serves other people's code as any object of its interface");

  g_action_map_add_action (G_ACTION_MAP (group), action);
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (group), "go"));
  g_action_group_activate_action (G_ACTION_GROUP (group), "go", g_variant_new_int32 (8));
  state = g_action_group_get_action_state (G_ACTION_GROUP (group), "go");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "went 8");
}

/* --- GSeekable, GInitable --- */

static void
claim_seekable (GListModel *strangers)
{
  g_autoptr (GSeekable) seekable = get (strangers, STRANGER_SEEKABLE, G_TYPE_SEEKABLE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("GSeekable: 64-bit offsets, errors and a cancellable");

  g_assert_true (g_seekable_can_seek (seekable));
  g_assert_true (g_seekable_seek (seekable, 7, G_SEEK_SET, cancellable, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (seekable), ==, 7);
  g_assert_false (g_seekable_seek (seekable, -1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
claim_initable (GListModel *strangers)
{
  g_autoptr (GInitable) initable = get (strangers, STRANGER_INITABLE, G_TYPE_INITABLE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("GInitable: a method that only succeeds or fails");

  g_assert_true (g_initable_init (initable, NULL, &error));
  g_assert_no_error (error);
}

/* --- all of them --- */

static void
run_claim (gconstpointer data)
{
  const Claim *self = data;
  GListModel *strangers = self->open ();

  self->claim (strangers);
  self->close (strangers);
}

void
strangers_add_claims (const char *path,
                      GListModel *(*open) (void),
                      void (*close) (GListModel *strangers))
{
  static const struct { const char *name; void (*claim) (GListModel *strangers); } claims[] = {
    { "list-model", claim_list_model },
    { "action", claim_action },
    { "action-group", claim_action_group },
    { "action-state", claim_action_state },
    { "action-in-group", claim_action_in_group },
    { "seekable", claim_seekable },
    { "initable", claim_initable },
  };

  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, claims[i].name);
      Claim *claim = g_new (Claim, 1);

      *claim = (Claim) { open, close, claims[i].claim };
      g_test_add_data_func_full (full, claim, run_claim, g_free);
    }
}
