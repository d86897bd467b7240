/// PowerTests: libvirt's calls, as bytes.

import Testing
import Wire

@testable import Power

struct LibvirtMessageTests {
  private let call = LibvirtMessage(
    procedure: .open, serial: 7,
    payload: [0, 0, 0, 1, 0, 0, 0, 5] + Array("test:".utf8) + [0, 0, 0, 0, 0, 0, 0])

  /// What `virsh -c test+unix:///default` sends first, but for the serial.
  @Test func aCallIsTheBytesOfTheProtocol() {
    let list = LibvirtMessage(procedure: .authList, serial: 0)
    #expect(
      list.bytes == [
        0, 0, 0, 28, 0x20, 0, 0x80, 0x86, 0, 0, 0, 1, 0, 0, 0, 66, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0,
      ])
  }

  @Test func roundTrip() throws {
    #expect(try LibvirtMessage(parsing: call.bytes) == call)
  }

  @Test func everyProperPrefixIsAnError() {
    for count in 0..<call.bytes.count {
      #expect(throws: WireError.self) {
        try LibvirtMessage(parsing: Array(call.bytes.prefix(count)))
      }
    }
    let failure = LibvirtFailure(code: 42, message: "Domain not found: x").bytes
    let message = 4 + 4 + 4 + 4 + 20
    for count in 0..<message {
      #expect(throws: WireError.self) { try LibvirtFailure(parsing: Array(failure.prefix(count))) }
    }
    var writer = ByteWriter()
    LibvirtDomain(name: "pc7", uuid: Array(0..<16), id: -1).encode(into: &writer)
    for count in 0..<writer.count {
      var reader = ByteReader(Array(writer.bytes.prefix(count)))
      #expect(throws: WireError.self) { try LibvirtDomain(parsing: &reader) }
    }
  }

  @Test func aDomainComesBack() throws {
    for name in ["", "a", "abc", "abcd", "übung"] {
      let domain = LibvirtDomain(name: name, uuid: Array(0..<16), id: -1)
      var writer = ByteWriter()
      domain.encode(into: &writer)
      #expect(writer.count % 4 == 0)
      var reader = ByteReader(writer.bytes)
      #expect(try LibvirtDomain(parsing: &reader) == domain)
      try reader.finish("domain")
    }
  }

  @Test func aFailureComesBack() throws {
    let failure = LibvirtFailure(code: 42, message: "Domain not found")
    #expect(try LibvirtFailure(parsing: failure.bytes) == failure)
  }

  @Test func lengthsThatLieAreErrors() {
    for length: UInt32 in [0, 27, 29, 0xffff_ffff] {
      var writer = ByteWriter()
      writer.write(length)
      writer.write(LibvirtMessage(procedure: .authList, serial: 0).bytes.dropFirst(4))
      #expect(throws: WireError.self) { try LibvirtMessage(parsing: writer.bytes) }
    }
    // A string of 4 GiB.
    var reader = ByteReader([0xff, 0xff, 0xff, 0xff, 0x61])
    #expect(throws: WireError.self) { try reader.readXDRString("name") }
  }

  @Test func addressesAsPeopleWriteThem() throws {
    let cases: [(String, LibvirtAddress.Place, String)] = [
      (
        "qemu:///system",
        .unix(["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"]), "qemu:///system"
      ),
      ("qemu+unix:///system?socket=/tmp/s", .unix(["/tmp/s"]), "qemu:///system"),
      ("qemu+tcp://vmhost/system", .tcp(host: "vmhost", port: 16509), "qemu:///system"),
      ("test+tcp://[::1]:1/default", .tcp(host: "::1", port: 1), "test:///default"),
    ]
    for (text, place, name) in cases {
      let address = try LibvirtAddress(text)
      #expect(address.place == place)
      #expect(address.name == name)
    }
    for text in [
      "", "qemu", "esx://host/", "qemu://host/system", "qemu+ssh://root@host/system",
      "qemu+tls://host/system", "qemu+libssh2://h/system", "test:///etc/shadow", "qemu:///session",
      "qemu+unix:///system?socket=relative", "qemu+unix:///system?no_verify=1",
      "qemu+tcp:///system",
      "qemu+tcp://user@host/system", "qemu+tcp://host:0/system", "qemu+unix://host/system",
      "qemu+tcp+x://host/system",
    ] {
      let error = #expect(throws: DriverError.self) { try LibvirtAddress(text) }
      #expect(error?.kind == .unsupported, "\(text)")
    }
  }
}
