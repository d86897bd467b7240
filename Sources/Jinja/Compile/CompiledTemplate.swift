/// Jinja: a template that is ready to run.

/// Something that answers a value. Compiled code is a tree of these.
protocol Evaluable: AnyObject, Sendable {
  func evaluate(_ run: Run) throws(JinjaError) -> Value
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

/// What is done with a variable when its scope begins.
enum ScopeEntry: Sendable {
  case resolve(Slot, ContextName)
  case alias(Slot, from: Slot)
  case undefined(Slot)
}

struct FunctionBody: Sendable {
  let slotCount: Int
  /// What one call costs of the bound on nesting.
  let depth: Int
  let entry: [ScopeEntry]
  let statements: [any Executable]

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

struct MacroDefinition: Sendable {
  let name: String?
  let parameters: [Parameter]
  let callerSlot: Slot?
  let keywordsSlot: Slot?
  let variadicSlot: Slot?
  let usesCaller: Bool
  let body: FunctionBody

  struct Parameter: Sendable {
    let name: String
    let slot: Slot
    let defaultValue: (any Evaluable)?
  }

  func fillDefaults(_ run: Run) throws(JinjaError) {
    for parameter in parameters {
      guard case .missing = run.frame[parameter.slot.index] else { continue }
      let value: Value
      if let expression = parameter.defaultValue {
        value = try expression.evaluate(run)
      } else {
        value = .undefined(Undefined("parameter '\(parameter.name)' was not provided"))
      }
      run.frame[parameter.slot.index] = value
    }
  }
}
