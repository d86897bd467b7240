/// BootDoctor: where a step of a story is kept while it goes on.

/// Valid as long as the step is: later steps may take its place in a very long boot.
struct StepPlace: Equatable {
  var client: Int
  /// Counted from the machine's first boot, also of those that were dropped.
  var boot: Int
  var slot: Int
  var serial: UInt32
}

/// A boot that is being told.
struct BootState {
  var record: BootRecord
  /// One for each step.
  private(set) var serials: [UInt32] = []
  private var turn = 0
  /// The options of the machine's first DISCOVER: the same again is a new start.
  var signature: Int?

  private static let mostSteps = 192
  /// From here on the newest take the places of older ones: beginning and end of a long boot are
  /// kept.
  private static let firstReused = 64

  init(record: BootRecord) {
    self.record = record
  }

  /// The slots of the newest steps, newest first, at most `count`.
  func recentSlots(_ count: Int) -> [Int] {
    guard serials.count == Self.mostSteps, record.omittedSteps > 0 else {
      return Array(serials.indices.suffix(count).reversed())
    }
    let places = Self.mostSteps - Self.firstReused
    return (1...min(count, places)).map { Self.firstReused + (turn - $0 + places) % places }
  }

  /// Not new when it took the place of another one.
  mutating func append(_ step: BootRecord.Step, serial: UInt32) -> (slot: Int, isNew: Bool) {
    if serials.count < Self.mostSteps {
      serials.append(serial)
      record.steps.append(step)
      return (serials.count - 1, true)
    }
    let slot = Self.firstReused + turn
    turn = (turn + 1) % (Self.mostSteps - Self.firstReused)
    serials[slot] = serial
    record.steps[slot] = step
    record.omittedSteps += 1
    return (slot, false)
  }
}

struct ClientState {
  var record: ClientRecord
  var boots: [BootState] = []
  /// How many boots were dropped before the first of `boots`.
  var dropped = 0
  /// Conversations that are open, by their index.
  var transfers: Set<Int> = []
  var connections: Set<Int> = []

  static let mostBoots = 48
}
