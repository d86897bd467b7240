/// IPMITests: logs and repositories of BMCs with manners of their own.

import Fixtures
import IPMI
import Synchronization
import Testing
import Wire

private let eventOnly: [UInt8] =
  [7, 0, 0x51, 0x03, 14, 0x20, 0, 9, 6, 1, 0x23, 0x6f, 1, 0, 0, 0, 0xc2] + Array("WD".utf8)

struct RecordSequenceTests {
  /// Gives at most eight bytes at a time, and cancels the first reservation in the middle.
  @Test func recordsAreReadInPiecesAndBegunAnewWhenTheReservationIsLost() async throws {
    let bmc = ScriptedBMC { request, count in
      if request.is(ReserveSDRRepository.self) {
        return (.ok, Reservation(id: UInt16(count)).bytes)
      }
      var reader = ByteReader(request.data)
      guard let piece = try? RecordPiece(parsing: &reader) else { return (.dataLengthInvalid, []) }
      if piece.count > 8 { return (CompletionCode(rawValue: 0xca), []) }
      if piece.offset > 8, count < 8 { return (CompletionCode(rawValue: 0xc5), []) }
      let rest = eventOnly.dropFirst(Int(piece.offset)).prefix(Int(piece.count))
      return (.ok, RecordData(next: RecordPiece.last, data: Array(rest)).bytes)
    }
    let records = try await bmc.sensorRecords()
    #expect(records == [try SensorRecord(parsing: eventOnly)])
    #expect(bmc.requests.filter { $0.is(ReserveSDRRepository.self) }.count == 2)
  }

  @Test func aChainOfRecordsThatRunsInACircleEnds() async throws {
    let bmc = ScriptedBMC { request, _ in
      (.ok, RecordData(next: request.data[2] == 7 ? 3 : 7, data: eventOnly).bytes)
    }
    #expect(try await bmc.sensorRecords().count == 3)
  }

  @Test func theLogIsClearedOnceAndWatchedUntilItIsDone() async throws {
    let bmc = ScriptedBMC { request, count in
      if request.is(ReserveSEL.self) { return (.ok, Reservation(id: 5).bytes) }
      // The first reservation is lost to somebody else.
      if count == 1 { return (CompletionCode(rawValue: 0xc5), []) }
      return (.ok, [count < 6 ? 0 : 1])
    }
    #expect(try await bmc.clearEventLog() == DoneReport("the event log is empty"))
    let clears = bmc.requests.filter { $0.is(ClearSEL.self) }
    #expect(clears.map { $0.data.last } == [0xaa, 0xaa, 0, 0, 0])
    #expect(clears.allSatisfy { !$0.isIdempotent })
  }

  @Test func aLogThatNeverGetsEmptyIsAnError() async throws {
    let bmc = ScriptedBMC { request, _ in
      (.ok, request.is(ReserveSEL.self) ? [5, 0] : [0])
    }
    await #expect(throws: IPMIError.unanswered(command: ClearSEL.name)) {
      try await bmc.clearEventLog()
    }
  }

  @Test func aPolicyThatDoesNotStickIsAnError() async throws {
    let bmc = ScriptedBMC { request, _ in
      (.ok, request.is(SetPowerRestorePolicy.self) ? [7] : [0x21, 0, 0])
    }
    let report = try await bmc.restorePolicy()
    #expect(report.policy == "previous")
    #expect(report.supported == ["always-off", "previous", "always-on"])
    await #expect(throws: IPMIError.self) { try await bmc.restorePolicy(set: .alwaysOn) }
  }

  @Test func aDiagnosticInterruptIsNotSentToAMachineThatIsOff() async throws {
    let off = ScriptedBMC { _, _ in (.ok, [0, 0, 0]) }
    await #expect(throws: IPMIError.self) { try await off.diagnosticInterrupt() }
    #expect(off.requests.allSatisfy { $0.is(GetChassisStatus.self) })
    let on = ScriptedBMC { _, _ in (.ok, [1, 0, 0]) }
    _ = try await on.diagnosticInterrupt()
    #expect(on.requests.last == ChassisControl(.diagnosticInterrupt).request)
  }

  @Test func inventoriesInWordsAndSmallPieces() async throws {
    let header: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0xfe]
    let area: [UInt8] =
      [1, 2, 25, 0xc4] + Array("Acme".utf8) + [0xc1, 0, 0, 0, 0, 0, 0, 0xce]
    let all = header + area
    let bmc = ScriptedBMC { request, _ in
      if request.is(GetFRUInventoryAreaInfo.self) {
        return (.ok, GetFRUInventoryAreaInfo.Response(size: 24, isInWords: true).bytes)
      }
      let (offset, count) = (Int(request.data[1]) * 2, Int(request.data[3]) * 2)
      if count > 8 { return (.dataLengthInvalid, []) }
      let piece = all.dropFirst(offset).prefix(count)
      return (.ok, ReadFRUData.Response(count: UInt8(piece.count / 2), data: Array(piece)).bytes)
    }
    let report = try await bmc.inventoryReport(device: 0)
    #expect(report.devices.first?.fields == [.init("Product Manufacturer", "Acme")])
  }

  @Test func powerReading() async throws {
    let bmc = ScriptedBMC { _, _ in
      (.ok, [0xdc, 200, 0, 90, 0, 0x9a, 1, 205, 0, 0, 0xf1, 0x53, 0x65, 0xe8, 3, 0, 0, 0x40])
    }
    let report = try await bmc.powerReading()
    #expect(report.watts == 200 && report.minimum == 90 && report.maximum == 410)
    #expect(report.average == 205 && report.periodSeconds == 1 && report.isMeasuring)
  }

  /// Random bytes, some beginning like good answers: a report or an error, and an end.
  @Test func nonsenseNeverTrapsAndNeverGoesOnForever() async {
    let random = Mutex(SeededRandom(seed: 11))
    let bmc = ScriptedBMC { request, _ in
      random.withLock { random in
        let count = Int.random(in: 0..<40, using: &random)
        var data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        // Plausible lengths and types of records, and headers of inventories.
        if count > 6, Bool.random(using: &random) {
          data[5] = [1, 2, 3, 0x11, 0x12].randomElement(using: &random) ?? 0
          data[6] = UInt8(count - 7)
        }
        if count > 1, request.is(ReadFRUData.self) { data[1] = 1 }
        if count > 0, request.is(GetDCMIPowerReading.self) { data[0] = 0xdc }
        let isError = Int.random(in: 0..<10, using: &random) == 0
        let codes: [UInt8] = [0x80, 0xc1, 0xc5, 0xc7, 0xca, 0xcb, 0xff]
        let code = isError ? codes.randomElement(using: &random) ?? 0xff : 0
        return (CompletionCode(rawValue: code), data)
      }
    }
    var reports = 0
    func count(_ work: () async throws -> some BMCReport) async {
      if let report = try? await work() { reports += report.lines.isEmpty ? 0 : 1 }
    }
    for _ in 0..<100 {
      await count { try await bmc.deviceReport() }
      await count { try await bmc.chassisReport() }
      await count { try await bmc.bootReport() }
      await count { try await bmc.sensorReport() }
      await count { try await bmc.eventLog() }
      await count { try await bmc.inventoryReport() }
      await count { try await bmc.lanReport() }
      await count { try await bmc.userReport() }
      await count { try await bmc.powerReading() }
    }
    #expect(reports > 100)
  }
}
