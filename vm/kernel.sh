# Debian kernels, made ready to boot. Sourced by vm/run, which defines die(), run_tool() and $tools.

# What the initial RAM file system needs to reach its root, in the order of loading; what a kernel has built in is
# skipped.
boot_modules=(virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console fuse virtiofs
  overlay virtio_blk)

# Prints the Debian suite whose kernel is called NAME: a suite is its own name.
suite_of_kernel() {
  case $1 in
    6.1) echo bookworm ;;
    6.12) echo trixie ;;
    *[!a-z]* | '') die "unknown kernel '$1': use 6.1 (bookworm), 6.12 (trixie) or a Debian suite such as sid" ;;
    *) echo "$1" ;;
  esac
}

# prepare_kernel SUITE DIR: fetches SUITE's kernel into DIR as
#   vmlinux    the kernel image
#   release    its release, as uname -r prints it
#   layer/     what it adds to the root file system: usr/lib/modules/RELEASE, not compressed, with modprobe's index
#   initrd     the constant part of the initial RAM file system: busybox and the modules for the root file system
prepare_kernel() {
  local suite=$1 dir=$2 packages=$2/packages modules image release
  unpack_packages "$suite" "$packages" '^linux-(image|binary|modules)-[0-9]' linux-image-cloud-amd64
  modules=$(find "$packages" -path '*lib/modules/[0-9]*' -prune) # below /lib, since trixie /usr/lib
  [ -d "$modules" ] || die "the packages of Debian's $suite hold no kernel modules: $(tr '\n' ' ' < "$packages/debs")"
  release=${modules##*/}
  echo "$release" > "$dir/release"
  image=$(find "$packages" -name 'vmlinuz*' -type f) # in /boot, later beside the modules
  extract_vmlinux "$image" "$dir/vmlinux"
  mkdir -p "$dir/layer/usr/lib/modules"
  mv "$modules" "$dir/layer/usr/lib/modules/"
  rm -rf "$packages"
  modules=$dir/layer/usr/lib/modules/$release
  find "$modules" -name '*.ko.xz' -exec "$busybox" xz -d {} +
  "$busybox" depmod -b "$dir/layer/usr" "$release"
  make_initrd "$dir" "$modules"
}

# extract_vmlinux BZIMAGE VMLINUX: takes the ELF image out of a compressed kernel. Under TCG it boots a second faster
# than one that has to unpack itself. Offsets: Documentation/arch/x86/boot.rst (setup_sects, payload_offset,
# payload_length). The stream is followed by its length, which the decompressors complain about.
extract_vmlinux() {
  local image=$1 vmlinux=$2 sectors offset length unpack
  sectors=$(od -An -tu1 -j497 -N1 "$image")
  read -r offset length <<< "$(od -An -tu4 -j584 -N8 "$image")"
  dd if="$image" of="$vmlinux.payload" bs=1M status=none \
    iflag=skip_bytes,count_bytes skip=$((512 * (sectors + 1) + offset)) count="$length"
  case $(od -An -tx1 -N4 "$vmlinux.payload" | tr -d ' ') in
    28b52ffd) unpack=(run_tool usr/bin/zstd) ;;
    02214c18) unpack=(run_tool usr/bin/lz4) ;;
    1f8b*) unpack=("$busybox" gzip) ;;
    *) unpack=("$busybox" xz) ;;
  esac
  "${unpack[@]}" -dc < "$vmlinux.payload" > "$vmlinux" 2> "$vmlinux.log" || :
  [ "$(head -c 4 "$vmlinux")" = $'\x7fELF' ] \
    || die "cannot take the kernel out of ${image##*/}: ${unpack[*]##*/} said: $(tail -n 1 "$vmlinux.log")"
  rm "$vmlinux.payload" "$vmlinux.log"
}

# make_initrd DIR MODULES: writes DIR/initrd.
make_initrd() {
  local dir=$1 modules=$2 root=$1/initrd.root module file number=10
  mkdir -p "$root"/{bin,modules,proc,sys,dev,rw,host,layer,new}
  cp "$busybox" "$root/bin/"
  for module in "${boot_modules[@]}"; do
    file=$(find "$modules" -name "$module.ko")
    [ -z "$file" ] || cp "$file" "$root/modules/$((number++))-$module.ko"
  done
  pack_initrd "$root" > "$dir/initrd"
  rm -rf "$root"
}

# pack_initrd DIR: prints the files below DIR as an archive the kernel can unpack as (a part of) its first root.
pack_initrd() { (cd "$1" && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc -R 0:0 2> /dev/null); }
