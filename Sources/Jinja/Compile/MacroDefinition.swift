/// Jinja: a compiled macro, or the body of a `call` block.

final class MacroDefinition: Sendable {
  let name: String?
  let parameters: [Parameter]
  let callerSlot: Slot?
  let keywordsSlot: Slot?
  let variadicSlot: Slot?
  let usesCaller: Bool
  let body: FunctionBody
  /// Where the parameters are in the frame.
  let places: [Int]
  /// Whether it only takes its parameters.
  let isPlain: Bool

  struct Parameter: Sendable {
    let name: String
    let slot: Slot
    let defaultValue: (any Evaluable)?
  }

  init(
    name: String?, parameters: [Parameter], callerSlot: Slot?, keywordsSlot: Slot?,
    variadicSlot: Slot?, usesCaller: Bool, body: FunctionBody
  ) {
    self.name = name
    self.parameters = parameters
    self.callerSlot = callerSlot
    self.keywordsSlot = keywordsSlot
    self.variadicSlot = variadicSlot
    self.usesCaller = usesCaller
    self.body = body
    places = parameters.map(\.slot.index)
    isPlain = callerSlot == nil && keywordsSlot == nil && variadicSlot == nil
  }

  func fillDefaults(from start: Int, _ run: Run) throws(JinjaError) {
    for parameter in parameters[start...] {
      guard case .missing = run[parameter.slot] else { continue }
      let value: Value
      if let expression = parameter.defaultValue {
        value = try expression.evaluate(run)
      } else {
        value = .undefined(Undefined("parameter '\(parameter.name)' was not provided"))
      }
      run[parameter.slot] = value
    }
  }
}
