/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One object made of several (design D1).
 *
 * The aggregate is one GObject of a class that was composed for it: one
 * reference count, one pointer, all the interfaces. The parts behind it are
 * found through an array of (object, interface struct), one pair for each
 * interface, which a call reads and nothing locks. Where a reserved interface
 * is filled later a new array takes the old one's place; who read the old one
 * still calls what was right when it began.
 *
 *   - The aggregate owns its parts and drops them when it is finalised, not
 *     before: who calls through it holds it.
 *   - A part knows its aggregate by a weak reference only, its tie. An object
 *     has one tie at a time, so it is a part of one aggregate.
 *   - What a part hands out (itself) is the aggregate's at every boundary:
 *     convoke_component_dup_outer () goes along the ties to the outermost.
 */

#include "config.h"

#include "convoke-component-private.h"
#include "convoke-component-relay-private.h"
#include "convoke-error.h"

guint64 convoke_class_marks[CONVOKE_N_CLASS_MARKS / 64];

/* --- ties --- */

typedef struct
{
  gatomicrefcount ref_count;
  GWeakRef        outer;
} Tie;

static GQuark
tie_quark (void)
{
  return g_quark_from_static_string ("convoke-outer");
}

static Tie *
tie_new (void)
{
  Tie *self = g_new0 (Tie, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->outer, NULL);
  return self;
}

/* A GDuplicateFunc: under the lock of the object's data. */
static gpointer
tie_dup (gpointer data,
         gpointer user_data)
{
  Tie *self = data;

  if (self != NULL)
    g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
tie_unref (gpointer data)
{
  Tie *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->outer);
  g_free (self);
}

static void
mark_class (gconstpointer klass)
{
  guint index = convoke_class_mark_index (klass);

  __atomic_fetch_or (&convoke_class_marks[index / 64], G_GUINT64_CONSTANT (1) << (index % 64), __ATOMIC_RELEASE);
}

/* FALSE: it is tied already. */
static gboolean
tie (GObject *inner)
{
  Tie *made = tie_new ();

  mark_class (G_OBJECT_GET_CLASS (inner));
  if (g_object_replace_qdata (inner, tie_quark (), NULL, made, tie_unref, NULL))
    return TRUE;

  tie_unref (made);
  return FALSE;
}

static void
untie (GObject *inner)
{
  g_object_set_qdata (inner, tie_quark (), NULL);
}

static GObject *
dup_next_outer (GObject *object)
{
  Tie *tie = g_object_dup_qdata (object, tie_quark (), tie_dup, NULL);
  GObject *outer = NULL;

  if (tie == NULL)
    return NULL;

  outer = g_weak_ref_get (&tie->outer);
  tie_unref (tie);
  return outer;
}

static void
set_outer (GObject *inner,
           GObject *outer)
{
  Tie *tie = g_object_dup_qdata (inner, tie_quark (), tie_dup, NULL);

  g_weak_ref_set (&tie->outer, outer);
  tie_unref (tie);
}

/**
 * convoke_component_dup_outer:
 * @object: any object
 *
 * The aggregate that @object is a part of, by way of whatever other aggregates
 * it is a part of: the outermost one.
 *
 * A part that hands itself out (`self`) hands out what nobody else should see.
 * Convoke puts the aggregate in its place wherever it looks at an object; an
 * author whose code is called directly can ask here.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the outermost outer, or %NULL where
 *   @object is no part, or its aggregate is gone
 *
 * Since: 0.1
 */
GObject *
convoke_component_dup_outer (GObject *object)
{
  GObject *outermost = NULL;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  for (GObject *next = dup_next_outer (object); next != NULL; next = dup_next_outer (outermost))
    {
      g_clear_object (&outermost);
      outermost = next;
    }

  return outermost;
}

/* --- an instance --- */

typedef struct
{
  GMutex     lock;
  GPtrArray *inners;     /* (owned) each once; LOCK: lock to add */
  GPtrArray *relays;     /* of the inners that signal; LOCK: lock to add */
  GPtrArray *left;       /* (owned) arrays of parts, and interface structs, of before; LOCK: lock */
  gint       made;       /* atomic */
} ConvokeComponentPrivate;

static gint private_offset;
static gpointer parent_class;

static ConvokeComponentPrivate *
get_private (ConvokeComponent *self)
{
  return G_STRUCT_MEMBER_P (self, private_offset);
}

/* What the next instance of a class is to get, on this thread. */
typedef struct
{
  const ConvokeComposed *composed;
  GPtrArray             *inners;     /* for each part; NULL: reserved */
  gboolean               taken;
} Making;

static GPrivate making_key;

static ConvokePart *
parts_new (const ConvokeComposed *composed,
           gpointer               self,
           GPtrArray             *inners)
{
  ConvokePart *parts = g_new0 (ConvokePart, MAX (composed->n_interfaces, 1));

  for (guint i = 0; i < composed->n_interfaces; i++)
    {
      const ConvokeComposedInterface *iface = &composed->interfaces[i];
      GObject *inner = inners != NULL ? inners->pdata[i] : NULL;

      parts[i].object = inner != NULL ? (gpointer) inner : self;
      parts[i].vtable = inner != NULL ? g_type_interface_peek (G_OBJECT_GET_CLASS (inner), iface->info->gtype)
                                      : convoke_composed_interface_get_unfilled (iface);
    }

  return parts;
}

static void
add_inner (ConvokeComponent *self,
           GObject          *inner)
{
  GPtrArray *inners = get_private (self)->inners;

  if (inner == NULL || g_ptr_array_find (inners, inner, NULL))
    return;

  g_ptr_array_add (inners, g_object_ref (inner));
  set_outer (inner, G_OBJECT (self));
}

static gboolean
is_unfilled (GPtrArray *inners)
{
  return inners == NULL || g_ptr_array_find (inners, NULL, NULL);
}

/* The parts are there before the outer's own code runs for the first time. */
static void
convoke_component_init (GTypeInstance *instance,
                        gpointer       klass)
{
  ConvokeComponent *self = (ConvokeComponent *) instance;
  ConvokeComponentPrivate *priv = get_private (self);
  const ConvokeComposed *composed = convoke_composed_class_peek (klass);
  Making *making = g_private_get (&making_key);
  GPtrArray *inners = NULL;

  g_mutex_init (&priv->lock);
  priv->inners = g_ptr_array_new_with_free_func (g_object_unref);
  priv->relays = g_ptr_array_new ();
  priv->left = g_ptr_array_new_with_free_func (g_free);
  if (composed == NULL)
    return;

  if (making != NULL && making->composed == composed && !making->taken)
    {
      making->taken = TRUE;
      inners = making->inners;
    }

  self->parts = parts_new (composed, self, inners);
  if (is_unfilled (inners))
    mark_class (klass);
  for (guint i = 0; inners != NULL && i < inners->len; i++)
    add_inner (self, inners->pdata[i]);
}

/* GObject forgets weak references to what is disposed of, also where others hold it: to them it is still the aggregate. */
static void
tie_again (ConvokeComponent *self)
{
  ConvokeComponentPrivate *priv = get_private (self);

  g_mutex_lock (&priv->lock);
  for (guint i = 0; i < priv->inners->len; i++)
    set_outer (priv->inners->pdata[i], G_OBJECT (self));
  g_mutex_unlock (&priv->lock);
}

static void
convoke_component_dispose (GObject *object)
{
  G_OBJECT_CLASS (parent_class)->dispose (object);

  if (g_atomic_int_get ((gint *) &object->ref_count) > 1)
    tie_again (CONVOKE_COMPONENT (object));
}

static void
convoke_component_finalize (GObject *object)
{
  ConvokeComponent *self = CONVOKE_COMPONENT (object);
  ConvokeComponentPrivate *priv = get_private (self);

  for (guint i = 0; i < priv->relays->len; i++)
    convoke_component_relay_stop (priv->relays->pdata[i]);
  for (guint i = 0; i < priv->inners->len; i++)
    untie (priv->inners->pdata[i]);

  g_ptr_array_unref (priv->relays);
  g_ptr_array_unref (priv->inners);
  g_ptr_array_unref (priv->left);
  g_free (self->parts);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
convoke_component_class_init (gpointer klass,
                              gpointer data)
{
  parent_class = g_type_class_peek_parent (klass);
  g_type_class_adjust_private_offset (klass, &private_offset);

  G_OBJECT_CLASS (klass)->dispose = convoke_component_dispose;
  G_OBJECT_CLASS (klass)->finalize = convoke_component_finalize;
}

/**
 * ConvokeComponent:
 *
 * An object that can be made of several.
 *
 * Any object can be a component. Deriving from this class is needed only for
 * one that gets interfaces from other objects, its parts: the outer of an
 * aggregate. [ctor@Convoke.Component.new] and [class@Convoke.Composition] make
 * one.
 *
 * What comes out is one object: each of its interfaces leads to each other,
 * references to any of them are references to the whole, and a script sees all
 * the methods at once. Methods of the parts' interfaces run as if they were
 * called on the part, on the thread that calls; properties of these
 * interfaces are the part's; signals that a part emits are emitted by the
 * aggregate, on the part's thread. Where it may be called is declared for the
 * outer, as for every object: an aggregate is in one apartment.
 *
 * An aggregate owns its parts until it is finalised. A part must not hold a
 * reference to its outer.
 *
 * An instance that is made without a composition (by `g_object_new()`) is a
 * plain object of the class. The type of an aggregate is made at run time and
 * is no type to make instances of: those would have interfaces that nothing
 * fills.
 *
 * Since: 0.1
 */
GType
convoke_component_get_type (void)
{
  static gsize type;

  /* By hand, as the instance's initialisation needs the class that is instantiated. */
  if (g_once_init_enter (&type))
    {
      GType made = g_type_register_static_simple (G_TYPE_OBJECT, g_intern_static_string ("ConvokeComponent"),
                                                  sizeof (ConvokeComponentClass), convoke_component_class_init,
                                                  sizeof (ConvokeComponent), convoke_component_init, 0);

      private_offset = g_type_add_instance_private (made, sizeof (ConvokeComponentPrivate));
      g_once_init_leave (&type, made);
    }

  return type;
}

const ConvokePart *
convoke_component_get_part (ConvokeComponent *self,
                            guint             index)
{
  const ConvokePart *parts = __atomic_load_n (&self->parts, __ATOMIC_ACQUIRE);

  return &parts[index];
}

gboolean
convoke_component_is_made (ConvokeComponent *self)
{
  return g_atomic_int_get (&get_private (self)->made);
}

GObject *
convoke_component_peek_provider (ConvokeComponent *self,
                                 GType             iface)
{
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));

  for (guint i = 0; composed != NULL && i < composed->n_interfaces; i++)
    if (composed->interfaces[i].info->gtype == iface)
      return convoke_component_get_part (self, i)->object;

  return NULL;
}

gboolean
convoke_component_has_filled (GObject *object,
                              GType    iface)
{
  return !CONVOKE_IS_COMPONENT (object) || convoke_component_peek_provider (CONVOKE_COMPONENT (object), iface) != object;
}

/* --- what a part signals --- */

/* The interfaces that @inner gives. */
static GArray *
list_interfaces (ConvokeComponent *self,
                 GObject          *inner)
{
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));
  GArray *ifaces = g_array_new (FALSE, FALSE, sizeof (GType));

  for (guint i = 0; i < composed->n_interfaces; i++)
    if (convoke_component_get_part (self, i)->object == (gpointer) inner)
      g_array_append_val (ifaces, composed->interfaces[i].info->gtype);

  return ifaces;
}

static void
add_relay (ConvokeComponent *self,
           GObject          *inner)
{
  ConvokeComponentPrivate *priv = get_private (self);
  g_autoptr (GArray) ifaces = list_interfaces (self, inner);
  ConvokeComponentRelay *relay = convoke_component_relay_new (G_OBJECT (self), inner, (GType *) (void *) ifaces->data, ifaces->len);

  if (relay == NULL)
    return;

  g_mutex_lock (&priv->lock);
  g_ptr_array_add (priv->relays, relay);
  g_mutex_unlock (&priv->lock);
}

/* --- making one --- */

static void
untie_all (GPtrArray *inners,
           guint      n)
{
  for (guint i = 0; i < n; i++)
    if (inners->pdata[i] != NULL)
      untie (inners->pdata[i]);
}

static gboolean
tie_or_fail (GObject  *inner,
             GError  **error)
{
  if (tie (inner))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
               "This %s is a part of an aggregate already", G_OBJECT_TYPE_NAME (inner));
  return FALSE;
}

/* Each once, though one can be there for several interfaces. */
static gboolean
tie_all (GPtrArray  *inners,
         GError    **error)
{
  for (guint i = 0; i < inners->len; i++)
    {
      guint first;

      if (inners->pdata[i] == NULL || (g_ptr_array_find (inners, inners->pdata[i], &first) && first < i))
        continue;

      if (!tie_or_fail (inners->pdata[i], error))
        {
          untie_all (inners, i);
          return FALSE;
        }
    }

  return TRUE;
}

ConvokeComponent *
convoke_component_make (const ConvokeComposed  *composed,
                        GPtrArray              *inners,
                        guint                   n_properties,
                        const char            **names,
                        const GValue           *values,
                        GError                **error)
{
  g_autoptr (GPtrArray) owned = inners;
  Making making = { composed, inners, FALSE };
  Making *before = g_private_get (&making_key);
  ConvokeComponent *self;
  ConvokeComponentPrivate *priv;

  if (!tie_all (inners, error))
    return NULL;

  g_private_set (&making_key, &making);
  self = (ConvokeComponent *) g_object_new_with_properties (composed->type, n_properties, names, values);
  g_private_set (&making_key, before);

  priv = get_private (self);
  g_atomic_int_set (&priv->made, TRUE);
  if (!making.taken)
    {
      untie_all (inners, inners->len);
      g_object_unref (self);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                   "The constructor of %s gave an object that was there before", g_type_name (composed->type));
      return NULL;
    }

  for (guint i = 0; i < priv->inners->len; i++)
    add_relay (self, priv->inners->pdata[i]);

  return self;
}

/* --- filling what is reserved --- */

/* Whether @inner is @self, or an aggregate that @self is a part of. */
static gboolean
is_own_outer (ConvokeComponent *self,
              GObject          *inner)
{
  GObject *next = g_object_ref (G_OBJECT (self));
  gboolean found = FALSE;

  while (next != NULL && !found)
    {
      GObject *outer = dup_next_outer (next);

      found = next == inner;
      g_object_unref (next);
      next = outer;
    }

  g_clear_object (&next);
  return found;
}

static gboolean
check_filling (ConvokeComponent  *self,
               GObject           *inner,
               GError           **error)
{
  if (convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self)) == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "This %s is no outer: it was not composed, and reserves nothing", G_OBJECT_TYPE_NAME (self));
  else if (is_own_outer (self, inner))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "This %s cannot be a part of its own part", G_OBJECT_TYPE_NAME (inner));
  else
    return TRUE;

  return FALSE;
}

/* The parts with @inner where it fills something; NULL: nowhere. */
static ConvokePart *
fill_parts_locked (ConvokeComponent *self,
                   GObject          *inner)
{
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));
  g_autofree ConvokePart *parts = g_memdup2 (self->parts, sizeof (ConvokePart) * composed->n_interfaces);
  gboolean any = FALSE;

  for (guint i = 0; i < composed->n_interfaces; i++)
    {
      gpointer vtable = g_type_interface_peek (G_OBJECT_GET_CLASS (inner), composed->interfaces[i].info->gtype);
      gpointer copy;

      if (parts[i].object != self || vtable == NULL)
        continue;

      parts[i].object = inner;
      parts[i].vtable = convoke_composed_interface_complete (&composed->interfaces[i], vtable, &copy);
      if (copy != NULL)
        g_ptr_array_add (get_private (self)->left, copy);
      any = TRUE;
    }

  return any ? g_steal_pointer (&parts) : NULL;
}

static gboolean
fill_locked (ConvokeComponent  *self,
             GObject           *inner,
             GError           **error)
{
  ConvokePart *parts = fill_parts_locked (self, inner);

  if (parts == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                   "%s has no reserved interface left that %s implements",
                   G_OBJECT_TYPE_NAME (self), G_OBJECT_TYPE_NAME (inner));
      return FALSE;
    }

  add_inner (self, inner);
  g_ptr_array_add (get_private (self)->left, self->parts);
  __atomic_store_n (&self->parts, parts, __ATOMIC_RELEASE);
  return TRUE;
}

/**
 * convoke_component_fill:
 * @self: an aggregate that reserved interfaces
 * @inner: the object that gives them
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes @inner a part of @self, for all the reserved interfaces that it
 * implements and nothing fills yet.
 *
 * [method@Convoke.ClassFactory.create_instance] does this with what it makes
 * for an outer; whoever gets a part by other ways does it here. Until it is
 * filled a reserved interface is none: asking for it fails with
 * %CONVOKE_ERROR_NO_INTERFACE, and so do its methods, where they can fail, or
 * they return what stands for nothing.
 *
 * Any thread may call this; threads that fill one interface at once: one wins.
 * @inner must not hold a reference to @self.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @self was not composed, or
 * is itself a part of @inner; %CONVOKE_ERROR_NO_INTERFACE when it reserved
 * nothing that @inner has and nobody filled before;
 * %CONVOKE_ERROR_ALREADY_REGISTERED when @inner is a part of an aggregate
 * already. Then nothing has changed.
 *
 * Returns: %TRUE when @inner is a part of @self
 *
 * Since: 0.1
 */
gboolean
convoke_component_fill (ConvokeComponent  *self,
                        GObject           *inner,
                        GError           **error)
{
  ConvokeComponentPrivate *priv;
  gboolean filled;

  g_return_val_if_fail (CONVOKE_IS_COMPONENT (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (inner), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_filling (self, inner, error) || !tie_or_fail (inner, error))
    return FALSE;

  priv = get_private (self);
  g_mutex_lock (&priv->lock);
  filled = fill_locked (self, inner, error);
  g_mutex_unlock (&priv->lock);
  if (!filled)
    {
      untie (inner);
      return FALSE;
    }

  add_relay (self, inner);
  return TRUE;
}
