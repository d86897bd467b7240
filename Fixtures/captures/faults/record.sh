#!/bin/bash
# Records the captures of this folder anew: real firmware in QEMU boots against real servers, and one
# thing is broken on purpose. Needs root, qemu-system-x86, ovmf, ipxe-qemu, ipxe, dnsmasq, nginx-light,
# tcpdump, nftables, python3.
#
#   record.sh OUTPUT-FOLDER [NAME…]      all faults, or those named; FINO=/path/to/fino for some
#
# A switch, a DHCP host (10.77.0.1, with DNS), a boot host (10.77.0.2) and the machine, each in a network
# namespace of its own. What is captured is what the switch forwards.
set -u
out=$(realpath "$1"); shift
fino=${FINO:-}
work=$(mktemp -d /tmp/fault.XXXXXX)
tag=fd$$
pids=()

cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  pids=()
  for host in sw dhcp boot; do ip netns delete "$tag-$host" 2>/dev/null; done
}
trap 'cleanup; rm -rf "$work"' EXIT

on() { local host=$1; shift; ip netns exec "$tag-$host" "$@"; }
# A program in the background, on a host.
daemon() { on "$@" >>"$work/log" 2>&1 & pids+=($!); }

network() {
  for host in sw dhcp boot; do ip netns add "$tag-$host"; on $host ip link set lo up; done
  on sw ip link add br0 type bridge
  on sw ip link set br0 up
  for host in dhcp boot; do
    ip link add eth0 netns "$tag-$host" type veth peer name to-$host netns "$tag-sw"
    on sw ip link set to-$host master br0 up
    on $host ip link set eth0 up
    on $host ethtool -K eth0 tx off >/dev/null 2>&1
  done
  on dhcp ip address add 10.77.0.1/24 dev eth0
  on boot ip address add 10.77.0.2/24 dev eth0
  on sw ip tuntap add tap0 mode tap
  on sw ip link set tap0 master br0 up
}

# The DHCP host; more options as arguments. Leases are kept, so pools can be used up.
dhcp() {
  daemon dhcp dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts \
    --dhcp-authoritative --no-ping --pid-file= --user=root --log-facility=- \
    --dhcp-leasefile="$work/leases" --interface=eth0 --bind-interfaces \
    --dhcp-range=10.77.0.50,10.77.0.59,255.255.255.0,1h "$@"
}

# The boot host's files, by TFTP. Not dnsmasq's usual daemon: no DHCP.
tftp() {
  daemon boot dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --pid-file= --user=root \
    --log-facility=- --interface=eth0 --bind-interfaces --enable-tftp --tftp-root="$work/files" "$@"
}

http() {
  cat >"$work/nginx.conf" <<EOF
daemon off; pid $work/nginx.pid; error_log $work/nginx.log; worker_processes 1; user root;
events {}
http { access_log off; default_type application/octet-stream; types { application/efi efi; }
  server { listen 10.77.0.2:80; root $work/files; } }
EOF
  daemon boot nginx -c "$work/nginx.conf"
}

# An HTTP server that ends badly: `python half.py stall|cut`.
half() {
  cat >"$work/half.py" <<'EOF'
import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.77.0.2", 80)); s.listen(5); kept = []
while True:
    c, _ = s.accept(); c.recv(4096)
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 20000)
    if sys.argv[1] == "cut": time.sleep(0.2); c.close()
    kept.append(c)
EOF
  daemon boot python3 "$work/half.py" "$1"
}

appliance() {
  daemon boot "$fino" serve --interface eth0 --state "$work/state" --images "$work/files" "$@"
  sleep 2
}

# drop RULE-FOR-WHAT-COMES-IN RULE-FOR-WHAT-GOES-OUT: the firewall of the boot host.
drop() {
  printf 'table inet fault {\n chain in {\n type filter hook input priority 0\n %s\n }\n
 chain out {\n type filter hook output priority 0\n %s\n }\n}\n' "$1" "$2" >"$work/rules"
  on boot nft -f "$work/rules"
}

machine() {  # machine bios|uefi|http MAC
  local mac=${2:-52:54:00:fa:00:01}
  local common=(-nodefaults -no-user-config -m 384 -display none -serial "file:$work/serial"
    -uuid 11223344-5566-7788-99aa-bbccddee00${mac##*:}
    -netdev tap,id=net,ifname=tap0,script=no,downscript=no)
  if [ "$1" = bios ]; then
    daemon sw qemu-system-x86_64 -machine q35,accel=tcg,graphics=off -cpu qemu64 "${common[@]}" \
      -device virtio-net-pci,netdev=net,mac="$mac" -boot n
  else
    cp /usr/share/OVMF/OVMF_VARS.fd "$work/vars"
    daemon sw qemu-system-x86_64 -machine q35,accel=tcg -cpu qemu64 "${common[@]}" \
      -fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=n \
      -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd \
      -drive if=pflash,unit=1,format=raw,file="$work/vars" \
      -device virtio-net-pci,netdev=net,mac="$mac",romfile= -device virtio-rng-pci
  fi
  vm=$!
}

files() {
  mkdir -p "$work/files"
  cp /usr/lib/ipxe/undionly.kpxe /usr/lib/ipxe/snponly.efi "$work/files/"
  head -c 600000 /dev/urandom >"$work/files/big.efi"
  chmod -R a+rX "$work"
}

# The capture: bulk is cut to its heads.
record() {
  daemon sw tcpdump -q -n -U -i br0 -s "${snap:-600}" -w "$work/raw.pcap" \
    'udp or icmp or arp or (tcp and (tcp[13] & 7 != 0 or greater 67))'
  tcpdump=$!
  sleep 1
}

# run NAME FIRMWARE SECONDS: what runs is set up before.
run() {
  local name=$1 kind=$2 time=$3
  machine "$kind"
  # From its first packet on: how long firmware takes to that depends on the host.
  for _ in $(seq 180); do [ "$(stat -c %s "$work/raw.pcap")" -gt 24 ] && break; sleep 1; done
  sleep "$time"
  kill "$vm"; sleep 1; kill "$tcpdump"; sleep 0.5
  # Not the hosts' own IPv6, and no more than 400 packets.
  tcpdump -r "$work/raw.pcap" -w "$out/$name.pcap" -c "${most:-400}" "not ip6 ${less:-}" 2>/dev/null
  echo "$name: $(stat -c %s "$out/$name.pcap") bytes"
}

fault() {
  rm -rf "$work"/*; : >"$work/log"; snap= most= less=
  network; files
  case $1 in
  no-dhcp) record; run $1 bios 30;;
  no-proxy-bios) dhcp; record; run $1 bios 25;;
  no-proxy-uefi) dhcp; record; run $1 uefi 50;;
  tftp-not-found-bios) dhcp --dhcp-boot=nosuch.kpxe,,10.77.0.2; tftp; record; run $1 bios 35;;
  tftp-not-found-uefi) dhcp --dhcp-boot=nosuch.efi,,10.77.0.2; tftp; record; run $1 uefi 30;;
  tftp-access) chmod 0 "$work/files/undionly.kpxe"; dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2
    tftp --tftp-secure; record; run $1 bios 35;;
  tftp-blocked) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp; drop 'udp dport 69 drop' ''
    record; run $1 uefi 60;;
  tftp-answers-blocked) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; tftp
    drop '' 'udp dport > 1024 drop'; record; run $1 bios 60;;
  tftp-closed) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; record; run $1 uefi 45;;
  tftp-stalled) dhcp --dhcp-boot=big.efi,,10.77.0.2; tftp; snap=500
    drop '' 'udp sport > 1024 quota over 100000 bytes drop'; record; run $1 uefi 40;;
  tftp-mtu) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp
    drop '' 'udp sport > 1024 meta length > 1300 drop'; record; run $1 uefi 60;;
  next-server-dead) dhcp --dhcp-boot=snponly.efi,,10.77.0.99; record; run $1 uefi 60;;
  wrong-loader-uefi) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; tftp; most=250; record; run $1 uefi 45;;
  wrong-loader-bios) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp; most=400; record; run $1 bios 40;;
  ipxe-loop) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; tftp
    less='and not (udp[8:2] = 3 and udp[10:2] > 2) and not (udp[8:2] = 4 and udp[10:2] > 2 and
      udp[10:2] < 50)'
    record; run $1 bios 95;;
  http-refused) dhcp --dhcp-boot=http://10.77.0.2:81/boot.ipxe; record; run $1 bios 40;;
  http-blocked) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http; drop 'tcp dport 80 drop' ''
    record; run $1 bios 60;;
  http-not-found) dhcp --dhcp-boot=http://10.77.0.2/none.ipxe; http; record; run $1 bios 40;;
  http-stalled) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; half stall; record; run $1 bios 60;;
  http-cut) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; half cut; record; run $1 bios 40;;
  name-unknown) dhcp --dhcp-boot=http://boot.nowhere.test/boot.ipxe --local=/test/
    record; run $1 bios 40;;
  name-no-server) dhcp --dhcp-boot=http://boot.nowhere.test/boot.ipxe --dhcp-option=6
    record; run $1 bios 40;;
  script-https) dhcp --dhcp-boot=https.ipxe,,10.77.0.2; tftp
    printf '#!ipxe\nchain https://10.77.0.2/boot.ipxe\n' >"$work/files/https.ipxe"
    record; run $1 bios 45;;
  initrd-missing) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http
    head -c 30000 /dev/urandom >"$work/files/vmlinuz"
    printf '#!ipxe\nkernel vmlinuz quiet\ninitrd initrd.img\nboot\n' >"$work/files/boot.ipxe"
    record; run $1 bios 40;;
  script-unused) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http
    printf '#!ipxe\nnosuchcommand\nkernel vmlinuz\ninitrd initrd.img\nboot\n' >"$work/files/boot.ipxe"
    record; run $1 bios 50;;
  two-servers) dhcp --dhcp-option=60,PXEClient --dhcp-boot=other.efi
    appliance; record; run $1 uefi 25;;
  only-proxy) appliance; record; run $1 uefi 35;;
  boot-server-blocked) dhcp; appliance; drop 'udp dport 4011 drop' ''; record; run $1 uefi 45;;
  healthy-uefi) dhcp; appliance; less='and not (udp[8:2] = 3 and udp[10:2] > 2)'
    record; run $1 uefi 30;;
  *) echo "no fault «$1»"; return 1;;
  esac
  cleanup
}

all="no-dhcp no-proxy-bios no-proxy-uefi tftp-not-found-bios tftp-not-found-uefi tftp-access tftp-blocked
tftp-answers-blocked tftp-closed tftp-stalled tftp-mtu next-server-dead wrong-loader-uefi wrong-loader-bios
ipxe-loop http-refused http-blocked http-not-found http-stalled http-cut name-unknown name-no-server script-https
initrd-missing script-unused"
[ -n "$fino" ] && all="$all two-servers only-proxy boot-server-blocked healthy-uefi"
mkdir -p "$out"
for name in ${*:-$all}; do fault "$name"; done
