# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# image.sh - the guest's image: built once for what goes into it, kept under a
# name that is a hash of that, and completed for each lab with its keys.
# image_ensure sets image, the id; then it is all in $images_dir/$image.

readonly images_dir=$cache_dir/images

# image_ensure - about 50 ms when nothing has changed since the last time.
image_ensure()
{
    kernel_ensure
    image=$(image_known) && return
    local inputs
    driver_files >/dev/null # ends here and now if there are none
    # With the directories resolved, so that each file stands once.
    inputs=$(image_inputs | xargs -d '\n' readlink -f | sort -u)
    # By name and content: where the recipe lies does not matter.
    image=$(xargs -d '\n' sha256sum <<<"$inputs" | sed 's| .*/| |' |
        sort | sha256sum)
    image=${image::16}
    [[ -e $images_dir/$image/vmlinuz ]] || image_build
    # shellcheck disable=SC2086 # one file a line, none of ours has spaces
    image_stamp $inputs >"$images_dir/last.new"
    mv "$images_dir/last.new" "$images_dir/last"
}

image_inputs()
{
    local module
    printf '%s\n' "$here"/{image.sh,guest.sh,vmlinux-extract} "$here"/guest/*
    guest_files
    printf '%s\n' "$kernel_root/boot/vmlinuz-$kernel_version"
    for module in "${guest_modules[@]}" "${guest_modules_optional[@]}"; do
        module_files "$module"
    done
}

# A file is taken for the same while its size, time and inode are; its content
# is read only when they are not.
image_stamp()
{
    printf '%s %s %s\n' "$image" "$kernel_root" "$kernel_version"
    stat -Lc '%s %Y %i %n' "$@"
}

image_known()
{
    local image files
    read -r image _ 2>/dev/null <"$images_dir/last" || return
    [[ -e $images_dir/$image/vmlinuz ]] || return
    mapfile -t files < <(sed -n '2,$s/^[^ ]* [^ ]* [^ ]* //p' \
        "$images_dir/last")
    cmp -s <(image_stamp "${files[@]}" 2>/dev/null) "$images_dir/last" ||
        return
    printf '%s' "$image"
}

image_build()
{
    local dir=$images_dir/$image.new started
    started=$(now_ms)
    rm -rf "$dir"
    mkdir -p "$dir"
    (
        set -e
        guest_tree "$dir/tree"
        guest_archive "$dir/tree" >"$dir/initrd"
        probe_tree "$dir/probe"
        guest_archive "$dir/probe" >"$dir/probe-initrd"
        # As it is where it cannot be unpacked: it boots too, only later.
        "$here/vmlinux-extract" "$kernel_root/boot/vmlinuz-$kernel_version" \
            "$dir/vmlinuz" 2>/dev/null ||
            cp "$kernel_root/boot/vmlinuz-$kernel_version" "$dir/vmlinuz"
    )
    # Behind a || the shell would ignore its own set -e.
    # shellcheck disable=SC2181
    [[ $? -eq 0 ]] || die "cannot build the guest image in $dir"
    rm -rf "$dir/tree" "$dir/probe"
    mv "$dir" "$images_dir/$image"
    image_prune
    say "guest image: $image built in $(($(now_ms) - started)) ms"
}

# Not compressed: under TCG, unpacking 16 MB of zstd into these 38 costs 0.5 s
# of each boot, and gzip 0.6 s.
guest_archive()
{
    (cd "$1" && find . -print0 | sort -z |
        cpio --null --create --format=newc --quiet --owner=0:0)
}

# What a lab of any name still boots from is kept.
image_prune()
{
    local dir
    for dir in "$images_dir"/*/; do
        dir=${dir%/}
        [[ ${dir##*/} == "$image" ]] ||
            grep -qsx "image=${dir##*/}" "$labs_dir"/*/settings ||
            rm -rf "$dir"
    done
}

# share_make - the directory that host and backup share: kernel and initrd.
share_make()
{
    local keys=$state/share/keys
    mkdir -p "$state/share" "$keys/root/.ssh" "$keys/etc/ssh"
    ln -sfn "$images_dir/$image/vmlinuz" "$state/share/vmlinuz"
    chmod 700 "$keys/root" "$keys/root/.ssh"
    install -m 600 "$state/id.pub" "$keys/root/.ssh/authorized_keys"
    cp -p "$state"/guest_key "$keys/etc/ssh/ssh_host_ed25519_key"
    # An initrd may be several archives, one behind the other.
    {
        guest_archive "$keys"
        cat "$images_dir/$image/initrd"
    } >"$state/share/initrd.new"
    mv "$state/share/initrd.new" "$state/share/initrd"
    rm -rf "$keys"
    lab_changes=1
}
