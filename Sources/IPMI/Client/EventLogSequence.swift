/// IPMI: reads a BMC's event log, and empties it.

import Wire

/// How long a BMC may take to empty its log: so many looks, with a pause between.
private let clearPolls = 60

extension CommandExchange {
  package func eventLogInfo() async throws(IPMIError) -> EventLogInfoReport {
    EventLogInfoReport(try await run(GetSELInfo()))
  }

  /// The sensors' names are read only when there is something to name.
  package func eventLog() async throws(IPMIError) -> EventLogReport {
    let records = try await eventRecords()
    guard !records.isEmpty else { return EventLogReport(entries: []) }
    // A log without names is better than none.
    var sensors: [SensorRecord.Sensor] = []
    do throws(IPMIError) {
      for record in try await sensorRecords() {
        if case .sensors(let some) = record.body { sensors += some }
      }
    } catch {
      switch error {
      case .unanswered, .failed, .malformed: break
      default: throw error
      }
    }
    let known = sensors
    return EventLogReport(
      entries: records.map { EventLogReport.Entry($0, sensors: known) })
  }

  package func eventRecords() async throws(IPMIError) -> [EventRecord] {
    guard try await run(GetSELInfo()).entries > 0 else { return [] }
    var records: [EventRecord] = []
    var seen: Set<UInt16> = []
    var id = RecordPiece.first
    while id != RecordPiece.last, seen.insert(id).inserted {
      // Whole records need no reservation (§31.5).
      let found: RecordData
      switch try await attempt(GetSELEntry(RecordPiece(id))) {
      case .success(let data): found = data
      // Somebody emptied the log meanwhile, or the last id was wrong.
      case .failure(.failed(_, .recordMissing, _)): return records
      case .failure(let error): throw error
      }
      do throws(WireError) {
        records.append(try EventRecord(parsing: found.data))
      } catch {
        throw .malformed(command: GetSELEntry.name, error)
      }
      id = found.next
    }
    return records
  }

  /// Reserves, clears, and waits until it is done.
  package func clearEventLog() async throws(IPMIError) -> DoneReport {
    var begun = false
    // Another program's reservation takes ours away (0xc5); nothing was cleared then.
    for _ in 0..<3 where !begun {
      let reservation = try await run(ReserveSEL())
      switch try await attempt(ClearSEL(reservation, begins: true)) {
      case .success(let response):
        if response.isDone { return DoneReport("the event log is empty") }
        begun = true
        for _ in 0..<clearPolls {
          try await pause(.milliseconds(500))
          let now = try await attempt(ClearSEL(reservation, begins: false))
          if case .success(let response) = now, response.isDone {
            return DoneReport("the event log is empty")
          }
        }
      case .failure(.failed(_, .reservationLost, _)): continue
      case .failure(let error): throw error
      }
    }
    guard begun else {
      throw .failed(
        command: ClearSEL.name, .reservationLost,
        meaning: "somebody else works on the event log all the time")
    }
    throw .unanswered(command: ClearSEL.name)
  }
}
