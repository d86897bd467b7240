/// Jinja: conditions, scopes and jumps.

final class ConditionStatement: Executable {
  struct Branch: Sendable {
    let test: any Evaluable
    let body: [any Executable]
  }

  let branches: [Branch]
  let otherwise: [any Executable]
  let line: Int

  init(_ branches: [Branch], otherwise: [any Executable], line: Int) {
    self.branches = branches
    self.otherwise = otherwise
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    for branch in branches where try run.truth(try branch.test.evaluate(run)) {
      return try run.execute(branch.body)
    }
    return try run.execute(otherwise)
  }
}

final class WithStatement: Executable {
  struct Assignment: Sendable {
    let target: AssignmentTarget
    let value: any Evaluable
  }

  let assignments: [Assignment]
  let entry: [ScopeEntry]
  let body: [any Executable]
  let line: Int

  init(
    _ assignments: [Assignment], entry: [ScopeEntry], body: [any Executable], line: Int
  ) {
    self.assignments = assignments
    self.entry = entry
    self.body = body
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    try run.enterScope(entry)
    for assignment in assignments {
      try run.assign(try assignment.value.evaluate(run), to: assignment.target)
    }
    return try run.execute(body)
  }
}

final class JumpStatement: Executable {
  let flow: Flow
  init(_ flow: Flow) { self.flow = flow }
  func execute(_ run: Run) throws(JinjaError) -> Flow { flow }
}

final class EvaluateStatement: Executable {
  let node: any Evaluable
  let line: Int

  init(_ node: any Evaluable, line: Int) {
    self.node = node
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    _ = try node.evaluate(run)
    return .next
  }
}
