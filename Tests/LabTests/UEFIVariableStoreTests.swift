/// LabTests: the firmware's variables, read and written.

import FoundationEssentials
import Testing
import Wire

@testable import Lab

@Suite struct UEFIVariableStoreTests {
  /// A volume like OVMF's, but with 400 bytes for variables and 8 bytes behind the store.
  static func volume(_ variables: [UInt8] = []) -> [UInt8] {
    var writer = ByteWriter()
    writer.pad(to: 16)
    writer.write(HexDump.parse("8d2bf1ff96768b4ca9852747075b4f50") ?? [])
    writer.writeLE(UInt32(72 + 28 + 400 + 8))
    writer.writeLE(UInt32(0))
    writer.write(Array("_FVH".utf8))
    writer.writeLE(UInt32(0x0004_feff))
    writer.writeLE(UInt16(72))
    writer.pad(to: 72)
    writer.write(HexDump.parse("782cf3aa7b949a43a1802e144ec37792") ?? [])
    writer.writeLE(UInt32(428))
    writer.write([0x5a, 0xfe, 0, 0, 0, 0, 0, 0])
    writer.write(variables)
    writer.pad(to: 500, with: 0xff)
    writer.write(Array("the rest".utf8))
    return writer.bytes
  }

  @Test func anEmptyStoreComesBackAsItWas() throws {
    let store = try UEFIVariableStore(parsing: Self.volume())
    #expect(store.variables.isEmpty)
    #expect(try store.encode() == Self.volume())
  }

  @Test func variablesSurviveTheRoundTrip() throws {
    var store = try UEFIVariableStore(parsing: Self.volume())
    store.set(UEFIVariable("Timeout", data: [5, 0]))
    store.set(UEFIVariable("Lang", data: Array("eng".utf8)))
    store.set(UEFIVariable("Timeout", data: [0, 0]))
    let again = try UEFIVariableStore(parsing: try store.encode())
    #expect(again == store)
    #expect(again.variables.map(\.name) == ["Lang", "Timeout"])
    #expect(again.value(of: "Timeout") == [0, 0])
    #expect(again.value(of: "BootOrder") == nil)
  }

  @Test func aVariableHasTheBytesOfEDK2() throws {
    var writer = ByteWriter()
    try UEFIVariable("Lang", data: [0x65, 0x6e, 0x67]).encode(into: &writer)
    let expected =
      "aa553f0007000000" + String(repeating: "00", count: 28) + "0a00000003000000"
      + "61dfe48bca93d211aa0d00e098032b8c" + "4c0061006e0067000000" + "656e67" + "ffffff"
    #expect(HexDump.plain(writer.bytes) == expected)
  }

  @Test func everyPrefixOfAVariableThrows() throws {
    var writer = ByteWriter()
    try UEFIVariable("Lang", data: [0x65, 0x6e, 0x67]).encode(into: &writer)
    for length in 0..<writer.count {
      var reader = ByteReader(Array(writer.bytes.prefix(length)))
      #expect(throws: WireError.self) { try UEFIVariable(parsing: &reader) }
    }
  }

  @Test func everyPrefixOfAVolumeThrows() {
    let volume = Self.volume()
    for length in 0..<volume.count {
      #expect(throws: WireError.self) {
        try UEFIVariableStore(parsing: Array(volume.prefix(length)))
      }
    }
  }

  @Test func everyFlippedByteIsReadOrRefused() throws {
    var store = try UEFIVariableStore(parsing: Self.volume())
    store.set(UEFIVariable("Timeout", data: [0, 0]))
    let volume = try store.encode()
    for index in volume.indices {
      for bit in [UInt8(0x01), 0x80, 0xff] {
        var broken = volume
        broken[index] ^= bit
        if let read = try? UEFIVariableStore(parsing: broken) {
          #expect((try? read.encode()) == broken)
        }
      }
    }
  }

  @Test func aStoreThatIsFullIsRefusedRatherThanCut() throws {
    var store = try UEFIVariableStore(parsing: Self.volume())
    store.set(UEFIVariable("Large", data: Array(repeating: 1, count: 400)))
    #expect(throws: WireError.self) { try store.encode() }
  }

  @Test func deletedVariablesAreKeptButHaveNoValue() throws {
    var store = try UEFIVariableStore(parsing: Self.volume())
    var deleted = UEFIVariable("Timeout", data: [9, 0])
    deleted.state = 0x3c
    store.variables = [deleted]
    let again = try UEFIVariableStore(parsing: try store.encode())
    #expect(again.variables == [deleted])
    #expect(again.value(of: "Timeout") == nil)
  }

  @Test func debiansFirmwareIsRead() throws {
    let file = try LabFile.read(OpenFirmware.x64.variables)
    var store = try UEFIVariableStore(parsing: file)
    #expect(try store.encode() == file)
    try UEFIBootOrder([]).write(into: &store)
    #expect(try store.encode().count == file.count)
  }

  @Test func anEmptyStoreIsAVolumeOfThreeBlocks() throws {
    let store = try UEFIVariableStore.emptyOfVirt()
    #expect(store.variables.isEmpty)
    let bytes = try store.encode()
    #expect(bytes.count == 3 * 0x40000)
    let sum = stride(from: 0, to: 0x48, by: 2).reduce(UInt16(0)) {
      $0 &+ (UInt16(bytes[$1]) | UInt16(bytes[$1 + 1]) << 8)
    }
    #expect(sum == 0, "PI 1.7 volume 3 §3.2.1: all words of the header add up to nothing")
  }
}
