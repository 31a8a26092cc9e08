# Debian packages, unpacked into the cache and never installed. Sourced by vm/run, which defines die().
#
# apt does the work, with the machine's own configuration (proxies, certificates) and mirror, but with lists, cache and
# "installed packages" of its own below $cache: the host's package state is neither read nor changed, and suites that
# the host does not use can be had.

# Prints the address of a Debian mirror: that of the machine's own package sources.
debian_mirror() {
  local mirror=${BAILEY_VM_MIRROR:-}
  # What an archive says of itself is known only where `apt-get update` has run.
  [ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian')
  # In a fresh container image it has not: what it would fetch, as 'http://host/debian/dists/bookworm/InRelease' NAME...
  [ -n "$mirror" ] || mirror=$(apt-get update --print-uris | sed -nE "s,^'(.*/debian(/[^']*)?)/dists/[a-z]+/InRelease' .*,\1,p")
  [ -n "$mirror" ] \
    || die "no Debian mirror among this machine's apt sources (apt-get indextargets): set BAILEY_VM_MIRROR to the address of one"
  head -n 1 <<< "$mirror"
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
