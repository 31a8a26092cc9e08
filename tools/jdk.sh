# Read with '.': finding a JDK >= 25 without starting a JVM (30 ms), from the file `release` that every JDK has.

# jdk_release HOME: sets jdk_runtime (the exact build, "25.0.3+9-LTS") and succeeds if HOME is Java 25 or newer.
jdk_release() {
  jdk_runtime=
  jdk_feature=0
  [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value; do
    case $key in
      JAVA_RUNTIME_VERSION)
        jdk_runtime=${value#\"}
        jdk_runtime=${jdk_runtime%\"}
        ;;
      JAVA_VERSION)
        jdk_feature=${value#\"}
        jdk_feature=${jdk_feature%%[!0-9]*}
        ;;
      *) continue ;;
    esac
    [ -n "$jdk_runtime" ] && [ "$jdk_feature" != 0 ] && break
  done < "$1/release"
  [ "${jdk_feature:-0}" -ge 25 ]
}

# find_jdk PROGRAM [HOME]: sets java_home to the first JDK with bin/PROGRAM: JAVA_HOME, HOME, the usual folders, PATH.
find_jdk() {
  for java_home in "${JAVA_HOME:-}" "${2:-}" /usr/lib/jvm/* "${HOME:-/root}"/.sdkman/candidates/java/* \
    "${HOME:-/root}"/.jdks/*; do
    [ -x "$java_home/bin/$1" ] && jdk_release "$java_home" && return
  done
  java_home=$(command -v "$1") && java_home=$(readlink -f "$java_home") && java_home=${java_home%/bin/"$1"} \
    && jdk_release "$java_home"
}

jdk_missing="no JDK 25 or newer was found by JAVA_HOME, in /usr/lib/jvm or on the PATH: on Debian 13 run \
'apt install openjdk-25-jdk-headless' (before 13 there is Adoptium's package temurin-25-jdk), or set JAVA_HOME"
