"""The first inputs of those fuzzers for whose peers there is no capture: made by their specifications."""
import struct


def text(value):
    """A type/length byte and Latin 1 (IPMI 2.0 section 43.15)."""
    return bytes([0xC0 | len(value)]) + value


def records():
    """IPMI 2.0 sections 32 and 43, and inventories (FRU 1.0). The first byte is the door."""

    def record(kind, body):
        return struct.pack("<HBBB", 7, 0x51, kind, len(body)) + body

    head = bytes([0x20, 0, 3, 7, 1])
    masks = bytes(6)
    full = head + bytes([0x7F, 0x68, 1, 1]) + masks + bytes([0x80, 1, 0, 0])
    full += bytes([2, 0x40, 5, 0x41, 0x10, 0xD2]) + bytes(17) + text(b"CPU Temp")
    compact = head + bytes([0, 0, 0x0C, 0x6F]) + masks + bytes([0, 0, 0])
    compact += struct.pack("<H", 0x8013) + bytes(6) + text(b"DIMM")
    event_only = head + bytes([0x12, 0x6F]) + struct.pack("<H", 0x0102) + bytes(2) + text(b"Event")
    fru = bytes([0x20, 1, 0x80]) + bytes(7) + text(b"Board")
    controller = bytes([0x20]) + bytes(9) + text(b"BMC")
    kinds = [(1, full), (2, compact), (3, event_only), (0x11, fru), (0x12, controller)]
    for kind, body in kinds:
        for answer in (b"", bytes([0x40, 0xC0, 0x12, 0x80]), bytes([0x3F, 1, 2, 3, 4, 5, 6])):
            yield b"\x00" + record(kind, body) + answer
        system = struct.pack("<HBIHBBBB", 1, 2, 1_700_000_000, 0x20, 4, 1, 3, 1)
        events = [
            system + bytes([0x59, 0x60, 0x55]),
            struct.pack("<HBI", 2, 0xC1, 1_700_000_000) + bytes([0x57, 1, 0, 1, 2, 3, 4, 5, 6]),
            struct.pack("<HB", 3, 0xE0) + bytes(13),
        ]
        whole = record(kind, body)
        yield b"\x01" + bytes([len(whole)]) + whole + b"".join(events)
    fields = text(b"Maker") + bytes([0x45, 1, 2, 3, 4, 5]) + bytes([0x86]) + b"\x29\xdc\xa6" * 2
    fields += bytes([0xC1])
    for door, front in ((2, bytes([0x17])), (3, bytes([25, 1, 2, 3])), (4, bytes([25]))):
        area = bytes([1, 0]) + front + fields
        area += bytes(-len(area) % 8)
        area = bytes([1, len(area) // 8]) + area[2:]
        yield bytes([door]) + area
        yield bytes([door]) + bytes([1, 0, 1, 1, 1, 0, 0, 0xFC]) + area


DOMAIN = b"""<?xml version='1.0'?>
<domain type='kvm' id='3'><name>pc7</name><metadata><x:y xmlns:x="urn:x"/></metadata>
<os firmware='efi'><type arch='x86_64'>hvm</type><loader type='pflash'/>%s</os>
<devices><disk type='file' device='disk'>%s<target dev='vda'/></disk>
<disk device='cdrom'>%s</disk><interface type='network'>%s<mac address='52:54:00:00:00:07'/>
</interface><!-- c --><hostdev/></devices></domain>"""


def xml():
    body = b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>%s</s:Body></s:Envelope>"
    answers = [
        b"<LoginResponse xmlns='urn:vim25'><returnval type='VirtualMachine'>vm-42</returnval></LoginResponse>",
        b"<s:Fault><faultcode>ServerFaultCode</faultcode><faultstring>Cannot &amp; will not</faultstring>"
        b"<detail><InvalidLoginFault xsi:type='InvalidLogin'/></detail></s:Fault>",
    ]
    note = b"<metadata><fino:boot-order xmlns:fino='urn:fino:boot-order:1' os='hd' devices=''/></metadata>"
    order = [b"<boot order='%d'/>" % number for number in (1, 2, 3)]
    documents = [body % answer for answer in answers] + [
        DOMAIN % (b"<boot dev='hd'/><boot dev='network'/>", b"", b"", b""),
        DOMAIN % (b"", order[0], order[1], order[2]),
        (DOMAIN % (b"<boot dev='network'/>", b"", b"", b"")).replace(b"<os ", note + b"<os "),
        b"<a b='&#x41;&lt;'><![CDATA[<c>]]>&quot;<!-- d --><?e f?><g/></a>",
        b"\xef\xbb\xbf<!DOCTYPE a><a:b xmlns:a='u'>\xc3\xa4</a:b>",
    ]
    for document in documents:
        for door in range(3):
            yield bytes([door]) + document


def redfish():
    documents = [
        b'{"@odata.id": "/redfish/v1/Systems/1", "PowerState": "On", "UUID": "0", "@odata.etag": "W/\\"1\\"",'
        b'"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Once",'
        b'"BootSourceOverrideMode": "UEFI", "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe"]}}',
        b'{"error": {"code": "Base.1.8.GeneralError", "message": "See\\n@Message.ExtendedInfo",'
        b'"@Message.ExtendedInfo": [{"MessageId": "Base.1.8.SessionLimitExceeded", "Message": "too \\u0007 many"}]}}',
        b'{"Members": [{"@odata.id": "/redfish/v1/Systems/1"}, "On", null, 1e3, true], "n": -0.5}',
        b"[" * 200 + b"]" * 200,
    ]
    for document in documents:
        for status in (b"\x00\x00", b"\xc8\x01", b"\xc8\x00", b"\x64\x00"):
            yield status + document


def libvirt():
    def string(value):
        return struct.pack(">I", len(value)) + value + bytes(-len(value) % 4)

    domain = string(b"pc7") + bytes(range(16)) + struct.pack(">i", -1)
    failure = struct.pack(">III", 42, 10, 1) + string(b"Domain not found") + bytes(32)
    for payload in (b"", domain, failure, struct.pack(">II", 1, 1), struct.pack(">I", 1) + string(b"<domain/>")):
        for status in (0, 1):
            yield struct.pack(">7I", 28 + len(payload), 0x20008086, 1, 23, 1, 4, status) + payload
        yield payload


SEEDS = {"records": records, "xml": xml, "redfish": redfish, "libvirt": libvirt}
