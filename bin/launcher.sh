# shellcheck shell=sh
# Shared by ./polder and ./check: finds a JDK, finds a Maven, keeps two builds apart.
# The caller sets `root` to the absolute path of the repository before it sources this file.

polder_needs_java=25

polder_fail() {
  printf '%s\n' "polder: $*" >&2
  exit 1
}

# Prints the feature release of the JDK in $1, from its `release` file: no JVM is started.
polder_java_release() {
  sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

# Takes $1 as java_home if it holds a JDK (with a compiler, since ./polder builds itself) new enough.
polder_take_jdk() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] || return 1
  [ -x "$1/bin/javac" ] || [ ! -f "$root/pom.xml" ] || return 1
  found_release=$(polder_java_release "$1")
  [ -n "$found_release" ] && [ "$found_release" -ge "$polder_needs_java" ] || return 1
  java_home=$1
}

# Follows symbolic links by hand: older macOS releases have no `readlink -f`.
polder_resolve() {
  resolved=$1
  hops=0
  while [ -L "$resolved" ] && [ "$hops" -lt 40 ]; do
    target=$(readlink "$resolved")
    case $target in
      /*) resolved=$target ;;
      *) resolved=$(dirname "$resolved")/$target ;;
    esac
    hops=$((hops + 1))
  done
  printf '%s/%s\n' "$(cd "$(dirname "$resolved")" 2>/dev/null && pwd -P)" "$(basename "$resolved")"
}

# Sets java_home, or ends the script with one line that says what is missing and how to get it.
polder_find_jdk() {
  java_home=
  if [ -n "${POLDER_JAVA_HOME:-}" ]; then
    polder_take_jdk "$POLDER_JAVA_HOME" && return
    polder_fail "POLDER_JAVA_HOME=$POLDER_JAVA_HOME is no JDK $polder_needs_java or newer: point it at one, or unset it"
  fi
  polder_take_jdk "${JAVA_HOME:-}" && return
  polder_take_jdk "$root/runtime" && return
  on_path=$(command -v java 2>/dev/null) && on_path=$(polder_resolve "$on_path") &&
    polder_take_jdk "$(dirname "$(dirname "$on_path")")" && return
  # The places below may hold several: the lowest release that is new enough is the one we are tested on.
  best_home=
  best_release=
  for candidate in "${POLDER_JVM_DIR:-/usr/lib/jvm}"/* \
    "${SDKMAN_DIR:-${HOME:-/nonexistent}/.sdkman}"/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /opt/java/* /opt/jdk* /usr/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if polder_take_jdk "$candidate" && { [ -z "$best_home" ] || [ "$found_release" -lt "$best_release" ]; }; then
      best_home=$candidate
      best_release=$found_release
    fi
  done
  java_home=$best_home
  [ -z "$java_home" ] || return 0
  if [ -x /usr/libexec/java_home ]; then
    polder_take_jdk "$(/usr/libexec/java_home -v "$polder_needs_java+" 2>/dev/null)" && return
  fi
  polder_fail "no JDK $polder_needs_java or newer found: install one (https://adoptium.net, 'apt install openjdk-$polder_needs_java-jdk', 'brew install openjdk' or 'sdk install java') or set POLDER_JAVA_HOME"
}

# Sets maven: the one on the PATH if it is 3.8.6 or newer, else the wrapper, which downloads its own.
polder_find_maven() {
  maven=$root/mvnw
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
  [ -n "$version" ] || return 0
  major=${version%%.*}
  rest=${version#*.}
  minor=${rest%%.*}
  patch=${rest#*.}
  patch=${patch%%.*}
  if [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && { [ "$minor" -gt 8 ] || { [ "$minor" -eq 8 ] && [ "$patch" -ge 6 ]; }; }; }; then
    maven=mvn
  fi
}

# One build at a time in one tree. The lock is a directory, made atomically everywhere, with the owner's id in it.
polder_lock() {
  lock=$root/.build-lock
  told=
  nameless=0
  while ! mkdir "$lock" 2>/dev/null; do
    [ -w "$root" ] || polder_fail "cannot build: $root is not writable"
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -z "$owner" ]; then
      # Between the making of the lock and the name in it lies a moment; ten seconds mean that its maker died there.
      nameless=$((nameless + 1))
      [ "$nameless" -lt 10 ] || polder_free_lock
    else
      nameless=0
      if ! kill -0 "$owner" 2>/dev/null; then
        polder_free_lock
        continue
      fi
    fi
    [ -n "$told" ] || printf '%s\n' "polder: another build is running in this tree (process ${owner:-unknown}): waiting for it" >&2
    told=yes
    sleep 1
  done
  printf '%s\n' "$$" >"$lock/pid"
}

# Removes the lock of an $owner that died. One shell at a time does it and looks again before: else a slow one would
# remove the lock that a quick one has meanwhile made.
polder_free_lock() {
  if mkdir "$lock.freeing" 2>/dev/null; then
    [ "$(cat "$lock/pid" 2>/dev/null)" != "$owner" ] || rm -rf "$lock"
    rmdir "$lock.freeing"
  else
    find "$lock.freeing" -prune -mmin +1 -exec rmdir {} + 2>/dev/null
    sleep 1
  fi
}

polder_unlock() {
  rm -rf "$root/.build-lock"
}
