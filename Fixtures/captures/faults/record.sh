#!/bin/bash
# Records the captures of this folder anew: real firmware in QEMU boots against real servers, and one
# thing is broken on purpose (faults.sh beside this tells what). Needs root, qemu-system-x86, ovmf,
# ipxe-qemu, ipxe, dnsmasq, tftpd-hpa, nginx-light, openssl, tcpdump, nftables, ethtool, python3, and for
# installer-loop busybox-static, cpio and a Linux kernel.
#
#   record.sh OUTPUT-FOLDER [NAME…]      all faults, or those named
#
#   FINO=/path/to/fino      for those with Fino as the boot server
#   KERNEL=/path/to/vmlinuz for installer-loop and installer-once
#   TLS=/path/to/ipxe       a folder with a snponly.efi that speaks HTTPS (since 1.21.1+git2025), for tls-ipxe
#   SCREENS=folder          keeps there what the machines showed on their screens
#
# A switch, a DHCP host (10.77.0.1, with DNS), a boot host (10.77.0.2), for some a relay, and the
# machine, each in a network namespace of its own. What is captured is what the switch forwards.
# Never more than two machines at once. Whatever was started ends with this script, however that ends.
set -u
out=$(realpath "$1"); shift
here=$(dirname "$(realpath "$0")")
fino=${FINO:-}
kernel=${KERNEL:-}
ipxe=/usr/lib/ipxe
work=$(mktemp -d /tmp/fault.XXXXXX)
tag=fd$$
hosts="sw dhcp boot relay"

# end PID…: politely, and after two seconds not.
end() {
  kill "$@" 2>/dev/null
  for _ in $(seq 20); do kill -0 "$@" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$@" 2>/dev/null
}

# Whatever runs in the namespaces of this run; nothing else was started.
cleanup() {
  local host left
  for host in $hosts; do
    left=$(ip netns pids "$tag-$host" 2>/dev/null)
    [ -n "$left" ] && end $left
    ip netns delete "$tag-$host" 2>/dev/null
  done
}
# A second signal must not end this.
trap 'trap "" INT TERM HUP; kill $(jobs -p) 2>/dev/null; cleanup; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Bash runs a trap only when what it waits for in the foreground has ended.
pause() { sleep "$1" & wait $!; }

on() { local host=$1; shift; ip netns exec "$tag-$host" "$@"; }
# A program in the background, on a host. No function and no shell between: $! is the program itself.
# It gets a signal also when this script is killed without a chance to clean up.
daemon() {
  local host=$1; shift
  setpriv --pdeathsig TERM ip netns exec "$tag-$host" "$@" >>"$work/log" 2>&1 &
}

# join HOST INTERFACE BRIDGE [ADDRESS]
join() {
  ip link add "$2" netns "$tag-$1" type veth peer name "to-$1-$2" netns "$tag-sw"
  on sw ip link set "to-$1-$2" master "$3" up
  on "$1" ip link set "$2" up
  on "$1" ethtool -K "$2" tx off >/dev/null 2>&1
  [ -z "${4:-}" ] || on "$1" ip address add "$4" dev "$2"
}

network() {
  local host
  for host in $hosts; do ip netns add "$tag-$host"; on "$host" ip link set lo up; done
  for bridge in br0 br1; do
    on sw ip link add $bridge type bridge
    on sw ip link set $bridge up
  done
  join boot eth0 br0 10.77.0.2/24
  for tap in tap0 tap1; do
    on sw ip tuntap add $tap mode tap
    on sw ip link set $tap master br0 up
  done
}

# The machine's network is 10.77.0.0/24, the DHCP host is 10.78.0.1 behind a router with a relay.
routed() {
  join dhcp eth0 br1 10.78.0.1/24
  join relay eth0 br0 10.77.0.3/24
  join relay eth1 br1 10.78.0.3/24
  on relay sysctl -q -w net.ipv4.ip_forward=1
  on dhcp ip route add 10.77.0.0/24 via 10.78.0.3
  daemon relay dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --pid-file= --user=root \
    --log-facility=- --dhcp-relay=10.77.0.3,10.78.0.1
}

# The DHCP host; more options as arguments. Leases are kept, so pools can be used up.
dhcp() {
  on dhcp ip link show eth0 >/dev/null 2>&1 || join dhcp eth0 br0 10.77.0.1/24
  daemon dhcp dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts \
    --dhcp-authoritative --no-ping --pid-file= --user=root --log-facility=- \
    --dhcp-leasefile="$work/leases" --interface=eth0 --bind-interfaces \
    --dhcp-range="${range:-10.77.0.50,10.77.0.59,255.255.255.0,1h}" "$@"
}

# A DHCP server of another network that gives addresses to nobody it does not know, on the boot host.
rival() {
  on boot ip address add 10.99.0.1/24 dev eth0
  daemon boot dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --pid-file= --user=root \
    --log-facility=- --dhcp-authoritative --interface=eth0 --bind-interfaces \
    --dhcp-leasefile="$work/leases.rival" --dhcp-range=10.99.0.0,static,255.255.255.0 "$@"
}

# The boot host's files, by TFTP. Not dnsmasq's usual daemon: no DHCP.
tftp() {
  daemon boot dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --pid-file= --user=root \
    --log-facility=- --interface=eth0 --bind-interfaces --enable-tftp --tftp-root="$work/files" "$@"
}

# The same by tftpd-hpa.
hpa() { daemon boot in.tftpd --listen --address 10.77.0.2:69 --user root --secure "$@" "$work/files"; }

# A TFTP server that refuses what it does not know, as RFC 2347 does not want it.
refuser() {
  cat >"$work/refuser.py" <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.77.0.2", 69))
while True:
    request, client = s.recvfrom(1500)
    t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); t.bind(("10.77.0.2", 0))
    options = request.split(b"\0")[3:-1]
    if options: t.sendto(b"\0\5\0\10Option " + options[0] + b" not supported\0", client)
    else: t.sendto(b"\0\5\0\1File not found\0", client)
END
  daemon boot python3 "$work/refuser.py"
}

# http [HOST ADDRESS [MORE CONFIGURATION]]
http() {
  cat >"$work/nginx.conf" <<EOF2
daemon off; pid $work/nginx.pid; error_log $work/nginx.log; worker_processes 1;
user ${http_user:-root};
events {}
http { access_log off; sendfile on; default_type application/octet-stream; types { application/efi efi; }
  server { listen ${2:-10.77.0.2}:80; root $work/files; ${3:-} } }
EOF2
  daemon "${1:-boot}" nginx -c "$work/nginx.conf"
}

# A certificate that nobody knows, of the boot host.
certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=10.77.0.2" \
    -addext "subjectAltName=IP:10.77.0.2" -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
}

# http with TLS beside it.
https() {
  http boot 10.77.0.2 "listen 10.77.0.2:443 ssl; ssl_certificate $work/certificate.pem;
    ssl_certificate_key $work/key.pem; ssl_protocols TLSv1.2;"
}

# An HTTP server that ends badly: `python half.py stall|cut`.
half() {
  cat >"$work/half.py" <<'END'
import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.77.0.2", 80)); s.listen(5); kept = []
while True:
    c, _ = s.accept(); c.recv(4096)
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 20000)
    if sys.argv[1] == "cut": time.sleep(0.2); c.close()
    kept.append(c)
END
  daemon boot python3 "$work/half.py" "$1"
}

appliance() {
  daemon boot "$fino" serve --interface eth0 --state "$work/state" --images "$work/files" "$@"
  pause 2
}

# drop RULE-FOR-WHAT-COMES-IN RULE-FOR-WHAT-GOES-OUT [HOST]: the firewall of the boot host.
drop() {
  printf 'table inet fault {\n chain in {\n type filter hook input priority 0\n %s\n }\n
 chain out {\n type filter hook output priority 0\n %s\n }\n}\n' "$1" "$2" >"$work/rules"
  on "${3:-boot}" nft -f "$work/rules"
}

# deaf RULE: the switch does not pass this on to the machine.
deaf() {
  printf 'table netdev fault {\n chain out {\n type filter hook egress device tap0 priority 0
 %s drop\n }\n}\n' "$1" >"$work/rules.switch"
  on sw nft -f "$work/rules.switch"
}

# machine bios|uefi|http [TAP [MAC [UUID]]]: the numbers of its tap and the last of its addresses.
machine() {
  local tap=${2:-0} mac=${3:-01} uuid=${4:-${3:-01}}
  local common=(-nodefaults -no-user-config -m 384 -display none -serial "file:$work/serial$tap"
    -uuid "11223344-5566-7788-99aa-bbccddee00$uuid"
    -netdev "tap,id=net,ifname=tap$tap,script=no,downscript=no")
  [ "$tap" = 0 ] && common+=(${more:-})
  mac=52:54:00:fa:00:$mac
  if [ "$1" = bios ]; then
    daemon sw qemu-system-x86_64 -machine q35,accel=tcg,graphics=off -cpu qemu64 "${common[@]}" \
      -device virtio-net-pci,netdev=net,mac="$mac" -boot n
  else
    cp /usr/share/OVMF/OVMF_VARS.fd "$work/vars$tap"
    [ "$1" = http ] && common+=(-fw_cfg name=opt/org.tianocore/IPv4PXESupport,string=n)
    daemon sw qemu-system-x86_64 -machine q35,accel=tcg -cpu qemu64 "${common[@]}" \
      -fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=n \
      -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd \
      -drive if=pflash,unit=1,format=raw,file="$work/vars$tap" \
      -device virtio-net-pci,netdev=net,mac="$mac",romfile= -device virtio-rng-pci
  fi
  vm=$!
}

# Some file for each taste.
files() {
  mkdir -p "$work/files"
  cp "$ipxe/undionly.kpxe" "$ipxe/snponly.efi" "$work/files/"
  head -c 600000 /dev/urandom >"$work/files/big.efi"
  printf '#!ipxe\nexit\n' >"$work/files/exit.ipxe"
  chmod -R a+rX "$work"
}

# record [HOST INTERFACE]: the capture; bulk is cut to its heads.
record() {
  daemon "${1:-sw}" tcpdump -Z root -q -n -U -i "${2:-br0}" -s "${snap:-600}" -w "$work/raw.pcap" \
    'udp or icmp or arp or (tcp and (tcp[13] & 7 != 0 or greater 67))'
  tcpdump=$!
  pause 1
}

# From the next packet on: how long firmware takes to that depends on the host.
heard() {
  local before; before=$(stat -c %s "$work/raw.pcap")
  for _ in $(seq "${1:-180}"); do
    [ "$(stat -c %s "$work/raw.pcap")" -gt "${before:-24}" ] && break
    pause 1
  done
}

# finish NAME: no more machines, and what was captured becomes the fixture.
finish() {
  end "$vm"; pause 1; end "$tcpdump"
  # Not the hosts' own IPv6, and no more than 400 packets.
  tcpdump -Z root -r "$work/raw.pcap" -w "$out/$1.pcap" -c "${most:-400}" "not ip6 ${less:-}" 2>/dev/null
  [ -z "${SCREENS:-}" ] || for tap in 0 1; do
    [ ! -e "$work/serial$tap" ] || cp "$work/serial$tap" "$SCREENS/$1.$tap"
  done
  echo "$1: $(stat -c %s "$out/$1.pcap") bytes"
}

# run NAME FIRMWARE SECONDS: what runs is set up before.
run() { machine "$2"; heard; pause "$3"; finish "$1"; }

. "$here/faults.sh"
mkdir -p "$out"
for name in ${*:-$all}; do
  rm -rf "$work"/*; : >"$work/log"; snap= most= less= range= http_user= more=
  network; files
  fault "$name"
  cleanup
done
