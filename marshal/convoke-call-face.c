/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The asynchronous interface of a call object (CF-1), for language bindings:
 * a pair of objects that implement the call's interface. A method called on
 * the one begins that method, called on the other finishes it, so a binding
 * passes every type with the marshalling that it has anyway.
 *
 * Neither is the call object, and neither is found by querying it: they are
 * two more views of one call.
 */

#include "config.h"

#include "convoke-call.h"
#include "convoke-call-face.h"
#include "convoke-call-face-private.h"
#include "convoke-call-private.h"
#include "convoke-engine-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-last-error-private.h"
#include "convoke-proxy-class-private.h"
#include "convoke-proxy-private.h"

typedef struct
{
  GObject           parent_instance;

  ConvokeCall      *call;        /* (owned) set once, before the face is published */
  ConvokeLastError  last_error;  /* has its own lock */
} ConvokeCallFace;

typedef struct
{
  GObjectClass parent_class;
} ConvokeCallFaceClass;

static GType convoke_call_face_get_type (void);

G_DEFINE_ABSTRACT_TYPE (ConvokeCallFace, convoke_call_face, G_TYPE_OBJECT)

static void
convoke_call_face_finalize (GObject *object)
{
  ConvokeCallFace *self = (ConvokeCallFace *) object;

  g_clear_object (&self->call);
  convoke_last_error_wipe (&self->last_error);

  G_OBJECT_CLASS (convoke_call_face_parent_class)->finalize (object);
}

static void
convoke_call_face_class_init (ConvokeCallFaceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_call_face_finalize;
}

static void
convoke_call_face_init (ConvokeCallFace *self)
{
  convoke_last_error_init (&self->last_error);
}

/* --- slots --- */

static void
keep_error (ConvokeCallFace    *self,
            const ConvokePlan  *plan,
            void              **args,
            GError             *error)
{
  convoke_frame_throw_native (plan, args, error);
  convoke_last_error_take (&self->last_error, error);
}

/* Begin takes the arguments over, also where it fails. */
static void
begin_slot (const ConvokeCallableInfo  *callable,
            const ConvokePlan          *plan,
            void                      **args,
            void                       *ret)
{
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;
  ConvokeCallFace *self = *(ConvokeCallFace **) args[0];
  GError *error = NULL;

  convoke_last_error_reset (&self->last_error);
  convoke_call_begin_native (self->call, method, args, &error);
  convoke_frame_answer_failed (plan, args, ret);
  if (error != NULL)
    keep_error (self, plan, args, error);
}

static void
finish_slot (const ConvokeCallableInfo  *callable,
             const ConvokePlan          *plan,
             void                      **args,
             void                       *ret)
{
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;
  ConvokeCallFace *self = *(ConvokeCallFace **) args[0];
  GError *error = NULL;

  convoke_last_error_reset (&self->last_error);
  /* What is given again is not looked at, and what is both in and out gets a fresh value. */
  convoke_frame_consume_native (plan, args, TRUE);
  if (convoke_call_finish_native (self->call, method, args, ret, &error))
    return;

  convoke_frame_answer_failed (plan, args, ret);
  keep_error (self, plan, args, error);
}

/* --- properties: those of the object that is called --- */

/* NULL with DISCONNECTED: there is none any more. */
static GObject *
dup_target (ConvokeCallFace  *self,
            GError          **error)
{
  g_autoptr (GObject) object = NULL;
  ConvokeProxy *proxy;

  if (!convoke_call_check_connected (self->call, error))
    return NULL;

  object = convoke_call_dup_object (self->call);
  proxy = convoke_proxy_from_object (object);
  return proxy != NULL ? convoke_proxy_dup_target (proxy, error) : g_steal_pointer (&object);
}

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
  ConvokeCallFace *self = (ConvokeCallFace *) object;
  g_autoptr (GObject) target = NULL;
  g_autoptr (ConvokeApartment) apartment = NULL;
  GError *error = NULL;

  if (self->call == NULL)
    return;

  convoke_last_error_reset (&self->last_error);
  target = dup_target (self, &error);
  apartment = target != NULL ? convoke_apartment_dup_for_object (target) : NULL;
  if (target == NULL || !convoke_proxy_read_property (target, apartment, pspec, value, &error))
    convoke_last_error_take (&self->last_error, error);
}

static void
set_property (GObject      *object,
              guint         id,
              const GValue *value,
              GParamSpec   *pspec)
{
  ConvokeCallFace *self = (ConvokeCallFace *) object;
  g_autoptr (GObject) target = NULL;
  g_autoptr (ConvokeApartment) apartment = NULL;
  GError *error = NULL;

  if (self->call == NULL)
    return;

  convoke_last_error_reset (&self->last_error);
  target = dup_target (self, &error);
  apartment = target != NULL ? convoke_apartment_dup_for_object (target) : NULL;
  if (target == NULL || !convoke_proxy_write_property (target, apartment, pspec, value, &error))
    convoke_last_error_take (&self->last_error, error);
}

/* --- making --- */

static const ConvokeClassKind face_kinds[] = {
  {
    .prefix = "ConvokeBeginFace",
    .get_base = convoke_call_face_get_type,
    .slot = begin_slot,
    .get_property = get_property,
    .set_property = set_property,
  },
  {
    .prefix = "ConvokeFinishFace",
    .get_base = convoke_call_face_get_type,
    .slot = finish_slot,
    .get_property = get_property,
    .set_property = set_property,
  },
};

/* A call's faces, found again while somebody holds them. */
typedef struct
{
  GType    types[G_N_ELEMENTS (face_kinds)];  /* atomic */
  GMutex   lock;
  GWeakRef faces[G_N_ELEMENTS (face_kinds)];  /* the lock orders look-up and replacement */
} Faces;

static Faces *
faces_new (void)
{
  Faces *self = g_new0 (Faces, 1);

  g_mutex_init (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (self->faces); i++)
    g_weak_ref_init (&self->faces[i], NULL);
  return self;
}

static void
faces_free (gpointer data)
{
  Faces *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->faces); i++)
    g_weak_ref_clear (&self->faces[i]);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static Faces *
ensure_faces (ConvokeCall *call)
{
  static GQuark quark;
  Faces *self;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("convoke-call-faces");

  self = g_object_get_qdata (G_OBJECT (call), quark);
  if (self != NULL)
    return self;

  self = faces_new ();
  if (g_object_replace_qdata (G_OBJECT (call), quark, NULL, self, faces_free, NULL))
    return self;

  /* Another thread was first; a call's faces are never replaced. */
  faces_free (self);
  return g_object_get_qdata (G_OBJECT (call), quark);
}

static GType
get_face_class (Faces        *faces,
                ConvokeCall  *call,
                guint         which,
                GError      **error)
{
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  GType type = g_atomic_pointer_get (&faces->types[which]);

  if (type != G_TYPE_INVALID)
    return type;

  if (!convoke_interface_set_init_for_interface (&set, convoke_call_get_interface (call), error))
    return G_TYPE_INVALID;

  type = convoke_proxy_class_get (&face_kinds[which], &set, NULL, NULL, error);
  if (type != G_TYPE_INVALID)
    g_atomic_pointer_set (&faces->types[which], type);
  return type;
}

static ConvokeCallFace *
publish (Faces           *faces,
         guint            which,
         ConvokeCallFace *made)
{
  GObject *found;

  g_mutex_lock (&faces->lock);
  found = g_weak_ref_get (&faces->faces[which]);
  if (found == NULL)
    {
      g_weak_ref_set (&faces->faces[which], made);
      found = g_object_ref (G_OBJECT (made));
    }
  g_mutex_unlock (&faces->lock);

  return (ConvokeCallFace *) found;
}

static GObject *
dup_face (ConvokeCall  *call,
          guint         which,
          GError      **error)
{
  Faces *faces = ensure_faces (call);
  g_autoptr (GObject) made = NULL;
  GObject *found = g_weak_ref_get (&faces->faces[which]);
  GType type;

  if (found != NULL)
    return found;

  type = get_face_class (faces, call, which, error);
  if (type == G_TYPE_INVALID)
    return NULL;

  made = g_object_new (type, NULL);
  ((ConvokeCallFace *) made)->call = g_object_ref (call);
  return G_OBJECT (publish (faces, which, (ConvokeCallFace *) made));
}

GError *
convoke_call_face_dup_last_error (GObject *object)
{
  if (!G_TYPE_CHECK_INSTANCE_TYPE (object, convoke_call_face_get_type ()))
    return NULL;

  return convoke_last_error_dup (&((ConvokeCallFace *) object)->last_error);
}

/**
 * convoke_call_dup_begin_face:
 * @self: a call object
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets an object that implements the interface of @self, each method of which
 * begins that method on @self.
 *
 * This is how a language binding begins a call with its own handling of every
 * type; other programs use [method@Call.begin]. A method called on the
 * face returns at once with zero values. Why it could not be begun is in the
 * method's #GError where it has one, and always in
 * [func@Convoke.dup_last_error] of the face.
 *
 * The face keeps @self alive, and is the same object for as long as it is held.
 * Its properties are those of the object that is called.
 *
 * Any thread may call this. Fails where the interface can have no proxy.
 *
 * Returns: (transfer full): the face
 *
 * Since: 0.1
 */
GObject *
convoke_call_dup_begin_face (ConvokeCall  *self,
                             GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return dup_face (self, 0, error);
}

/**
 * convoke_call_dup_finish_face:
 * @self: a call object
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets an object that implements the interface of @self, each method of which
 * finishes that method on @self.
 *
 * The method's results are those of the call; arguments that only go in are
 * ignored. Errors are found as with [method@Call.dup_begin_face].
 *
 * Any thread may call this. Fails where the interface can have no proxy.
 *
 * Returns: (transfer full): the face
 *
 * Since: 0.1
 */
GObject *
convoke_call_dup_finish_face (ConvokeCall  *self,
                              GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return dup_face (self, 1, error);
}
