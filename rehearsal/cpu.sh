# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# cpu.sh - one CPU group for all processes of a lab, so that `nice` counts.
#
# Two polling testpmds take a core from a guest that TCG emulates. `nice` would
# give it back, but with autogroups, which Debian's kernels have, each session
# is weighed as a whole and nice only counts within it. In a group of their own
# the sessions of a lab are one: the guest's login came after 5.6 s instead of
# 8.1 with `nice -n 15 dpdk-testpmd` (medians of four pairs), and migrating
# under a polling guest took 4.5 s instead of 7.3.
#
# Where no cpu controller can be used, there is no group, and all else works.

cpu_group()
{
    local top
    if grep -qsw cpu /sys/fs/cgroup/cgroup.subtree_control; then
        top=/sys/fs/cgroup
    else
        top=$(awk '$3 == "cgroup" && "," $4 "," ~ /,cpu,/ {print $2; exit}' \
            /proc/mounts)
    fi
    [[ $top ]] && printf '%s/miglab-%s' "$top" "$lab"
}

# cpu_group_join - for the calling shell and what it starts.
cpu_group_join()
{
    local group
    group=$(cpu_group) || return 0
    [[ -d $group ]] || cpu_group_make "$group"
    echo "$BASHPID" >"$group/cgroup.procs"
} 2>/dev/null

# What some four busy sessions would have weighed, each as one.
cpu_group_make()
{
    mkdir "$1"
    if [[ -e $1/cpu.weight ]]; then
        echo 400 >"$1/cpu.weight"
    else
        echo 4096 >"$1/cpu.shares"
    fi
}

cpu_group_remove()
{
    local group
    group=$(cpu_group) && [[ -d $group ]] || return 0
    # The kernel counts a process that is gone as a member for a moment more.
    wait_until 5 rmdir_quietly "$group" || die "$group has processes left"
}

rmdir_quietly() { rmdir "$1" 2>/dev/null; }
