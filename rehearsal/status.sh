# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# status.sh - what there is of a lab; nothing is changed. Facts are collected
# once into tables, and written as text or as JSON.

readonly status_ports=(3333 5432 5555 4444)
readonly -A status_exit=([up]=0 [half]=1 [down]=3)

lab_status()
{
    local -A is_up sshd processes ports
    local verdict switch=no forwarding='' net accel image
    status_collect
    if ((opt_json)); then status_json; else status_text; fi
    return "${status_exit[$verdict]}"
}

status_collect()
{
    local role pid
    net=$(setting net) accel=$(setting accel) image=$(setting image)
    verdict=up
    for role in "${roles[@]}"; do
        is_up[$role]=no sshd[$role]=no
        machine_ok "$role" && is_up[$role]=yes
        listener_answers "$role" && sshd[$role]=yes
        pid=$(machine_pid "$role") && status_inside "$role" "$pid"
        [[ ${is_up[$role]} == yes && ${sshd[$role]} == yes ]] &&
            wires_ok "$role" && lo_ok "$role" || verdict=half
    done
    switch_ok && switch=yes
    [[ $switch == yes && -e $state/lab.yaml && -e $state/id &&
        -e $state/share/initrd ]] || verdict=half
    forwarding=$(switch_forwarding)
    [[ -e $state ]] || lab_remains || verdict=down
}

# status_inside ROLE INIT - its processes of interest, its listening ports.
status_inside()
{
    local pid comm
    for pid in /proc/[0-9]*; do
        [[ $pid/ns/pid -ef /proc/$2/ns/pid ]] || continue
        { read -r comm <"$pid/comm"; } 2>/dev/null || continue
        [[ $comm == qemu-system-* || $comm == dpdk-testpmd ]] &&
            processes[$1]+="$comm ${pid#/proc/} "
    done
    # Column 2 is address:port in hexadecimal, column 4 the state: 0A listens.
    ports[$1]=$(awk -v want="${status_ports[*]}" '
        $4 == "0A" {sub(/.*:/, "", $2); seen[$2] = 1}
        END {
            n = split(want, port, " ")
            for (i = 1; i <= n; i++)
                if (sprintf("%04X", port[i]) in seen)
                    printf "%s ", port[i]
        }' "/proc/$2/net/tcp" "/proc/$2/net/tcp6" 2>/dev/null)
}

# switch_forwarding - lines of MAC and port, as the data bridge has learnt.
switch_forwarding()
{
    bridge -n "$(netns_of switch)" fdb show br brdata 2>/dev/null |
        awk '!/permanent/ {print $1, $3}' | sort -k 2
}

status_text()
{
    local role mac port drill
    say "$lab is $verdict${net:+ (10.77.$net.0/24, $accel, guest image $image)}"
    [[ $verdict != down ]] || return 0
    for role in "${roles[@]}"; do
        printf '  %-7s %-12s machine %-3s  sshd %-3s  %s\n' "$role" \
            "${net:+$(addr_of "$role")}" "${is_up[$role]}" "${sshd[$role]}" \
            "${processes[$role]-}${ports[$role]:+listening on ${ports[$role]}}"
    done
    printf '  switch  %s\n' "$switch"
    while read -r mac port; do
        [[ ! $mac ]] || printf '    %s behind %s\n' "$mac" "$port"
    done <<<"$forwarding"
    printf '  nr_hugepages %s\n' "$(cat /proc/sys/vm/nr_hugepages)"
    drill=$(drill_now) && printf '  drill   %s\n' "$drill"
    return 0
}

json_bool() { if [[ $1 == yes ]]; then printf true; else printf false; fi; }

status_json()
{
    local role drill sep=''
    printf '{"lab":"%s","state":"%s",' "$lab" "$verdict"
    drill=$(drill_now) && printf '"drill":"%s",' "$drill"
    printf '"net":%s,"accel":"%s","image":"%s",' \
        "${net:-null}" "$accel" "$image"
    printf '"nr_hugepages":%s,"machines":[' "$(cat /proc/sys/vm/nr_hugepages)"
    for role in "${roles[@]}"; do
        printf '%s' "$sep"
        status_json_machine "$role"
        sep=,
    done
    printf '],"switch":{"up":%s,"forwarding":[' "$(json_bool "$switch")"
    [[ ! $forwarding ]] || awk '{
        printf "%s{\"mac\":\"%s\",\"port\":\"%s\"}", sep, $1, $2; sep = ","
    }' <<<"$forwarding"
    printf ']}}\n'
}

status_json_machine()
{
    local port sep='' words
    printf '{"name":"%s","up":%s,"address":"%s","sshd":%s,"processes":[' "$1" \
        "$(json_bool "${is_up[$1]}")" "${net:+$(addr_of "$1")}" \
        "$(json_bool "${sshd[$1]}")"
    # shellcheck disable=SC2206 # name and pid, one after the other
    words=(${processes[$1]-})
    while ((${#words[@]})); do
        printf '%s{"name":"%s","pid":%s}' "$sep" "${words[0]}" "${words[1]}"
        words=("${words[@]:2}") sep=,
    done
    printf '],"ports":{'
    sep=
    for port in "${status_ports[@]}"; do
        printf '%s"%s":' "$sep" "$port"
        if [[ " ${ports[$1]-} " == *" $port "* ]]; then
            printf true
        else
            printf false
        fi
        sep=,
    done
    printf '}}'
}
