/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The description of an interface as plain structs.
 *
 * The typelib reader (a module of its own, see convoke-typelib.c) allocates
 * and fills them once per interface; afterwards they are immutable, shared by
 * all threads and never freed, as the GType that they describe is not.
 */

#include "convoke-interface-info.h"

G_BEGIN_DECLS

typedef struct _ConvokePlan ConvokePlan;
typedef struct _ConvokeCallableInfo ConvokeCallableInfo;

struct _ConvokeTypeInfo
{
  ConvokeTypeKind      kind;
  ConvokeTypeKind      storage;          /* ENUM, FLAGS: the integer kind that holds it */
  guint                is_pointer : 1;   /* the C type has a star (scalars: "pointer to scalar") */
  guint                zero_terminated : 1;
  guint                scalar_struct : 1; /* STRUCT, BOXED: all its fields are scalars */
  char                *name;             /* "Gio.File", "utf8"; for messages and fingerprints */
  char                *type_name;        /* name of the GType, or NULL; not necessarily registered yet */
  char                *type_init;        /* symbol of the function that registers it, or NULL */
  char                *layout;           /* scalar_struct: kind and offset of each field, "double@0 int32@8"; else NULL */
  gsize                size;             /* STRUCT, BOXED, UNION: bytes, 0 when opaque */
  int                  length_arg;       /* ARRAY: index among the callable's args, or -1 */
  int                  fixed_size;       /* ARRAY: elements, or -1 */
  ConvokeTypeInfo     *element;          /* ARRAY, GARRAY, PTR_ARRAY, LIST, SLIST; HASH_TABLE: key */
  ConvokeTypeInfo     *value;            /* HASH_TABLE: value */
  ConvokeCallableInfo *callback;         /* CALLBACK: what it takes, or NULL when not described */
};

struct _ConvokeArgInfo
{
  char             *name;
  ConvokeDirection  direction;
  ConvokeTransfer   transfer;
  guint             nullable : 1;
  guint             optional : 1;
  guint             caller_allocates : 1;
  guint             skip : 1;
  guint             written : 1;         /* an input that the method writes to, whatever its annotation says */
  ConvokeScope      scope;               /* callbacks */
  int               closure;             /* callbacks: index of the user data, or -1; its own index: the user data of the callback that has this argument */
  int               destroy;             /* callbacks: index of the destroy notify, or -1 */
  int               length_of;           /* index of the array whose length this is, -1; -2: of the return value */
  int               closure_of;          /* index of the callback whose user data (or destroy notify) this is, or -1 */
  ConvokeTypeInfo   type;
  GHashTable       *attributes;          /* (nullable): char* -> char* */
};

/* What methods, callbacks and signals have in common. */
struct _ConvokeCallableInfo
{
  char            *name;
  guint            n_args;               /* without the instance and the GError** */
  ConvokeArgInfo  *args;
  ConvokeArgInfo   ret;                  /* kind VOID when there is none */
  guint            throws : 1;
  guint            is_method : 1;        /* the first native argument is the instance */
  ConvokePlan     *plan;                 /* made once, at first use; see convoke_plan_get () */
};

struct _ConvokeMethodInfo
{
  ConvokeCallableInfo    callable;       /* first: name is the user's name (the invoker's) */
  ConvokeInterfaceInfo  *owner;
  guint                  index;          /* in owner->methods */
  char                  *slot_name;      /* the vfunc's name; what the wire uses */
  guint                  offset;         /* of the slot in the interface struct, bytes */
  char                  *invoker;        /* C symbol of the method, or NULL */
  char                  *fingerprint;
  char                  *refusal;        /* why it cannot be called through Convoke, or NULL */
  ConvokeMethodInfo     *finish;         /* the _finish of an _async method, or NULL */
  ConvokeMethodInfo     *begin;          /* the _async of a _finish method, or NULL */
  GHashTable            *attributes;     /* (nullable): union of the vfunc's and the method's */
  gint64                 deadline;       /* convoke.deadline-ms, in microseconds; 0: none */
  guint                  idempotent : 1;
  guint                  oneway : 1;
  guint                  progress : 1;
  guint                  signal_slot : 1; /* the default handler of a signal: never called from outside */
};

struct _ConvokeSignalInfo
{
  ConvokeCallableInfo  callable;
  guint                run_flags;        /* GSignalFlags as far as the typelib has them */
};

struct _ConvokePropertyInfo
{
  char            *name;
  GParamFlags      flags;
  ConvokeTypeInfo  type;
  ConvokeTransfer  transfer;
};

/* A number in an interface struct, such as a version. */
typedef struct
{
  guint16 offset;                        /* bytes */
  guint16 size;
} ConvokeScalarField;

struct _ConvokeInterfaceInfo
{
  GType                 gtype;
  char                 *name;            /* "Demo-1.PriceFeed" */
  char                 *namespace_;
  char                 *version;
  char                 *type_name;
  gsize                 struct_size;     /* of the interface struct, bytes */
  ConvokeScalarField   *scalars;         /* that the interface struct has beside its slots */
  guint                 n_scalars;
  ConvokeMethodInfo    *methods;         /* in the order of the slots */
  guint                 n_methods;
  ConvokeSignalInfo    *signals;
  guint                 n_signals;
  ConvokePropertyInfo  *properties;
  guint                 n_properties;
  char                **prerequisites;   /* type names, NULL-terminated */
  GHashTable           *attributes;
  char                 *refusal;         /* why no proxy can exist (requires a class, attribute lost), or NULL */
  char                 *required_class;  /* the class other than GObject that it requires, or NULL */
  GHashTable           *by_name;         /* both names of each method -> ConvokeMethodInfo */
  ConvokeMethodInfo    *last_found;      /* atomic; by its first name, since most callers ask for one again and again */
};

/* Infos live as long as the process, and bindings want to copy and free what
 * they are handed. */
#define CONVOKE_DEFINE_INFO(TypeName, type_name)                                 \
  static gpointer type_name ## _copy (gpointer self) { return self; }            \
  static void type_name ## _free (gpointer self) { }                             \
  G_DEFINE_BOXED_TYPE (TypeName, type_name, type_name ## _copy, type_name ## _free)

static inline const char *
convoke_attributes_get (GHashTable *attributes,
                        const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return attributes != NULL ? g_hash_table_lookup (attributes, name) : NULL;
}

/* Accepts either of a method's two names. */
const ConvokeMethodInfo *convoke_interface_info_find (const ConvokeInterfaceInfo  *self,
                                                      const char                  *name,
                                                      GError                     **error);

/* Fails with NOT_SUPPORTED and the reason when @self is refused. Whoever makes a
 * call asks this first: a plan of a refused method has a signature, not sense. */
gboolean convoke_method_info_check (const ConvokeMethodInfo  *self,
                                    GError                  **error);

/* Whether the typelib tells where the slot is, and the place can be one. */
static inline gboolean
convoke_method_info_has_slot (const ConvokeMethodInfo *self)
{
  return self->owner->struct_size >= sizeof (gpointer) &&
         self->offset >= sizeof (GTypeInterface) &&
         self->offset <= self->owner->struct_size - sizeof (gpointer);
}

/* The slot of @method in the vtable of @instance's class, or NULL. */
GCallback convoke_method_info_get_slot (const ConvokeMethodInfo *self,
                                        gpointer                 instance);

G_END_DECLS
