"""The first inputs of a fuzzer: the UDP payloads of captures, each in a file of its own.

usage: corpus.py TARGET DIRECTORY CAPTURE...
"""
import hashlib
import json
import pathlib
import struct
import sys

import seeds

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


def vectors(path):
    """IPMI: a whole login for the first two doors, its first packet for the others."""
    for vector in json.loads(pathlib.Path(path).read_text()):
        packet = bytes.fromhex(vector["packet_seq1"])
        own = bytes.fromhex(vector["sidm"])

        def plus(kind, payload):
            head = b"\x06\x00\xff\x07\x06" + bytes([kind]) + bytes(8)
            return head + struct.pack("<H", len(payload)) + payload

        numbers = {1: (1, 0, 0), 2: (1, 1, 0), 3: (1, 1, 1), 7: (2, 2, 0), 8: (2, 2, 1)}
        numbers |= {15: (3, 0, 0), 16: (3, 4, 0), 17: (3, 4, 1)}
        records = b"".join(
            bytes([kind, 0, 0, 8, number, 0, 0, 0])
            for kind, number in enumerate(numbers[vector["suite"]])
        )
        login = [
            bytes.fromhex("0600ff07000000000000000000"
                          "10811c632000380001970603000000000000"),
            plus(0x11, b"\x01\x00\x04\x00" + own + bytes.fromhex(vector["sidc"]) + records),
            plus(0x13, b"\x01\x00\x00\x00" + own + bytes.fromhex(vector["rc"])
                 + bytes.fromhex(vector["guid"]) + bytes.fromhex(vector["rakp2_kex"])),
            plus(0x15, b"\x01\x00\x00\x00" + own + bytes.fromhex(vector["rakp4_icv"])),
        ]
        for door in (0, 1):
            yield bytes([door]) + b"".join(bytes([len(one)]) + one for one in login)
        for door in (2, 3, 4, 5):
            yield bytes([door]) + packet


def main(target, directory, captures):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    if target == "ipmi":
        root = pathlib.Path(__file__).parent.parent
        for found in vectors(root / "Fixtures/ipmi/ipmi-vectors.json"):
            (directory / hashlib.sha1(found).hexdigest()).write_bytes(found)
            count += 1
        print(f"{count} inputs of {target} in {directory}")
        return
    if target in seeds.SEEDS:
        for found in seeds.SEEDS[target]():
            (directory / hashlib.sha1(found).hexdigest()).write_bytes(found)
            count += 1
        print(f"{count} inputs of {target} in {directory}")
        return
    for capture in captures:
        if target in ("capture", "explain"):
            # Whole, and its first frames: libFuzzer cuts what is longer than -max_len.
            data = pathlib.Path(capture).read_bytes()
            for part in (data, data[:1500]):
                (directory / hashlib.sha1(part).hexdigest()).write_bytes(part)
                count += 1
            continue
        for frame in frames(pathlib.Path(capture).read_bytes()):
            found = payload(frame)
            if found and found[0] & PORTS[target]:
                name = hashlib.sha1(found[1]).hexdigest()
                (directory / name).write_bytes(found[1])
                count += 1
    print(f"{count} inputs of {target} in {directory}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
