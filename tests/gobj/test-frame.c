/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "frame-fixture.h"

static void
test_storage (void)
{
  g_test_summary ("A captured (self, utf8, GError**) -> double takes no more than 40 bytes");

  g_assert_cmpuint (convoke_frame_get_storage_size (find_plan ("echo_string")), <=, 40);
}

static void
test_scalars (void)
{
  const struct
  {
    const char *name;
    gint64 value;
  } cases[] = {
    { "echo_int8", G_MININT8 }, { "echo_uint8", G_MAXUINT8 }, { "echo_int16", G_MININT16 },
    { "echo_uint16", G_MAXUINT16 }, { "echo_int32", G_MININT32 }, { "echo_boolean", TRUE },
    { "echo_mood", CONVOKE_TEST_MOOD_BAD }, { "echo_sides", CONVOKE_TEST_SIDES_TOP },
  };

  g_test_summary ("Numbers narrower than a register arrive and come back as they are");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      Call call;
      gint64 got = 0;

      call_init (&call, cases[i].name);
      call_capture (&call, &error, (int) cases[i].value);
      g_assert_no_error (error);
      call_run (&call);
      call_take (&call, &got);
      call_end (&call);

      if (cases[i].value < 0 && strcmp (cases[i].name, "echo_int8") == 0)
        g_assert_cmpint ((gint8) got, ==, cases[i].value);
      else if (cases[i].value < 0 && strcmp (cases[i].name, "echo_int16") == 0)
        g_assert_cmpint ((gint16) got, ==, cases[i].value);
      else
        g_assert_cmpint ((gint32) got, ==, (gint32) cases[i].value);
    }
}

static void
test_string (void)
{
  g_autofree char *text = g_strdup ("Grüße");
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A captured string is a copy, and its result the caller's");

  call_init (&call, "echo_string");
  call_capture (&call, &error, text);
  g_assert_no_error (error);
  text[0] = 'X';
  call_run (&call);
  call_take (&call, &result);
  call_end (&call);

  g_assert_cmpstr (result, ==, "Grüße");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/frame/storage", test_storage);
  g_test_add_func ("/gobj/frame/scalars", test_scalars);
  g_test_add_func ("/gobj/frame/string", test_string);

  return g_test_run ();
}
