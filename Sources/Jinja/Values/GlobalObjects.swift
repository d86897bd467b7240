/// Jinja: `namespace`, `cycler`, `joiner` and the functions that every template can call.

final class NamespaceObject: Object {
  let attributes: DictObject

  init(_ attributes: DictObject, _ run: Run) {
    self.attributes = attributes
    super.init(run)
  }

  override var typeName: String { "Namespace" }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    attributes[name]
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<Namespace "
    try run.writeRepr(.dict(attributes), to: &text)
    text += ">"
  }
}

final class CyclerObject: Object {
  private var items: [Value]
  private var position = 0

  /// Needs at least one item.
  init(_ items: [Value], _ run: Run) {
    self.items = items
    super.init(run)
  }

  override var typeName: String { "Cycler" }

  override func clear() { items = [] }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    switch name {
    case "current": return items[position]
    case "next", "reset": return .object(MethodObject(.object(self), name, run))
    default: return nil
    }
  }

  func next() -> Value {
    defer { position = (position + 1) % items.count }
    return items[position]
  }

  func reset() { position = 0 }
}

final class JoinerObject: Object {
  private let separator: Value
  private var isUsed = false

  init(_ separator: Value, _ run: Run) {
    self.separator = separator
    super.init(run)
  }

  override var typeName: String { "Joiner" }
  override var isCallable: Bool { true }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    try arguments.refuseAll(for: "joiner", run)
    if isUsed { return separator }
    isUsed = true
    return .string("")
  }
}

/// A function of the environment: `range`, `dict`, …
final class GlobalFunction: Object {
  typealias Body = (Arguments, Run) throws(JinjaError) -> Value

  private let name: String
  private let body: Body

  init(_ name: String, _ run: Run, body: @escaping Body) {
    self.name = name
    self.body = body
    super.init(run)
  }

  override var typeName: String { "type" }
  override var isCallable: Bool { true }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    try body(arguments, run)
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<class '\(name)'>"
  }
}

/// `"x".upper` without the call: a method and what it belongs to.
final class MethodObject: Object {
  private var receiver: Value
  let name: String

  init(_ receiver: Value, _ name: String, _ run: Run) {
    self.receiver = receiver
    self.name = name
    super.init(run)
  }

  override var typeName: String { "builtin_function_or_method" }
  override var isCallable: Bool { true }
  override func clear() { receiver = .null }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    guard let result = try run.callMethod(name, of: receiver, arguments) else {
      throw run.failure(.type, "'\(receiver.typeName)' object has no method '\(name)'")
    }
    return result
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<built-in method \(name) of \(receiver.typeName) object>"
  }
}
