/* What a terminal types arrives as keys, pastes and mouse, however it is cut. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/err.h"
#include "term/keys.h"
#include "ui/input.h"
int main(void){return 0;}
