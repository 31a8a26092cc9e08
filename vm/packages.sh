# Debian packages, unpacked into the cache and never installed. Sourced by vm/run, which defines die().
#
# apt does the work, with the machine's own configuration (proxies, certificates) and mirror, but with lists, cache and
# "installed packages" of its own below $cache: the host's package state is neither read nor changed, and suites that
# the host does not use can be had.

# Prints the address of a Debian mirror: that of the machine's own package sources.
debian_mirror() {
  local sources site suite origin label
  [ -z "${BAILEY_VM_MIRROR:-}" ] || { echo "$BAILEY_VM_MIRROR"; return; }
  sources=$(apt-get indextargets --format '$(SITE)|$(RELEASE)|$(ORIGIN)|$(LABEL)' 'Created-By: Packages')
  while IFS='|' read -r site suite origin label; do
    # Origin and label are known only where `apt-get update` has run (not in a fresh container image: there they stay
    # as "$(ORIGIN)"), so the usual shape of the address is accepted too. apt checks the signature in any case.
    case $origin:$label:$suite:$site in
      Debian:Debian:*) echo "$site"; return ;;
      '$(ORIGIN)':*:*-security:* | '$(ORIGIN)':*-security*) ;;
      '$(ORIGIN)':*:*/debian | '$(ORIGIN)':*:*/debian/* | '$(ORIGIN)':*:*/debian.*) echo "$site"; return ;;
    esac
  done <<< "$sources"
  die "cannot find a Debian mirror among this machine's apt sources (apt-get indextargets): set BAILEY_VM_MIRROR to the address of one"
}

# unpack_packages SUITE DIR REGEX PACKAGE...: resolves PACKAGEs with their dependencies in SUITE and unpacks into DIR
# those whose names match REGEX. DIR/debs then lists what was unpacked, with versions.
unpack_packages() {
  local suite=$1 dir=$2 regex=$3 state=$cache/apt.$1 mirror signed= keyring package
  shift 3
  mirror=$(debian_mirror)
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$dir"
  for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    [ ! -r "$keyring" ] || signed=" signed-by=$keyring" # otherwise apt's own trusted keys
  done
  echo "deb [arch=amd64$signed] $mirror $suite main" > "$state/sources.list"
  local apt=(apt-get -qq
    -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State="$state" -o Dir::State::status=/dev/null -o Dir::Cache="$state/cache"
    -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Install-Recommends=0 -o APT::Sandbox::User=root
    -o Acquire::Languages=none)
  "${apt[@]}" update >&2
  (
    cd "$dir"
    "${apt[@]}" --simulate install "$@" | sed -nE 's/^Inst ([^ ]+) .*/\1/p' | grep -E "$regex" \
      | xargs "${apt[@]}" download >&2
    ls -- *.deb > debs
    for package in *.deb; do
      dpkg-deb -x "$package" .
      rm "$package"
    done
  )
}
