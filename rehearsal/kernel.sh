# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# kernel.sh - a kernel for the guest: one that is installed here if it has all
# that the plan needs, else the distribution's package, unpacked in the cache.
# Sets kernel_root and kernel_version: $kernel_root/lib/modules/$kernel_version.

# The cloud flavours have no e1000.
readonly guest_modules=(virtio_pci virtio_net e1000 uio_pci_generic)
# Taken along where the kernel has them: for hand-made changes of the guest,
# and for its disk flavour.
readonly guest_modules_optional=(vfio-pci virtio_rng af_packet)

# The package that depends on the newest kernel, by distribution.
kernel_package()
{
    local ID='' ID_LIKE=''
    # shellcheck source=/dev/null
    . /etc/os-release
    case " $ID $ID_LIKE " in
    *" ubuntu "*) printf linux-image-generic ;;
    *) printf 'linux-image-%s' "$(dpkg --print-architecture)" ;;
    esac
}

# module_files MODULE - its file and those it depends on, in load order; none
# when it is built in.
module_files()
{
    # -C: the user's /etc/modprobe.d is not the guest's.
    modprobe -C /dev/null -d "$kernel_root" -S "$kernel_version" \
        --show-depends "$1" 2>/dev/null |
        awk '$1 == "insmod" {print $2} $1 == "builtin" {n++} END {exit !(NR)}'
}

kernel_fits()
{
    local module
    [[ -r $kernel_root/boot/vmlinuz-$kernel_version ]] || return 1
    for module in "${guest_modules[@]}"; do
        module_files "$module" >/dev/null || return 1
    done
}

# kernel_in ROOT - the newest under ROOT that fits.
kernel_in()
{
    local version
    kernel_root=${1%/}
    while read -r version; do
        kernel_version=$version
        kernel_fits && return
    done < <(find "$kernel_root/lib/modules" -mindepth 1 -maxdepth 1 \
        -printf '%f\n' 2>/dev/null | sort -rV)
    return 1
}

kernel_find() { kernel_in / || kernel_in "$cache_dir/kernel/root"; }

# The package's dependencies that make up a kernel: its image and modules.
kernel_packages()
{
    local todo=("$1") seen=' ' package
    while ((${#todo[@]})); do
        package=${todo[0]} todo=("${todo[@]:1}")
        [[ $seen != *" $package "* ]] || continue
        seen+="$package "
        # A package that only depends is followed, not fetched.
        [[ $package != *[0-9].[0-9]* ]] || printf '%s\n' "$package"
        mapfile -t -O "${#todo[@]}" todo < <(
            apt-cache depends "$package" | sed -nE \
                's/^ *\|?Depends: (linux-(image|modules|binary)[^ ]*)$/\1/p'
        )
    done
}

kernel_download()
{
    local packages
    mkdir -p "$cache_dir/kernel/debs"
    mapfile -t packages < <(kernel_packages "$(kernel_package)" | sort -u)
    ((${#packages[@]})) ||
        die "apt knows no $(kernel_package); try 'apt-get update'"
    (
        cd "$cache_dir/kernel/debs" || exit
        # Without its sandbox user, who may not write here.
        apt-get -qq -o APT::Sandbox::User=root download "${packages[@]}"
    ) || die "apt-get cannot download ${packages[*]}; try 'apt-get update'"
    say "kernel: fetched ${packages[*]}"
}

kernel_unpack()
{
    local root=$cache_dir/kernel/root deb version
    rm -rf "$root" "$root.new"
    mkdir -p "$root.new"
    for deb in "$cache_dir"/kernel/debs/*.deb; do
        dpkg-deb -x "$deb" "$root.new" || die "cannot unpack $deb"
    done
    # Both places of the modules, before and after the merge of /usr.
    if [[ -d $root.new/usr/lib/modules && ! -d $root.new/lib ]]; then
        ln -s usr/lib "$root.new/lib"
    elif [[ ! -d $root.new/usr/lib ]]; then
        mkdir -p "$root.new/usr"
        ln -s ../lib "$root.new/usr/lib"
    fi
    for version in "$root.new"/lib/modules/*; do
        depmod -b "$root.new" "${version##*/}"
    done
    mv "$root.new" "$root"
}

kernel_ensure()
{
    kernel_find && return
    compgen -G "$cache_dir/kernel/debs/*.deb" >/dev/null || kernel_download
    kernel_unpack
    kernel_find || die "no kernel here has ${guest_modules[*]}"
    say "kernel: $kernel_version unpacked"
}
