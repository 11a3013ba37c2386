/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What follows from a description that a typelib gave: which arguments belong
 * together, which methods belong together, what is refused and why, what the
 * contracts in the attributes mean, and the fingerprint by which two sides
 * know that they mean the same method.
 *
 * A refusal is better than a wrong guess: an annotation that lies is memory
 * corruption, a contract that is not understood is no protection.
 */

#include "config.h"

#include <string.h>

#include "convoke-typelib-private.h"

#define CONTRACT_PREFIX "convoke."

static void G_GNUC_PRINTF (2, 3)
refuse (char       **refusal,
        const char  *format,
        ...)
{
  va_list args;

  if (*refusal != NULL)
    return;

  va_start (args, format);
  *refusal = g_strdup_vprintf (format, args);
  va_end (args);
}

/* --- arguments that belong together --- */

static void
link_array (ConvokeCallableInfo *self,
            ConvokeTypeInfo     *type,
            int                  index)
{
  if (type->length_arg >= 0 && type->length_arg < (int) self->n_args)
    self->args[type->length_arg].length_of = index;
  else
    type->length_arg = -1;
}

static void
link_callback_data (ConvokeCallableInfo *self,
                    ConvokeArgInfo      *arg,
                    int                  index)
{
  if (arg->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
    return;

  if (arg->closure >= 0 && arg->closure != index && arg->closure < (int) self->n_args)
    self->args[arg->closure].closure_of = index;

  if (arg->destroy >= 0 && arg->destroy != index && arg->destroy < (int) self->n_args)
    self->args[arg->destroy].closure_of = index;
}

static void
link_callable (ConvokeCallableInfo *self)
{
  link_array (self, &self->ret.type, -2);

  for (guint i = 0; i < self->n_args; i++)
    {
      ConvokeArgInfo *arg = &self->args[i];

      link_array (self, &arg->type, i);
      link_callback_data (self, arg, i);
      if (arg->type.callback != NULL)
        link_callable (arg->type.callback);
    }
}

/* --- what cannot be called --- */

static gboolean
is_scalar (ConvokeTypeKind kind)
{
  return (kind >= CONVOKE_TYPE_KIND_BOOLEAN && kind <= CONVOKE_TYPE_KIND_GTYPE) ||
         kind == CONVOKE_TYPE_KIND_ENUM ||
         kind == CONVOKE_TYPE_KIND_FLAGS;
}

static gboolean
is_record (ConvokeTypeKind kind)
{
  return kind == CONVOKE_TYPE_KIND_BOXED || kind == CONVOKE_TYPE_KIND_STRUCT ||
         kind == CONVOKE_TYPE_KIND_UNION || kind == CONVOKE_TYPE_KIND_VALUE;
}

static void
check_arg (ConvokeMethodInfo *self,
           ConvokeArgInfo    *arg)
{
  const ConvokeTypeInfo *type = &arg->type;

  if (arg->direction == CONVOKE_DIRECTION_IN && is_scalar (type->kind) && type->is_pointer)
    refuse (&self->refusal,
            "argument “%s” is a pointer to %s without a direction; is an (out), (inout) or (array) missing?",
            arg->name, type->name);

  if (arg->direction == CONVOKE_DIRECTION_IN && is_record (type->kind) && !type->is_pointer)
    refuse (&self->refusal, "argument “%s” is a %s passed by value", arg->name, type->name);

  if (arg->direction == CONVOKE_DIRECTION_OUT && arg->caller_allocates &&
      is_record (type->kind) && type->size == 0)
    refuse (&self->refusal, "argument “%s” is to be allocated by the caller, but nothing tells the size of a %s",
            arg->name, type->name);

  if (arg->direction == CONVOKE_DIRECTION_OUT && arg->caller_allocates &&
      type->kind == CONVOKE_TYPE_KIND_ARRAY && type->fixed_size < 0 &&
      (type->length_arg < 0 ||
       self->callable.args[type->length_arg].direction == CONVOKE_DIRECTION_OUT))
    refuse (&self->refusal,
            "argument “%s” is a buffer of the caller, but nothing tells the method its size; "
            "is an (in) or (inout) missing at its length?",
            arg->name);
}

static void
check_return (ConvokeMethodInfo *self)
{
  const ConvokeTypeInfo *type = &self->callable.ret.type;

  if (is_scalar (type->kind) && type->is_pointer)
    refuse (&self->refusal, "it returns a pointer to %s; is an (array) missing?", type->name);

  if (is_record (type->kind) && !type->is_pointer)
    refuse (&self->refusal, "it returns a %s by value", type->name);
}

static void
check_callable (ConvokeMethodInfo *self)
{
  if (!convoke_method_info_has_slot (self))
    refuse (&self->refusal, "the typelib does not tell where its slot is");

  check_return (self);
  for (guint i = 0; i < self->callable.n_args; i++)
    check_arg (self, &self->callable.args[i]);
}

/* Annotations that are known to lie, and that nothing in a typelib betrays:
 * inputs that the method writes to. A copy would swallow what it wrote. */
static void
mark_written (ConvokeMethodInfo *self)
{
  static const struct
  {
    const char *type_name;
    const char *slot_name;
    const char *arg_name;
  } known[] = {
    { "GConverter", "convert", "outbuf" },
    { "GtkTreeModel", "iter_next", "iter" },
    { "GtkTreeModel", "iter_previous", "iter" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (strcmp (self->owner->type_name, known[i].type_name) != 0 ||
          strcmp (self->slot_name, known[i].slot_name) != 0)
        continue;

      for (guint j = 0; j < self->callable.n_args; j++)
        {
          ConvokeArgInfo *arg = &self->callable.args[j];

          if (arg->direction == CONVOKE_DIRECTION_IN && strcmp (arg->name, known[i].arg_name) == 0)
            arg->written = TRUE;
        }
    }
}

/* --- contracts --- */

static gboolean
parse_flag (const char *value,
            gboolean   *flag)
{
  if (strcmp (value, "1") == 0)
    *flag = TRUE;
  else if (strcmp (value, "0") == 0)
    *flag = FALSE;
  else
    return FALSE;

  return TRUE;
}

static gboolean
apply_contract (ConvokeMethodInfo *self,
                const char        *name,
                const char        *value)
{
  gboolean flag = FALSE;
  guint64 milliseconds;

  if (strcmp (name, "convoke.deadline-ms") == 0)
    {
      if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXINT32, &milliseconds, NULL))
        return FALSE;
      self->deadline = (gint64) milliseconds * 1000;
      return TRUE;
    }

  if (!parse_flag (value, &flag))
    return FALSE;

  if (strcmp (name, "convoke.idempotent") == 0)
    self->idempotent = flag;
  else if (strcmp (name, "convoke.oneway") == 0)
    self->oneway = flag;
  else if (strcmp (name, "convoke.progress") == 0)
    self->progress = flag;
  else
    return strcmp (name, "convoke.secret") == 0;

  return TRUE;
}

static void
apply_contracts (ConvokeMethodInfo *self)
{
  GHashTableIter iter;
  gpointer name, value;

  if (self->attributes == NULL)
    return;

  g_hash_table_iter_init (&iter, self->attributes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (g_str_has_prefix (name, CONTRACT_PREFIX) && !apply_contract (self, name, value))
      refuse (&self->refusal, "the attribute %s=%s is not understood", (char *) name, (char *) value);
}

/* Of arguments only those that say how to treat the value. */
static void
check_arg_contracts (ConvokeMethodInfo    *self,
                     const ConvokeArgInfo *arg)
{
  GHashTableIter iter;
  gpointer name, value;

  if (arg->attributes == NULL)
    return;

  g_hash_table_iter_init (&iter, arg->attributes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      gboolean flag;

      if (!g_str_has_prefix (name, CONTRACT_PREFIX))
        continue;

      if ((strcmp (name, "convoke.secret") != 0 && strcmp (name, "convoke.progress") != 0) ||
          !parse_flag (value, &flag))
        refuse (&self->refusal, "the attribute %s=%s of “%s” is not understood",
                (char *) name, (char *) value, arg->name);
    }
}

static void
check_oneway (ConvokeMethodInfo *self)
{
  if (!self->oneway)
    return;

  if (self->callable.throws || self->callable.ret.type.kind != CONVOKE_TYPE_KIND_VOID)
    refuse (&self->refusal, "it is convoke.oneway, but returns or throws something");

  for (guint i = 0; i < self->callable.n_args; i++)
    if (self->callable.args[i].direction != CONVOKE_DIRECTION_IN)
      refuse (&self->refusal, "it is convoke.oneway, but “%s” comes back", self->callable.args[i].name);
}

/* --- methods that belong together --- */

static ConvokeMethodInfo *
find_slot (ConvokeInterfaceInfo *self,
           const char           *slot_name)
{
  for (guint i = 0; i < self->n_methods; i++)
    if (strcmp (self->methods[i].slot_name, slot_name) == 0)
      return &self->methods[i];

  return NULL;
}

static gboolean
has_arg_named (const ConvokeMethodInfo *self,
               const char              *type_name)
{
  for (guint i = 0; i < self->callable.n_args; i++)
    if (g_strcmp0 (self->callable.args[i].type.name, type_name) == 0)
      return TRUE;

  return FALSE;
}

/* “load_async” and “mount_fn” give “load” and “mount”, “eject” itself. */
static char *
strip_suffix (const char *slot_name)
{
  static const char * const suffixes[] = { "_async", "_fn" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (slot_name, suffixes[i]))
      return g_strndup (slot_name, strlen (slot_name) - strlen (suffixes[i]));

  return g_strdup (slot_name);
}

/* No callback of a method that goes on after it returned is valid during the
 * call only, although GFile.move_async() says so of its progress. */
static void
outlive_call (ConvokeMethodInfo *self)
{
  for (guint i = 0; i < self->callable.n_args; i++)
    {
      ConvokeArgInfo *arg = &self->callable.args[i];

      if (arg->type.kind == CONVOKE_TYPE_KIND_CALLBACK && arg->scope == CONVOKE_SCOPE_CALL)
        arg->scope = CONVOKE_SCOPE_NOTIFIED;
    }
}

static void
pair_with_finish (ConvokeMethodInfo *self)
{
  g_autofree char *stem = NULL;
  g_autofree char *name = NULL;
  ConvokeMethodInfo *finish;

  if (!has_arg_named (self, "Gio.AsyncReadyCallback"))
    return;

  stem = strip_suffix (self->slot_name);
  name = g_strconcat (stem, "_finish", NULL);
  finish = find_slot (self->owner, name);

  if (finish == NULL || finish->begin != NULL || !has_arg_named (finish, "Gio.AsyncResult"))
    return;

  self->finish = finish;
  finish->begin = self;
  outlive_call (self);
}

static void
mark_signal_slots (ConvokeInterfaceInfo *self)
{
  for (guint i = 0; i < self->n_signals; i++)
    {
      g_autofree char *slot_name = g_strdelimit (g_strdup (self->signals[i].callable.name), "-", '_');
      ConvokeMethodInfo *slot = find_slot (self, slot_name);

      if (slot == NULL)
        continue;

      slot->signal_slot = TRUE;
      refuse (&slot->refusal, "it is the default handler of the signal “%s”", self->signals[i].callable.name);
    }
}

/* --- fingerprints --- */

static void append_callable (GString                   *text,
                             const ConvokeCallableInfo *self);

static void
append_type (GString               *text,
             const ConvokeTypeInfo *self)
{
  g_string_append (text, self->kind == CONVOKE_TYPE_KIND_GARRAY     ? "garray"
                       : self->kind == CONVOKE_TYPE_KIND_PTR_ARRAY  ? "ptr-array"
                       : self->kind == CONVOKE_TYPE_KIND_BYTE_ARRAY ? "byte-array"
                                                                   : self->name);

  if (self->kind == CONVOKE_TYPE_KIND_ENUM || self->kind == CONVOKE_TYPE_KIND_FLAGS)
    g_string_append_printf (text, ":%d", self->storage);

  if (self->layout != NULL)
    g_string_append_printf (text, "{%s}", self->layout);

  if (self->element != NULL)
    {
      g_string_append_c (text, '<');
      append_type (text, self->element);
      if (self->value != NULL)
        {
          g_string_append_c (text, ',');
          append_type (text, self->value);
        }
      g_string_append_c (text, '>');
    }

  if (self->fixed_size >= 0)
    g_string_append_printf (text, "[%d]", self->fixed_size);
  else if (self->length_arg >= 0)
    g_string_append (text, "[n]");
  else if (self->zero_terminated)
    g_string_append (text, "[0]");

  if (self->callback != NULL)
    append_callable (text, self->callback);
}

static void
append_arg (GString              *text,
            const ConvokeArgInfo *self)
{
  static const char * const directions[] = { "in", "out", "inout" };
  static const char * const transfers[] = { "none", "container", "full" };

  g_string_append_printf (text, "%s %s ", directions[self->direction], transfers[self->transfer]);
  append_type (text, &self->type);
  if (self->nullable)
    g_string_append_c (text, '?');
  if (self->optional)
    g_string_append_c (text, '~');
  if (self->caller_allocates)
    g_string_append_c (text, '!');
  if (self->scope != CONVOKE_SCOPE_NONE)
    g_string_append_printf (text, " scope%d", self->scope);
}

static void
append_callable (GString                   *text,
                 const ConvokeCallableInfo *self)
{
  g_string_append_c (text, '(');
  for (guint i = 0; i < self->n_args; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_arg (text, &self->args[i]);
    }
  g_string_append (text, ") ");
  append_arg (text, &self->ret);
  if (self->throws)
    g_string_append (text, " throws");
}

/* Says what both sides must agree on to call the method, and nothing else:
 * neither its place among the others nor its arguments' names. */
static char *
make_fingerprint (const ConvokeMethodInfo *self)
{
  g_autoptr (GString) text = g_string_new (self->slot_name);

  append_callable (text, &self->callable);
  if (self->oneway)
    g_string_append (text, " oneway");

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, text->len);
}

char *
convoke_type_info_to_string (const ConvokeTypeInfo *self)
{
  GString *text = g_string_new (NULL);

  append_type (text, self);
  return g_string_free (text, FALSE);
}

/* --- all of it --- */

static void
complete_method (ConvokeInterfaceInfo *self,
                 guint                 index)
{
  ConvokeMethodInfo *method = &self->methods[index];

  method->owner = self;
  method->index = index;
  link_callable (&method->callable);
  check_callable (method);
  mark_written (method);
  apply_contracts (method);
  check_arg_contracts (method, &method->callable.ret);
  for (guint i = 0; i < method->callable.n_args; i++)
    check_arg_contracts (method, &method->callable.args[i]);
  check_oneway (method);
  method->fingerprint = make_fingerprint (method);
}

/* A user's name wins over a slot's name: “read” is what g_foo_read() calls,
 * also where another slot is called “read”. */
static void
index_names (ConvokeInterfaceInfo *self)
{
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->n_methods; i++)
    g_hash_table_insert (self->by_name, self->methods[i].slot_name, &self->methods[i]);
  for (guint i = 0; i < self->n_methods; i++)
    if (self->methods[i].invoker != NULL)
      g_hash_table_insert (self->by_name, self->methods[i].callable.name, &self->methods[i]);
}

void
convoke_interface_info_complete (ConvokeInterfaceInfo *self)
{
  if (self->required_class != NULL)
    refuse (&self->refusal, "it requires the class %s", self->required_class);

  for (guint i = 0; i < self->n_signals; i++)
    link_callable (&self->signals[i].callable);

  for (guint i = 0; i < self->n_methods; i++)
    complete_method (self, i);

  for (guint i = 0; i < self->n_methods; i++)
    pair_with_finish (&self->methods[i]);

  mark_signal_slots (self);
  index_names (self);
}
