#!/bin/sh
# Make ./configure from configure.ac; needed once after a clone.
cd "$(dirname "$0")" || exit 1
mkdir -p build-aux m4
exec autoreconf --install --warnings=all
