# What is broken in which capture; read by record.sh.

# Without the blocks after the second, and most of what acknowledges them.
bulk='and not (udp[8:2] = 3 and udp[10:2] > 2) and not (udp[8:2] = 4 and udp[10:2] > 2 and
  udp[10:2] < 50)'
# Without the large segments, of which nobody needs the bytes.
heads='and not (tcp and greater 1000)'
# Option 53 = REQUEST, which clients send as their first option.
a_request='udp dport 67 @th,1984,24 0x350103'

fault() {
  case $1 in
  no-dhcp) record; run $1 bios 30;;
  no-proxy-bios) dhcp; record; run $1 bios 25;;
  no-proxy-uefi) dhcp; record; run $1 uefi 50;;
  dhcp-refused-bios) dhcp --dhcp-boot=http://10.77.0.2/exit.ipxe; http; rival
    drop "$a_request drop" '' dhcp; record; run $1 bios 40;;
  dhcp-refused-uefi) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp; rival
    drop "$a_request drop" '' dhcp; record; run $1 uefi 60;;
  dhcp-refused-healthy) dhcp --dhcp-boot=http://10.77.0.2/exit.ipxe; http; rival; record; run $1 bios 30;;
  dhcp-refused-race) dhcp --dhcp-boot=tag:!ipxe,snponly.efi,,10.77.0.2 --dhcp-match=set:ipxe,175 \
      --dhcp-boot=tag:ipxe,http://10.77.0.2/exit.ipxe
    tftp; http; rival; less=$bulk; record; run $1 uefi 45;;
  lease-exhausted) lease_exhausted $1;;
  relay-dropped) routed; dhcp --dhcp-boot=http://10.78.0.1/exit.ipxe --dhcp-option=3,10.77.0.3
    http dhcp 10.78.0.1; drop 'ip saddr 10.78.0.1 udp sport 67 drop' '' relay
    record relay any; run $1 bios 30;;
  relay-healthy) routed; dhcp --dhcp-boot=http://10.78.0.1/exit.ipxe --dhcp-option=3,10.77.0.3
    http dhcp 10.78.0.1; record relay any; run $1 bios 30;;
  one-way-bios) dhcp; deaf 'udp sport 67'; record; run $1 bios 30;;
  one-way-uefi) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; deaf 'udp sport 67'
    record; run $1 uefi 50;;
  one-way-tftp) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp
    deaf 'ip saddr 10.77.0.2 ip protocol udp'; record; run $1 uefi 60;;
  one-way-vlan) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; vlans 20; record sw trunk; run $1 uefi 50;;
  vlan-healthy) dhcp --dhcp-boot=http://10.77.0.2/exit.ipxe; http; vlans 10; record sw trunk; run $1 bios 30;;
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
  tftp-option-refused) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; refuser; record; run $1 uefi 40;;
  tftp-option-refused-bios) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; refuser; record; run $1 bios 40;;
  tftp-no-size) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; hpa --refuse tsize; record; run $1 uefi 40;;
  tftp-no-options) dhcp --dhcp-boot=snponly.efi,,10.77.0.2
    hpa --refuse tsize --refuse blksize; record; run $1 uefi 40;;
  tftp-no-options-bios) dhcp --dhcp-boot=exit.ipxe,,10.77.0.2
    hpa --refuse tsize --refuse blksize; record; run $1 bios 30;;
  tftp-too-large) truncate -s 3G "$work/files/disk.efi"; dhcp --dhcp-boot=disk.efi,,10.77.0.2; hpa
    record; run $1 uefi 40;;
  tftp-empty) : >"$work/files/empty.efi"; dhcp --dhcp-boot=empty.efi,,10.77.0.2; hpa
    record; run $1 uefi 40;;
  tftp-error) shrinking $1;;
  next-server-dead) dhcp --dhcp-boot=snponly.efi,,10.77.0.99; record; run $1 uefi 60;;
  wrong-loader-uefi) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; tftp; most=250; record; run $1 uefi 45;;
  wrong-loader-bios) dhcp --dhcp-boot=snponly.efi,,10.77.0.2; tftp; most=400; record; run $1 bios 40;;
  ipxe-loop) dhcp --dhcp-boot=undionly.kpxe,,10.77.0.2; tftp; less=$bulk; record; run $1 bios 95;;
  http-refused) dhcp --dhcp-boot=http://10.77.0.2:81/boot.ipxe; record; run $1 bios 40;;
  http-blocked) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http; drop 'tcp dport 80 drop' ''
    record; run $1 bios 60;;
  http-not-found) dhcp --dhcp-boot=http://10.77.0.2/none.ipxe; http; record; run $1 bios 40;;
  http-forbidden) dhcp --dhcp-boot=http://10.77.0.2/exit.ipxe; chmod 0 "$work/files/exit.ipxe"
    http_user='nobody nogroup'; http; record; run $1 bios 40;;
  http-error) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http boot 10.77.0.2 'return 500;'
    record; run $1 bios 40;;
  http-stalled) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; half stall; record; run $1 bios 60;;
  http-cut) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; half cut; record; run $1 bios 40;;
  tls-ipxe) cp "${TLS:?no TLS}/snponly.efi" "$work/files/"; certificate; https; tftp; less=$bulk
    dhcp --dhcp-match=set:ipxe,175 --dhcp-boot=tag:!ipxe,snponly.efi,,10.77.0.2 \
      --dhcp-boot=tag:ipxe,https://10.77.0.2/exit.ipxe
    record; run $1 uefi 60;;
  tls-uefi) http_boot https://10.77.0.2/snponly.efi; certificate; https; record; run $1 http 60;;
  tls-uefi-authority) http_boot https://10.77.0.2/snponly.efi; certificate; trusted
    certificate; https; record; run $1 http 60;;
  tls-healthy-uefi) http_boot https://10.77.0.2/snponly.efi; certificate; trusted; https; less=$heads
    record; run $1 http 60;;
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
  installer-loop) installer; run $1 bios 130;;
  installer-once) installer; machine bios; heard; pause 22
    cp "$work/files/exit.ipxe" "$work/files/boot.ipxe"; pause 50; finish $1;;
  duplicate-mac) twins $1 01 01 02;;
  duplicate-uuid) twins $1 01 02 01;;
  two-machines) twins $1 01 02 02;;
  two-interfaces) dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http; slow_script exit
    more="-netdev tap,id=two,ifname=tap1,script=no,downscript=no
      -device virtio-net-pci,netdev=two,mac=52:54:00:fa:00:02"
    record; run $1 bios 60;;
  two-servers) dhcp --dhcp-option=60,PXEClient --dhcp-boot=other.efi
    appliance; less=$bulk; record; run $1 uefi 25;;
  only-proxy) appliance; record; run $1 uefi 35;;
  boot-server-blocked) dhcp; appliance; drop 'udp dport 4011 drop' ''; record; run $1 uefi 45;;
  healthy-uefi) dhcp; appliance; less='and not (udp[8:2] = 3 and udp[10:2] > 2)'
    record; run $1 uefi 30;;
  *) echo "no fault «$1»"; return 1;;
  esac
}

# A pool of one address: one machine has it, the next gets none.
lease_exhausted() {
  range=10.77.0.50,10.77.0.50,255.255.255.0,1h
  dhcp --dhcp-boot=http://10.77.0.2/exit.ipxe; http; record
  machine bios 0 01; heard; pause 25; end "$vm"
  machine bios 0 02; heard; pause 30; finish "$1"
}

# vlans NUMBER: the machine's port is in VLAN 10, the hosts' ports send that one untagged, and what comes
# from them goes into this one. A switch of its own, because not every kernel has VLANs; its trunk shows
# all with tags.
vlans() {
  on sw ip link add trunk type veth peer name trunk-end
  on sw ip link set trunk up
  on sw ip link set trunk-end up
  for port in tap0 to-dhcp-eth0 to-boot-eth0; do on sw ip link set $port nomaster; done
  cat >"$work/switch.py" <<'END'
import select, socket, struct, sys
PROMISCUOUS, OUTGOING = struct.pack("iHH8x", 0, 1, 0), 4
def port(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)); s.bind((name, 3))
    s.setsockopt(263, 1, struct.pack("i", socket.if_nametoindex(name)) + PROMISCUOUS[4:])
    return s
server = int(sys.argv[1])
ports = {port(n): vlan for n, vlan in
    (("tap0", 10), ("to-dhcp-eth0", server), ("to-boot-eth0", server))}
trunk = port("trunk-end")
while True:
    for s in select.select(list(ports), [], [])[0]:
        frame, origin = s.recvfrom(65535)
        if origin[2] == OUTGOING: continue
        trunk.send(frame[:12] + struct.pack("!HH", 0x8100, ports[s]) + frame[12:])
        if ports[s] != 10: continue
        for other in ports:
            if other is not s: other.send(frame)
END
  daemon sw python3 "$work/switch.py" "$1"
}

# The file becomes shorter while it is sent.
shrinking() {
  head -c 20000000 /dev/urandom >"$work/files/large.efi"
  dhcp --dhcp-boot=large.efi,,10.77.0.2; tftp; less=$bulk; record
  machine uefi; heard
  for _ in $(seq 600); do [ "$(stat -c %s "$work/raw.pcap")" -gt 200000 ] && break; pause 0.05; done
  truncate -s 5000 "$work/files/large.efi"
  pause 40; finish "$1"
}

http_boot() {
  dhcp --dhcp-vendorclass=set:http,HTTPClient --dhcp-option-force=tag:http,60,HTTPClient \
    --dhcp-boot="tag:http,$1" --dhcp-match=set:ipxe,175 \
    --dhcp-boot=tag:ipxe,http://10.77.0.2/exit.ipxe
}

# Enrolls the certificate in the firmware: an EFI_SIGNATURE_LIST of EFI_CERT_X509 (UEFI 2.10 §32.4.1).
trusted() {
  openssl x509 -in "$work/certificate.pem" -outform DER -out "$work/certificate.der"
  python3 - "$work" <<'END'
import struct, sys, uuid
der = open(sys.argv[1] + "/certificate.der", "rb").read()
x509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072").bytes_le
owner = uuid.UUID(int=1).bytes_le
open(sys.argv[1] + "/authorities", "wb").write(
    x509 + struct.pack("<III", 28 + 16 + len(der), 0, 16 + len(der)) + owner + der)
END
  more="-fw_cfg name=etc/edk2/https/cacerts,file=$work/authorities"
}

# slow_script END: two fetches with some seconds between them.
slow_script() {
  head -c 3000 /dev/urandom >"$work/files/first"; cp "$work/files/first" "$work/files/second"
  printf '#!ipxe\nimgfetch first\nsleep 8\nimgfetch second\nimgfree\n%s\n' "$1" >"$work/files/boot.ipxe"
}

# twins NAME MAC MAC UUID: two machines at the same time, the first with the UUID 01.
twins() {
  dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http; slow_script reboot; record
  machine bios 0 "$2" 01; local first=$vm
  pause 5; machine bios 1 "$3" "$4"
  heard; pause 50
  end "$first"; finish "$1"
}

# A kernel whose only program restarts the machine after a moment.
installer() {
  mkdir -p "$work/root/bin"; cp /bin/busybox "$work/root/bin/"
  printf '#!/bin/busybox sh\n/bin/busybox sleep 3\n/bin/busybox reboot -f\n' >"$work/root/init"
  chmod +x "$work/root/init"
  (cd "$work/root" && find . | cpio --quiet -o -H newc | gzip) >"$work/files/initrd.img"
  cp "${kernel:?no KERNEL}" "$work/files/vmlinuz"
  printf '#!ipxe\nkernel vmlinuz quiet no_timer_check panic=-1\ninitrd initrd.img\nboot\n' >"$work/files/boot.ipxe"
  dhcp --dhcp-boot=http://10.77.0.2/boot.ipxe; http; less=$heads; record
}

all="no-dhcp no-proxy-bios no-proxy-uefi dhcp-refused-bios dhcp-refused-uefi dhcp-refused-healthy
dhcp-refused-race lease-exhausted relay-dropped relay-healthy one-way-bios one-way-uefi one-way-tftp
one-way-vlan vlan-healthy tftp-not-found-bios tftp-not-found-uefi tftp-access tftp-blocked
tftp-answers-blocked tftp-closed tftp-stalled tftp-mtu tftp-option-refused tftp-option-refused-bios
tftp-no-size tftp-no-options tftp-no-options-bios tftp-too-large tftp-empty tftp-error
next-server-dead wrong-loader-uefi wrong-loader-bios ipxe-loop http-refused http-blocked
http-not-found http-forbidden http-error http-stalled http-cut tls-uefi tls-uefi-authority
tls-healthy-uefi name-unknown name-no-server script-https initrd-missing script-unused duplicate-mac
duplicate-uuid two-machines two-interfaces"
[ -n "$kernel" ] && all="$all installer-loop installer-once"
[ -n "${TLS:-}" ] && all="$all tls-ipxe"
[ -n "$fino" ] && all="$all two-servers only-proxy boot-server-blocked healthy-uefi"
