/// Jinja: one render in progress: its output, its variables and what it has used up so far.

final class Run {
  let environment: JinjaEnvironment
  let isStrict: Bool

  let output: OutputBuffer
  private var steps = 0
  private var allocated = 0
  private var rounds = 0
  private var depth = 0
  /// All objects that were made, as a chain.
  var newest: Object?

  private let maximumOutput: Int
  private let maximumMemory: Int
  private let maximumSteps: Int
  private let maximumRounds: Int
  private let maximumDepth: Int
  private let deadline: Duration

  var frame: Frame {
    didSet { (slots, slotCount) = (frame.base, frame.count) }
  }
  /// The memory of `frame`, so that reading a variable costs no bookkeeping.
  private var slots: UnsafeMutablePointer<Value>
  private var slotCount: Int
  private var spareFrame: Frame?
  var context: RenderContext
  /// The template and line that messages name.
  var templateName: String
  var line = 1
  /// Whether output is HTML-escaped just now.
  var autoescape: Bool
  /// The template that the running root has said it extends.
  var parent: CompiledTemplate?
  /// Modules of templates imported without context: each is made once.
  var modules: [String: ModuleObject] = [:]
  /// What the running filter block has written.
  var captured: Value = .string("")
  /// Containers being printed, so that a list that holds itself prints as `[...]`.
  var printing: [ObjectIdentifier] = []

  init(_ environment: JinjaEnvironment, _ template: CompiledTemplate, _ variables: JinjaDictionary)
  {
    self.environment = environment
    let core = environment.core
    isStrict = core.settings.strictUndefined
    autoescape = core.settings.autoescape
    maximumOutput = core.limits.output
    maximumMemory = core.limits.memory
    maximumSteps = core.limits.steps
    maximumRounds = core.limits.loopRounds
    maximumDepth = core.limits.depth
    deadline = core.limits.clock() + core.limits.time
    output = OutputBuffer(capacity: template.textSize + template.textSize / 4 + 256)
    frame = Frame(slotCount: 0, outer: nil)
    (slots, slotCount) = (frame.base, 0)
    context = RenderContext(base: .variables(variables), name: template.name)
    templateName = template.name
  }

  var limits: JinjaLimits { environment.core.limits }

  /// Frees everything that the render made, without recursion.
  func finish() {
    clearObjects()
    modules = [:]
  }

  func failure(_ kind: JinjaError.Kind, _ message: String) -> JinjaError {
    JinjaError(kind, message, template: templateName, line: line)
  }

  func newFrame(slotCount: Int, outer: Frame?) -> Frame {
    if let spare = spareFrame {
      spareFrame = nil
      if spare.reuse(slotCount: slotCount, outer: outer) { return spare }
    }
    return Frame(slotCount: slotCount, outer: outer)
  }

  /// When a call is over: its frame serves the next one, unless something still knows it.
  func giveBack(_ frame: consuming Frame) {
    guard isKnownUniquelyReferenced(&frame) else { return }
    frame.empty()
    spareFrame = frame
  }

  /// A variable of the running function or of one around it.
  subscript(slot: Slot) -> Value {
    @inline(__always) get {
      if isHere(slot) { return slots[slot.index] }
      return frame[slot]
    }
    @inline(__always) set {
      if isHere(slot) { slots[slot.index] = newValue } else { frame[slot] = newValue }
    }
  }

  @inline(__always)
  private func isHere(_ slot: Slot) -> Bool {
    slot.depth == 0 && slot.index >= 0 && slot.index < slotCount
  }

  /// Prints a variable that holds text, without a copy; false where it holds something else.
  @inline(__always)
  func printText(_ slot: Slot) throws(JinjaError) -> Bool {
    if isHere(slot), !autoescape, case .string(let text) = slots[slot.index] {
      try write(text)
      return true
    }
    return false
  }

  /// The dict that a variable of the running function holds, if it holds one.
  @inline(__always)
  func dict(in slot: Slot) -> DictObject? {
    guard isHere(slot), case .dict(let dict) = slots[slot.index] else { return nil }
    return dict
  }

  @inline(__always)
  func kind(of slot: Slot) -> ValueKind {
    guard isHere(slot) else { return frame[slot].kind }
    switch slots[slot.index] {
    case .missing, .undefined: return .undefined
    case .null: return .none
    default: return .other
    }
  }

  /// nil where the variable is not one of the simple kinds.
  @inline(__always)
  func simpleTruth(_ slot: Slot) -> Bool? {
    guard isHere(slot) else { return nil }
    switch slots[slot.index] {
    case .bool(let flag): return flag
    case .null: return false
    case .string(let text): return !text.isEmpty
    default: return nil
    }
  }

  // MARK: Bounds

  @inline(__always)
  func step() throws(JinjaError) {
    steps &+= 1
    if steps & 0x3FF == 0 { try checkBounds() }
  }

  /// Counts work that one step does many times over.
  func work(_ amount: Int) throws(JinjaError) {
    let before = steps >> 10
    steps &+= max(0, min(amount, 1 << 40))
    if steps >> 10 != before { try checkBounds() }
  }

  func round() throws(JinjaError) {
    rounds += 1
    if rounds > maximumRounds {
      throw failure(.limit, "The loops ran more than \(maximumRounds) rounds; stopped.")
    }
    try step()
  }

  private func checkBounds() throws(JinjaError) {
    if steps > maximumSteps {
      throw failure(.limit, "The template needs more than \(maximumSteps) steps; stopped.")
    }
    if allocated > maximumMemory { try allocate(0) }
    if environment.core.limits.clock() > deadline {
      throw failure(.limit, "The template runs longer than \(limits.time); stopped.")
    }
  }

  /// Reserves memory before it is taken.
  func allocate(_ bytes: Int) throws(JinjaError) {
    let (sum, overflow) = allocated.addingReportingOverflow(bytes)
    if overflow || sum > maximumMemory {
      throw failure(.limit, "The template needs more than \(maximumMemory) bytes; stopped.")
    }
    allocated = sum
    // Filling memory takes time too.
    if bytes > 1024 { try work(bytes / 64) }
  }

  /// Counts memory that is taken already; the next look at the bounds sees it.
  func count(_ bytes: Int) { allocated &+= bytes }

  /// Reserves `count` pieces of `size` bytes.
  func allocate(_ count: Int, times size: Int) throws(JinjaError) {
    let (bytes, overflow) = max(0, count).multipliedReportingOverflow(by: max(0, size))
    try allocate(overflow ? Int.max : bytes)
  }

  func enter(_ levels: Int) throws(JinjaError) {
    depth += levels
    if depth > maximumDepth {
      depth -= levels
      throw failure(.limit, "Calls and values are nested too deep; is there a circle?")
    }
  }

  func leave(_ levels: Int) { depth -= levels }

  // MARK: Output

  @inline(__always)
  func write(_ text: String) throws(JinjaError) {
    output.append(text)
    if output.count > maximumOutput { throw outputTooLarge }
  }

  @inline(__always)
  func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(JinjaError) {
    output.append(bytes)
    if output.count > maximumOutput { throw outputTooLarge }
  }

  func write(_ number: Int) throws(JinjaError) {
    output.append(number)
    if output.count > maximumOutput { throw outputTooLarge }
  }

  /// For text that was written without a look at its size.
  @inline(__always)
  func checkOutput() throws(JinjaError) {
    if output.count > maximumOutput { throw outputTooLarge }
  }

  private var outputTooLarge: JinjaError {
    failure(.limit, "The output is larger than \(maximumOutput) bytes; stopped.")
  }

  /// What `body` writes, instead of writing it.
  func capture(_ body: () throws(JinjaError) -> Void) throws(JinjaError) -> String {
    let mark = output.count
    do throws(JinjaError) {
      try body()
    } catch {
      output.drop(from: mark)
      throw error
    }
    return output.cut(from: mark)
  }

  func textValue(_ text: String) throws(JinjaError) -> Value {
    try allocate(text.utf8.count)
    try work(text.utf8.count / 64)
    return .string(text)
  }

  func list(_ items: [Value]) throws(JinjaError) -> Value {
    try allocate(items.count, times: 24)
    return .list(ListObject(items, self))
  }

  func tuple(_ items: [Value]) throws(JinjaError) -> Value {
    try allocate(items.count, times: 24)
    return .tuple(TupleObject(items, self))
  }

  func refuseIfStrict(_ undefined: Undefined) throws(JinjaError) {
    if isStrict, !undefined.isLenient {
      throw failure(.undefined, undefined.message)
    }
  }
}
