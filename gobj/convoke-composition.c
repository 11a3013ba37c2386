/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who gives which interface. What was named for a part wins over what a part
 * gives because it has it, and over the outer's own; beyond that two givers of
 * one interface are an error. What an interface requires comes from the same
 * part, or from the outer.
 */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "convoke-component-private.h"
#include "convoke-composition.h"
#include "convoke-error.h"

typedef struct
{
  GObject *inner;   /* (owned) (nullable): NULL, the interface is reserved */
  GType    iface;   /* G_TYPE_INVALID: all that it has */
} Offer;

struct _ConvokeComposition
{
  GObject    parent_instance;

  GType      outer_type;
  GArray    *offers;    /* Offer */
  GPtrArray *names;     /* of construction properties */
  GArray    *values;    /* GValue */
};

/**
 * ConvokeComposition:
 *
 * Says what an aggregate is made of: an outer, and the parts that give it more
 * interfaces.
 *
 * ```c
 * g_autoptr (ConvokeComposition) composition = convoke_composition_new (VIEWER_TYPE_DOCUMENT);
 * convoke_composition_add (composition, G_OBJECT (lines));
 * convoke_composition_add_interface (composition, G_OBJECT (save), G_TYPE_ACTION);
 * document = convoke_composition_create (composition, &error);
 * ```
 *
 * A composition is for one thread at a time.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeComposition, convoke_composition, G_TYPE_OBJECT)

static void
offer_clear (gpointer data)
{
  g_clear_object (&((Offer *) data)->inner);
}

static void
convoke_composition_finalize (GObject *object)
{
  ConvokeComposition *self = CONVOKE_COMPOSITION (object);

  g_array_unref (self->offers);
  g_ptr_array_unref (self->names);
  g_array_unref (self->values);

  G_OBJECT_CLASS (convoke_composition_parent_class)->finalize (object);
}

static void
convoke_composition_class_init (ConvokeCompositionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_composition_finalize;
}

static void
convoke_composition_init (ConvokeComposition *self)
{
  self->offers = g_array_new (FALSE, FALSE, sizeof (Offer));
  g_array_set_clear_func (self->offers, offer_clear);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (GValue));
  g_array_set_clear_func (self->values, (GDestroyNotify) g_value_unset);
}

/**
 * convoke_composition_new:
 * @outer_type: the class of the outer, derived from [class@Convoke.Component]
 *
 * An empty composition.
 *
 * Returns: (transfer full): the composition
 *
 * Since: 0.1
 */
ConvokeComposition *
convoke_composition_new (GType outer_type)
{
  ConvokeComposition *self = g_object_new (CONVOKE_TYPE_COMPOSITION, NULL);

  self->outer_type = outer_type;
  return self;
}

static void
add_offer (ConvokeComposition *self,
           GObject            *inner,
           GType               iface)
{
  Offer offer = { inner != NULL ? g_object_ref (inner) : NULL, iface };

  g_array_append_val (self->offers, offer);
}

/**
 * convoke_composition_add:
 * @self: a composition
 * @inner: an object
 *
 * Makes @inner a part that gives all its interfaces, but for those that are
 * named for another part, and those of its construction
 * ([iface@Gio.Initable], [iface@Gio.AsyncInitable]).
 *
 * Since: 0.1
 */
void
convoke_composition_add (ConvokeComposition *self,
                         GObject            *inner)
{
  g_return_if_fail (CONVOKE_IS_COMPOSITION (self));
  g_return_if_fail (G_IS_OBJECT (inner));

  add_offer (self, inner, G_TYPE_INVALID);
}

/**
 * convoke_composition_add_interface:
 * @self: a composition
 * @inner: an object
 * @iface: an interface that it implements
 *
 * Makes @inner a part that gives @iface, and what @iface requires.
 *
 * It wins over other parts that have @iface without being named for it, and
 * over the outer, if that has it. A part of which only some interfaces are
 * wanted is added with this call alone, once for each.
 *
 * Since: 0.1
 */
void
convoke_composition_add_interface (ConvokeComposition *self,
                                   GObject            *inner,
                                   GType               iface)
{
  g_return_if_fail (CONVOKE_IS_COMPOSITION (self));
  g_return_if_fail (G_IS_OBJECT (inner));
  g_return_if_fail (iface != G_TYPE_INVALID);

  add_offer (self, inner, iface);
}

/**
 * convoke_composition_reserve:
 * @self: a composition
 * @iface: an interface
 *
 * Keeps a place for @iface, which a part that does not exist yet is to give:
 * one that is made for this outer by a class factory, by a call factory, or
 * that [method@Convoke.Component.fill] is told.
 *
 * Since: 0.1
 */
void
convoke_composition_reserve (ConvokeComposition *self,
                             GType               iface)
{
  g_return_if_fail (CONVOKE_IS_COMPOSITION (self));
  g_return_if_fail (iface != G_TYPE_INVALID);

  add_offer (self, NULL, iface);
}

/**
 * convoke_composition_set_construct_property:
 * @self: a composition
 * @name: the name of a property of the outer's class
 * @value: its value, which is copied
 *
 * Gives the outer a property at its construction.
 *
 * Since: 0.1
 */
void
convoke_composition_set_construct_property (ConvokeComposition *self,
                                            const char         *name,
                                            const GValue       *value)
{
  GValue copy = G_VALUE_INIT;

  g_return_if_fail (CONVOKE_IS_COMPOSITION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_VALUE (value));

  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);
  g_ptr_array_add (self->names, g_strdup (name));
  g_array_append_val (self->values, copy);
}

/* --- who gives what --- */

typedef struct
{
  GType    iface;
  GObject *inner;   /* (borrowed) (nullable): reserved */
  gboolean named;
} Given;

static Given *
find_given (GArray *given,
            GType   iface)
{
  for (guint i = 0; i < given->len; i++)
    {
      Given *one = &g_array_index (given, Given, i);

      if (one->iface == iface)
        return one;
    }

  return NULL;
}

static const char *
name_giver (GObject *inner)
{
  return inner != NULL ? G_OBJECT_TYPE_NAME (inner) : "a part that it is reserved for";
}

static gboolean
fail_reserved_twice (GType    iface,
                     GError **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s is reserved twice: one part fills it", g_type_name (iface));
  return FALSE;
}

static gboolean
fail_twice (GType         iface,
            const char   *one,
            const char   *other,
            GError      **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s would come from %s and from %s: name the one that gives it", g_type_name (iface), one, other);
  return FALSE;
}

static gboolean
check_named (const Offer  *offer,
             GError      **error)
{
  if (!G_TYPE_IS_INTERFACE (offer->iface) || offer->iface == G_TYPE_INTERFACE)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "%s is no interface", g_type_name (offer->iface));
      return FALSE;
    }

  if (offer->inner == NULL || g_type_is_a (G_OBJECT_TYPE (offer->inner), offer->iface))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
               "%s does not implement %s", G_OBJECT_TYPE_NAME (offer->inner), g_type_name (offer->iface));
  return FALSE;
}

static gboolean
give_named (GArray       *given,
            const Offer  *offer,
            GError      **error)
{
  const Given one = { offer->iface, offer->inner, TRUE };
  const Given *other = find_given (given, offer->iface);

  if (!check_named (offer, error))
    return FALSE;
  if (other != NULL && other->inner == NULL && offer->inner == NULL)
    return fail_reserved_twice (offer->iface, error);
  if (other != NULL && other->inner != offer->inner)
    return fail_twice (offer->iface, name_giver (other->inner), name_giver (offer->inner), error);

  if (other == NULL)
    g_array_append_val (given, one);
  return TRUE;
}

static gboolean
is_of_construction (GType iface)
{
  return iface == G_TYPE_INITABLE || iface == G_TYPE_ASYNC_INITABLE;
}

static gboolean
give_if_free (ConvokeComposition  *self,
              GArray              *given,
              GObject             *inner,
              GType                iface,
              GError             **error)
{
  const Given one = { iface, inner, FALSE };
  const Given *other = find_given (given, iface);

  if (is_of_construction (iface) || (other != NULL && (other->named || other->inner == inner)))
    return TRUE;
  if (other != NULL)
    return fail_twice (iface, name_giver (other->inner), name_giver (inner), error);
  if (g_type_is_a (self->outer_type, iface))
    return fail_twice (iface, g_type_name (self->outer_type), name_giver (inner), error);

  g_array_append_val (given, one);
  return TRUE;
}

static gboolean
give_all (ConvokeComposition  *self,
          GArray              *given,
          GObject             *inner,
          GError             **error)
{
  guint n;
  g_autofree GType *ifaces = g_type_interfaces (G_OBJECT_TYPE (inner), &n);

  for (guint i = 0; i < n; i++)
    if (!give_if_free (self, given, inner, ifaces[i], error))
      return FALSE;

  return TRUE;
}

/* --- what that requires --- */

static gboolean
give_required (ConvokeComposition  *self,
               GArray              *given,
               const Given         *what,
               GType                required,
               GError             **error)
{
  const Given one = { required, what->inner, TRUE };
  const Given *other = find_given (given, required);

  if (other != NULL && other->inner == what->inner)
    return TRUE;

  if (other != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "%s, which %s gives, requires %s, which %s gives: both must come from one part",
                   g_type_name (what->iface), name_giver (what->inner), g_type_name (required), name_giver (other->inner));
      return FALSE;
    }

  if (g_type_is_a (self->outer_type, required))
    return TRUE;

  if (!G_TYPE_IS_INTERFACE (required))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s requires the class %s, which %s is not derived from",
                   g_type_name (what->iface), g_type_name (required), g_type_name (self->outer_type));
      return FALSE;
    }

  g_array_append_val (given, one);
  return TRUE;
}

/* What is added on the way is looked at in its turn. */
static gboolean
give_prerequisites (ConvokeComposition  *self,
                    GArray              *given,
                    GError             **error)
{
  for (guint i = 0; i < given->len; i++)
    {
      const Given what = g_array_index (given, Given, i);
      guint n;
      g_autofree GType *required = g_type_interface_prerequisites (what.iface, &n);

      for (guint j = 0; j < n; j++)
        if (!give_required (self, given, &what, required[j], error))
          return FALSE;
    }

  return TRUE;
}

static GArray *
list_given (ConvokeComposition  *self,
            GError             **error)
{
  g_autoptr (GArray) given = g_array_new (FALSE, FALSE, sizeof (Given));

  for (guint i = 0; i < self->offers->len; i++)
    {
      const Offer *offer = &g_array_index (self->offers, Offer, i);

      if (offer->iface != G_TYPE_INVALID && !give_named (given, offer, error))
        return NULL;
    }

  for (guint i = 0; i < self->offers->len; i++)
    {
      const Offer *offer = &g_array_index (self->offers, Offer, i);

      if (offer->iface == G_TYPE_INVALID && !give_all (self, given, offer->inner, error))
        return NULL;
    }

  return give_prerequisites (self, given, error) ? g_steal_pointer (&given) : NULL;
}

/* --- making it --- */

/* A class that never had an instance is none. */
static gboolean
is_aggregate (GType type)
{
  gpointer klass = g_type_class_peek (type);

  return klass != NULL && convoke_composed_class_peek (klass) != NULL;
}

static gboolean
check_outer (ConvokeComposition  *self,
             GError             **error)
{
  const char *name = g_type_name (self->outer_type);

  if (!g_type_is_a (self->outer_type, CONVOKE_TYPE_COMPONENT))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "%s cannot be an outer: it is not derived from ConvokeComponent", name != NULL ? name : "This type");
  else if (G_TYPE_IS_FINAL (self->outer_type))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "%s cannot be an outer: its class is final%s", name,
                 is_aggregate (self->outer_type) ? ", as that of an aggregate is" : "");
  else
    return TRUE;

  return FALSE;
}

static gboolean
describe (const Given      *given,
          ConvokeAddition  *addition,
          GError          **error)
{
  addition->inner = given->inner;
  addition->info = convoke_interface_info_lookup (given->iface, error);
  if (addition->info == NULL)
    {
      g_prefix_error (error, "%s of %s: ", g_type_name (given->iface), name_giver (given->inner));
      return FALSE;
    }

  /* What it requires is known to be there. */
  if (addition->info->refusal == NULL || addition->info->required_class != NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s: %s", addition->info->name, addition->info->refusal);
  return FALSE;
}

static int
compare_by_name (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (g_type_name (((const Given *) a)->iface), g_type_name (((const Given *) b)->iface));
}

/* @inners: gets the part of each addition. */
static const ConvokeComposed *
compose (ConvokeComposition  *self,
         GPtrArray           *inners,
         GError             **error)
{
  g_autoptr (GArray) given = list_given (self, error);
  g_autofree ConvokeAddition *additions = NULL;

  if (given == NULL)
    return NULL;

  /* The order in which it was told is no part of what it is. */
  g_array_sort (given, compare_by_name);
  additions = g_new0 (ConvokeAddition, MAX (given->len, 1));
  for (guint i = 0; i < given->len; i++)
    {
      if (!describe (&g_array_index (given, Given, i), &additions[i], error))
        return NULL;
      g_ptr_array_add (inners, additions[i].inner);
    }

  return convoke_composed_class_get (self->outer_type, additions, given->len, error);
}

static gboolean
check_property (ConvokeComposition  *self,
                GObjectClass        *klass,
                guint                index,
                GError             **error)
{
  const char *name = self->names->pdata[index];
  const GValue *value = &g_array_index (self->values, GValue, index);
  GParamSpec *pspec = g_object_class_find_property (klass, name);

  if (pspec != NULL && (pspec->flags & G_PARAM_WRITABLE) != 0 &&
      g_value_type_transformable (G_VALUE_TYPE (value), pspec->value_type))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               pspec == NULL ? "%s has no property “%s”" :
               (pspec->flags & G_PARAM_WRITABLE) == 0 ? "%s has a property “%s”, which cannot be written" :
               "%s has a property “%s”, which is of another type", g_type_name (self->outer_type), name);
  return FALSE;
}

static gboolean
check_properties (ConvokeComposition  *self,
                  GError             **error)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (self->outer_type);

  for (guint i = 0; i < self->names->len; i++)
    if (!check_property (self, G_OBJECT_CLASS (klass), i, error))
      return FALSE;

  return TRUE;
}

/**
 * convoke_composition_create:
 * @self: a composition
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes the aggregate. The outer's class is subclassed at run time, once for
 * each combination of interfaces; nothing of that is ever freed.
 *
 * The parts are those that were given: a composition makes one aggregate, as
 * an object is a part of one at a time. Other aggregates can be parts, and
 * proxies, whose components then live elsewhere.
 *
 * An interface can be given when a typelib describes it (see
 * [func@Convoke.require]). A slot that is empty in the part is empty in the
 * aggregate. Slots that the typelib does not have are not forwarded.
 *
 * Any thread may call this; the outer's construction runs on it.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when two parts, or a part and the
 * outer, would give one interface and none is named for it, when what an
 * interface requires comes from another part, when the outer's type cannot be
 * an outer, or when it has no such construction property;
 * %CONVOKE_ERROR_NO_INTERFACE when a part does not implement what it was named
 * for; %CONVOKE_ERROR_NO_TYPELIB; %CONVOKE_ERROR_NOT_SUPPORTED when an
 * interface requires a class that the outer is not derived from, or has a
 * function that returns a struct by value; and
 * %CONVOKE_ERROR_ALREADY_REGISTERED when an object is a part already.
 *
 * Returns: (transfer full): the aggregate
 *
 * Since: 0.1
 */
ConvokeComponent *
convoke_composition_create (ConvokeComposition  *self,
                            GError             **error)
{
  g_autoptr (GPtrArray) inners = NULL;
  const ConvokeComposed *composed;

  g_return_val_if_fail (CONVOKE_IS_COMPOSITION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_outer (self, error) || !check_properties (self, error))
    return NULL;

  inners = g_ptr_array_new ();
  composed = compose (self, inners, error);
  if (composed == NULL)
    return NULL;

  return convoke_component_make (composed, g_steal_pointer (&inners), self->names->len,
                                 (const char **) self->names->pdata, (const GValue *) (void *) self->values->data, error);
}

/**
 * convoke_component_new: (constructor)
 * @outer_type: the class of the outer, derived from [class@Convoke.Component]
 * @inners: (array length=n_inners) (nullable): the parts
 * @n_inners: the number of parts
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an aggregate: an object of the class @outer_type that also has all the
 * interfaces of @inners.
 *
 * This is [class@Convoke.Composition] without choices; see there for what can
 * be chosen, and [method@Convoke.Composition.create] for the errors.
 *
 * Returns: (transfer full): the aggregate
 *
 * Since: 0.1
 */
ConvokeComponent *
convoke_component_new (GType      outer_type,
                       GObject  **inners,
                       guint      n_inners,
                       GError   **error)
{
  g_autoptr (ConvokeComposition) composition = NULL;

  g_return_val_if_fail (inners != NULL || n_inners == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  composition = convoke_composition_new (outer_type);
  for (guint i = 0; i < n_inners; i++)
    convoke_composition_add (composition, inners[i]);

  return convoke_composition_create (composition, error);
}
