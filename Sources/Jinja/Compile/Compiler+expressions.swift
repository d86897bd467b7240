/// Jinja: expressions to evaluable nodes.

extension Compiler {
  func evaluables(
    _ expressions: [Expression], _ place: Place
  ) throws(JinjaError) -> [any Evaluable] {
    var result: [any Evaluable] = []
    for expression in expressions { result.append(try evaluable(expression, place)) }
    return result
  }

  /// What Jinja2 computes while it compiles has rules of its own for slices.
  func evaluable(_ expression: Expression, _ place: Place) throws(JinjaError) -> any Evaluable {
    guard !place.isFolded, expression.isFoldable else { return try plain(expression, place) }
    return try folded(expression, place, isPrinted: false)
  }

  func folded(
    _ expression: Expression, _ place: Place, isPrinted: Bool
  ) throws(JinjaError) -> any Evaluable {
    var inner = place
    inner.isFolded = true
    return FoldedNode(
      try plain(expression, inner), otherwise: try plain(expression, place), isPrinted: isPrinted)
  }

  private func plain(
    _ expression: Expression, _ place: Place
  ) throws(JinjaError) -> any Evaluable {
    place.symbols.function.descend()
    defer { place.symbols.function.ascend() }
    switch expression {
    case .constant(let constant): return Self.constant(constant)
    case .name(let name, _): return NameNode(name, place.symbols.slot(name))
    case .tuple(let items): return TupleNode(try evaluables(items, place))
    case .list(let items): return ListNode(try evaluables(items, place))
    case .dict(let pairs):
      return DictNode(
        keys: try evaluables(pairs.map(\.key), place),
        values: try evaluables(pairs.map(\.value), place))
    case .negate(let operand): return NegateNode(try evaluable(operand, place))
    case .plus(let operand): return PlusNode(try evaluable(operand, place))
    case .not(let operand): return NotNode(try evaluable(operand, place))
    case .and(let a, let b): return AndNode(try evaluable(a, place), try evaluable(b, place))
    case .or(let a, let b): return OrNode(try evaluable(a, place), try evaluable(b, place))
    case .arithmetic(let operation, let a, let b, let line):
      return ArithmeticNode(
        operation, try evaluable(a, place), try evaluable(b, place), line: line)
    case .concat(let parts):
      return ConcatNode(try evaluables(parts, place), isConstant: expression.isConstant)
    case .compare(let first, let rest, let line):
      return CompareNode(
        try evaluable(first, place), rest.map(\.operation),
        try evaluables(rest.map(\.operand), place), line: line)
    case .attribute(let object, let name, let line):
      return AttributeNode(try evaluable(object, place), name, line: line)
    case .item(let object, let key, let line):
      return ItemNode(try evaluable(object, place), try evaluable(key, place), line: line)
    case .slice(let object, let start, let stop, let step, let line):
      return SliceNode(
        try evaluable(object, place), start: try optional(start, place),
        stop: try optional(stop, place), step: try optional(step, place),
        isFolded: place.isFolded, line: line)
    case .call(let callee, let arguments, let line):
      return try call(callee, try argumentsNode(arguments, place), place, line: line)
    case .filter(let source, let name, let arguments, let line):
      return try filter(source, name, arguments, place, line: line)
    case .test(let subject, let name, let arguments, let line):
      guard let function = Tests.all[name] else {
        if place.isSoft { return UnknownNode("No test named '\(name)' found.", line: line) }
        throw failure("No test named '\(name)'.", line: line)
      }
      if arguments.children.isEmpty {
        let node = try evaluable(subject, place)
        switch name {
        case "defined": return KindTestNode(node, is: .undefined, false, line: line)
        case "undefined": return KindTestNode(node, is: .undefined, true, line: line)
        case "none": return KindTestNode(node, is: .none, true, line: line)
        default:
          return TestNode(function.call, node, try argumentsNode(arguments, place), line: line)
        }
      }
      return TestNode(
        function.call, try evaluable(subject, place), try argumentsNode(arguments, place),
        line: line)
    case .conditional(let test, let then, let otherwise, let line):
      let soft = place.soft
      let place = soft
      return ConditionalNode(
        test: try evaluable(test, place), then: try evaluable(then, place),
        otherwise: try optional(otherwise, place), template: template, line: line)
    }
  }

  private func optional(
    _ expression: Expression?, _ place: Place
  ) throws(JinjaError) -> (any Evaluable)? {
    guard let expression else { return nil }
    return try evaluable(expression, place)
  }

  static func constant(_ constant: Expression.Constant) -> any Evaluable {
    switch constant {
    case .string(let text): return TextNode(text)
    case .int(let number): return NumberNode(number)
    default: return ConstantNode(constant)
    }
  }

  func call(
    _ callee: Expression, _ arguments: ArgumentsNode, _ place: Place, line: Int
  ) throws(JinjaError) -> any Evaluable {
    if case .attribute(let receiver, let name, _) = callee {
      return MethodCallNode(try evaluable(receiver, place), name, arguments, line: line)
    }
    return CallNode(try evaluable(callee, place), arguments, line: line)
  }

  func argumentsNode(
    _ arguments: Expression.CallArguments, _ place: Place, caller: MacroDefinition? = nil
  ) throws(JinjaError) -> ArgumentsNode {
    ArgumentsNode(
      positional: try evaluables(arguments.positional, place),
      names: arguments.named.map(\.name),
      named: try evaluables(arguments.named.map(\.value), place),
      spread: try optional(arguments.spread, place),
      spreadNamed: try optional(arguments.spreadNamed, place), caller: caller)
  }

  private func filter(
    _ source: Expression?, _ name: String, _ arguments: Expression.CallArguments, _ place: Place,
    line: Int
  ) throws(JinjaError) -> any Evaluable {
    let node = try optional(source, place) ?? CapturedTextNode()
    let argumentsNode = try argumentsNode(arguments, place)
    guard let function = Filters.all[name] else {
      if place.isSoft { return UnknownNode("No filter named '\(name)' found.", line: line) }
      throw failure("No filter named '\(name)'.", line: line)
    }
    if let write = function.write { return TextFilterNode(write, node, argumentsNode, line: line) }
    return FilterNode(function.call, node, argumentsNode, line: line)
  }
}
