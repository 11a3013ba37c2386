/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A component's keyfile, read and checked. Reading loads and runs nothing.
 *
 *   [Component]
 *   Name=Fourth Coffee               for people
 *   Description=                     for people
 *   Version=1.2                      for people, as are Icon=, Website=, Copyright=, Authors=A;B
 *   Categories=Editor;Export         what a program looks classes up by
 *   Depends=org.example.Base;        classes that must be there and enabled, and are loaded first
 *   Enabled=yes                      yes (default), no: can be activated by programs whose user did not say so
 *   Requires=Gtk-3.0;                namespaces that it uses beyond those that its interfaces need: what cannot be in one process with another version
 *   Interfaces=Demo-1.PriceFeed;     Namespace-Version.Interface
 *   Loader=c                         c (default) or a loader's name: python
 *   Module=fourth_coffee             C: a file name relative to the keyfile, or absolute; others: the loader's business
 *   Type=FourthCoffee                what the module's factory or loader makes
 *   Threading=context                context (default), serial, any
 *   Distance=in-process              in-process (default), thread, process
 *   Placement=prefer                 must, prefer (default), off: what happens where the distance cannot be had
 *   Isolation=class                  class (default): one process for the class; instance: one for each activation
 *   Group=NAME                       classes of one group share a process (with Isolation=class only)
 *   Restart=no                       yes: activated again after its process died
 *   RestartLimit=5                   so many times
 *   RestartInterval=60               in so many seconds
 *   IdleTimeout=10                   seconds without objects after which the process ends
 *   StartTimeout=20                  seconds that a start may take
 *   Environment=A=b;C=d              for the process
 */

#include "convoke-activation-private.h"
#include "convoke-class-factory.h"
#include "convoke-properties-private.h"
#include "convoke-small-file-private.h"

G_BEGIN_DECLS

/* Never changes once it is made: any thread may read it. */
typedef struct
{
  char             *path;             /* of the keyfile, absolute */
  char             *directory;        /* of the keyfile */
  ConvokeFileStamp  stamp;            /* of the keyfile as it was read; none where it came from another process */
  char             *class_name;       /* the file's basename without its suffix (convoke_component_readers) */
  char             *name;             /* never NULL: class_name where the file has none */
  char             *description;      /* (nullable) */
  char             *version;          /* (nullable) */
  char             *icon;             /* (nullable): a name of the icon theme, or a file's */
  char             *website;          /* (nullable) */
  char             *copyright;        /* (nullable) */
  char            **authors;          /* never NULL, as the lists that follow */
  char            **categories;
  char            **depends;          /* names of classes */
  char            **requires;         /* Namespace-Version */
  char            **interfaces;       /* at least one */
  char             *loader;           /* "c", "python", ... */
  char             *module;
  char             *type_name;
  guint             threading;        /* ConvokeThreading (gobj/ does not see the type): context 0, serial, any: in its order */
  gboolean          has_threading;    /* the file says so; otherwise the class decides */
  ConvokeDistance   distance;         /* never DEFAULT */
  ConvokePlacement  placement;        /* never DEFAULT */
  gboolean          per_instance;     /* Isolation=instance */
  char             *group;            /* (nullable) */
  gboolean          enabled;          /* as long as a program does not say otherwise */
  gboolean          restart;
  guint             restart_limit;
  gint64            restart_interval; /* microseconds, as all times here */
  gint64            idle_timeout;
  gint64            start_timeout;
  char            **environment;      /* NAME=VALUE; never NULL */
  char            **warnings;         /* unknown keys and groups, with file and line; never NULL */
} ConvokeComponentFile;

/* Fails with INVALID_ARGUMENT naming file, line, key and what is wrong; NOT_FOUND, ACCESS_DENIED, FAILED. */
ConvokeComponentFile *convoke_component_file_load  (const char *path, GError **error);

/* Its parts, for who reads files of another kind. */
/* One that only has path, directory and class_name. Fails with INVALID_ARGUMENT where the name of the file is none of a class. */
ConvokeComponentFile *convoke_component_file_new_for_path (const char *path, GError **error);
/* The whole text, without NUL bytes; never waits, and reads nothing that is no regular file or too large. */
char                 *convoke_component_file_read         (ConvokeComponentFile *self, GError **error);
/* The text of a [Component] into @self: once, before anybody else has it. */
gboolean              convoke_component_file_parse        (ConvokeComponentFile *self, const char *text, GError **error);

ConvokeComponentFile *convoke_component_file_ref   (const ConvokeComponentFile *self);
void                  convoke_component_file_unref (ConvokeComponentFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeComponentFile, convoke_component_file_unref)

/* Whether they are the same file, and say the same. */
gboolean              convoke_component_file_equal (const ConvokeComponentFile *self, const ConvokeComponentFile *other);

/* The same as one variant (a{sv}), which travels to a host, and back: checked again. */
GVariant             *convoke_component_file_to_variant   (const ConvokeComponentFile *self);
ConvokeComponentFile *convoke_component_file_from_variant (GVariant *variant, GError **error);

/* TRUE for what can be the name of a class: no path, no "..". */
gboolean              convoke_component_file_is_class_name (const char *name);

/* The same, with an error. @whose: "a class", and the like. */
gboolean              convoke_component_file_check_name    (const char *name, const char *whose, GError **error);

/* Makes the interfaces of @file known: their typelibs are in the keyfile's directory or in the usual places. */
gboolean              convoke_component_require (const ConvokeComponentFile *file, GError **error);

/* The class object of the component, of its C module or of its loader, its interfaces made known first. */
ConvokeClassFactory  *convoke_component_dup_factory (const ConvokeComponentFile *file, GError **error);

/* Makes an instance on the calling thread, asking the class object for @iface; for @outer it becomes a part of it. Unbound: convoke_local_placer_create () binds it
 * as Threading= says. @properties: (nullable). */
GObject              *convoke_component_create (const ConvokeComponentFile *file, const ConvokeProperties *properties, GObject *outer, GType iface, GError **error);

/* How the catalog gets at a distance: one per distance, put there by the root's one file. */
typedef struct
{
  /* (nullable): FALSE when the distance cannot be had for @file at all, and why not: Placement=prefer then takes the next
   * shorter one. Whatever goes wrong later is the activation's failure. */
  gboolean (*is_available) (const ConvokeComponentFile *file, GError **error);
  /* Returns the object or its proxy (transfer full); the interfaces are known, @iface is asked for by the catalog. The calling
   * thread is not always the one that asked (activate_async): @home (borrowed) is that one's apartment, where a proxy's
   * signals are to arrive. @properties: (nullable). @deadline: monotonic microseconds or -1. @placement: more to tell about the place, such as "pid". */
  GObject *(*activate)     (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, gpointer home, gint64 deadline, GCancellable *cancellable, GVariantDict *placement, GError **error);
} ConvokePlacer;

extern ConvokePlacer convoke_placers[CONVOKE_N_DISTANCES];

G_END_DECLS
