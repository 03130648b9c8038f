# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# net.sh - the wires: a switch with a control and a data bridge, a namespace
# for each machine, and the three addresses on lo by which they are reached.
#
#       host          backup        tester        each: mgmt and p5p1
#     mgmt  p5p1    mgmt  p5p1    mgmt  p5p1
#       |     |       |     |       |     |
#   ctl-host  |   ctl-backup|  ctl-tester |         in the switch
#     ==+=====|=======+=====|=======+=====|== brctl
#        data-host    data-backup   data-tester
#     ========+=============+=============+== brdata
#
# The root namespace gets no link: a listener there hands each connection to
# 10.77.N.x:22 over to a machine (see `listen`).

net_tune()
{
    # IPv6's own packets would teach the switch MACs that the plan's flow does
    # not, and br_netfilter drops the plan's 127.0.0.1 to 127.0.0.1 frames. A
    # kernel without the one or the other has nothing to turn off.
    # shellcheck disable=SC2016 # the $f are those of the shell inside
    ip netns exec "$1" sh -c '
        cd /proc/sys/net || exit
        for f in ipv6/conf/all/disable_ipv6 ipv6/conf/default/disable_ipv6; do
            [ ! -e $f ] || echo 1 >$f
        done
        for f in bridge/bridge-nf-call-*tables; do
            [ ! -e $f ] || echo 0 >$f
        done'
}

netns_add()
{
    # `ip netns add` mounts /run/netns on itself, once; down takes that back.
    mountpoint -q /run/netns || : >"$run_dir/netns-mount-is-ours"
    ip netns add "$1" 9>&- || die "cannot make the namespace $1"
    net_tune "$1"
}

netns_del()
{
    [[ -e /run/netns/$1 ]] || return 0
    ip netns del "$1"
}

switch_ok()
{
    local ns
    ns=$(netns_of switch)
    [[ -e /run/netns/$ns ]] &&
        [[ $(ip -n "$ns" -br link show type bridge up 2>/dev/null |
            awk '{printf "%s ", $1}') == "brctl brdata " ]]
}

switch_make()
{
    local ns bridge
    ns=$(netns_of switch)
    netns_del "$ns"
    netns_add "$ns"
    for bridge in brctl brdata; do
        # Without snooping, and without waiting to forward: a switch that is
        # just there.
        printf 'link add %s type bridge mcast_snooping 0 forward_delay 0\n' \
            $bridge
        printf 'link set %s up\n' $bridge
    done | ip -n "$ns" -batch - || die "cannot make the switch"
    lab_changes=1
    say "switch: control bridge brctl, data bridge brdata"
}

# wires_ok ROLE - both ends of both wires are there, up, and in their bridge.
wires_ok()
{
    local ns links
    ns=$(netns_of "$1")
    links=$(ip -n "$ns" -br addr show up 2>/dev/null |
        awk '{sub(/@.*/, "", $1); print $1, $3}')
    [[ $links == *"mgmt $(addr_of "$1")/24"* && $links == *p5p1* ]] || return 1
    links=$(ip -n "$(netns_of switch)" -o link show up 2>/dev/null)
    [[ $links =~ ctl-$1@[^$'\n']*master\ brctl &&
        $links =~ data-$1@[^$'\n']*master\ brdata ]]
}

wires_make()
{
    local ns sw mac
    ns=$(netns_of "$1") sw=$(netns_of switch)
    # The other end may linger for a moment after a namespace is deleted.
    ip -n "$sw" link del "ctl-$1" 2>/dev/null
    ip -n "$sw" link del "data-$1" 2>/dev/null
    ip -n "$ns" link del mgmt 2>/dev/null
    ip -n "$ns" link del p5p1 2>/dev/null
    printf -v mac '02:00:00:%%s:%02x:%02x' "$net" "${host_number[$1]}"
    # shellcheck disable=SC2059 # mac holds the one %s
    ip -n "$sw" -batch - <<BATCH || die "cannot wire $1"
link add ctl-$1 type veth peer name mgmt address $(printf "$mac" 0c) netns $ns
link set ctl-$1 master brctl up
link add data-$1 type veth peer name p5p1 address $(printf "$mac" 0d) netns $ns
link set data-$1 master brdata up
BATCH
    ip -n "$ns" -batch - <<BATCH || die "cannot set the addresses of $1"
link set lo up
link set mgmt up
addr add $(addr_of "$1")/24 dev mgmt
link set p5p1 up
BATCH
    # The plan's Ether()/IP() takes its source MAC from lo, whose own is zero,
    # and a bridge drops frames from 00:00:00:00:00:00.
    [[ $1 != tester ]] || ip -n "$ns" link set lo address 02:00:00:00:00:04
    lab_changes=1
    say "$1: mgmt $(addr_of "$1"), p5p1"
}

# The label finds a lab's addresses again when its state is gone.
lo_addrs() { ip -o -4 addr show dev lo label "lo:$lab" | awk '{print $4}'; }

lo_ok() { [[ $'\n'$(lo_addrs) == *$'\n'$(addr_of "$1")/32* ]]; }

lo_make()
{
    ip addr replace "$(addr_of "$1")/32" dev lo label "lo:$lab" ||
        die "cannot add $(addr_of "$1") to lo"
    lab_changes=1
}

lo_clear()
{
    local addr
    for addr in $(lo_addrs); do
        ip addr del "$addr" dev lo
        say "lo: $addr removed"
    done
}

# net_pick - prints the lowest N for which nobody here knows a 10.77.N.
net_pick()
{
    local n known
    known=$(ip -o -4 addr show && ip -4 route show table all)
    known+=$(sed -n 's/^net=\([0-9]*\)$/ 10.77.\1./p' \
        "$labs_dir"/*/settings 2>/dev/null)
    known=" ${known//$'\n'/ }"
    for n in {0..255}; do
        [[ $known == *" 10.77.$n."* ]] || { printf '%s' "$n" && return; }
    done
    return 1
}

# netns_kill NAMESPACE - ends who is left in it: what someone started there
# from outside, such as a tcpdump on the switch.
netns_kill()
{
    local pid
    [[ -e /run/netns/$1 ]] || return 0
    for pid in $(ip netns pids "$1"); do
        proc_kill "$pid"
    done
}
