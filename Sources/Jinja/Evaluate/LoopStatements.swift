/// Jinja: `for`, plain and recursive.

struct LoopDefinition: Sendable {
  let target: AssignmentTarget
  let entry: (any ScopeEntry)?
  let body: any Executable
  /// The variable `loop`, where the body uses it.
  let loopSlot: Slot?
  let elseEntry: (any ScopeEntry)?
  let otherwise: (any Executable)?
  let filter: LoopFilter?
  let line: Int

  /// The variables for `{% for key, value in dict.items() %}`.
  var pair: (Slot, Slot)? {
    if case .tuple(let items) = target, items.count == 2, case .slot(let key) = items[0],
      case .slot(let value) = items[1]
    {
      return (key, value)
    }
    return nil
  }

  func run(
    _ source: Value, depth0: Int, recursion: RecursiveLoop?, _ run: Run
  ) throws(JinjaError) -> Flow {
    if let loopSlot { run[loopSlot] = .missing }
    var cursor = try run.cursor(source)
    var length = loopSlot == nil || filter != nil ? nil : run.knownLength(source)
    if let filter {
      cursor = .generator(filter.iterator(cursor, run))
      length = nil
    }
    let ranOnce: Bool
    if let loopSlot {
      let loop = LoopObject(cursor, length: length, depth0: depth0, run)
      loop.recursion = recursion
      ranOnce = try rounds(loop, loopSlot, run)
    } else {
      ranOnce = try rounds(&cursor, run)
    }
    if !ranOnce, let otherwise {
      try run.enterScope(elseEntry)
      return try otherwise.execute(run)
    }
    return .next
  }

  /// Answers whether a round ran to its end; Jinja2 runs `else` where none did.
  private func rounds(
    _ loop: LoopObject, _ slot: Slot, _ run: Run
  ) throws(JinjaError) -> Bool {
    var ranOnce = false
    while let item = try loop.next(run) {
      try run.round()
      run[slot] = .object(loop)
      try run.assign(item, to: target)
      try run.enterScope(entry)
      switch try body.execute(run) {
      case .next: ranOnce = true
      case .continueLoop: continue
      case .breakLoop: return ranOnce
      }
    }
    return ranOnce
  }

  private func rounds(_ cursor: inout Cursor, _ run: Run) throws(JinjaError) -> Bool {
    if case .list(let list, _) = cursor, case .slot(let slot) = target {
      return try rounds(list, slot, run)
    }
    var ranOnce = false
    while true {
      if let (key, value) = pair,
        case .entries(.items, let dict, let index, let count, false) = cursor
      {
        // No tuple for each pair.
        guard dict.count == count else {
          throw run.failure(.runtime, "dictionary changed size during iteration")
        }
        guard index < count else { return ranOnce }
        cursor = .entries(.items, dict, index + 1, count: count, isReversed: false)
        run[key] = dict.keys[index]
        run[value] = dict.values[index]
      } else {
        guard let item = try cursor.next(run) else { return ranOnce }
        try run.assign(item, to: target)
      }
      try run.round()
      try run.enterScope(entry)
      switch try body.execute(run) {
      case .next: ranOnce = true
      case .continueLoop: continue
      case .breakLoop: return ranOnce
      }
    }
  }
}

extension LoopDefinition {
  /// One variable over a list: the loop that templates have most. The list may grow meanwhile.
  fileprivate func rounds(
    _ list: ListObject, _ slot: Slot, _ run: Run
  ) throws(JinjaError) -> Bool {
    var ranOnce = false
    var index = 0
    while index < list.items.count {
      run[slot] = list.items[index]
      index += 1
      try run.round()
      try run.enterScope(entry)
      switch try body.execute(run) {
      case .next: ranOnce = true
      case .continueLoop: continue
      case .breakLoop: return ranOnce
      }
    }
    return ranOnce
  }
}

/// `{% for … if test %}`.
struct LoopFilter: Sendable {
  let target: AssignmentTarget
  let test: any Evaluable
  let entry: (any ScopeEntry)?
  let slotCount: Int
  let depth: Int

  func iterator(_ cursor: Cursor, _ run: Run) -> IteratorObject {
    var cursor = cursor
    let frame = Frame(slotCount: slotCount, outer: run.frame)
    var isStarted = false
    return IteratorObject(run) { (run) throws(JinjaError) -> Value? in
      let saved = run.frame
      run.frame = frame
      defer { run.frame = saved }
      try run.enter(depth)
      defer { run.leave(depth) }
      if !isStarted {
        isStarted = true
        try run.enterScope(entry)
      }
      while let item = try cursor.next(run) {
        try run.round()
        try run.assign(item, to: target)
        if try test.isTrue(run) { return item }
      }
      return nil
    }
  }
}

final class ForStatement: Executable {
  let source: any Evaluable
  let definition: LoopDefinition
  let line: Int

  init(_ source: any Evaluable, _ definition: LoopDefinition, line: Int) {
    self.source = source
    self.definition = definition
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    return try definition.run(try source.evaluate(run), depth0: 0, recursion: nil, run)
  }
}

/// A loop that its body calls: what it is, and the variables around it.
struct RecursiveLoop {
  final class Definition: Sendable {
    let loop: LoopDefinition
    let slotCount: Int
    let depth: Int

    init(loop: LoopDefinition, slotCount: Int, depth: Int) {
      self.loop = loop
      self.slotCount = slotCount
      self.depth = depth
    }
  }

  let definition: Definition
  let frame: Frame
  let context: RenderContext
  let templateName: String

  func render(_ source: Value, depth: Int, _ run: Run) throws(JinjaError) -> Value {
    try run.enter(definition.depth)
    let saved = (run.frame, run.context, run.templateName, run.line)
    run.frame = Frame(slotCount: definition.slotCount, outer: frame)
    run.context = context
    run.templateName = templateName
    let text = try run.capture { () throws(JinjaError) in
      _ = try definition.loop.run(source, depth0: depth, recursion: self, run)
    }
    (run.frame, run.context, run.templateName, run.line) = saved
    run.leave(definition.depth)
    try run.allocate(text.utf8.count)
    return run.autoescape ? .markup(text) : .string(text)
  }
}

final class RecursiveLoopStatement: Executable {
  let source: any Evaluable
  let definition: RecursiveLoop.Definition
  let line: Int

  init(_ source: any Evaluable, _ definition: RecursiveLoop.Definition, line: Int) {
    self.source = source
    self.definition = definition
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    let value = try source.evaluate(run)
    let loop = RecursiveLoop(
      definition: definition, frame: run.frame, context: run.context,
      templateName: run.templateName)
    try run.print(try loop.render(value, depth: 0, run))
    return .next
  }
}
