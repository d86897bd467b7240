"""The first inputs of a fuzzer: the UDP payloads of captures, each in a file of its own.

usage: corpus.py TARGET DIRECTORY CAPTURE...
"""
import hashlib
import pathlib
import struct
import sys

PORTS = {
    "dhcp": {67, 68, 4011},
    "dhcpv6": {546, 547, 4011},
    "tftp": {69},
}


def frames(data):
    """The frames of a pcap file of Ethernet."""
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        (length,) = struct.unpack_from(order + "I", data, at + 8)
        yield data[at + 16 : at + 16 + length]
        at += 16 + length


def payload(frame):
    """Ports and payload of a UDP datagram in IPv4 or IPv6 without extension headers."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and len(frame) > 34 and frame[23] == 17:
        at = 14 + (frame[14] & 15) * 4
    elif kind == b"\x86\xdd" and len(frame) > 54 and frame[20] == 17:
        at = 54
    else:
        return None
    if len(frame) < at + 8:
        return None
    source, destination, length = struct.unpack_from(">HHH", frame, at)
    return {source, destination}, frame[at + 8 : at + max(length, 8)]


def main(target, directory, captures):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    for capture in captures:
        for frame in frames(pathlib.Path(capture).read_bytes()):
            found = payload(frame)
            if found and found[0] & PORTS[target]:
                name = hashlib.sha1(found[1]).hexdigest()
                (directory / name).write_bytes(found[1])
                count += 1
    print(f"{count} datagrams of {target} in {directory}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
