# Sets JAVA_HOME to a JDK of at least $skarb_java (25), or says in one line what to install. Sourced by ./mvnw and ./skarb.
# Looks at JAVA_HOME, then at PATH, then in the usual folders of Linux, macOS and the version managers.
skarb_java=25

skarb_java_version() { # prints the major version of the JDK in folder $1, nothing if there is none
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -f "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
  fi
}

skarb_find_jdk() {
  skarb_on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$skarb_on_path" ]; then
    skarb_on_path=$(readlink -f "$skarb_on_path" 2>/dev/null || echo "$skarb_on_path")
    skarb_on_path=${skarb_on_path%/bin/javac}
  fi
  for skarb_dir in "${JAVA_HOME:-}" "$skarb_on_path" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/*; do
    [ -n "$skarb_dir" ] || continue
    skarb_found=$(skarb_java_version "$skarb_dir")
    if [ -n "$skarb_found" ] && [ "$skarb_found" -ge "$skarb_java" ]; then
      JAVA_HOME=$skarb_dir
      export JAVA_HOME
      return 0
    fi
  done
  echo "Skarb needs a JDK of version $skarb_java or newer and found none (looked at JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks): install one, for example Eclipse Temurin $skarb_java, or set JAVA_HOME." >&2
  return 1
}

skarb_find_jdk || exit 1
