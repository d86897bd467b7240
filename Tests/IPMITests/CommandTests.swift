/// IPMITests: the codecs of commands that ask and set: round trip, each prefix, hostile bytes.

import Fixtures
import IPMI
import Testing
import Wire

private struct Codec: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var example: [UInt8]
  /// Bytes from here on may be missing.
  var optional: Int
  var through: @Sendable ([UInt8]) throws(WireError) -> [UInt8]

  init<Data: CommandData>(_ value: Data, optional: Int? = nil) {
    testDescription = "\(Data.self)"
    example = value.bytes
    self.optional = optional ?? value.bytes.count
    through = { bytes throws(WireError) in
      var reader = ByteReader(bytes)
      return try Data(parsing: &reader).bytes
    }
  }

  static let all: [Codec] = [
    Codec(ChassisIdentify(seconds: 15, isForced: true), optional: 1),
    Codec(SetPowerRestorePolicy(.alwaysOn)),
    Codec(SetPowerRestorePolicy(nil)),
    Codec(SetPowerRestorePolicy.Response(support: 7)),
    Codec(GetSystemRestartCause.Response(cause: 2, channel: 1)),
    Codec(GetDCMIPowerReading()),
    Codec(
      GetDCMIPowerReading.Response(
        now: 200, minimum: 90, maximum: 410, average: 205, time: 1_700_000_000, period: 1000,
        state: 0x40)),
    Codec(GetChannelInfo()),
    Codec(GetChannelInfo.Response(channel: 1, medium: 4, messageProtocol: 1)),
    Codec(GetLANConfiguration(channel: 1, .ipAddress)),
    Codec(GetLANConfiguration.Response(data: [10, 0, 0, 7]), optional: 1),
    Codec(GetUserAccess(channel: 1, user: 2)),
    Codec(GetUserAccess.Response(most: 16, enabled: 0x42, fixedNames: 1, access: 0x14)),
    Codec(GetUserName(user: 2)),
    Codec(GetUserName.Response(name: Array("root".utf8) + [UInt8](repeating: 0, count: 12))),
    Codec(
      GetSELInfo.Response(
        entries: 7, free: 900, lastAddition: BMCTime(1_700_000_000), lastErase: BMCTime(9),
        support: 2)),
    Codec(
      GetSDRRepositoryInfo.Response(
        records: 7, free: 900, lastAddition: BMCTime(1), lastErase: BMCTime(2), support: 2)),
    Codec(Reservation(id: 0x1234)),
    Codec(GetSELEntry(RecordPiece(7))),
    Codec(GetSDR(RecordPiece(7, reservation: Reservation(id: 9), offset: 5, count: 16))),
    Codec(RecordData(next: 8, data: [1, 2, 3]), optional: 2),
    Codec(ClearSEL(Reservation(id: 9), begins: true)),
    Codec(ClearSEL.Response(progress: 1)),
    Codec(GetSensorReading(sensor: 3)),
    Codec(GetSensorReading.Response(raw: 0x60, states: 0x0101), optional: 2),
    Codec(GetSensorThresholds(sensor: 3)),
    Codec(GetSensorThresholds.Response(readable: 0x3f, raw: [1, 2, 3, 4, 5, 6])),
    Codec(GetSensorReadingFactors(sensor: 3, reading: 9)),
    Codec(GetSensorReadingFactors.Response(nextReading: 10, factors: [1, 0, 0, 0, 0, 0])),
    Codec(GetFRUInventoryAreaInfo(device: 0)),
    Codec(GetFRUInventoryAreaInfo.Response(size: 256, isInWords: true)),
    Codec(ReadFRUData(device: 0, offset: 8, count: 16)),
    Codec(ReadFRUData.Response(count: 2, data: [1, 2]), optional: 1),
  ]
}

struct CommandTests {
  @Test(arguments: Codec.all)
  fileprivate func roundTrip(_ codec: Codec) throws {
    #expect(try codec.through(codec.example) == codec.example)
  }

  @Test(arguments: Codec.all)
  fileprivate func eachProperPrefixThrows(_ codec: Codec) {
    for count in 0..<codec.example.count {
      let prefix = Array(codec.example.prefix(count))
      if count < codec.optional {
        #expect(throws: WireError.self, "\(count) bytes") { try codec.through(prefix) }
      } else {
        #expect(throws: Never.self, "\(count) bytes") { try codec.through(prefix) }
      }
    }
  }

  @Test func onTheWire() {
    #expect(ChassisIdentify(seconds: 15).bytes == [15])
    #expect(SetPowerRestorePolicy(nil).bytes == [3])
    #expect(GetDCMIPowerReading().bytes == [0xdc, 1, 0, 0])
    #expect(
      ClearSEL(Reservation(id: 0x0201), begins: true).bytes
        == [1, 2, 0x43, 0x4c, 0x52, 0xaa])
    #expect(ClearSEL(Reservation(id: 1), begins: false).bytes.last == 0)
  }

  @Test func rawCommandsAsPeopleWriteThem() throws {
    let command = try #require(RawCommand("0x06, 1 0xFF"))
    #expect(command.networkFunction == .app && command.code == 1 && command.data == [0xff])
    for text in ["", "6", "0x07 1", "0x40 1", "6 256", "6 x"] {
      #expect(RawCommand(text) == nil, "\(text)")
    }
  }

  @Test func chassisBitsByName() {
    let status = GetChassisStatus.Response(
      powerState: 0x39, lastPowerEvent: 0x11, miscellaneous: 0x69, frontPanel: 0x05)
    let report = ChassisReport(status)
    #expect(report.power == .on && report.restorePolicy == "previous")
    #expect(report.hasControlFault && report.hasMainPowerFault && !report.isInterlocked)
    #expect(report.lastPowerEvents == ["ac-failed", "command"])
    #expect(report.identify == "on" && report.hasFanFault && report.isIntruded)
    #expect(report.disabledButtons == ["power", "diagnostic interrupt"])
  }

  @Test func times() {
    #expect(BMCTime(1_700_000_000).text == "2023-11-14 22:13:20")
    #expect(BMCTime(951_782_400).text == "2000-02-29 00:00:00")
    #expect(BMCTime(0xffff_fffe).text == "2106-02-07 06:28:14")
    #expect(BMCTime(12).text == "12 s after its start")
    #expect(BMCTime(.max).text == "unknown")
  }
}
