#!/bin/sh
# build.sh OUT : compiles each program of this folder to OUT/NAME, in the way of the executor: static, without a C library,
# so that none of the measured time is a libc's.
set -eu
src=$(cd "$(dirname "$0")" && pwd)
system=$src/../../../../linux/src/main/c
out=$1
special=
[ "$(uname -m)" = x86_64 ] && special=-fcf-protection=none
for cc in gcc cc clang; do command -v "$cc" > /dev/null && break; done
mkdir -p "$out"
for file in "$src"/*.c; do
  name=$(basename "$file" .c)
  [ -n "$(find "$src" "$system/system.h" -newer "$out/$name" 2> /dev/null || echo missing)" ] || continue
  # shellcheck disable=SC2086
  "$cc" -std=c17 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -static -no-pie -fno-pie -fno-builtin \
    -fno-stack-protector -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections $special \
    -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,norelro -Wl,-z,noseparate-code -Wl,--gc-sections -s \
    -I "$system" -o "$out/$name.$$" "$file"
  mv "$out/$name.$$" "$out/$name"
done
