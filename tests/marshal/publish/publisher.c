/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * usage: publisher HOW NAME...
 *
 * Publishes one object under these names and says “ready”, or why not. Then it
 * is as HOW says: loop (runs a main loop), deaf (runs none), any (runs none;
 * any thread may call the object), factory (publishes a class factory of such
 * objects, and runs a main loop), poor (as loop, and has few descriptors). It ends with its input.
 */

#include <convoke.h>

#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FEW_DESCRIPTORS 40

static void G_GNUC_NORETURN
fail (const GError *error)
{
  printf ("failed %d %s\n", error->code, error->message);
  fflush (stdout);
  exit (1);
}

static GObject *
make (const char *how)
{
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();
  Shop *shop;

  if (strcmp (how, "factory") == 0)
    return G_OBJECT (convoke_class_factory_new_for_type (SHOP_TYPE_SHOP));

  shop = shop_new ();
  if (strcmp (how, "any") == 0)
    convoke_apartment_bind (any, G_OBJECT (shop), NULL);
  return G_OBJECT (shop);
}

static void
publish (GObject    *object,
         const char *name)
{
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish (name, object, &error);

  if (cookie == 0)
    fail (error);
  if (SHOP_IS_SHOP (object))
    shop_set_cookie (SHOP_SHOP (object), cookie);
}

static void
be_poor (void)
{
  struct rlimit limit = { FEW_DESCRIPTORS, FEW_DESCRIPTORS };

  setrlimit (RLIMIT_NOFILE, &limit);
}

static gpointer
end_with_input_cb (gpointer data)
{
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  _exit (0);
  return NULL;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!convoke_require ("ConvokeTest", "1", &error) || !convoke_require ("Convoke", "1", &error))
    fail (error);

  object = make (argv[1]);
  for (int i = 2; i < argc; i++)
    publish (object, argv[i]);
  printf ("ready\n");
  fflush (stdout);

  g_thread_unref (g_thread_new ("end-with-input", end_with_input_cb, NULL));
  if (strcmp (argv[1], "poor") == 0)
    be_poor ();
  if (strcmp (argv[1], "deaf") == 0 || strcmp (argv[1], "any") == 0)
    for (;;)
      pause ();
  g_main_loop_run (loop);
  return 0;
}
