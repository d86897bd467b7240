/// IPMI: reads all sensor records of a BMC.

/// As many records as are read; a chain of record ids that never ends must.
private let mostRecords = 4096

extension CommandExchange {
  /// Records that cannot be read are left out.
  package func sensorRecords() async throws(IPMIError) -> [SensorRecord] {
    var reservation = Reservation.none
    var records: [SensorRecord] = []
    var seen: Set<UInt16> = []
    var id = RecordPiece.first
    while id != RecordPiece.last, seen.count < mostRecords, seen.insert(id).inserted {
      let found = try await sensorRecord(id, &reservation)
      // Dell FC830 answers "timeout" to its last record: what was read until then is good.
      guard let found else { break }
      if let record = try? SensorRecord(parsing: found.data) { records.append(record) }
      id = found.next
    }
    return records
  }

  /// The whole at once where the BMC can, else in pieces. Nil: it cannot be read at all, and it is
  /// not the first.
  private func sensorRecord(
    _ id: UInt16, _ reservation: inout Reservation
  ) async throws(IPMIError) -> RecordData? {
    switch try await attempt(GetSDR(RecordPiece(id, reservation: reservation))) {
    case .success(let whole) where isWhole(whole.data): return whole
    case .failure(let error) where id == RecordPiece.first && !error.isAboutLength: throw error
    case .failure(.failed(_, .recordMissing, _)): return nil
    default: break
    }
    // The reservation may be lost to others (0xc5): then the record is begun anew.
    attempts: for _ in 0..<5 {
      reservation = try await run(ReserveSDRRepository())
      let first: RecordData
      switch try await attempt(
        GetSDR(
          RecordPiece(id, reservation: reservation, count: UInt8(SensorRecord.headerLength))))
      {
      case .success(let header): first = header
      case .failure(.failed(_, .reservationLost, _)): continue attempts
      case .failure: return nil
      }
      guard first.data.count == SensorRecord.headerLength else { return nil }
      var data = first.data
      let length = SensorRecord.headerLength + Int(data[4])
      var chunk = 32
      while data.count < length {
        let count = min(chunk, length - data.count)
        guard let offset = UInt8(exactly: data.count) else { return nil }
        let piece = RecordPiece(id, reservation: reservation, offset: offset, count: UInt8(count))
        switch try await attempt(GetSDR(piece)) {
        case .success(let more) where !more.data.isEmpty: data += more.data.prefix(count)
        case .failure(.failed(_, .reservationLost, _)): continue attempts
        case .failure(let error) where error.isAboutLength && chunk > 4: chunk /= 2
        default: return nil
        }
      }
      return RecordData(next: first.next, data: data)
    }
    return nil
  }

  private func isWhole(_ data: [UInt8]) -> Bool {
    data.count >= SensorRecord.headerLength
      && data.count >= SensorRecord.headerLength + Int(data[4])
  }
}

extension CompletionCode {
  static let reservationLost = CompletionCode(rawValue: 0xc5)
  static let truncated = CompletionCode(rawValue: 0xc6)
  static let tooLong = CompletionCode(rawValue: 0xc8)
  static let tooManyBytes = CompletionCode(rawValue: 0xca)
  static let recordMissing = CompletionCode(rawValue: 0xcb)
}

extension IPMIError {
  /// A smaller piece may come where this one did not.
  var isAboutLength: Bool {
    guard case .failed(_, let code, _) = self else { return false }
    return [
      .truncated, .dataLengthInvalid, .tooLong, .outOfRange, .tooManyBytes, .unspecified,
      .invalidField,
    ].contains(code)
  }
}
