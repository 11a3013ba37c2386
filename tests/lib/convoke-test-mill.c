/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-mill.h"

/**
 * ConvokeTestMill:
 *
 * What takes pipes as arguments.
 */
G_DEFINE_INTERFACE (ConvokeTestMill, convoke_test_mill, G_TYPE_OBJECT)

static void
convoke_test_mill_default_init (ConvokeTestMillInterface *iface)
{
}

/**
 * convoke_test_mill_take:
 * @self: a mill
 * @input: the reader of a pipe
 * @error: return location for an error, or %NULL
 *
 * Pulls @input to its end.
 *
 * Returns: how many elements there were
 */
gint64
convoke_test_mill_take (ConvokeTestMill  *self,
                        ConvokePipe      *input,
                        GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->take (self, input, error);
}

/**
 * convoke_test_mill_give:
 * @self: a mill
 * @output: the writer of a pipe
 * @n: how many chunks
 * @size: bytes in each
 * @error: return location for an error, or %NULL
 *
 * Pushes chunks, and the end.
 *
 * Returns: %TRUE on success
 */
gboolean
convoke_test_mill_give (ConvokeTestMill  *self,
                        ConvokePipe      *output,
                        guint             n,
                        guint             size,
                        GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->give (self, output, n, size, error);
}

/**
 * convoke_test_mill_grind:
 * @self: a mill
 * @input: the reader of a pipe
 * @output: the writer of a pipe
 * @error: return location for an error, or %NULL
 *
 * Pulls @input to its end, and pushes what it pulled.
 *
 * Returns: how many bytes
 */
gint64
convoke_test_mill_grind (ConvokeTestMill  *self,
                         ConvokePipe      *input,
                         ConvokePipe      *output,
                         GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->grind (self, input, output, error);
}

/**
 * convoke_test_mill_mix:
 * @self: a mill
 * @first: the reader of a pipe
 * @second: the reader of another
 * @error: return location for an error, or %NULL
 *
 * Pulls both to their ends, the first one first.
 *
 * Returns: how many bytes
 */
gint64
convoke_test_mill_mix (ConvokeTestMill  *self,
                       ConvokePipe      *first,
                       ConvokePipe      *second,
                       GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->mix (self, first, second, error);
}

/**
 * convoke_test_mill_work:
 * @self: a mill
 * @what: what to do
 * @pipe: (nullable): with what
 * @error: return location for an error, or %NULL
 *
 * Does what @what says.
 *
 * Returns: a number
 */
gint64
convoke_test_mill_work (ConvokeTestMill  *self,
                        const char       *what,
                        ConvokePipe      *pipe,
                        GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->work (self, what, pipe, error);
}

/**
 * convoke_test_mill_open:
 * @self: a mill
 * @n: how many chunks there will be
 * @error: return location for an error, or %NULL
 *
 * Makes a pipe of the mill's own, and pushes into it.
 *
 * Returns: (transfer full): the reader
 */
ConvokePipe *
convoke_test_mill_open (ConvokeTestMill  *self,
                        guint             n,
                        GError          **error)
{
  return CONVOKE_TEST_MILL_GET_IFACE (self)->open (self, n, error);
}
