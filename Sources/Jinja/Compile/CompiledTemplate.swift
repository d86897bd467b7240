/// Jinja: a template that is ready to run.

/// Something that writes to the output. Compiled code is a tree of these; they refer to each other by
/// constants, never by arrays, because then a call needs no reference counting.
protocol Writable: AnyObject, Sendable {
  func write(_ run: Run) throws(JinjaError)
}

/// Something that answers a value. To write is to print the value, where there is no shorter way.
protocol Evaluable: Writable {
  func evaluate(_ run: Run) throws(JinjaError) -> Value
  func isTrue(_ run: Run) throws(JinjaError) -> Bool
  /// For the tests that ask no more of a value.
  func kind(_ run: Run) throws(JinjaError) -> ValueKind
}

extension Evaluable {
  func write(_ run: Run) throws(JinjaError) { try run.print(try evaluate(run)) }
  func isTrue(_ run: Run) throws(JinjaError) -> Bool { try run.truth(try evaluate(run)) }
  func kind(_ run: Run) throws(JinjaError) -> ValueKind { try evaluate(run).kind }
}

/// Something that writes, assigns or calls.
protocol Executable: AnyObject, Sendable {
  func execute(_ run: Run) throws(JinjaError) -> Flow
}

/// Where a loop goes on after a statement.
enum Flow {
  case next
  case breakLoop
  case continueLoop
}

struct FunctionBody: Sendable {
  let slotCount: Int
  /// What one call costs of the bound on nesting.
  let depth: Int
  let entry: (any ScopeEntry)?
  let statements: any Executable

  func enterScope(_ run: Run) throws(JinjaError) { try run.enterScope(entry) }
}

final class CompiledTemplate: Sendable {
  struct Block: Sendable {
    let name: String
    let template: String
    /// Tells blocks of the same name in several templates apart.
    let identity: Int
    let body: FunctionBody
    let selfSlot: Slot?
    let superSlot: Slot?
  }

  let name: String
  let root: FunctionBody
  let selfSlot: Slot?
  let blocks: [String: Block]
  /// Bytes of plain text in the source, to guess the size of the output.
  let textSize: Int

  init(
    name: String, root: FunctionBody, selfSlot: Slot?, blocks: [String: Block], textSize: Int
  ) {
    self.name = name
    self.textSize = textSize
    self.root = root
    self.selfSlot = selfSlot
    self.blocks = blocks
  }
}
