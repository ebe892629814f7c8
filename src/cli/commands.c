/* The tables of spec/commands.json. */
#include "commands_gen.h"

#include <stddef.h>

#include "commands_gen.inc"
