/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <gio/gio.h>

#include "../gobj/frame-fixture.h"
#include "convoke-crossing.h"
#include "convoke-wire-private.h"

static void
assert_confined (const char *name,
                 const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_method_info_can_cross (find_method (name), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_reasons (void)
{
  g_test_summary ("A method that cannot cross is refused with its name, the argument and the reason");

  assert_confined ("for_each", "argument 'func' of ConvokeTest-1.Every.for_each is a callback, which cannot cross to another process");
  assert_confined ("watch", "argument 'func' of ConvokeTest-1.Every.watch is a callback, which cannot cross to another process");
  assert_confined ("echo_gate", "argument 'gate' of ConvokeTest-1.Every.echo_gate is an object of a class instead of an interface, "
                   "which cannot cross to another process");
  assert_confined ("mix", "argument 'color' of ConvokeTest-1.Every.mix is a struct that is not just numbers, "
                   "which cannot cross to another process");
  assert_confined ("peek_color", "result of ConvokeTest-1.Every.peek_color is a struct that is not just numbers, "
                   "which cannot cross to another process");
}

static void
assert_crosses (const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_method_info_can_cross (find_method (name), &error));
  g_assert_no_error (error);
}

static void
test_gio (void)
{
  g_test_summary ("A cancellable does not keep a method at home, nor does GIO's pair of methods");

  assert_crosses ("wait_cancelled");
  assert_crosses ("load_async");
  assert_crosses ("load_finish");
}

static void
test_parts (void)
{
  const ConvokePlan *begin = find_plan ("load_async");
  const ConvokePlan *finish = find_plan ("load_finish");

  g_test_summary ("What does not travel is known by what it is");

  g_assert_cmpint (convoke_wire_get_part (begin, 0), ==, CONVOKE_WIRE_TRAVELS);
  g_assert_cmpint (convoke_wire_get_part (begin, 1), ==, CONVOKE_WIRE_CANCELLABLE);
  g_assert_cmpint (convoke_wire_get_part (begin, 2), ==, CONVOKE_WIRE_READY);
  g_assert_cmpint (convoke_wire_get_part (begin, 3), ==, CONVOKE_WIRE_READY_DATA);
  g_assert_cmpint (convoke_wire_get_part (finish, 0), ==, CONVOKE_WIRE_RESULT);
  g_assert_cmpint (convoke_wire_get_part (finish, 1), ==, CONVOKE_WIRE_TRAVELS);
}

static void
test_list (void)
{
  const char * const confined[] = { "echo_gate", "for_each", "call_later", "watch", "mix", "peek_color", NULL };
  g_auto (GStrv) reasons = NULL;
  g_auto (GStrv) names = convoke_interface_info_dup_confined_methods (find_method ("nothing")->owner, &reasons);

  g_test_summary ("An interface lists its methods that cannot leave the process, with the reasons");

  for (guint i = 0; confined[i] != NULL; i++)
    g_assert_true (g_strv_contains ((const char * const *) names, confined[i]));
  g_assert_cmpuint (g_strv_length (names), ==, G_N_ELEMENTS (confined) - 1);
  g_assert_cmpuint (g_strv_length (reasons), ==, G_N_ELEMENTS (confined) - 1);
  g_assert_nonnull (strstr (reasons[0], "echo_gate is an object of a class"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/crossing/reasons", test_reasons);
  g_test_add_func ("/marshal/crossing/gio", test_gio);
  g_test_add_func ("/marshal/crossing/parts", test_parts);
  g_test_add_func ("/marshal/crossing/list", test_list);

  return g_test_run ();
}
