#!/bin/sh
# prepare.sh checked|quick : first step of a build. Says what to do where no JDK will be found, and notes when the
# build began and whether it checks the code, so that a checked build never trusts classes compiled without checks.
set -eu
. tools/jdk.sh
find_jdk javac || {
  echo "bailey: cannot build: $jdk_missing" >&2
  exit 1
}
mkdir -p target
if [ "$1" = checked ] && [ -e target/began ] && [ "$(cat target/began)" = quick ]; then
  rm -rf ./*/target/classes ./*/target/test-classes ./*/target/maven-status
fi
echo "$1" > target/began
