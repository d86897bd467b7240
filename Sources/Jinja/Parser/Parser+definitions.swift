/// Jinja: assignments, macros, and the statements that fetch other templates.

extension Parser {
  mutating func target(
    withNamespace: Bool = false
  ) throws(JinjaError) -> Statement.Target {
    var items: [Statement.Target] = []
    var isTuple = false
    while true {
      if !items.isEmpty { try expect(.comma) }
      if isTupleEnd { break }
      items.append(try targetItem(withNamespace: withNamespace))
      guard current.kind == .comma else { break }
      isTuple = true
    }
    if !isTuple {
      if let only = items.first { return only }
      throw failure("Expected an expression, got '\(current.description)'")
    }
    return .tuple(items)
  }

  private mutating func targetItem(
    withNamespace: Bool
  ) throws(JinjaError) -> Statement.Target {
    let token = current
    if token.kind == .leftParenthesis {
      try advance()
      try nest()
      // Inside parentheses Jinja2 reads an expression and looks afterwards whether it can be set.
      let inner = try tuple(isInParentheses: true)
      unnest()
      try expect(.rightParenthesis)
      return try target(from: inner, line: token.line)
    }
    guard token.kind == .name else {
      let value = try primary()
      return try target(from: value, line: token.line)
    }
    try advance()
    if ["true", "True", "false", "False", "none", "None"].contains(token.text) {
      throw failure("can't assign to 'const'", line: token.line)
    }
    if withNamespace, try skip(.dot) {
      let attribute = try expect(.name).text
      return .namespace(token.text, attribute: attribute, line: token.line)
    }
    return .name(token.text, line: token.line)
  }

  private func target(
    from expression: Expression, line: Int
  ) throws(JinjaError) -> Statement.Target {
    switch expression {
    case .name(let name, let line): return .name(name, line: line)
    case .tuple(let items):
      var targets: [Statement.Target] = []
      for item in items { targets.append(try target(from: item, line: line)) }
      return .tuple(targets)
    default: throw failure("can't assign to this expression", line: line)
    }
  }

  mutating func set(_ line: Int) throws(JinjaError) -> Statement {
    let target = try target(withNamespace: true)
    if try skip(.assign) { return .assign(target, try tuple(), line: line) }
    let filter = try skip(.pipe) ? try filterChain() : nil
    return .assignBlock(target, filter: filter, body: try endedBody("endset"), line: line)
  }

  private mutating func signature() throws(JinjaError) -> [(
    name: String, defaultValue: Expression?
  )] {
    try expect(.leftParenthesis)
    var result: [(name: String, defaultValue: Expression?)] = []
    while current.kind != .rightParenthesis {
      if !result.isEmpty { try expect(.comma) }
      let name = try expect(.name).text
      guard !result.contains(where: { $0.name == name }) else {
        throw failure("duplicate argument '\(name)' in function definition")
      }
      if try skip(.assign) {
        result.append((name, try expression()))
      } else if result.last?.defaultValue != nil {
        throw failure("non-default argument follows default argument")
      } else {
        result.append((name, nil))
      }
    }
    try expect(.rightParenthesis)
    return result
  }

  mutating func macro(_ line: Int) throws(JinjaError) -> Statement {
    let name = try expect(.name).text
    var macro = Statement.Macro(name: name, parameters: try signature())
    macro.body = try endedBody("endmacro")
    return .macro(macro, line: line)
  }

  mutating func callBlock(_ line: Int) throws(JinjaError) -> Statement {
    let parameters = current.kind == .leftParenthesis ? try signature() : []
    let call = try expression()
    guard case .call = call else { throw failure("expected call", line: line) }
    var macro = Statement.Macro(name: nil, parameters: parameters)
    macro.body = try endedBody("endcall")
    return .callBlock(macro, call: call, line: line)
  }

  private mutating func contextMode() throws(JinjaError) -> Bool? {
    guard current.isName("with") || current.isName("without"), following.isName("context") else {
      return nil
    }
    let isWith = try advance().text == "with"
    try advance()
    return isWith
  }

  mutating func include(_ line: Int) throws(JinjaError) -> Statement {
    let source = try expression()
    var ignoresMissing = false
    if current.isName("ignore"), following.isName("missing") {
      try advance()
      try advance()
      ignoresMissing = true
    }
    return .include(
      source, ignoresMissing: ignoresMissing, withContext: try contextMode() ?? true, line: line)
  }

  mutating func importModule(_ line: Int) throws(JinjaError) -> Statement {
    let source = try expression()
    try expect(word: "as")
    let name = try expect(.name).text
    return .importModule(
      source, name: name, withContext: try contextMode() ?? false, line: line)
  }

  mutating func fromImport(_ line: Int) throws(JinjaError) -> Statement {
    let source = try expression()
    try expect(word: "import")
    var names: [(name: String, alias: String)] = []
    while true {
      if !names.isEmpty { try expect(.comma) }
      guard current.kind == .name else {
        try expect(.name)
        break
      }
      if let mode = try contextMode() {
        return .importNames(source, names, withContext: mode, line: line)
      }
      let name = try expect(.name)
      if name.text.hasPrefix("_") {
        throw failure("names starting with an underline can not be imported", line: name.line)
      }
      let alias = try skip(word: "as") ? try expect(.name).text : name.text
      names.append((name.text, alias))
      if let mode = try contextMode() {
        return .importNames(source, names, withContext: mode, line: line)
      }
      if current.kind != .comma { break }
    }
    return .importNames(source, names, withContext: false, line: line)
  }
}
