/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plug-in for libpeas, which has never heard of Convoke: it does something with the program's actions. */

#include <gio/gio.h>
#include <libpeas/peas.h>
#include <signal.h>

#define GREETER_TYPE_PLUGIN (greeter_plugin_get_type ())
G_DECLARE_FINAL_TYPE (GreeterPlugin, greeter_plugin, GREETER, PLUGIN, PeasExtensionBase)

struct _GreeterPlugin
{
  PeasExtensionBase  parent_instance;

  GObject           *object;
};

static void peas_activatable_iface_init (PeasActivatableInterface *iface);

G_DEFINE_DYNAMIC_TYPE_EXTENDED (GreeterPlugin, greeter_plugin, PEAS_TYPE_EXTENSION_BASE, 0,
                                G_IMPLEMENT_INTERFACE_DYNAMIC (PEAS_TYPE_ACTIVATABLE, peas_activatable_iface_init))

G_MODULE_EXPORT void peas_register_types (PeasObjectModule *module);

enum { PROP_OBJECT = 1 };

static void
greeter_plugin_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  GREETER_PLUGIN (object)->object = g_value_dup_object (value);
}

static void
greeter_plugin_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  g_value_set_object (value, GREETER_PLUGIN (object)->object);
}

static void
greeter_plugin_finalize (GObject *object)
{
  g_clear_object (&GREETER_PLUGIN (object)->object);

  G_OBJECT_CLASS (greeter_plugin_parent_class)->finalize (object);
}

static void
greeter_plugin_init (GreeterPlugin *self)
{
}

static void
say (PeasActivatable *plugin,
     const char      *text)
{
  g_action_group_activate_action (G_ACTION_GROUP (GREETER_PLUGIN (plugin)->object), "say", g_variant_new_string (text));
}

static void
greeter_plugin_activate (PeasActivatable *plugin)
{
  say (plugin, "hello from C");
}

static void
greeter_plugin_deactivate (PeasActivatable *plugin)
{
  say (plugin, "goodbye from C");
}

/* What the program's state is: a plug-in with a fault in it would do this by mistake. */
static void
greeter_plugin_update_state (PeasActivatable *plugin)
{
  if (g_action_group_has_action (G_ACTION_GROUP (GREETER_PLUGIN (plugin)->object), "trip"))
    raise (SIGSEGV);
}

static void
peas_activatable_iface_init (PeasActivatableInterface *iface)
{
  iface->activate = greeter_plugin_activate;
  iface->deactivate = greeter_plugin_deactivate;
  iface->update_state = greeter_plugin_update_state;
}

static void
greeter_plugin_class_init (GreeterPluginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = greeter_plugin_set_property;
  object_class->get_property = greeter_plugin_get_property;
  object_class->finalize = greeter_plugin_finalize;
  g_object_class_override_property (object_class, PROP_OBJECT, "object");
}

static void
greeter_plugin_class_finalize (GreeterPluginClass *klass)
{
}

void
peas_register_types (PeasObjectModule *module)
{
  greeter_plugin_register_type (G_TYPE_MODULE (module));
  peas_object_module_register_extension_type (module, PEAS_TYPE_ACTIVATABLE, GREETER_TYPE_PLUGIN);
}
