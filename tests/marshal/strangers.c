/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "strangers.h"

static void
go_cb (GSimpleAction *action,
       GVariant      *parameter,
       gpointer       data)
{
  g_simple_action_set_state (action, g_variant_new_take_string (g_strdup_printf ("went %d", g_variant_get_int32 (parameter))));
}

static GSimpleAction *
make_action (void)
{
  GSimpleAction *action = g_simple_action_new_stateful ("go", G_VARIANT_TYPE_INT32, g_variant_new_string ("idle"));

  g_signal_connect (action, "activate", G_CALLBACK (go_cb), NULL);
  return action;
}

static GSimpleActionGroup *
make_group (void)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) volume = g_simple_action_new_stateful ("volume", NULL, g_variant_new_uint32 (1));

  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (volume));
  return group;
}

static void
append_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       list)
{
  g_autoptr (GSimpleAction) item = g_simple_action_new ("one", NULL);

  g_list_store_append (list, item);
}

static void
late_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       group)
{
  g_autoptr (GSimpleAction) late = g_simple_action_new ("late", NULL);

  g_action_map_add_action (group, G_ACTION (late));
}

static GSimpleActionGroup *
make_poke (GListStore         *list,
           GSimpleActionGroup *group)
{
  GSimpleActionGroup *poke = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) append = g_simple_action_new ("append", NULL);
  g_autoptr (GSimpleAction) late = g_simple_action_new ("late", NULL);

  g_signal_connect_data (append, "activate", G_CALLBACK (append_cb), g_object_ref (list),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  g_signal_connect_data (late, "activate", G_CALLBACK (late_cb), g_object_ref (group),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  g_action_map_add_action (G_ACTION_MAP (poke), G_ACTION (append));
  g_action_map_add_action (G_ACTION_MAP (poke), G_ACTION (late));
  return poke;
}

static GObject *
make_socket (void)
{
  return g_object_new (G_TYPE_SOCKET, "family", G_SOCKET_FAMILY_UNIX, "type", G_SOCKET_TYPE_STREAM,
                       "protocol", G_SOCKET_PROTOCOL_DEFAULT, NULL);
}

static void
append (GListStore *store,
        gpointer    object)
{
  g_list_store_append (store, object);
  g_object_unref (object);
}

GListModel *
strangers_new (void)
{
  GListStore *strangers = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GListStore) list = g_list_store_new (G_TYPE_ACTION);
  g_autoptr (GSimpleActionGroup) group = make_group ();

  append (strangers, g_object_ref (list));
  append (strangers, make_action ());
  append (strangers, g_object_ref (group));
  append (strangers, g_memory_input_stream_new_from_data ("0123456789", 10, NULL));
  append (strangers, make_socket ());
  append (strangers, g_file_new_for_path ("/nowhere/at/all"));
  append (strangers, make_poke (list, group));

  return G_LIST_MODEL (strangers);
}
