/// BootDoctor: a transfer by TFTP as it goes by, block by block.

import Wire

/// Input are the datagrams after the request, output is whether something happened that is worth
/// telling. Data and acknowledgments only move counters.
struct TFTPFlow {
  enum News: Equatable {
    case nothing
    case granted
    /// Came to its end, well or not.
    case ended
  }

  let key: FlowKey
  let client: Int
  let place: StepPlace?
  var record: TFTPTransferRecord
  /// The record in the boot is behind this one.
  var isDirty = false
  /// The number of the last block of a whole file, once a short one was seen.
  private var finalBlock: Int?
  private var first: [UInt8] = []
  private var takesContent = true

  init(key: FlowKey, client: Int, place: StepPlace?, record: TFTPTransferRecord) {
    self.key = key
    self.client = client
    self.place = place
    self.record = record
  }

  /// A datagram of DATA or ACK; `count` is the payload's length on the wire, header included.
  mutating func receive(
    opcode: UInt8, block: UInt16, fromServer: Bool, payload: ArraySlice<UInt8>, count: Int,
    at moment: Moment
  ) -> News {
    if case .failed = record.outcome { return .nothing }
    isDirty = true
    record.last = moment
    if opcode == 3, fromServer {
      return receiveData(Self.unwrap(block, near: record.sentBlock), payload, count - 4, moment)
    }
    guard opcode == 4, !fromServer else { return .nothing }
    let number = Self.unwrap(block, near: max(record.acknowledgedBlock, record.sentBlock))
    if number > record.acknowledgedBlock {
      record.acknowledgedBlock = number
      record.repeatedAcknowledgments = 0
      record.progressed = moment
    } else if record.acceptedTerms || number > 0 {
      record.repeatedAcknowledgments += 1
    }
    if number == 0 { record.acceptedTerms = true }
    if record.outcome == .unanswered, number > 0 { record.outcome = .running }
    return isComplete ? end() : .nothing
  }

  private mutating func receiveData(
    _ number: Int, _ payload: ArraySlice<UInt8>, _ count: Int, _ moment: Moment
  ) -> News {
    record.dataPackets += 1
    if record.answered == nil { record.answered = moment }
    if record.firstData == nil { record.firstData = moment }
    if record.outcome == .unanswered { record.outcome = .running }
    guard number > record.sentBlock else {
      record.repeated += 1
      if number >= record.acknowledgedBlock { record.repeatedAtEnd += 1 }
      return .nothing
    }
    record.bytes += max(0, count)
    record.sentBlock = number
    record.progressed = moment
    record.repeatedAtEnd = 0
    if takesContent { take(payload, number) }
    if count < record.blockSize { finalBlock = number }
    return isComplete ? end() : .nothing
  }

  /// The last block was acknowledged, by the number that a short block or the size tells.
  private var isComplete: Bool {
    guard record.outcome == .running else { return false }
    if let finalBlock { return record.acknowledgedBlock >= finalBlock }
    guard let size = record.size, record.blockSize > 0 else { return false }
    return record.acknowledgedBlock >= size / record.blockSize + 1
  }

  private mutating func end() -> News {
    // A capture may be without most of the blocks.
    if let size = record.size, record.bytes < size { record.bytes = size }
    record.outcome = .whole
    settleContent()
    return .ended
  }

  /// An ERROR of either side.
  mutating func receive(
    error code: UInt16, text: String, fromServer: Bool, at moment: Moment
  ) -> News {
    guard record.outcome == .running || record.outcome == .unanswered else { return .nothing }
    isDirty = true
    record.last = moment
    if fromServer, record.answered == nil { record.answered = moment }
    // EDK2 and ROMs ask for the size first, and end that with an ERROR (its code differs).
    let hasOnlyAsked = !fromServer && record.acknowledgedBlock == 0 && record.granted != nil
    record.outcome =
      hasOnlyAsked ? .probed : .failed(code: code, text: text, byClient: !fromServer)
    return .ended
  }

  mutating func receive(granted options: [(name: String, value: String)], at moment: Moment) -> News
  {
    isDirty = true
    record.last = moment
    guard record.granted == nil else {
      record.repeatedAtEnd += 1
      return .nothing
    }
    record.answered = moment
    record.granted = options.map { "\($0.name) \($0.value)" }
    for option in options {
      guard let number = Int(option.value) else { continue }
      switch option.name.lowercased() {
      case "tsize": record.size = number
      case "blksize" where (8...65464).contains(number): record.blockSize = number
      case "windowsize" where number > 0: record.windowSize = number
      default: break
      }
    }
    if record.outcome == .unanswered { record.outcome = .running }
    return .granted
  }

  /// The first blocks, as far as they come in order.
  private mutating func take(_ payload: ArraySlice<UInt8>, _ number: Int) {
    let isCut = payload.count < record.blockSize
    first += payload.prefix(8192 - first.count)
    let wantsMore = first.starts(with: "#!".utf8) && first.count < 8192
    if isCut || number != record.sentBlock || !wantsMore && first.count >= 1024 {
      settleContent()
    }
  }

  private mutating func settleContent() {
    guard takesContent, !first.isEmpty else { return }
    takesContent = false
    record.content = FileContent(
      first[...], isWhole: record.outcome == .whole || first.count == record.bytes)
    first = []
  }

  /// Block numbers have 16 bits and begin again (at 0 or at 1; the difference is one block).
  private static func unwrap(_ block: UInt16, near known: Int) -> Int {
    let difference = Int16(bitPattern: block &- UInt16(truncatingIfNeeded: known))
    return max(0, known + Int(difference))
  }
}
