/// Jinja: conditions, scopes and jumps.

final class ConditionStatement: Executable {
  let branches: any Branch
  let line: Int

  init(_ branches: any Branch, line: Int) {
    self.branches = branches
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    return try branches.execute(run) ?? .next
  }
}

/// A part of a condition; answers nil where its test does not hold.
protocol Branch: AnyObject, Sendable {
  func execute(_ run: Run) throws(JinjaError) -> Flow?
}

/// `if` or `elif`.
final class TestedBranch: Branch {
  let test: any Evaluable
  let body: any Executable

  init(_ test: any Evaluable, _ body: any Executable) {
    self.test = test
    self.body = body
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow? {
    try test.isTrue(run) ? try body.execute(run) : nil
  }
}

/// `else`.
final class OtherwiseBranch: Branch {
  let body: any Executable
  init(_ body: any Executable) { self.body = body }
  func execute(_ run: Run) throws(JinjaError) -> Flow? { try body.execute(run) }
}

final class BranchPair: Branch {
  let first: any Branch
  let second: any Branch

  init(_ first: any Branch, _ second: any Branch) {
    self.first = first
    self.second = second
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow? {
    if let flow = try first.execute(run) { return flow }
    return try second.execute(run)
  }
}

final class WithStatement: Executable {
  struct Assignment: Sendable {
    let target: AssignmentTarget
    let value: any Evaluable
  }

  let assignments: [Assignment]
  let entry: (any ScopeEntry)?
  let body: any Executable
  let line: Int

  init(
    _ assignments: [Assignment], entry: (any ScopeEntry)?, body: any Executable, line: Int
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
    return try body.execute(run)
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
